"""An article (篇): copy that is signed, placement that is not, and what was said of it later."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.http import Http404, HttpRequest
from django.utils import timezone
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import CommentPanel, ObjectList, TabbedInterface
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page, PageManager
from wagtail.search import index
from wagtail.url_routing import RouteResult

from newsroom.models import Contributor, Recording, Section
from newsroom.pages import PaperPage

from .blocks import BodyBlock
from .bylines import same_name
from .forms import ArticleForm, BylineForm, RemarkForm
from .panels import COPY_PANELS, PLACEMENT_PANELS, REMARK_PANELS
from .permissions import ArticleDoors
from .querysets import ArticleQuerySet, BylineQuerySet, CorrectionQuerySet
from .reading import printed_passages

__all__ = ["ArticlePage", "Byline", "Correction", "Prominence", "Remark", "Role"]


class Prominence(models.TextChoices):
    """How large an article stands on its folio."""

    LEAD = "lead", "头条"
    MAJOR = "major", "要闻"
    NORMAL = "normal", "一般"
    BRIEF = "brief", "简讯"


class Role(models.TextChoices):
    """What someone in a byline did; nothing is printed for the empty one."""

    REPORTER = "reporter", "记者"
    CORRESPONDENT = "correspondent", "通讯员"
    SPECIAL_CORRESPONDENT = "special_correspondent", "特约记者"
    WRITER = "writer", "文"
    PHOTOGRAPHER = "photographer", "摄影"
    EDITOR = "editor", "编辑"
    TRANSLATOR = "translator", "编译"


class ArticlePage(PaperPage):
    """One article of one issue.

    *Live* means signed off (定稿), not public: readers get it only while its issue is live too
    (``ArticleQuerySet.published``), and unless it was withdrawn: then its address tells why
    (``issues.withdrawing``). ``number`` is its address within the issue and never changes; the
    place in the issue is ``folio`` and then the tree (``issues.placing``).
    """

    parent_page_types = ["issues.IssuePage"]
    subpage_types: list[str] = []
    view = "articles.views.read"
    doors = ArticleDoors
    outside_revisions = (
        *("slug", "number", "issue", "folio", "section", "prominence"),
        *("withdrawn_at", "withdrawn_by", "withdrawn_reason", "title_withdrawn"),
    )
    preview_modes = [("", "读者所见"), ("remarks", "带编者注记")]
    page_description = "一篇稿件：标题、署名、正文。"

    # Where it stands in the archive. ``issue`` repeats the parent of the tree, so that the
    # database itself can promise one article per number, and so that one join tells what is
    # public; ``IssuePage.add_child`` and ``issues.placing`` are all that writes it.
    issue = models.ForeignKey(
        Page, verbose_name="期", on_delete=models.RESTRICT, related_name="articles", editable=False
    )
    number = models.PositiveIntegerField("篇号", editable=False)

    # Copy: what the signatures are for.
    kicker = models.CharField("引题", max_length=100, blank=True, help_text="主题上面的小字标题。")
    subhead = models.CharField("副题", max_length=150, blank=True, help_text="主题下面的小字标题。")
    standfirst = models.TextField(
        "提要", blank=True, max_length=300, help_text="正文前的内容提要。"
    )
    body = StreamField(BodyBlock(), verbose_name="正文")
    verbatim_punctuation = models.BooleanField(
        "标点照原稿显示",
        default=False,
        help_text="不勾：旧稿里的半角逗号、冒号、括号显示成全角，存的文字不变。",
    )

    recording = models.ForeignKey(
        Recording,
        verbose_name="录音",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="articles",
        help_text="有录音，读者就听录音，不再由手机朗读。换录音和改文字一样，要重新审签。",
    )

    # Placement: where it stands in the issue; no signature, no revision (docs/adr/0003).
    folio = models.PositiveSmallIntegerField(
        "版次",
        default=1,
        validators=[MinValueValidator(1, "版次从1起。"), MaxValueValidator(99, "版次最多两位。")],
        help_text="登在第几版。",
    )
    section = models.ForeignKey(
        Section,
        verbose_name="栏目",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="articles",
    )
    prominence = models.CharField(
        "分量", max_length=10, choices=Prominence.choices, default=Prominence.NORMAL
    )

    # Withdrawal (撤稿): of the article, whatever version of its text (issues.withdrawing).
    withdrawn_at = models.DateTimeField("撤稿时间", null=True, blank=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="撤稿人",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    withdrawn_reason = models.TextField("撤稿原因", blank=True, max_length=500, editable=False)
    title_withdrawn = models.BooleanField("标题也不再显示", default=False, editable=False)

    objects = PageManager.from_queryset(ArticleQuerySet)()
    base_form_class = ArticleForm

    content_panels = COPY_PANELS
    edit_handler = TabbedInterface(
        [
            ObjectList([*COPY_PANELS, CommentPanel()], heading="稿件"),
            ObjectList(PLACEMENT_PANELS, heading="版面"),
            ObjectList(REMARK_PANELS, heading="编者注记"),
        ]
    )
    search_fields = [
        *Page.search_fields,
        index.SearchField("printed_passages"),
        index.RelatedFields("bylines", [index.FilterField("contributor")]),
        index.RelatedFields("section", [index.SearchField("name")]),
        index.FilterField("issue"),
        # The visibility rule must hold under .search() too, and it looks at the issue.
        index.RelatedFields("issue", [index.FilterField("live")]),
        index.FilterField("withdrawn_at"),
        index.FilterField("folio"),
        index.FilterField("section"),
        index.FilterField("prominence"),
    ]

    search_auto_update = False  # search.keeping does it, with the names under the article

    class Meta:
        verbose_name = "稿件"
        verbose_name_plural = "稿件"
        permissions = [
            ("sign_article", "可签发定稿"),
            ("correct_article", "可登更正"),
            ("withdraw_article", "可撤稿"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["issue", "number"],
                name="article_number_once_per_issue",
                violation_error_message="这一期已有同号的稿件。",
            ),
            models.CheckConstraint(
                condition=models.Q(folio__gte=1),
                name="article_folio_from_one",
                violation_error_message="版次从1起。",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_public(self) -> bool:
        """Whether readers get this article: signed off, in an issue that is out, not withdrawn."""
        return self.is_out and not self.is_withdrawn

    @property
    def is_out(self) -> bool:
        """Whether readers find something at its address: the article, or why it was withdrawn."""
        return self.live and self.issue.live

    @property
    def issue_date(self) -> datetime.date:
        """The date of its issue."""
        date: datetime.date = self.issue.issuepage.date
        return date

    @property
    def is_withdrawn(self) -> bool:
        """Whether the article was taken from the readers; it stays so until it is reinstated."""
        return self.withdrawn_at is not None

    @property
    def status_string(self) -> str:
        """How far the article is, in the newsroom's words (Wagtail says "live" of a signed one)."""
        review = None if self.is_withdrawn else self.current_workflow_state
        if review is not None and review.status == review.STATUS_NEEDS_CHANGES:
            return "已退回"
        if review is not None and review.current_task_state is not None:
            return f"在{review.current_task_state.task.name}"
        return self.standing

    @property
    def standing(self) -> str:
        """How far the article is, leaving aside the review it may be in."""
        if self.is_withdrawn:
            return "已撤稿"
        if not self.live:
            return "草稿"
        if self.has_unpublished_changes:
            return "已见报，有新修改" if self.is_public else "定稿，有新修改"
        return "已见报" if self.is_public else "定稿（未出版）"

    def printed_passages(self) -> list[str]:
        """Return what is printed of this article beside its title, for the search."""
        return list(printed_passages(self))

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Find this article for a reader; Wagtail alone would serve it under a draft issue."""
        self.issue = self.get_parent()  # which is at hand: the way led through it
        if path_components or not self.is_out:
            raise Http404
        return super().route(request, path_components)

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        """Return nothing for Wagtail's own sitemap while the issue is not public."""
        return super().get_sitemap_urls(request) if self.is_public else []


