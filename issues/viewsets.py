"""How Wagtail's explorer treats issues."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.admin.ui.tables import Column
from wagtail.admin.ui.tables.pages import PageTitleColumn
from wagtail.admin.views.pages.listing import ExplorableIndexView
from wagtail.admin.views.pages.revisions import RevisionsRevertView
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.admin.widgets.button import Button, HeaderButton

from .edit_view import OneWriterEditView
from .models import IssuePage


def signed_of_all(issue: IssuePage) -> str:
    """Return how many articles of the issue are signed; Wagtail's own lists do not count them."""
    if not hasattr(issue, "articles_signed"):
        return ""
    return f"{issue.articles_signed} / {issue.articles_in_all}"


class IssueIndexView(ExplorableIndexView):
    """The issues of the paper, newest first."""

    def annotate_queryset(self, pages: QuerySet[IssuePage]) -> QuerySet[IssuePage]:
        """Count the articles along, in the same query."""
        return (
            pages.prefetch_related("content_type", "sites_rooted_here")
            .prefetch_workflow_states()
            .annotate_site_root_state()
            .annotate_approved_schedule()
            .with_article_counts()
        )

    @cached_property
    def header_buttons(self) -> list[Button]:
        """Offer the next issue in words; Wagtail's own would be a plus sign."""
        if not self.add_url:
            return []
        return [HeaderButton("新建下一期", reverse("desk_next_issue"), icon_name="plus")]


class IssueTitleColumn(PageTitleColumn):
    """The issue's number, leading to its articles and not to its date line."""

    cell_template_name = "issues/admin/issue_title_cell.html"


class IssueEditView(OneWriterEditView):
    """The date line and folios of an issue, with the way to its articles."""

    @cached_property
    def header_buttons(self) -> list[Button]:
        """Lead on to the issue's articles."""
        listing = reverse("wagtailadmin_explore", args=[self.page.pk])
        return [HeaderButton("本期稿件", listing, icon_name="list-ul")]


class IssueRevertView(RevisionsRevertView, IssueEditView):
    """An older date line in the editor, which holds the issue as the editor does."""


class IssueViewSet(PageViewSet):
    """Issues in the admin."""

    model = IssuePage
    index_view_class = IssueIndexView
    edit_view_class = IssueEditView
    revisions_revert_view_class = IssueRevertView
    columns = [
        *[c for c in ExplorableIndexView.base_columns if c.name == "bulk_actions"],
        IssueTitleColumn("title", label="期号", sort_key="number", classname="title"),
        Column("date", label="出版日期", accessor="printed_date", sort_key="date", width="14%"),
        Column("weekday", label="星期", width="8%"),
        Column("lunar_date", label="农历", width="14%"),
        Column("responsible_editor", label="责任编辑", width="12%"),
        Column(
            "signed",
            label="定稿/全部",
            accessor=signed_of_all,
            width="9%",
        ),
        Column("state", label="状态", accessor="status_string", width="14%"),
    ]


issue_viewset = IssueViewSet()
