"""Addresses of what a browser needs to install the paper and to read it without a network."""

from django.urls import path, re_path

from . import views

urlpatterns = [
    path("manifest.webmanifest", views.web_manifest, name="web_manifest"),
    path("sw.js", views.worker, name="offline_worker"),
    path("offline/", views.kept_issues, name="offline"),
    re_path(r"^(?P<number>[1-9][0-9]{0,4})/offline\.json$", views.issue, name="offline_issue"),
]
