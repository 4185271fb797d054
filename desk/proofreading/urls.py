"""Addresses of desk.proofreading below the admin."""

from django.urls import path

from . import views

urlpatterns = [
    path("articles/<int:page_id>/check/", views.check, name="desk_check"),
    path("issues/<int:page_id>/check-new/", views.check_new, name="desk_check_new"),
    path("issues/<int:page_id>/checks/", views.checks, name="desk_checks"),
    path("issues/<int:page_id>/checks/accept/", views.accept, name="desk_alarm_accept"),
    path("issues/<int:page_id>/checks/links/", views.check_links, name="desk_check_links"),
    path("words/paste/", views.paste_words, name="desk_paste_words"),
]
