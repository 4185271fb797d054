"""Addresses where issues by mail are asked for, confirmed and ended."""

from django.urls import path, re_path

from . import views

WHOSE = "(?P<token>[-_a-zA-Z0-9]{1,40})"

urlpatterns = [
    path("subscribe/", views.subscribe, name="subscribe"),
    re_path(rf"^subscribe/confirm/{WHOSE}/$", views.confirm, name="confirm_subscription"),
    re_path(rf"^unsubscribe/{WHOSE}/$", views.unsubscribe, name="unsubscribe"),
]
