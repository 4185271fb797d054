"""An article (篇): copy that is signed, placement that is not, and the editors' remarks."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import Http404, HttpRequest
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import CommentPanel, ObjectList, TabbedInterface
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page, PageManager
from wagtail.search import index
from wagtail.url_routing import RouteResult

from newsroom.models import Contributor, Section
from newsroom.pages import PaperPage

from .blocks import BodyBlock
from .forms import ArticleForm, BylineForm, RemarkForm
from .panels import COPY_PANELS, PLACEMENT_PANELS, REMARK_PANELS
from .permissions import ArticleDoors
from .querysets import ArticleQuerySet

__all__ = ["ArticlePage", "Byline", "Prominence", "Remark", "Role"]


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
    (``ArticleQuerySet.published``). ``number`` is its address within the issue and never changes;
    the place in the issue is ``folio`` and then the tree (``issues.placing``).
    """

    parent_page_types = ["issues.IssuePage"]
    subpage_types: list[str] = []
    view = "articles.views.read"
    doors = ArticleDoors
    outside_revisions = ("slug", "number", "issue", "folio", "section", "prominence")
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
        index.SearchField("kicker"),
        index.SearchField("subhead"),
        index.SearchField("standfirst"),
        index.SearchField("body"),
        index.RelatedFields("bylines", [index.SearchField("name")]),
        index.FilterField("issue"),
        # The visibility rule must hold under .search() too, and it looks at the issue.
        index.RelatedFields("issue", [index.FilterField("live")]),
        index.FilterField("folio"),
        index.FilterField("section"),
        index.FilterField("prominence"),
    ]

    class Meta:
        verbose_name = "稿件"
        verbose_name_plural = "稿件"
        permissions = [("sign_article", "可签发定稿")]
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
        """Whether readers get this article: signed off, in an issue that is out."""
        return self.live and self.issue.live

    @property
    def status_string(self) -> str:
        """How far the article is, in the newsroom's words (Wagtail says "live" of a signed one)."""
        if self.live:
            out = "已见报" if self.is_public else "定稿"
            return f"{out}，有新修改" if self.has_unpublished_changes else out
        return "待审" if self.workflow_in_progress else "草稿"

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Find this article for a reader; Wagtail alone would serve it under a draft issue."""
        if path_components or not self.is_public:
            raise Http404
        return RouteResult(self)

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

    base_form_class = BylineForm

    class Meta(Orderable.Meta):
        verbose_name = "署名"
        verbose_name_plural = "署名"

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.name}".strip()


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
