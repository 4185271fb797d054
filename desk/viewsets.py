"""How Wagtail's explorer and editor treat articles."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.ui.tables.pages import PageTitleColumn
from wagtail.admin.views.pages.listing import ExplorableIndexView
from wagtail.admin.views.pages.ordering import SetPagePositionView
from wagtail.admin.views.pages.revisions import RevisionsRevertView
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.admin.widgets.button import Button, HeaderButton

from articles.models import ArticlePage
from articles.reading import byline_line, plain_paragraphs
from issues.placing import PlacingRefused, place
from newsroom.cjk import count_characters

from .proofreading.side_panel import ArticleCreateView, BesideTheText
from .review.comparing import ArticleCompareView
from .review.views import ArticleEditView, ArticleWorkflowActionView


class ArticleIndexView(ExplorableIndexView):
    """The articles of an issue, in print order, with what an editor composes by."""

    def annotate_queryset(self, pages: QuerySet[ArticlePage]) -> QuerySet[ArticlePage]:
        """Fetch along what the columns show: the same few queries however long the issue."""
        return (
            pages.select_related("section", "issue__issuepage", "owner")
            .prefetch_related("bylines", "content_type", "sites_rooted_here")
            .prefetch_workflow_states()
            .annotate_site_root_state()
            .annotate_approved_schedule()
        )

    @cached_property
    def header_buttons(self) -> list[Button]:
        """Name the ways on from here; Wagtail's own would be a plus sign and three dots."""
        issue = self.parent_page
        board = reverse("desk_board", args=[issue.pk])
        buttons = [HeaderButton("组版台", board, icon_name="grid", priority=0)]
        if self.add_url:
            buttons.append(HeaderButton("写一篇稿件", self.add_url, icon_name="plus", priority=1))
        preview = reverse("issue_preview", args=[issue.pk])
        aside = {"target": "_blank", "rel": "noreferrer"}
        buttons.append(HeaderButton("预览头版", preview, icon_name="view", attrs=aside, priority=2))
        if self.permissions.can_publish_issue():
            publish = reverse("issue_publish", args=[issue.pk])
            buttons.append(HeaderButton("出版…", publish, icon_name="upload", priority=3))
        return buttons


class ArticleEditor(BesideTheText, ArticleEditView):
    """The editor with its signatures, and proofreading beside the text."""


class ArticleRevertView(RevisionsRevertView, ArticleEditor):
    """An older version in the editor, which saves, hands in and signs as the editor does."""


class ArticlePositionView(SetPagePositionView):
    """Drag and drop, through the verb that keeps folios together."""

    def post(self, request: HttpRequest, page_to_move_id: int, *args, **kwargs) -> HttpResponse:
        article = get_object_or_404(ArticlePage, pk=page_to_move_id)
        siblings = list(ArticlePage.objects.child_of(article.get_parent()).in_print_order())
        try:
            wanted = int(request.GET["position"])
        except (KeyError, ValueError):
            wanted = len(siblings) - 1
        others = [sibling for sibling in siblings if sibling.pk != article.pk]
        above = others[: max(0, wanted)]
        # Dropped between two folios it joins the one it comes to stand under.
        folio = above[-1].folio if above else (others[0].folio if others else article.folio)
        if any(other.folio == article.folio for other in (above[-1:] + others[len(above) :][:1])):
            folio = article.folio
        try:
            place(
                article=article,
                by=request.user,
                folio=folio,
                position=sum(other.folio == folio for other in above),
            )
        except PlacingRefused as refused:
            raise PermissionDenied(str(refused)) from refused
        return HttpResponse("")


class ArticleViewSet(PageViewSet):
    """Articles in the admin."""

    model = ArticlePage
    index_view_class = ArticleIndexView
    add_view_class = ArticleCreateView
    edit_view_class = ArticleEditor
    revisions_revert_view_class = ArticleRevertView
    workflow_action_view_class = ArticleWorkflowActionView
    revisions_compare_view_class = ArticleCompareView
    set_page_position_view_class = ArticlePositionView
    columns = [
        *[c for c in ExplorableIndexView.base_columns if c.name == "bulk_actions"],
        PageTitleColumn("title", label="标题", sort_key="title", classname="title"),
        Column("folio", label="版次", sort_key="folio", width="5%"),
        Column("section", label="栏目", width="8%"),
        Column("prominence", label="分量", accessor="get_prominence_display", width="6%"),
        Column(
            "bylines", label="署名", accessor=lambda a: byline_line(a.bylines.all()), width="10%"
        ),
        Column(
            "characters",
            label="字数",
            accessor=lambda a: sum(map(count_characters, plain_paragraphs(a))),
            width="6%",
        ),
        Column("state", label="状态", accessor="status_string", width="10%"),
        DateColumn("latest_revision_created_at", label="修改时间", width="9%"),
    ]


article_viewset = ArticleViewSet()
