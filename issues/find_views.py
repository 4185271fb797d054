"""Lead to the issue that somebody asks for by number or day, or tell which are nearest to it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from newsroom.lunar import printed_date
from newsroom.page_facts import page_facts

from .finding import LONGEST, Wanted, wanted_issue
from .models import IssuePage, NewspaperPage
from .querysets import IssueQuerySet
from .rows import issue_rows


@dataclass(frozen=True, slots=True)
class Way:
    """A way on from what was asked for."""

    url: str
    label: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said of what was asked for; ``url`` where there is exactly one answer."""

    url: str = ""
    said: str = ""
    ways: tuple[Way, ...] = ()
    nearest: tuple[IssuePage, ...] = ()


def find(request: HttpRequest, newspaper: NewspaperPage, asked: str) -> HttpResponse:
    """Lead to the issue that ``asked`` means, else say what there is instead."""
    asked = asked.strip()[: LONGEST + 1]
    issues = IssuePage.objects.published(request)
    wanted = wanted_issue(asked)
    answer = _answer(request, newspaper, issues, wanted) if wanted else Answer()
    if answer.url:
        return redirect(answer.url)
    facts = page_facts(request, None, title="查找某一期")
    return TemplateResponse(
        request,
        "issues/find.html",
        {
            **facts,
            "asked": asked,
            "asked_day": wanted.date.isoformat() if wanted and wanted.date else "",
            "understood": wanted is not None,
            "answer": answer,
            "issues": issue_rows(request, answer.nearest),
        },
    )


def _answer(
    request: HttpRequest, newspaper: NewspaperPage, issues: IssueQuerySet, wanted: Wanted
) -> Answer:
    home = newspaper.get_url(request)
    if wanted.number is not None:
        return _by_number(request, home, issues, wanted)
    if wanted.date:
        of_day = list(issues.filter(date=wanted.date)[:2])
        if of_day:
            return Answer(
                of_day[0].get_url(request) if len(of_day) == 1 else f"{home}{wanted.date}/"
            )
        nearest = _nearest(issues, wanted.date, wanted.date)
        said = f"{printed_date(wanted.date)}没有出版报纸。{_how_near(wanted.date, nearest)}"
        return Answer(said=said, nearest=nearest)
    if wanted.year is None:
        issue = issues.filter(date__month=wanted.month, date__day=wanted.day).newest_first().first()
        said = f"历年{wanted.month}月{wanted.day}日都没有出版报纸。"
        return Answer(issue.get_url(request)) if issue else Answer(said=said)
    return _by_year(home, issues, wanted)


def _by_number(request: HttpRequest, home: str, issues: IssueQuerySet, wanted: Wanted) -> Answer:
    """Find by number; one that may be a year too leads to whichever there is, or to a choice."""
    issue = issues.filter(number=wanted.number).first()
    year = wanted.year if wanted.year and _of_year(issues, wanted.year).exists() else None
    url = issue.get_url(request) if issue else ""
    of_year = f"{home}archive/{year}/" if year else ""
    if url and of_year:
        return Answer(
            said=f"“{wanted.number}”可以是期号，也可以是年份，请选择：",
            ways=(Way(url, f"第{wanted.number}期"), Way(of_year, f"{year}年各期")),
        )
    if url or of_year:
        return Answer(url or of_year)
    before = issues.filter(number__lt=wanted.number).order_by("-number").first()
    after = issues.filter(number__gt=wanted.number).order_by("number").first()
    return Answer(
        said=f"没有第{wanted.number}期，或者它还没有出版。",
        nearest=tuple(filter(None, (after, before))),
    )


def _by_year(home: str, issues: IssueQuerySet, wanted: Wanted) -> Answer:
    first = datetime.date(wanted.year, wanted.month or 1, 1)
    last = datetime.date(wanted.year, wanted.month or 12, 28)
    while (last + datetime.timedelta(days=1)).month == last.month:
        last += datetime.timedelta(days=1)
    anchor = f"#month-{wanted.month}" if wanted.month else ""
    if issues.filter(date__range=(first, last)).exists():
        return Answer(f"{home}archive/{wanted.year}/{anchor}")
    month = f"{wanted.month}月" if wanted.month else ""
    return Answer(
        said=f"{wanted.year}年{month}没有出版报纸。", nearest=_nearest(issues, first, last)
    )


def _of_year(issues: IssueQuerySet, year: int) -> IssueQuerySet:
    return issues.filter(date__year=year)


def _nearest(
    issues: IssueQuerySet, first: datetime.date, last: datetime.date
) -> tuple[IssuePage, ...]:
    """Return the issues next to the days between, the later one first."""
    after = issues.filter(date__gt=last).order_by("date", "number").first()
    before = issues.filter(date__lt=first).newest_first().first()
    return tuple(filter(None, (after, before)))


def _how_near(day: datetime.date, nearest: tuple[IssuePage, ...]) -> str:
    """Say of the issues next to ``day`` which they are, and by how many days they are off."""
    said = []
    for issue in sorted(nearest, key=lambda issue: issue.date):
        off = (issue.date - day).days
        when, way = ("之前", "早") if off < 0 else ("之后", "晚")
        said.append(f"{when}最近的一期是{issue.printed_date}的{issue.title}（{way}{abs(off)}天）")
    return f"{'；'.join(said)}。" if said else ""
