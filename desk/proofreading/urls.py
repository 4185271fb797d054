"""Addresses of desk.proofreading below the admin."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
