"""Ask every rule about an issue, or about one article of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from interchange.schema import Article, Issue

from .alarms import FIELDS, Alarm, Place
from .facts import NOTHING_KNOWN, Facts, Neighbours
from .house import House
from .rules import RULES, Rule
from .texts import Finding, Paper, Sheet, sheet_of

__all__ = ["check_article", "check_issue"]

# A rule that has found so much in one article has been understood; more would bury the rest.
MOST = 50

Judged = tuple[Rule, Finding]


def check_issue(
    issue: Issue,
    house: House,
    *,
    neighbours: Neighbours | None = None,
    facts: Facts = NOTHING_KNOWN,
) -> list[Alarm]:
    """Return all alarms of an issue: its own first, then article by article in print order."""
    sheets = _sheets(issue.articles, house, facts, issue)
    judged = [found for sheet in sheets for found in _judge_article(sheet)]
    judged += _judge_issue(Paper(issue, sheets, house, facts, neighbours))
    order = {article.number: place for place, article in enumerate(issue.articles, start=1)}
    return _alarms(judged, house, order)


def check_article(
    article: Article,
    house: House,
    *,
    issue: Issue | None = None,
    facts: Facts = NOTHING_KNOWN,
) -> list[Alarm]:
    """Return the alarms of one article as it stands in the editor.

    ``issue`` is the rest of the issue, which may hold an older version of the article; without it
    nothing is said that only the issue can tell.
    """
    sheets = _sheets((article,), house, facts, issue)
    judged = list(_judge_article(sheets[0]))
    if issue:
        others = _sheets(_with(article, issue.articles), house, facts, issue)
        found = _judge_issue(Paper(issue, others, house, facts))
        judged += [(rule, one) for rule, one in found if one.place.article == article.number]
    return _alarms(judged, house, {article.number: 1})


def _sheets(
    articles: Iterable[Article], house: House, facts: Facts, issue: Issue | None
) -> tuple[Sheet, ...]:
    day = issue.date if issue else None
    return tuple(sheet_of(article, house, facts=facts, day=day) for article in articles)


def _with(article: Article, articles: tuple[Article, ...]) -> tuple[Article, ...]:
    """Return the articles with ``article`` in the place of the one of its number, or at the end."""
    known = any(other.number == article.number for other in articles)
    mended = tuple(article if other.number == article.number else other for other in articles)
    return mended if known else (*mended, article)


def _judge_article(sheet: Sheet) -> Iterator[Judged]:
    for rule in _rules_in_force(sheet.house):
        if rule.in_article:
            for found in islice(rule.in_article(sheet), MOST):
                yield rule, found


def _judge_issue(paper: Paper) -> Iterator[Judged]:
    for rule in _rules_in_force(paper.house):
        if rule.in_issue:
            for found in islice(rule.in_issue(paper), MOST):
                yield rule, found


def _rules_in_force(house: House) -> Iterator[Rule]:
    for rule in RULES:
        if rule.code not in house.switched_off and (house.internal or not rule.internal):
            yield rule


def _alarms(judged: Iterable[Judged], house: House, order: dict[int, int]) -> list[Alarm]:
    """Return what was found as alarms in reading order, each with a key of its own."""
    levels = dict(house.levels)
    fields = list(FIELDS)

    def reading_order(found: Judged) -> tuple[int, int, int, int, str]:
        place: Place = found[1].place
        article = 0 if place.article is None else order.get(place.article, len(order) + 1)
        return article, fields.index(place.field), place.passage or 0, place.start, found[0].code

    alike: Counter[Alarm] = Counter()
    alarms = []
    for rule, finding in sorted(judged, key=reading_order):
        alarm = Alarm(
            levels.get(rule.code, rule.level),
            rule.code,
            finding.message + rule.advice,
            finding.place,
            finding.around,
        )
        nowhere = replace(
            alarm, message="", place=replace(alarm.place, passage=None, start=0, end=0)
        )
        alarms.append(replace(alarm, nth=alike[nowhere]))
        alike[nowhere] += 1
    return alarms
