"""Addresses of desk.folios below the admin."""

from django.urls import path

from . import area_views, views

urlpatterns = [
    path("issues/<int:pk>/folios/", views.pages, name="desk_folios"),
    path("issues/<int:pk>/folios/<int:number>/areas/", area_views.areas, name="desk_folio_areas"),
    path("issues/<int:pk>/folios/<int:folio>.pdf", views.pdf, name="desk_folio_pdf"),
]
