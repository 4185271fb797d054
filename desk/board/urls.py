"""Addresses of desk.board below the admin."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
