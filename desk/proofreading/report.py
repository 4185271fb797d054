"""Report what the rules say of an issue, what of it was accepted, and where each alarm leads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import cache as once
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.urls import reverse

from articles.models import ArticlePage
from interchange import schema
from issues.models import IssuePage

from . import checking
from .alarms import Alarm, Level, Place
from .facts import Facts, Neighbours
from .gathering import (
    articles_of,
    copies_of,
    header_of,
    neighbours_of,
    version_of,
)
from .house import House
from .house_lists import house_on
from .models import AcceptedAlarm, LinkCheck

__all__ = ["NO_IMPRINT", "Counts", "Report", "Standing", "address_of", "report", "shortened"]

NO_IMPRINT = "no-imprint"
KEPT_SECONDS = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Standing:
    """An alarm as an editor meets it: in which article, where to mend it, who accepted it."""

    alarm: Alarm
    article_pk: int | None
    article_title: str
    url: str
    accepted_by: str = ""
    accepted_at: datetime | None = None
    accepted_reason: str = ""

    @property
    def quote(self) -> str:
        """The words in question, as a list shows them."""
        return shortened(self.alarm.place.quote)

    @property
    def is_accepted(self) -> bool:
        """Whether somebody said 原文如此."""
        return self.accepted_at is not None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many alarms of each level stand, unaccepted."""

    blocks: int = 0
    warnings: int = 0
    hints: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.blocks + self.warnings + self.hints


@dataclass(frozen=True, slots=True)
class Report:
    """All alarms of an issue, in print order within each level."""

    standings: tuple[Standing, ...]

    def _of(self, level: Level) -> tuple[Standing, ...]:
        return tuple(s for s in self.standings if s.alarm.level == level and not s.is_accepted)

    @property
    def blocks(self) -> tuple[Standing, ...]:
        """What must be mended before the issue comes out."""
        return self._of(Level.BLOCK)

    @property
    def warnings(self) -> tuple[Standing, ...]:
        """What should be looked at."""
        return self._of(Level.WARN)

    @property
    def hints(self) -> tuple[Standing, ...]:
        """What may well be as it should."""
        return self._of(Level.HINT)

    @property
    def accepted(self) -> tuple[Standing, ...]:
        """What somebody answered with 原文如此."""
        return tuple(standing for standing in self.standings if standing.is_accepted)

    @property
    def counts(self) -> Counts:
        """How many of each level stand in the whole issue."""
        return Counts(len(self.blocks), len(self.warnings), len(self.hints))

    @property
    def count_by_article(self) -> dict[int | None, Counts]:
        """How many stand in each article, by its key; the issue's own under None."""
        found: dict[int | None, list[Level]] = {}
        for standing in self.standings:
            if not standing.is_accepted:
                found.setdefault(standing.article_pk, []).append(standing.alarm.level)
        return {
            key: Counts(
                levels.count(Level.BLOCK), levels.count(Level.WARN), levels.count(Level.HINT)
            )
            for key, levels in found.items()
        }

    def of_article(self, key: int | None) -> Report:
        """Return the part of the report that concerns one article, or the issue itself."""
        return Report(tuple(s for s in self.standings if s.article_pk == key))


def report(issue: IssuePage, *, signed: bool = False) -> Report:
    """Check ``issue`` as it is being made, each article as last saved.

    ``signed`` checks what would be printed if the issue came out now: the signed versions of the
    signed articles. A draft that lacks things is reported like any other; nothing is raised.
    """
    articles = articles_of(issue, signed=signed)
    header, has_imprint = header_of(issue)
    house = house_on(header.date)
    neighbours = neighbours_of(issue, header)
    tried = LinkCheck.objects.filter(issue=issue).exclude(fault="")
    dead = dict(tried.values_list("address", "fault"))
    versions = [version_of(article, signed=signed) for article in articles]
    ask = _Question(articles, header, has_imprint, house, neighbours, dead, signed)
    if None in versions:
        alarms = ask.answer()
    else:
        key = _key(versions, header, has_imprint, _plain(house), neighbours, sorted(dead.items()))
        alarms = _remembered(key, ask)
    return _report(issue, header, articles, alarms)


