"""How Wagtail's explorer treats issues."""

from __future__ import annotations

from django.db.models import QuerySet
from wagtail.admin.ui.tables import Column
from wagtail.admin.ui.tables.pages import PageTitleColumn
from wagtail.admin.views.pages.listing import ExplorableIndexView
from wagtail.admin.viewsets.pages import PageViewSet

from .models import IssuePage


def state_of(issue: IssuePage) -> str:
    """Return how far an issue is, in the newsroom's words."""
    if issue.live:
        return "已出版，刊头有新修改" if issue.has_unpublished_changes else "已出版"
    return "定时出版" if issue.publish_at else "编辑中"


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


class IssueViewSet(PageViewSet):
    """Issues in the admin."""

    model = IssuePage
    index_view_class = IssueIndexView
    columns = [
        *[c for c in ExplorableIndexView.base_columns if c.name == "bulk_actions"],
        PageTitleColumn("title", label="期号", sort_key="number", classname="title"),
        Column("date", label="出版日期", accessor="printed_date", sort_key="date", width="14%"),
        Column("weekday", label="星期", width="8%"),
        Column("lunar_date", label="农历", width="14%"),
        Column("responsible_editor", label="责任编辑", width="12%"),
        Column(
            "signed",
            label="定稿/全部",
            accessor=lambda issue: f"{issue.articles_signed} / {issue.articles_in_all}",
            width="9%",
        ),
        Column("state", label="状态", accessor=state_of, width="14%"),
    ]


issue_viewset = IssueViewSet()
