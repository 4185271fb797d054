"""Addresses of the API, all behind its doors."""

from __future__ import annotations

from django.urls import include, path, re_path

from . import views
from .doors import guarded
from .problems import not_found
from .router import api

operations, _, namespace = api.urls
for operation in operations:
    operation.callback = guarded(operation.callback)  # type: ignore[arg-type]  # a view it is

urlpatterns = [
    path("", views.about, name="api_about"),
    path("v1/openapi.json", guarded(views.openapi), name="openapi"),
    path("v1/", include((operations, namespace))),
    # Whatever ends like an address of the API is answered by it; Django mends a missing slash.
    re_path(r"^v1/.*/\Z", guarded(not_found)),
]