class Byline(Orderable):
    """One name under an article, exactly as printed, in printed order."""

    article = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="bylines")
    name = models.CharField("署名", max_length=50, help_text="照见报的写，如：汪燕盼")
    role = models.CharField(
        "身份", max_length=30, choices=Role.choices, blank=True, help_text="空着则只印姓名。"
    )
    contributor = models.ForeignKey(
        Contributor,
        verbose_name="作者",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="bylines",
        help_text="一般不必选，按姓名自动对上；有同名的人时在这里指明。",
    )

    objects = BylineQuerySet.as_manager()
    base_form_class = BylineForm

    class Meta(Orderable.Meta):
        verbose_name = "署名"
        verbose_name_plural = "署名"

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.name}".strip()

    @property
    def bearer(self) -> Contributor | None:
        """Who may be known by this name: the contributor, unless they printed another one."""
        known = self.contributor
        return known if known is not None and same_name(self.name, known.name) else None


class Remark(Orderable):
    """An editor's note on a place of the article; never printed, never public."""

    class Kind(models.TextChoices):
        """What the note is about (docs/issue-folder.md)."""

        REJOIN = "rejoin", "接排"
        GAP = "gap", "缺字"
        MOVED = "moved", "移动"
        DECIDE = "decide", "待定"
        PROOF = "proof", "疑误"

    article = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="remarks")
    kind = models.CharField("类别", max_length=10, choices=Kind.choices, default=Kind.PROOF)
    after = models.CharField(
        "在这些字之后",
        max_length=100,
        blank=True,
        help_text="从正文里抄一小段；注记就显示在它后面。空着则对整篇。",
    )
    text = models.TextField("注记")

    base_form_class = RemarkForm

    class Meta(Orderable.Meta):
        verbose_name = "编者注记"
        verbose_name_plural = "编者注记"

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.text}"


