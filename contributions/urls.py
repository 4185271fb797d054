"""The addresses for those who write to the paper; none of them ever holds a receipt code."""

from django.urls import path

from . import views

app_name = "contributions"
urlpatterns = [
    path("", views.contribute, name="contribute"),
    path("status/", views.status, name="status"),
    path("certificate/", views.certificate, name="certificate"),
]
