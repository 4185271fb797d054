"""Register the desk's parts with Wagtail's admin."""

from django.urls import path
from wagtail import hooks

from .action_menu import arrange_article_menu
from .log_actions import register_actions
from .review import views
from .viewsets import article_viewset


@hooks.register("register_admin_viewset")
def register_viewset():
    return article_viewset


@hooks.register("register_admin_urls")
def register_urls():
    return [path("articles/<int:page_id>/recall/", views.recall, name="desk_recall")]


hooks.register("construct_page_action_menu", arrange_article_menu)
hooks.register("register_log_actions", register_actions)
