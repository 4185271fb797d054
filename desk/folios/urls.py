"""Addresses of desk.folios below the admin."""

from django.urls import path

from . import views

urlpatterns = [
    path("issues/<int:pk>/folios/", views.pages, name="desk_folios"),
    path("issues/<int:pk>/folios/<int:folio>.pdf", views.pdf, name="desk_folio_pdf"),
]
