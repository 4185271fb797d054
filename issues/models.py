"""The newspaper, its issues (期) and their folios (版)."""

from __future__ import annotations

import datetime
import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from wagtail.admin.panels import CommentPanel, ObjectList, TabbedInterface
from wagtail.contrib.routable_page.models import RoutablePageMixin, path, re_path
from wagtail.models import Page, PageManager
from wagtail.search import index
from wagtail.url_routing import RouteResult

from articles.models import ArticlePage
from newsroom.lunar import printed_date, weekday
from newsroom.models import Imprint
from newsroom.pages import PaperPage
from newsroom.prepared import Prepared, marked, prepared

from .folios import Folio, folios_of
from .forms import IssueForm
from .panels import ISSUE_PANELS
from .permissions import IssueDoors, NewspaperDoors
from .querysets import IssueQuerySet, PreviewLinkQuerySet

FOLIO_ADDRESS = re.compile(r"folio-([1-9][0-9]?)")
NUMBER = re.compile("[1-9][0-9]{0,8}")

__all__ = ["ArticleCounter", "Folio", "IssuePage", "NewspaperPage", "PreviewLink", "folios_of"]


class NewspaperPage(RoutablePageMixin, PaperPage):
    """The root of the paper: ``/`` is the latest public issue, and it answers the archive."""

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["issues.IssuePage"]
    max_count = 1
    view = "issues.views.latest"
    admin_default_ordering = "-date"
    doors = NewspaperDoors
    page_description = "报纸本身：最新一期和往期。"

    edit_handler = TabbedInterface(
        [ObjectList([*Page.content_panels, CommentPanel()], heading="报纸")]
    )

    class Meta:
        verbose_name = "报纸"
        verbose_name_plural = "报纸"

    # Issues go through no review of their own; the workflow on this page is for articles.
    has_workflow = False

    def get_workflow(self) -> None:
        """Offer none: articles are reviewed, the paper is not."""

    serve_preview = PaperPage.serve_preview

    def page_below(self, slug: str) -> IssuePage | None:
        """Return an issue."""
        return _of_number(prepared(("issue", self.path), self._issue), slug)

    def _issue(self) -> models.QuerySet:
        issues = IssuePage.objects.child_of(self).filter(number=marked("number"))
        return issues.select_related("imprint")[:1]

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Find the view of an address of our own, or an issue."""
        self.know_restrictions(request)
        return super().route(request, path_components)

    @path("")
    def index_route(self, request: HttpRequest) -> HttpResponse:
        """Show the latest public issue."""
        return self.respond(request)

    @path("archive/")
    def archive(self, request: HttpRequest) -> HttpResponse:
        """List the years and the issues of the latest one."""
        return self.respond(request, "issues.views.archive")

    @re_path(r"^archive/(?P<year>[1-9][0-9]{3})/$")
    def archive_of_year(self, request: HttpRequest, year: str) -> HttpResponse:
        """List the issues of one year."""
        return self.respond(request, "issues.views.archive", year=int(year))

    @path("corrections/")
    def corrections(self, request: HttpRequest) -> HttpResponse:
        """List what was corrected, in all issues."""
        return self.respond(request, "issues.views.corrections")

    @path("sections/")
    def sections(self, request: HttpRequest) -> HttpResponse:
        """List the sections."""
        return self.respond(request, "issues.listing_views.sections")

    @path("sections/<slug:slug>/")
    def section(self, request: HttpRequest, slug: str) -> HttpResponse:
        """List the articles of one section."""
        return self.respond(request, "issues.listing_views.section", slug=slug)

    @re_path(r"^contributors/(?P<key>[1-9][0-9]{0,8})/$")
    def contributor(self, request: HttpRequest, key: str) -> HttpResponse:
        """List what one contributor signed."""
        return self.respond(request, "issues.listing_views.contributor", key=int(key))

    @re_path(r"^(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})/$")
    def issues_of_day(self, request: HttpRequest, day: str) -> HttpResponse:
        """Lead from a date to the issue of that day."""
        return self.respond(request, "issues.views.of_day", day=day)


class IssuePage(PaperPage):
    """One issue: what its date line and imprint say, its folios, and, as children, its articles.

    ``title`` (第450期) and ``slug`` (450) follow the number. *Live* means public. Publishing is a
    verb (``issues.publishing``) that touches this one row: what is signed off under it appears.
    """

    parent_page_types = ["issues.NewspaperPage"]
    subpage_types = ["articles.ArticlePage"]
    view = "issues.views.front_page"
    admin_default_ordering = "ord"
    doors = IssueDoors
    outside_revisions = (
        "publish_at",
        "publish_by",
        "publish_without_unfinished",
        "publish_articles",
        "publish_refusal",
    )
    page_description = "新的一期：期号、日期等都已拟好，核对后保存即可。"

    number = models.PositiveIntegerField(
        "总期号",
        unique=True,
        validators=[
            MinValueValidator(1, "期号从1起。"),
            MaxValueValidator(99_999, "期号最多五位。"),
        ],
        error_messages={"unique": "这个期号已经用过，请改用没有出过的期号，或去编辑原来那一期。"},
    )
    date = models.DateField(
        "出版日期",
        validators=[
            MinValueValidator(datetime.date(1901, 1, 1), "出版日期须在1901年到2100年之间。"),
            MaxValueValidator(datetime.date(2100, 12, 31), "出版日期须在1901年到2100年之间。"),
        ],
    )
    lunar_date = models.CharField(
        "农历",
        max_length=20,
        blank=True,
        help_text="按出版日期自动拟出，如“壬寅年七月初五”。与报纸所印不同时，以所印的为准。",
    )
    responsible_editor = models.CharField(
        "责任编辑", max_length=60, blank=True, help_text="照报纸上印的写；多人用空格隔开。"
    )
    imprint = models.ForeignKey(
        Imprint,
        verbose_name="出版信息",
        null=True,
        on_delete=models.PROTECT,
        related_name="issues",
        help_text="本期报头和版权栏所用的出版信息。",
    )

    publish_at = models.DateTimeField("定时出版", null=True, blank=True, editable=False)
    publish_by = models.ForeignKey(
        "accounts.User",
        verbose_name="定时出版的安排人",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    publish_without_unfinished = models.BooleanField(
        "定时出版时不带未定稿的稿件", default=False, editable=False
    )
    # What was signed when the time was set (issues.publishing.signed_versions): if any of it is
    # signed no longer, the timer asks again instead of bringing out less than 总编 saw.
    publish_articles = models.TextField(
        "安排时已定稿的稿件", blank=True, default="", editable=False
    )
    publish_refusal = models.TextField("到时没有出版的原因", blank=True, default="", editable=False)

    objects = PageManager.from_queryset(IssueQuerySet)()
    base_form_class = IssueForm

    edit_handler = TabbedInterface([ObjectList([*ISSUE_PANELS, CommentPanel()], heading="本期")])
    search_fields = [
        *Page.search_fields,
        index.SearchField("lunar_date"),
        index.AutocompleteField("forms_of_date"),
        index.FilterField("number"),
        index.FilterField("date"),
    ]

    class Meta:
        verbose_name = "期"
        verbose_name_plural = "各期"
        indexes = [models.Index(fields=["date", "number"], name="issue_by_date")]
        permissions = [("publish_issue", "可出版整期")]

    has_workflow = False

    def __str__(self) -> str:
        return self.title or "未编号的一期"

    def get_workflow(self) -> None:
        """Offer none: an issue is published whole (``issues.publishing``), not reviewed."""

    @property
    def issue_date(self) -> datetime.date:
        """Its own date."""
        return self.date

    @property
    def printed_date(self) -> str:
        """The date as printed: 2022年8月2日."""
        return printed_date(self.date)

    def forms_of_date(self) -> list[str]:
        """Return the date in the ways in which somebody may look for it."""
        if self.date is None:
            return []
        year, month, day = self.date.year, self.date.month, self.date.day
        return [self.printed_date, f"{year}-{month}-{day}", self.date.isoformat()]

    @property
    def weekday(self) -> str:
        """The day of the week as printed: 星期二; derived, never stored."""
        return weekday(self.date)

    @property
    def printed_line(self) -> str:
        """The whole date line as printed: 2022年8月2日 星期二 农历壬寅年七月初五 第450期."""
        lunar = f"农历{self.lunar_date}" if self.lunar_date else ""
        return " ".join(
            filter(None, [self.printed_date, self.weekday, lunar, f"第{self.number}期"])
        )

    @property
    def status_string(self) -> str:
        """How far the issue is, in the newsroom's words."""
        if self.live:
            return "已出版，刊头有新修改" if self.has_unpublished_changes else "已出版"
        return "定时出版" if self.publish_at else "编辑中"

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Find a folio (``folio-2``) or an article below this issue."""
        folio = FOLIO_ADDRESS.fullmatch(path_components[0]) if len(path_components) == 1 else None
        if folio and self.live:
            self.know_restrictions(request)
            return RouteResult(self, kwargs={"folio": int(folio[1])})
        return super().route(request, path_components)

    def page_below(self, slug: str) -> ArticlePage | None:
        """Return an article."""
        return _of_number(prepared("article", _article), slug, issue=self.pk)

    def serve(self, request: HttpRequest, folio: int | None = None) -> HttpResponse:
        """Answer a reader with the front page, or with one folio."""
        if folio is None:
            return super().serve(request)
        return self.respond(request, "issues.folio_views.show_folio", number=folio)

    def folio_name(self, number: int) -> str:
        """Return the name of a folio (要闻), or nothing for one that has none."""
        return next((folio.name for folio in self.folios.all() if folio.number == number), "")

    def place_on_page(self, article: int, folio: int) -> str:
        """Return where an article stands on the printed pages: folio-2/#area-3; or nothing.

        That is the page of its own ``folio``, or the first one that shows it.
        """
        pages = [
            page.number
            for page in self.folios.all()
            if page.page_image_id and any(area["article"] == article for area in page.hot_areas)
        ]
        if not pages:
            return ""
        return f"folio-{folio if folio in pages else min(pages)}/#area-{article}"

    def with_content_json(self, content: dict[str, Any]) -> IssuePage:
        """Return this issue with a revision's masthead; its printed pages are those of today."""
        return super().with_content_json(
            {**content, "folios": folios_of(self, content.get("folios") or [])}
        )

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """Validate, with title and slug following the number."""
        self._follow_number()
        super().full_clean(*args, **kwargs)

    def minimal_clean(self) -> None:
        """Validate a draft, with title and slug following the number."""
        self._follow_number()
        super().minimal_clean()

    def clean(self) -> None:
        """Validate; a slug that is taken is a number that is taken, which the form can show."""
        try:
            super().clean()
        except ValidationError as error:
            if "slug" not in getattr(error, "error_dict", {}):
                raise
            taken = self._meta.get_field("number").error_messages["unique"]
            raise ValidationError({"number": taken}) from error

    def _follow_number(self) -> None:
        if self.number:
            self.title = self.draft_title = f"第{self.number}期"
            self.slug = str(self.number)

    @transaction.atomic
    def add_child(self, **kwargs: Any) -> Any:
        """Take in an article, giving it its number.

        The issue's row is locked until the article is in, so two articles made at the same
        moment get different numbers and different places; a number is never given twice, also
        after its article was deleted. ``number`` may be set beforehand by an import.
        """
        IssuePage.objects.select_for_update().get(pk=self.pk)
        counter, _ = ArticleCounter.objects.get_or_create(issue=self)
        article = kwargs["instance"]
        article.number = article.number or counter.last + 1
        article.issue = self
        article.slug = str(article.number)
        if article.number > counter.last:
            counter.last = article.number
            counter.save()
        self.refresh_from_db(fields=["path", "numchild"])
        return super().add_child(**kwargs)


