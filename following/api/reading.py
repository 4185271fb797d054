"""Read what the API answers: always by ``.published()`` without a request, as open to everybody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from wagtail.images.models import SourceImageIOError

from articles.models import ArticlePage, Byline, Correction
from articles.querysets import ArticleQuerySet
from interchange.files import READING_SIZE, FileNames
from interchange.pages import public_form
from interchange.schema import photos_of
from interchange.writers.plain_json import plain_article
from issues.folio_views import SIZES
from issues.models import Folio, IssuePage
from newsroom.models import Contributor, PressPhoto, Section
from search.asking import read_query
from search.finding import bounded, matching
from search.names import contributors_of

from . import schemas

SCREEN = f"max-{READING_SIZE}x{READING_SIZE}"


# Which there are.


def public_issue(number: int) -> IssuePage:
    """Return a public issue, or raise Http404."""
    issue = IssuePage.objects.published().filter(number=number).first()
    if issue is None:
        raise Http404(f"没有第{number}期，或者还没有出版。")
    return issue


def issues_of(wanted: schemas.IssueFilter) -> QuerySet[IssuePage]:
    """Return the public issues that are wanted, newest first."""
    asked = {
        "date__year": wanted.year,
        "number__gte": wanted.number_from,
        "number__lte": wanted.number_to,
    }
    return IssuePage.objects.published().filter(**_given(asked)).newest_first()


def articles_of(wanted: schemas.ArticleFilter) -> ArticleQuerySet:
    """Return the public articles that are wanted, newest first."""
    asked = {
        "issue__issuepage__date__year": wanted.year,
        "issue__issuepage__number": wanted.issue,
        "issue__issuepage__date__gte": wanted.since,
        "issue__issuepage__date__lte": wanted.until,
        "section__slug": wanted.section,
    }
    articles = ArticlePage.objects.published().filter(**_given(asked))
    if wanted.contributor is not None:
        articles = articles.signed_by(wanted.contributor)
    if since := wanted.updated_since:
        corrected = Correction.objects.filter(article=OuterRef("pk"), changed_at__gte=since)
        articles = articles.filter(
            Q(last_published_at__gte=since)
            | Q(issue__last_published_at__gte=since)
            | Exists(corrected)
        )
    return articles.newest_first()


def found_by(words: str) -> tuple[ArticleQuerySet, list[str]]:
    """Return the public articles in which ``words`` stand, the best first, and words beyond."""
    asked, ignored = bounded(read_query(words))
    if asked.is_empty:
        return ArticlePage.objects.none(), list(ignored)
    return matching(asked, ArticlePage.objects.published()), list(ignored)


def contributors() -> QuerySet[Contributor]:
    """Return who signed something public with their own name."""
    return contributors_of(ArticlePage.objects.published()).order_by("name", "pk")


def corrections() -> QuerySet[Correction]:
    """Return the corrections of what is public, newest first."""
    return Correction.objects.published().newest_first().with_articles()


def _given(asked: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in asked.items() if value is not None}


def for_listing(articles: ArticleQuerySet) -> ArticleQuerySet:
    """Fetch along what a line of a list shows."""
    return (
        articles.with_issues()
        .with_bylines()
        .with_corrections()
        .prefetch_related("bylines__contributor")
        .defer("body", "standfirst")
    )


# A list.


def listing(
    request: HttpRequest,
    wanted: schemas.Paging,
    rows: Any,
    show: Callable[[HttpRequest, list[Any]], list[Any]],
) -> dict[str, Any]:
    """Return the part of ``rows`` that is wanted, shown, and where the parts beside it are."""
    count = rows.count()
    end = wanted.offset + wanted.limit
    beside = {
        "next": end if end < count and end <= schemas.LAST_OFFSET else None,
        "previous": max(0, wanted.offset - wanted.limit) if wanted.offset else None,
    }
    return {
        "count": count,
        **{name: _at(request, offset) for name, offset in beside.items()},
        "items": show(request, list(rows[wanted.offset : end])),
    }


def _at(request: HttpRequest, offset: int | None) -> str | None:
    """Return the address asked for, at another place of the list."""
    if offset is None:
        return None
    asked = request.GET.copy()
    asked["offset"] = str(offset)
    return request.build_absolute_uri(f"{request.path}?{asked.urlencode()}")


# How they are told.


def api_url(request: HttpRequest, name: str, *args: int, **query: int | str) -> str:
    """Return the address of something in the API."""
    address = reverse(f"api:{name}", args=args)
    return request.build_absolute_uri(address + (f"?{urlencode(query)}" if query else ""))


def page_url(request: HttpRequest, page: Any) -> str:
    """Return where readers find a page."""
    return request.build_absolute_uri(page.get_url(request))


def listed_issues(request: HttpRequest, issues: list[IssuePage]) -> list[schemas.ListedIssue]:
    """Tell of issues in a list: one query more, however many there are."""
    counts = dict(
        ArticlePage.objects.published()
        .filter(issue__in=[issue.pk for issue in issues])
        .order_by()
        .values_list("issue")
        .annotate(Count("pk"))
    )
    return [
        schemas.ListedIssue(
            number=issue.number,
            title=issue.title,
            date=issue.date,
            lunar_date=issue.lunar_date,
            articles=counts.get(issue.pk, 0),
            url=page_url(request, issue),
            api_url=api_url(request, "issue", issue.number),
        )
        for issue in issues
    ]


def listed_articles(
    request: HttpRequest, articles: list[ArticlePage]
) -> list[schemas.ListedArticle]:
    """Tell of articles in a list; they come ``for_listing``."""
    return [
        schemas.ListedArticle(
            issue=article.issue.issuepage.number,
            number=article.number,
            date=article.issue.issuepage.date,
            kicker=article.kicker,
            title=article.title,
            subhead=article.subhead,
            folio=article.folio,
            section=article.section.slug if article.section else "",
            bylines=[
                schemas.ListedName(
                    name=byline.name,
                    role=byline.role,
                    contributor=byline.bearer.pk if byline.bearer else None,
                )
                for byline in article.bylines.all()
            ],
            corrected=bool(article.corrections.all()),
            updated=updated(article),
            url=page_url(request, article),
            api_url=api_url(request, "article", article.issue.issuepage.number, article.number),
        )
        for article in articles
    ]


def listed_corrections(
    request: HttpRequest, found: list[Correction]
) -> list[schemas.ListedCorrection]:
    """Tell of corrections in a list."""
    return [
        schemas.ListedCorrection(
            **{name: getattr(each, name) for name in ("date", "kind", "wrong", "right", "text")},
            issue=each.article.issue.issuepage.number,
            article=each.article.number,
            title=each.article.title,
            url=f"{page_url(request, each.article)}#correction-{each.pk}",
        )
        for each in found
    ]


def updated(article: ArticlePage) -> datetime | None:
    """Return when readers last got something new of ``article``."""
    moments = [article.last_published_at, article.issue.last_published_at]
    moments += [correction.changed_at for correction in article.corrections.all()]
    return max(filter(None, moments), default=None)


def read_article(request: HttpRequest, issue: IssuePage, number: int) -> schemas.ArticleAnswer:
    """Return an article in full, word for word as the issue's JSON has it; or raise Http404."""
    page = (
        ArticlePage.objects.published()
        .filter(issue=issue.pk, number=number)
        .select_related("issue")
        .with_corrections()
        .first()
    )
    form, names = public_form(issue)
    copy = next((article for article in form.articles if article.number == number), None)
    if page is None or copy is None:
        raise Http404(f"第{issue.number}期没有第{number}篇，或者还没有见报、已经撤稿。")
    files = [photo.file for passage in copy.body for photo in photos_of(passage)]
    return schemas.ArticleAnswer(
        issue=issue.number,
        date=issue.date,
        updated=updated(page),
        url=page_url(request, page),
        images=_pictures(request, {file: names.photo(file) for file in files}, SCREEN),
        article=plain_article(copy),
    )


