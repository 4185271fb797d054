"""Addresses of the counts: where a page says it is read, and what is read most."""

from django.urls import path, re_path

from . import views

urlpatterns = [
    re_path(
        r"^count/(?P<issue>[1-9][0-9]{0,4})/(?P<number>[1-9][0-9]{0,8})/$",
        views.count,
        name="count_read",
    ),
    path("popular/", views.popular, name="popular"),
]
