"""Register the parts that issues add to Wagtail's admin."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.widgets import Button

from articles.models import ArticlePage

from . import admin_views, correction_views, withdrawal_views
from .action_menu import arrange_issue_menu
from .after_printing_log import register_after_printing
from .dashboard import CurrentIssuePanel
from .log_actions import register_actions
from .models import IssuePage
from .placing import PlacingRefused, place
from .sequence import doubts
from .viewsets import issue_viewset


@hooks.register("register_admin_viewset")
def register_viewset():
    return issue_viewset


@hooks.register("register_admin_urls")
def register_urls():
    return [
        path("issues/<int:page_id>/publish/", admin_views.publish, name="issue_publish"),
        path("issues/<int:page_id>/preview/", admin_views.preview, name="issue_preview"),
        path("issues/<int:page_id>/share/", admin_views.share_preview, name="issue_share"),
        path(
            "articles/<int:page_id>/corrections/", correction_views.correct, name="article_correct"
        ),
        path("corrections/<int:pk>/", correction_views.change, name="correction_change"),
        path("corrections/<int:pk>/remove/", correction_views.remove, name="correction_remove"),
        path("corrections/<int:pk>/printed/", correction_views.printed, name="correction_printed"),
        path(
            "articles/<int:page_id>/withdraw/", withdrawal_views.withdraw, name="article_withdraw"
        ),
        path("articles/<int:page_id>/hold-over/", admin_views.hold_over, name="article_hold_over"),
    ]


hooks.register("construct_page_action_menu", arrange_issue_menu, order=10)
hooks.register("register_log_actions", register_actions)
hooks.register("register_log_actions", register_after_printing)


@hooks.register("construct_homepage_panels")
def show_current_issue(request: HttpRequest, panels: list) -> None:
    panels.append(CurrentIssuePanel())


@hooks.register("construct_homepage_summary_items", order=1000)
def leave_out_counts(request: HttpRequest, items: list) -> None:
    """Counting pages of a tree tells an editor nothing."""
    items.clear()


@hooks.register("register_page_header_buttons")
def publish_button(page, user, view_name, next_url=None):
    if isinstance(page, IssuePage) and page.permissions_for_user(user).can_publish_issue():
        yield Button(
            "出版…", reverse("issue_publish", args=[page.pk]), icon_name="upload", priority=5
        )


@hooks.register("register_page_header_buttons")
def share_button(page, user, view_name, next_url=None):
    if isinstance(page, IssuePage) and not page.live and page.permissions_for_user(user).can_edit():
        yield Button(
            "分享预览", reverse("issue_share", args=[page.pk]), icon_name="link", priority=6
        )


@hooks.register("register_page_listing_more_buttons")
@hooks.register("register_page_header_buttons")
def hold_over_button(page, user, next_url=None, view_name=None):
    if (
        isinstance(page, ArticlePage)
        and not page.live
        and page.permissions_for_user(user).can_place()
    ):
        url = reverse("article_hold_over", args=[page.pk])
        yield Button("移到另一期", url, icon_name="arrow-right-full", priority=20)


@hooks.register("register_page_listing_more_buttons")
@hooks.register("register_page_header_buttons")
def after_printing_buttons(page, user, next_url=None, view_name=None):
    """Lead to correcting and withdrawing, what readers have; and back from a withdrawal."""
    if not isinstance(page, ArticlePage) or not (page.is_public or page.is_withdrawn):
        return
    may = page.permissions_for_user(user)
    if may.can_correct():
        url = reverse("article_correct", args=[page.pk])
        yield Button("更正…", url, icon_name="warning", priority=26)
    if may.can_withdraw():
        url = reverse("article_withdraw", args=[page.pk])
        yield Button("撤稿…", url, icon_name="cross", priority=27)
    if may.can_reinstate():
        url = reverse("article_withdraw", args=[page.pk])
        yield Button("恢复见报…", url, icon_name="rotate", priority=27)


@hooks.register("before_create_page")
def reuse_empty_draft(request: HttpRequest, parent, page_class) -> HttpResponse | None:
    """Lead to the draft of an issue that was opened and left, instead of making one beside it."""
    if page_class is not IssuePage or request.method != "GET" or "another" in request.GET:
        return None
    draft = IssuePage.objects.unused().newest_first().first()
    if draft is None or not draft.permissions_for_user(request.user).can_edit():
        return None
    messages.info(
        request,
        f"{draft}已经建好，还没有稿件：请直接在这里核对，不必再建新的一期。",
        buttons=[messages.button(f"{request.path}?another=1", "还是另建一期")],
    )
    return redirect("wagtailadmin_pages:edit", draft.pk)


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def place_as_posted(request: HttpRequest, page) -> None:
    """Put an article where its form says, through the verb that keeps print order."""
    if isinstance(page, ArticlePage):
        try:
            place(article=page, by=request.user, **getattr(page, "wanted_place", {}))
        except PlacingRefused as refused:
            messages.warning(request, str(refused))


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def tell_doubts(request: HttpRequest, page) -> None:
    """Say after a deliberate save what in the date line does not fit together."""
    if isinstance(page, IssuePage) and request.accepts("text/html"):
        for doubt in doubts(page):
            messages.warning(request, doubt)


@hooks.register("after_create_page", order=100)
@hooks.register("after_edit_page", order=100)
def lead_on_to_articles(request: HttpRequest, page) -> HttpResponse | None:
    """Lead from a new issue's date line, once it is saved, to where its articles are written."""
    if isinstance(page, IssuePage) and page.is_leaf() and request.accepts("text/html"):
        return redirect("wagtailadmin_explore", page.pk)
    return None