def folios_of(request: HttpRequest, issue: IssuePage) -> list[schemas.PrintedFolio]:
    """Return the folios of ``issue`` of which a page or an article is kept."""
    placed: dict[int, list[int]] = {}
    articles = ArticlePage.objects.published().filter(issue=issue.pk).in_print_order()
    for folio, number in articles.values_list("folio", "number"):
        placed.setdefault(folio, []).append(number)
    rows = {
        folio.number: folio
        for folio in issue.folios.select_related("page_image")
        if folio.page_image_id or folio.page_pdf or folio.number in placed
    }
    public = {number for numbers in placed.values() for number in numbers}
    names = FileNames()
    files = {
        number: names(row.page_image) for number, row in rows.items() if row.page_image is not None
    }
    pictures = {
        picture.file: picture
        for picture in _pictures(
            request, {file: names.photo(file) for file in files.values()}, SIZES[-1]
        )
    }
    told = []
    for number in sorted({*rows, *placed}):
        row = rows.get(number) or Folio(number=number)
        address = f"{page_url(request, issue)}folio-{number}"
        told.append(
            schemas.PrintedFolio(
                number=number,
                name=row.name,
                responsible_editor=row.responsible_editor,
                url=f"{address}/",
                image=pictures.get(files.get(number, "")),
                pdf=f"{address}.pdf" if row.page_pdf else None,
                articles=placed.get(number, []),
                hot_areas=[
                    schemas.HotArea(**area) for area in row.hot_areas if area["article"] in public
                ],
            )
        )
    return told


