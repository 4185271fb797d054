"""Register the desk's parts with Wagtail's admin."""

from django.urls import include, path, reverse
from wagtail import hooks
from wagtail.admin.wagtail_hooks import PageListingViewLiveButton
from wagtail.admin.widgets import Button

from articles.models import ArticlePage
from newsroom.pages import PaperPage

from .action_menu import arrange_article_menu
from .log_actions import register_actions
from .viewsets import article_viewset


@hooks.register("register_admin_viewset")
def register_viewset():
    return article_viewset


@hooks.register("register_admin_urls")
def register_urls():
    return [
        path("desk/", include("desk.board.urls")),
        path("desk/", include("desk.review.urls")),
        path("desk/", include("desk.proofreading.urls")),
        path("desk/", include("desk.figures.urls")),
    ]


@hooks.register("register_page_listing_more_buttons")
@hooks.register("register_page_header_buttons")
def recall_button(page, user, next_url=None, view_name=None):
    if (
        isinstance(page, ArticlePage)
        and page.live
        and not page.is_public
        and page.permissions_for_user(user).can_sign()
    ):
        yield Button(
            "撤回定稿", reverse("desk_recall", args=[page.pk]), icon_name="undo", priority=25
        )


@hooks.register("construct_page_listing_buttons")
def keep_useful_buttons(buttons, page, user, context=None) -> None:
    """Take out the live view of what no reader gets."""
    if isinstance(page, PaperPage) and not page.is_public:
        buttons[:] = [b for b in buttons if not isinstance(b, PageListingViewLiveButton)]


hooks.register("construct_page_action_menu", arrange_article_menu)
hooks.register("register_log_actions", register_actions)
