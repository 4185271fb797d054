"""The inbox: the list of contributions in Wagtail's admin, and its place in the menu."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from wagtail.admin.admin_url_finder import ModelAdminURLFinder
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.sidebar import LinkMenuItem
from wagtail.admin.ui.tables import (
    BaseColumn,
    BulkActionsCheckboxColumn,
    Column,
    Table,
    TitleColumn,
)
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton

from .exports import ContributionExports
from .filters import ContributionFilters, searched, state_of
from .models import Contribution, Status
from .permissions import may_read, may_work
from .templatetags.shown_words import visible

# What the list does not show: contact data is not even unsealed for it, and long texts stay put.
NOT_SHOWN = [
    *("name", "phone", "email", "signed_off_by"),
    *(f"duplicate_of__{field}" for field in ("text", "name", "phone", "email", "signed_off_by")),
    "article__body",
]

SHORT = "inbox__short"  # a cell that does not break


class StarColumn(BaseColumn):
    """A button that sets or takes the star; without JavaScript the page comes back."""

    cell_template_name = "contributions/admin/star_cell.html"

    def get_cell_context_data(
        self, instance: Contribution, parent_context: dict[str, Any]
    ) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        request = context["request"]
        return context | {
            "heading": visible(instance.heading),
            "may_work": may_work(request.user),
            "csrf_token": get_token(request),
            "next": f"{context['table'].base_url}?{request.GET.urlencode()}",
        }


class HeadingColumn(TitleColumn):
    """What a contribution is called; it leads to the contribution."""

    cell_template_name = "contributions/admin/heading_cell.html"


class AgeColumn(Column):
    """How long ago it came in."""

    cell_template_name = "contributions/admin/age_cell.html"


class FlagsColumn(Column):
    """Whether the text was seen before, here or in print."""

    cell_template_name = "contributions/admin/flags_cell.html"

    def get_value(self, instance: Contribution) -> list[str]:
        flags = {
            "疑似已见报": instance.printed_before_id,
            "疑似重复": instance.duplicate_of_id,
        }
        return [flag for flag, seen in flags.items() if seen]


class InboxTable(Table):
    """Rows of which the unread ones stand out."""

    def get_row_classname(self, instance: Contribution) -> str:
        return "inbox-row--unread" if is_unread(instance) else ""


def is_unread(contribution: Contribution) -> bool:
    """Whether the list shows a contribution as one that waits to be read."""
    return contribution.unread and contribution.status != Status.SPAM


def kind_of(contribution: Contribution) -> str:
    """Return the kind, and of a manuscript the part of the paper it is meant for."""
    kind, genre = contribution.get_kind_display(), contribution.get_genre_display()
    return f"{kind}（{genre}）" if genre else kind


def files_of(contribution: Contribution) -> str:
    """Return how many files came along, in words that need no heading (on a phone)."""
    return f"{contribution.files}个文件" if contribution.files else ""


def address_of(contribution: Contribution) -> str:
    """Return where a contribution is opened."""
    return reverse("contributions_admin:detail", args=[contribution.pk])


class InboxView(ContributionExports, IndexView):
    """The list."""

    any_permission_required = ["view"]
    template_name = "contributions/admin/index.html"
    table_class = InboxTable
    table_classname = "listing inbox"
    is_searchable = True
    show_other_searches = False
    default_ordering = "-received_at"
    columns = [
        BulkActionsCheckboxColumn("bulk_actions", obj_type="contribution"),
        StarColumn("starred", label="星标", sort_key="starred"),
        HeadingColumn(
            "heading",
            label="标题",
            get_url=address_of,
            get_title_id=lambda contribution: f"contribution_{contribution.pk}_title",
            sort_key="title",
        ),
        Column("kind", label="类别", accessor=kind_of, sort_key="kind", classname=SHORT),
        Column("unit", label="单位", accessor=lambda c: visible(c.unit), sort_key="unit"),
        AgeColumn("received_at", label="收到", sort_key="received_at"),
        Column("status", label="进展", accessor=state_of, sort_key="status", classname=SHORT),
        Column("assignee", label="经办人", sort_key="assignee", classname=SHORT),
        FlagsColumn("flags", label="查重"),
        Column("files", label="附件", accessor=files_of, sort_key="files", classname=SHORT),
    ]

    def get_base_queryset(self) -> QuerySet[Contribution]:
        """Fetch along what the columns show, and for a table to carry away the contacts too."""
        found = Contribution.objects.for_inbox()
        return found if self.is_export else found.defer(*NOT_SHOWN)

    def order_queryset(self, queryset: QuerySet[Contribution]) -> QuerySet[Contribution]:
        """Order by the chosen column, then by arrival, so that pages never overlap."""
        return queryset.order_by(self.ordering, "-received_at", "-pk")

    def filter_queryset(self, queryset: QuerySet[Contribution]) -> QuerySet[Contribution]:
        """Show nothing where the filters are nonsense: not what they were to leave out."""
        return super().filter_queryset(queryset) if self.filters.is_valid() else queryset.none()

    def search_queryset(self, queryset: QuerySet[Contribution]) -> QuerySet[Contribution]:
        """Find nothing for what cannot be looked for: not everything."""
        return queryset.none() if self.search_form.errors else searched(queryset, self.search_query)

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        find = reverse("contributions_admin:find")
        return [HeaderButton("按回执码查找", url=find, icon_name="key")]

    def get_edit_url(self, instance: Contribution) -> str:
        return address_of(instance)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"may_work": may_work(self.request.user)}

    @cached_property
    def no_results_message(self) -> str:
        if self.is_searching or self.is_filtering or self.search_form.errors:
            return "没有符合条件的来稿。"
        return "还没有来稿。"


class InboxMenuItem(MenuItem):
    """The way to the inbox, with the number of those nobody has opened yet."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_read(request.user)

    def render_component(self, request: HttpRequest) -> LinkMenuItem:
        unread = Contribution.objects.unread().count()
        attrs = {"aria-label": f"{self.label}，{unread}件未读", "data-unread": unread}
        return LinkMenuItem(
            self.name,
            self.label,
            self.url,
            icon_name=self.icon_name,
            classname=self.classname,
            attrs=attrs if unread else {},
        )


class ContributionURLFinder(ModelAdminURLFinder):
    """Where the reports of Wagtail's log lead to."""

    edit_url_name = "contributions_admin:detail"


class InboxViewSet(ModelViewSet):
    """来稿: a list, and nothing to add to it or to edit; the rows lead to the detail."""

    model = Contribution
    icon = "mail"
    menu_label = "来稿"
    menu_name = "contributions"
    menu_order = 150
    add_to_admin_menu = True
    add_to_reference_index = False
    index_view_class = InboxView
    filterset_class = ContributionFilters
    menu_item_class = InboxMenuItem
    url_finder_class = ContributionURLFinder
    copy_view_enabled = False
    list_per_page = 30

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Name no address that does not exist."""
        absent = dict.fromkeys(
            f"{view}_url_name" for view in ("add", "edit", "delete", "history", "usage")
        )
        return super().get_common_view_kwargs(**{**absent, **kwargs})

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_index_view_kwargs(
            **{"template_name": self.index_view_class.template_name, **kwargs}
        )

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
        ]

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        """Let every one of them be given to a group."""
        return Permission.objects.filter(content_type=ContentType.objects.get_for_model(self.model))


inbox_viewset = InboxViewSet("contributions_inbox", url_prefix="contributions")