def _pictures(
    request: HttpRequest, photos: dict[str, PressPhoto], size: str
) -> list[schemas.Picture]:
    """Return where each picture is found in ``size``; two queries, however many there are.

    One that is gone, or whose file is, is left out.
    """
    kept = PressPhoto.objects.prefetch_renditions(size).in_bulk(
        {photo.pk for photo in photos.values()}
    )
    told = []
    for file, photo in photos.items():
        try:
            rendition = kept[photo.pk].get_rendition(size)
        except (KeyError, SourceImageIOError):
            continue
        told.append(
            schemas.Picture(
                file=file,
                url=request.build_absolute_uri(rendition.url),
                width=rendition.width,
                height=rendition.height,
            )
        )
    return told


def listed_contributors(
    request: HttpRequest, found: list[Contributor]
) -> list[schemas.ListedContributor]:
    """Tell of contributors in a list: one query more, however many there are."""
    counts = dict(
        Byline.objects.in_own_name()
        .filter(contributor__in=found, article__in=ArticlePage.objects.published().values("pk"))
        .order_by()
        .values_list("contributor")
        .annotate(Count("article", distinct=True))
    )
    return [
        schemas.ListedContributor(
            id=contributor.pk,
            name=contributor.name,
            articles=counts.get(contributor.pk, 0),
            api_url=api_url(request, "articles", contributor=contributor.pk),
        )
        for contributor in found
    ]


def contributor_of(request: HttpRequest, key: int) -> schemas.ContributorAnswer:
    """Return who signed public articles with their own name, as last printed; or raise Http404.

    What tells two of one name apart (their unit) is not for readers.
    """
    signed = Byline.objects.in_own_name().filter(
        contributor=key, article__in=ArticlePage.objects.published().values("pk")
    )
    day = "article__issue__issuepage__date"
    found = signed.aggregate(
        articles=Count("article", distinct=True), first=Min(day), last=Max(day)
    )
    if not found["articles"]:
        raise Http404("没有这位作者，或者还没有见报的稿件。")
    newest = signed.order_by(f"-{day}", "-article__issue__issuepage__number", "article__path")
    return schemas.ContributorAnswer(
        id=key,
        name=newest.values_list("name", flat=True)[0],
        **found,
        api_url=api_url(request, "articles", contributor=key),
    )


def sections(request: HttpRequest) -> list[schemas.ListedSection]:
    """Return the sections under which something is public, in the editors' order."""
    counts = dict(
        ArticlePage.objects.published()
        .exclude(section=None)
        .order_by()
        .values_list("section")
        .annotate(Count("pk"))
    )
    return [
        schemas.ListedSection(
            slug=section.slug,
            name=section.name,
            articles=counts[section.pk],
            api_url=api_url(request, "articles", section=section.slug),
        )
        for section in Section.objects.filter(pk__in=counts)
    ]
