"""Addresses of desk.figures below the admin."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
