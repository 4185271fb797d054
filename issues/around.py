"""Find what came out around an issue: before and after it, in its month, a year before it."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from types import SimpleNamespace

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from articles.models import ArticlePage
from newsroom.lunar import printed_date
from newsroom.prepared import Prepared, converted_together, marked, prepared
from newsroom.querysets import sight

from .archive import Neighbour
from .models import Folio, IssuePage
from .querysets import IssueQuerySet
from .rows import ISSUE_COLUMNS, issues_of_days
from .wall_calendar import Month, Out, month_of
from .year_before import days_a_year_before, is_same_day

__all__ = ["Around", "around_issue", "same_folio_around"]

ANY_ISSUE = SimpleNamespace(date=marked("date"), number=marked("number"))


@dataclass(frozen=True, slots=True)
class Around:
    """What came out around an issue; ``year_before`` within a fortnight, and how it is called."""

    previous: Neighbour | None = None
    next: Neighbour | None = None
    month: Month | None = None
    archive_url: str = ""
    year_before: Neighbour | None = None
    year_before_label: str = ""


def around_issue(request: HttpRequest, issue: IssuePage) -> Around:
    """Return what came out around ``issue``, of what this reader may see; in one statement."""
    if issue.date is None or issue.number is None:
        return Around()
    date, number = issue.date, issue.number
    year = date.year
    earliest, same_day = days_a_year_before(date)
    of_days = issues_of_days(request)
    before, after = _before_and_after(request)
    place = {"date": date.isoformat(), "number": number}
    last_of_month = date.replace(day=monthrange(year, date.month)[1])
    month = {"first": date.replace(day=1).isoformat(), "last": last_of_month.isoformat()}
    days = {"first": earliest.isoformat(), "last": same_day.isoformat()}
    found = converted_together((before, place), (after, place), (of_days, month), (of_days, days))
    issues = [Out(day, each, f"/{slug}/") for _, slug, each, _, day, _ in found]
    in_order = sorted({(each.date, each.number): each for each in issues}.items())
    earlier = [each for order, each in in_order if order < (date, number)]
    later = [each for order, each in in_order if order > (date, number)]
    a_year_ago = [each for each in earlier if earliest <= each.date <= same_day]
    here = Out(date, number, f"/{issue.slug}/")
    return Around(
        previous=_neighbour(earlier[-1]) if earlier else None,
        next=_neighbour(later[0]) if later else None,
        month=month_of([*issues, here], year, date.month, home="/", shown=date),
        archive_url=f"/archive/{year}/#month-{date.month}" if issue.live else "",
        year_before=_neighbour(a_year_ago[-1]) if a_year_ago else None,
        year_before_label=(
            "去年同日" if a_year_ago and is_same_day(a_year_ago[-1].date, date) else "去年同期"
        ),
    )


def same_folio_around(
    request: HttpRequest, issue: IssuePage, folio: int
) -> tuple[Neighbour | None, Neighbour | None]:
    """Return the same folio of the issues before and after, of what this reader may see.

    Of one that has no such folio, its front. One statement.
    """
    seen = sight(IssuePage, request), sight(ArticlePage, request)
    place = {"date": issue.date.isoformat(), "number": issue.number, "folio": folio}
    before = prepared(("folio before", *seen), lambda: _with_folio(_before(request), request))
    after = prepared(("folio after", *seen), lambda: _with_folio(_after(request), request))
    found = converted_together((before, place), (after, place))
    around: dict[bool, Neighbour] = {}
    for slug, number, date, has_folio in found:
        url, title = f"/{slug}/", f"第{number}期"
        if has_folio:
            url, title = f"{url}folio-{folio}/", f"{title}第{folio}版"
        around[(date, number) > (issue.date, issue.number)] = Neighbour(
            url, title, printed_date(date)
        )
    return around.get(False), around.get(True)


def _with_folio(issues: IssueQuerySet, request: HttpRequest) -> QuerySet[IssuePage]:
    """Say of each whether it has a page for the folio (``folio_views.show_folio``)."""
    of_issue = {"issue": OuterRef("pk")}
    pages = Folio.objects.filter(**of_issue, number=marked("folio"))
    kept = Exists(pages.exclude(page_image=None, page_pdf=""))
    articles = ArticlePage.objects.published(request).filter(**of_issue, folio=marked("folio"))
    return issues.values_list("slug", "number", "date", kept | Exists(articles))


def _before_and_after(request: HttpRequest) -> tuple[Prepared, Prepared]:
    seen = sight(IssuePage, request)
    return (
        prepared(("issue before", seen), lambda: _before(request)),
        prepared(("issue after", seen), lambda: _after(request)),
    )


def _before(request: HttpRequest) -> IssueQuerySet:
    issues = IssuePage.objects.published(request).before(ANY_ISSUE)
    return issues.newest_first().values_list(*ISSUE_COLUMNS)[:1]


def _after(request: HttpRequest) -> IssueQuerySet:
    issues = IssuePage.objects.published(request).after(ANY_ISSUE)
    return issues.order_by("date", "number").values_list(*ISSUE_COLUMNS)[:1]


def _neighbour(issue: Out) -> Neighbour:
    return Neighbour(issue.url, f"第{issue.number}期", printed_date(issue.date))
