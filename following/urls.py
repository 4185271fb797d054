"""Addresses of following: before Wagtail's."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include("following.api.urls")),
    path("", include("following.counts.urls")),
    path("", include("following.feeds.urls")),
    path("", include("following.mail.urls")),
    path("", include("following.metadata.urls")),
    path("", include("following.offline.urls")),
    path("", include("following.sharing.urls")),
]
