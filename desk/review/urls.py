"""Addresses of desk.review below the admin."""

from django.urls import path

from . import views

urlpatterns = [
    path("articles/<int:page_id>/recall/", views.recall, name="desk_recall"),
]