def _of_number(asked: Prepared, slug: str, **values: object) -> Any:
    """Return the page whose number ``slug`` is.

    By its number, which is an index's own; every issue has an article whose slug is "1".
    """
    return asked.first(number=int(slug), **values) if NUMBER.fullmatch(slug) else None


def _article() -> models.QuerySet:
    articles = ArticlePage.objects.filter(issue=marked("issue"), number=marked("number"))
    return articles.select_related("section", "recording")[:1]


class ArticleCounter(models.Model):
    """The last article number given in an issue; apart, so that no form ever writes it back."""

    issue = models.OneToOneField(
        IssuePage, on_delete=models.CASCADE, primary_key=True, related_name="article_counter"
    )
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.issue}: {self.last}"


class PreviewLink(models.Model):
    """Lets somebody without an account read one unpublished issue until a set time.

    The address holds a signed token (``issues.previewing``); ``nonce`` keeps it from opening
    another link after a backup was restored.
    """

    issue = models.ForeignKey(
        IssuePage, verbose_name="期", on_delete=models.CASCADE, related_name="preview_links"
    )
    nonce = models.CharField(max_length=16, editable=False)
    with_drafts = models.BooleanField("连同草稿", default=False)
    made_by = models.ForeignKey(
        "accounts.User",
        verbose_name="分享人",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    made_at = models.DateTimeField("分享时间")
    until = models.DateTimeField("有效至")
    revoked_at = models.DateTimeField("收回时间", null=True, blank=True)

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "预览链接"
        verbose_name_plural = "预览链接"

    def __str__(self) -> str:
        return f"{self.issue}的预览链接"

    @property
    def shows(self) -> str:
        """What is seen through it, in the newsroom's words."""
        return "连同草稿" if self.with_drafts else "定稿的样子"