class Correction(index.Indexed, models.Model):
    """What the paper says, after printing, that an article should have said (更正).

    It is added to a printed article, whose wording stays as it was: no part of the copy, of its
    revisions or of its signature. Written by ``issues.correcting`` alone.
    """

    class Kind(models.TextChoices):
        """What the paper calls it: an error put right, a fact added, a wrong done to somebody."""

        CORRECTION = "correction", "更正"
        SUPPLEMENT = "supplement", "补充说明"
        APOLOGY = "apology", "致歉"

    # Wagtail would count a correction among the places that use the article.
    wagtail_reference_index_ignore = True

    article = models.ForeignKey(
        ArticlePage, verbose_name="稿件", on_delete=models.CASCADE, related_name="corrections"
    )
    kind = models.CharField("类别", max_length=10, choices=Kind.choices, default=Kind.CORRECTION)
    date = models.DateField("日期", default=timezone.localdate)
    wrong = models.CharField(
        "原文", max_length=300, blank=True, help_text="从见报的文字里抄出有误的一句；可不填。"
    )
    right = models.CharField("更正为", max_length=300, blank=True, help_text="改正后的这一句。")
    text = models.TextField(
        "更正内容",
        max_length=1000,
        validators=[MaxLengthValidator(1000, "最多1000个字。")],
        help_text="读者看到的话，如：“第3段‘8817家’应为‘8818家’，特此更正。”一行一段。",
    )
    needs_printing = models.BooleanField(
        "在以后一期的报上也刊登", default=True, help_text="下一期的组版台会提醒，直到刊登为止。"
    )
    # A page, as ``ArticlePage.issue`` is.
    printed_in = models.ForeignKey(
        Page,
        verbose_name="刊登于",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="corrections_printed",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    changed_at = models.DateTimeField("修改时间", auto_now=True)

    objects = CorrectionQuerySet.as_manager()
    search_fields = [
        index.SearchField("text"),
        index.SearchField("wrong"),
        index.SearchField("right"),
        index.FilterField("article"),
        index.FilterField("kind"),
        index.FilterField("date"),
    ]

    class Meta:
        verbose_name = "更正"
        verbose_name_plural = "更正"
        ordering = ["-date", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.text}"
