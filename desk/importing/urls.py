"""Addresses of desk.importing below the admin."""

from django.urls import path

from . import views

urlpatterns = [
    path("issues/<int:pk>/import/", views.start, name="desk_import"),
    path("imports/<int:pk>/", views.review, name="desk_import_review"),
    path("imports/<int:pk>/pictures/<str:name>", views.picture, name="desk_import_picture"),
]
