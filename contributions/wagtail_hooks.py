"""Register the parts that contributions add to Wagtail's admin."""

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import include, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks

from . import admin_urls, bulk_actions
from .article_link import contribution_button
from .dashboard import InboxPanel
from .log_actions import register_actions
from .permissions import may_read
from .viewsets import inbox_viewset


@hooks.register("register_admin_viewset")
def register_viewset():
    return inbox_viewset


@hooks.register("register_admin_urls")
def register_urls():
    return [path("contributions/", include(admin_urls))]


@hooks.register("construct_homepage_panels")
def show_inbox(request: HttpRequest, panels: list) -> None:
    if may_read(request.user):
        panels.append(InboxPanel())


@hooks.register("insert_global_admin_css")
def style_inbox() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("css/inbox.css"))


for action in (
    bulk_actions.Assign,
    bulk_actions.Decline,
    bulk_actions.MarkSpam,
    bulk_actions.Erase,
):
    hooks.register("register_bulk_action", action)
hooks.register("register_page_header_buttons", contribution_button)
hooks.register("register_log_actions", register_actions)
