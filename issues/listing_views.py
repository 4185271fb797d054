"""Lists of articles that span issues: by section, by contributor."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse

from articles.models import ArticlePage, Byline, Role
from articles.querysets import ArticleQuerySet
from newsroom.models import Contributor, Section
from newsroom.page_facts import page_facts

from .archive import SectionRow, YearCount, around
from .models import IssuePage, NewspaperPage
from .rows import article_rows

ON_A_PAGE = 60
A_YEAR = datetime.timedelta(days=366)


def sections(request: HttpRequest, newspaper: NewspaperPage) -> TemplateResponse:
    """List the sections: those of the last year with what they had, the others by name.

    Only the articles of a year are looked at, so that the list costs the same in a century.
    """
    home = newspaper.get_url(request)
    published = ArticlePage.objects.published(request)
    latest = IssuePage.objects.published(request).newest_first().first()
    of_the_year = ArticlePage.objects.none()
    if latest is not None:
        issues = IssuePage.objects.published(request).filter(date__gt=latest.date - A_YEAR)
        of_the_year = published.filter(
            issue__in=list(issues.values_list("pk", flat=True)), section__isnull=False
        )
    counts: dict[int, int] = {}
    newest: dict[int, int] = {}
    for key, section in of_the_year.newest_first().values_list("pk", "section"):
        counts[section] = counts.get(section, 0) + 1
        newest.setdefault(section, key)
    articles = ArticlePage.objects.filter(pk__in=newest.values())
    headlines = {row.section: row for row in article_rows(request, articles)}
    rows = [
        SectionRow(
            section.name,
            f"{home}sections/{section.slug}/",
            counts.get(section.pk, 0),
            headlines.get(section.name),
        )
        for section in Section.objects.filter(Exists(published.filter(section=OuterRef("pk"))))
    ]
    return TemplateResponse(
        request,
        "issues/sections.html",
        {
            **page_facts(request, None, title="栏目", description="本报的各个栏目"),
            "running": [row for row in rows if row.count],
            "former": [row for row in rows if not row.count],
        },
    )


def section(request: HttpRequest, newspaper: NewspaperPage, slug: str) -> TemplateResponse:
    """List the articles of a section, newest first."""
    shown = Section.objects.filter(slug=slug).first()
    if shown is None:
        raise Http404("没有这个栏目。")
    articles = ArticlePage.objects.published(request).filter(section=shown)
    return TemplateResponse(
        request,
        "issues/section.html",
        {
            **page_facts(request, None, title=shown.name, description=f"“{shown.name}”栏目的文章"),
            **_listed(request, articles, f"{newspaper.get_url(request)}sections/{slug}/"),
            "section": shown,
        },
    )


def contributor(request: HttpRequest, newspaper: NewspaperPage, key: int) -> TemplateResponse:
    """List what was printed under the name of a contributor, newest first.

    Neither the unit, which is not for print, nor what they signed with another name. Nothing is
    left of one who was deleted, and nobody without a public article is here at all.
    """
    shown = Contributor.objects.filter(pk=key).first()
    if shown is None:
        raise Http404("没有这位作者。")
    articles = ArticlePage.objects.published(request).signed_by(shown)
    listed = _listed(request, articles, f"{newspaper.get_url(request)}contributors/{key}/")
    bylines = Byline.objects.in_own_name().filter(
        contributor=shown, article__in=[row.key for row in listed["articles"]]
    )
    roles = set(bylines.values_list("role", flat=True))
    return TemplateResponse(
        request,
        "issues/contributor.html",
        {
            **page_facts(
                request, None, title=shown.name, description=f"{shown.name}在本报发表的文章"
            ),
            **listed,
            "name": shown.name,
            "roles": "、".join(role.label for role in Role if role in roles),
        },
    )


def _listed(request: HttpRequest, articles: ArticleQuerySet, home: str) -> dict[str, Any]:
    """Return what the template shows of ``articles``: all of few, else one year of them.

    404 where there are none, or none of the year that is asked for.
    """
    counts = articles.count_by_year()
    if not counts:
        raise Http404("这里没有文章。")
    total, shown = sum(counts.values()), None
    asked = request.GET.get("year")
    if asked is not None or total > ON_A_PAGE:
        shown = next((year for year in counts if asked in (None, str(year))), None)
        if shown is None:
            raise Http404("这一年没有文章。")
        # By key: SQLite would go through everything of the section or contributor otherwise.
        issues = IssuePage.objects.published(request).filter(date__year=shown)
        of_year = ArticlePage.objects.filter(issue__in=list(issues.values_list("pk", flat=True)))
        articles = articles.filter(pk__in=list(of_year.values_list("pk", flat=True)))
    keys = list(articles.newest_first().values_list("pk", flat=True))
    page = Paginator(keys, ON_A_PAGE).get_page(request.GET.get("page"))
    on_page = ArticlePage.objects.filter(pk__in=list(page)).newest_first()
    years = [YearCount(year, count, f"{home}?year={year}") for year, count in counts.items()]
    query = f"year={shown}&" if shown else ""
    place = f"{query if asked else ''}{f'page={page.number}' if page.number > 1 else ''}"
    return {
        "home": home,
        "total": total,
        "years": around(years, shown),
        "year": shown,
        "page": page,
        "query": query,
        "articles": article_rows(request, on_page),
        "canonical_url": request.build_absolute_uri(f"{home}?{place}".rstrip("?&")),
    }
