"""The addresses of contributions in the admin, beside the list (``contributions.viewsets``)."""

from django.urls import path

from . import detail_views, file_views, find_view, record_views, star_view

app_name = "contributions_admin"
urlpatterns = [
    path("find/", find_view.find, name="find"),
    path("<int:pk>/", detail_views.detail, name="detail"),
    path("<int:pk>/convert/", detail_views.convert, name="convert"),
    path("files/<int:pk>/", file_views.download, name="file"),
    path("thumbnails/<int:pk>/", file_views.thumbnail, name="thumbnail"),
    path("star/<int:pk>/", star_view.star, name="star"),
    path("contributors/<int:contributor_pk>/", record_views.record, name="record"),
    path(
        "contributors/<int:contributor_pk>/export/",
        record_views.export_record,
        name="export_record",
    ),
]
