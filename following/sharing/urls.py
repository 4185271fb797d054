"""Addresses of what is shown where a link is shared."""

from django.urls import path, re_path

from . import views

urlpatterns = [
    path("share/wechat.json", views.wechat_signature, name="wechat_signature"),
    re_path(r"^(?P<number>[1-9][0-9]{0,4})/card\.png$", views.issue_card, name="issue_card"),
    re_path(
        r"^(?P<number>[1-9][0-9]{0,4})/(?P<article>[1-9][0-9]{0,8})/card\.png$",
        views.article_card,
        name="article_card",
    ),
]
