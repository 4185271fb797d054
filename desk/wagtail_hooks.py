"""Register the desk's parts with Wagtail's admin."""

from django.urls import include, path, reverse
from wagtail import hooks
from wagtail.admin.widgets import Button

from articles.models import ArticlePage
from issues.models import IssuePage
from newsroom.pages import PaperPage

from .action_menu import arrange_article_menu
from .board.menu import CurrentIssueMenuItem
from .figures.viewsets import GradeViewSet, UnpaidViewSet, permissions, report_items
from .log_actions import register_actions
from .proofreading.permissions import proofreading_permissions
from .proofreading.viewsets import HouseListsGroup
from .review.queue import QueuePanel
from .viewsets import article_viewset

WAGTAILS_QUEUES = {"workflow_objects_to_moderate", "user_objects_in_workflow_moderation"}


@hooks.register("register_admin_viewset")
def register_viewset():
    return article_viewset


@hooks.register("register_admin_viewset")
def register_house_lists():
    return HouseListsGroup()


@hooks.register("register_admin_urls")
def register_urls():
    return [
        path("desk/", include("desk.board.urls")),
        path("desk/", include("desk.importing.urls")),
        path("desk/", include("desk.folios.urls")),
        path("desk/", include("desk.review.urls")),
        path("desk/", include("desk.proofreading.urls")),
        path("desk/", include("desk.figures.urls")),
    ]


@hooks.register("register_board_entrance")
def import_button(issue, user):
    if issue.permissions_for_user(user).can_add_subpage():
        return Button(
            "导入…",
            reverse("desk_import", args=[issue.pk]),
            classname="button button-secondary",
            icon_name="doc-full-inverse",
            priority=10,
        )
    return None


@hooks.register("register_admin_menu_item")
def register_current_issue():
    return CurrentIssueMenuItem()


@hooks.register("register_page_listing_buttons")
@hooks.register("register_page_header_buttons")
def board_button(page, user, next_url=None, view_name=None):
    if isinstance(page, IssuePage) and page.pk and page.permissions_for_user(user).can_see():
        yield Button("组版台", reverse("desk_board", args=[page.pk]), icon_name="grid", priority=2)


@hooks.register("register_page_header_buttons")
def folios_button(page, user, next_url=None, view_name=None):
    """Lead from the editor of an issue to its printed pages."""
    if isinstance(page, IssuePage) and page.pk and page.permissions_for_user(user).holds_change():
        yield Button("版面", reverse("desk_folios", args=[page.pk]), icon_name="image", priority=3)


@hooks.register("register_page_listing_more_buttons")
@hooks.register("register_page_header_buttons")
def recall_button(page, user, next_url=None, view_name=None):
    if (
        isinstance(page, ArticlePage)
        and page.live
        and not page.is_out
        and page.permissions_for_user(user).can_recall()
    ):
        yield Button(
            "撤回定稿", reverse("desk_recall", args=[page.pk]), icon_name="undo", priority=25
        )


@hooks.register("register_page_header_buttons")
def sheet_buttons(page, user, next_url=None, view_name=None):
    if page.pk is None:
        return
    if isinstance(page, IssuePage):
        url = reverse("desk_issue_sheet", args=[page.pk])
        yield Button("审稿单", url, icon_name="clipboard-list", priority=30)
    if isinstance(page, ArticlePage):
        if page.permissions_for_user(user).can_edit():
            url = reverse("desk_changes", args=[page.pk])
            yield Button("改了什么", url, icon_name="history", priority=29)
        url = reverse("desk_article_sheet", args=[page.pk])
        yield Button("审稿单", url, icon_name="clipboard-list", priority=30)


@hooks.register("construct_page_listing_buttons")
def lead_to_the_preview(buttons, page, user, context=None) -> None:
    """Lead to the preview instead of the live view of what no reader gets."""
    if not isinstance(page, PaperPage) or page.is_public:
        return
    for menu in buttons:
        inner = getattr(menu, "dropdown_buttons", [])
        for place, button in enumerate(inner):
            if button.url == page.url:
                address = reverse("wagtailadmin_pages:view_draft", args=[page.pk])
                inner[place] = Button("预览", address, icon_name="view", priority=button.priority)


@hooks.register("construct_homepage_panels", order=100)
def show_queue(request, panels: list) -> None:
    """Show what waits for this person, in the place of Wagtail's own two lists."""
    panels[:] = [panel for panel in panels if getattr(panel, "name", "") not in WAGTAILS_QUEUES]
    panels.append(QueuePanel())


@hooks.register("register_admin_viewset")
def register_fee_lists():
    return [
        GradeViewSet("grades", url_prefix="grades"),
        UnpaidViewSet("unpaid", url_prefix="unpaid"),
    ]


for item in report_items():
    hooks.register("register_reports_menu_item", item)
hooks.register("register_permissions", permissions)
hooks.register("register_permissions", proofreading_permissions)
hooks.register("construct_page_action_menu", arrange_article_menu)
hooks.register("register_log_actions", register_actions)