@dataclass(frozen=True, slots=True)
class _Question:
    """Everything that a check of the issue needs, and the check itself."""

    articles: list[ArticlePage]
    header: schema.Issue
    has_imprint: bool
    house: House
    neighbours: Neighbours
    dead_links: Mapping[str, str]
    signed: bool

    def answer(self) -> list[Alarm]:
        """Read the copy and ask the rules."""
        copies = copies_of(self.articles, signed=self.signed)
        data = replace(self.header, articles=tuple(copy.article for copy in copies))
        facts = Facts(dead_links=self.dead_links)
        alarms = checking.check_issue(data, self.house, neighbours=self.neighbours, facts=facts)
        if not self.has_imprint:
            rest = [alarm for alarm in alarms if alarm.place.field != "imprint"]
            alarms = [_no_imprint(), *rest]
        return alarms


def _remembered(key: str, ask: _Question) -> list[Alarm]:
    """Return the alarms of this very version, from the cache if it was asked before."""
    alarms: list[Alarm] | None = cache.get(key)
    if alarms is None:
        alarms = ask.answer()
        cache.set(key, alarms, KEPT_SECONDS)
    return alarms


def _key(*version: Any) -> str:
    return f"proofreading:{_digest((_rules(), *version))}"


def _plain(house: House) -> list[Any]:
    """Return ``house`` in one order: a set has another one in every process."""
    values = (getattr(house, field.name) for field in fields(house))
    return [sorted(value) if isinstance(value, frozenset) else value for value in values]


def _digest(value: Any) -> str:
    return sha256(repr(value).encode("utf-8", "surrogatepass")).hexdigest()


@once
def _rules() -> str:
    """Return what changes whenever the rules do: a cache may outlive an upgrade."""
    package = sorted(Path(__file__).parent.rglob("*.py"))
    return sha256(b"".join(file.read_bytes() for file in package)).hexdigest()


def _no_imprint() -> Alarm:
    return Alarm(
        Level.BLOCK,
        NO_IMPRINT,
        "本期还没有选出版信息，报头和版权栏印不出来：请在本期的编辑页里选好。",
        Place(None, "imprint", None, 0, 0, ""),
    )


def _report(
    issue: IssuePage, header: schema.Issue, articles: Iterable[ArticlePage], alarms: Iterable[Alarm]
) -> Report:
    by_number = {article.number: article for article in articles}
    accepted = {(row.article_id, row.key): row for row in AcceptedAlarm.objects.of(issue)}
    standings = []
    for alarm in alarms:
        number = alarm.place.article
        article = by_number.get(number) if number is not None else None
        row = accepted.get((article.pk if article else None, alarm.key))
        standings.append(
            Standing(
                alarm=alarm,
                article_pk=article.pk if article else None,
                article_title=article.draft_title if article else f"第{header.number}期",
                url=address_of(alarm, issue=issue, article_pk=article.pk if article else None),
                accepted_by=row.by_name if row else "",
                accepted_at=row.at if row else None,
                accepted_reason=row.reason if row else "",
            )
        )
    return Report(tuple(standings))


def shortened(quote: str, longest: int = 40) -> str:
    """Return what a list shows of the words in question: both ends of a long passage."""
    if len(quote) <= longest:
        return quote
    half = longest // 2
    return f"{quote[:half]}……{quote[-half:]}"


ISSUE_FIELDS = {"issue": "#id_date", "folios": "#id_folios-FORMS", "imprint": "#id_imprint"}


def address_of(alarm: Alarm, *, issue: IssuePage, article_pk: int | None) -> str:
    """Return where ``alarm`` can be mended: the place in the editor of its article or issue."""
    if article_pk is not None:
        editor = reverse("wagtailadmin_pages:edit", args=[article_pk])
        return f"{editor}#check-{alarm.key}"
    editor = reverse("wagtailadmin_pages:edit", args=[issue.pk])
    return editor + ISSUE_FIELDS.get(alarm.place.field, "")
