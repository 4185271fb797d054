"""Gather from the database what readers get: a fixed number of queries for any number of issues."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone

from articles.models import ArticlePage, Byline, Correction
from following.counts.models import ReadCount, Span
from interchange.models import Edition
from issues.models import Folio, IssuePage
from newsroom.dressing import look_stored, looks_of_issues
from newsroom.models import Imprint
from newsroom.querysets import year_of

from .facts import Article, Issue, Page, Paper, Place, summed

__all__ = ["all_issues", "of_today", "paper_of", "public_issues", "whole_paper"]

AT_ONCE = 100
MOST_READ = 120  # looked at for each span (following.counts.popular)


def public_issues(keys: Iterable[int]) -> dict[int, Issue]:
    """Return those of the issues that readers get."""
    issues = IssuePage.objects.published().filter(pk__in=list(keys)).order_by()
    rows = {issue.pk: issue for issue in issues}
    articles = _articles(list(rows))
    printed: dict[int, list[Folio]] = defaultdict(list)
    for folio in Folio.objects.filter(issue__in=rows).order_by("number"):
        printed[folio.issue_id].append(folio)
    made: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for edition in Edition.objects.filter(issue__in=rows).exclude(digest="").order_by("format"):
        made[edition.issue_id].append((edition.format, edition.digest))
    looks = looks_of_issues()
    return {
        key: Issue(
            key=key,
            number=issue.number,
            date=issue.date.isoformat(),
            head=summed(
                *(issue.live_revision_id, issue.imprint_id, issue.lunar_date),
                issue.responsible_editor,
                *((each.number, each.name, each.responsible_editor) for each in printed[key]),
            ),
            articles=tuple(articles[key]),
            pages=tuple(_page(folio) for folio in printed[key] if folio.has_page),
            pdfs=tuple(f.number for f in printed[key] if f.page_pdf),
            files=tuple(made[key]),
            look=str(looks.get(issue.number, "")),
        )
        for key, issue in rows.items()
    }


def _page(folio: Folio) -> Page:
    return Page(
        folio=folio.number,
        look=summed(folio.page_image_id, str(folio.page_pdf)),
        areas=summed(folio.hot_areas),
        articles=tuple(sorted({area["article"] for area in folio.hot_areas})),
        has_picture=bool(folio.page_image_id),
    )


def paper_of(
    issues: Iterable[Issue], *, sections: Iterable[str] = (), contributors: Iterable[int] = ()
) -> Paper:
    """Return how the paper is now, with some lists and those with articles of ``issues``."""
    articles = [article for issue in issues for article in issue.articles]
    public = ArticlePage.objects.published()
    slugs = {*sections, *(article.section for article in articles if article.section)}
    people = {*contributors, *(key for article in articles for key in article.contributors)}
    own = Byline.objects.in_own_name().filter(contributor__in=people)
    return _paper(public.filter(section__slug__in=slugs), own)


def whole_paper() -> Paper:
    """Return how the paper is now, with every list there is."""
    public = ArticlePage.objects.published()
    own = Byline.objects.in_own_name().filter(contributor__isnull=False)
    return _paper(public.filter(section__isnull=False), own)


def all_issues() -> Iterator[Issue]:
    """Yield every public issue, the latest first."""
    keys = list(IssuePage.objects.published().newest_first().values_list("pk", flat=True))
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        found = public_issues(some)
        yield from (found[key] for key in some if key in found)


def of_today() -> dict[str, str]:
    """Tell the day it is, which the archive marks, and sum up what every page shows: the imprint
    in force today, and how the paper looks."""
    return {
        "day": timezone.localdate().isoformat(),
        "imprint": _imprint_of_today(),
        "look": str(look_stored()),
    }


def _imprint_of_today() -> str:
    imprint = Imprint.objects.select_related("nameplate").current()
    if imprint is None:
        return ""
    plate = imprint.nameplate
    shown = [getattr(imprint, field.attname) for field in Imprint._meta.concrete_fields]
    return summed(*shown, plate and (str(plate.file), plate.title))


def _articles(issues: list[int]) -> dict[int, list[Article]]:
    """Return the articles at whose addresses readers find something, by issue, in print order."""
    found = list(
        ArticlePage.objects.live()
        .filter(issue__in=issues)
        .open_to()
        .order_by("path")
        .values(
            *("pk", "issue_id", "number", "title", "verbatim_punctuation", "live_revision"),
            *("last_published_at", "folio", "prominence", "section__slug", "section__name"),
            *("withdrawn_at", "withdrawn_reason", "title_withdrawn", "recording__file"),
        )
    )
    keys = [row["pk"] for row in found]
    names: dict[int, list[Any]] = defaultdict(list)
    people: dict[int, list[int]] = defaultdict(list)
    corrections: dict[int, list[Any]] = defaultdict(list)
    bylines = Byline.objects.filter(article__in=keys).order_by("sort_order", "pk")
    for article, *told in bylines.values_list(
        "article", "name", "role", "contributor", "contributor__name"
    ):
        names[article].append(told)
    own = Byline.objects.in_own_name().filter(article__in=keys, contributor__isnull=False)
    for article, person in own.order_by("pk").values_list("article", "contributor"):
        if person not in people[article]:
            people[article].append(person)
    for article, *told in (
        Correction.objects.filter(article__in=keys)
        .order_by("pk")
        .values_list("article", "pk", "changed_at")
    ):
        corrections[article].append(told)
    by_issue: dict[int, list[Article]] = defaultdict(list)
    for row in found:
        key, corrected = row["pk"], corrections[row["pk"]]
        line = (row["title"], row["verbatim_punctuation"], bool(corrected))
        by_issue[row["issue_id"]].append(
            Article(
                key=key,
                number=row["number"],
                page=summed(sorted(row.items(), key=str), names[key]),
                line=summed(line),
                row=summed(line, names[key]),
                folio=row["folio"],
                section=row["section__slug"] or "",
                contributors=tuple(people[key]),
                corrections=summed(corrected) if corrected else "",
                withdrawn=row["withdrawn_at"] is not None,
                recording=summed(row["recording__file"]) if row["recording__file"] else "",
            )
        )
    return by_issue


def _paper(in_sections: QuerySet[ArticlePage], own: QuerySet[Byline]) -> Paper:
    counts: dict[int, int] = defaultdict(int)
    folios: dict[int, set[int]] = defaultdict(set)
    for issue, folio, count in (
        ArticlePage.objects.published()
        .order_by()
        .values("issue_id", "folio")
        .annotate(count=Count("pk"))
        .values_list("issue_id", "folio", "count")
    ):
        counts[issue] += count
        folios[issue].add(folio)
    printed = Folio.objects.exclude(page_image=None, page_pdf="").order_by()
    for issue, folio in printed.values_list("issue", "number"):
        folios[issue].add(folio)
    issues = IssuePage.objects.published().newest_first().values_list("pk", "number", "date")
    sections: dict[str, dict[int, int]] = defaultdict(dict)
    for slug, year, count in (
        in_sections.order_by()
        .values("section__slug", year=year_of("issue__issuepage__date"))
        .annotate(count=Count("pk"))
        .values_list("section__slug", "year", "count")
    ):
        sections[slug][int(year)] = count
    contributors: dict[int, dict[int, int]] = defaultdict(dict)
    public = ArticlePage.objects.published()
    for person, year, count in (
        own.filter(article__in=public)
        .order_by()
        .values("contributor", year=year_of("article__issue__issuepage__date"))
        .annotate(count=Count("article", distinct=True))
        .values_list("contributor", "year", "count")
    ):
        contributors[person][int(year)] = count
    return Paper(
        issues=tuple(
            Place(
                key,
                number,
                date.isoformat(),
                counts.get(key, 0),
                tuple(sorted(folios.get(key, ()))),
            )
            for key, number, date in issues
        ),
        sections=dict(sections),
        contributors=dict(contributors),
        corrections=Correction.objects.published().count(),
        popular=frozenset(_most_read()),
        today=timezone.localdate().isoformat(),
    )


def _most_read() -> Iterator[int]:
    today = timezone.localdate()
    for span in Span:
        counted = ReadCount.objects.filter(span=span, since=span.first_day(today))
        yield from counted.order_by("-count").values_list("article", flat=True)[:MOST_READ]
