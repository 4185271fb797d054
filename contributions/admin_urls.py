"""The addresses of contributions in the admin, beside the list (``contributions.viewsets``)."""

from django.urls import path

from . import admin_views, detail_views

app_name = "contributions_admin"
urlpatterns = [
    path("<int:pk>/", detail_views.detail, name="detail"),
    path("<int:pk>/convert/", detail_views.convert, name="convert"),
    path("files/<int:pk>/", admin_views.download, name="file"),
    path("thumbnails/<int:pk>/", admin_views.thumbnail, name="thumbnail"),
    path("star/<int:pk>/", admin_views.star, name="star"),
    path("contributors/<int:contributor_pk>/", detail_views.record, name="record"),
    path(
        "contributors/<int:contributor_pk>/export/",
        detail_views.export_record,
        name="export_record",
    ),
]
