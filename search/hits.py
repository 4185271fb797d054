"""Make what was found ready to be shown: the words marked, and the way to them."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from articles.bylines import line_of_names
from articles.corrections import shown_correction
from articles.models import ArticlePage, Byline, Correction, Role
from articles.reading import Show, body_words
from newsroom.cjk import full_width, opening
from newsroom.lunar import printed_date
from newsroom.prepared import Among, keys_for, mark, prepared

from .snippets import MOST_FRAGMENTS, Fragment, clause_around, fragments
from .tokens import INVISIBLE, Term, find_terms, fold

Span = tuple[int, int]

MOST_WORDS = 8  # that an address carries along
SHOWN = (
    *("pk", "slug", "title", "kicker", "subhead", "standfirst", "body", "verbatim_punctuation"),
    *("folio", "section__name", "issue__slug", "issue__title", "issue__issuepage__date"),
    "corrected",
)
OPENING = 60  # characters of an article whose text has none of the words


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found; what is HTML has the words marked and all else escaped."""

    url: str
    headline: SafeString
    kicker: SafeString
    subhead: SafeString
    byline: SafeString
    snippet: SafeString
    date: datetime.date
    printed_date: str
    issue: str
    folio: int
    section: SafeString
    corrected: bool


@dataclass(frozen=True, slots=True)
class CorrectionHit:
    """A correction that was found."""

    url: str
    kind: str
    date: datetime.date
    printed_date: str
    headline: str
    origin: str
    lines: tuple[SafeString, ...]
    wrong: SafeString
    right: SafeString


def article_hits(keys: Sequence[int], terms: Sequence[Term]) -> tuple[Hit, ...]:
    """Return the articles of these keys, in this order, as results.

    Read as rows: of everything that a page of results costs, three objects for each result (the
    article, its issue, and the page of that) would be the most.
    """
    articles, names = prepared("hits", _articles), prepared("names of hits", _names)
    wanted = {mark("keys"): keys_for(articles.using, keys)}
    rows = {row[0]: dict(zip(SHOWN, row, strict=True)) for row in articles.rows(wanted)}
    bylines: dict[int, list[tuple[str, str]]] = {}
    for key, role, name in names.rows(wanted):
        bylines.setdefault(key, []).append((Role(role).label if role else "", name))
    return tuple(
        _article_hit(rows[key], line_of_names(bylines.get(key, [])), terms)
        for key in keys
        if key in rows
    )


def _articles() -> QuerySet[ArticlePage]:
    corrections = Correction.objects.filter(article=OuterRef("pk"))
    found = ArticlePage.objects.filter(Among("pk", mark("keys")))
    return found.annotate(corrected=Exists(corrections)).values_list(*SHOWN)


def _names() -> QuerySet[Byline]:
    found = Byline.objects.filter(Among("article", mark("keys")))
    return found.order_by("article", "sort_order").values_list("article", "role", "name")


def _article_hit(row: dict[str, Any], byline: str, terms: Sequence[Term]) -> Hit:
    show: Show = str if row["verbatim_punctuation"] else full_width
    day = row["issue__issuepage__date"]
    title, kicker, subhead = (show(row[name]) for name in ("title", "kicker", "subhead"))
    section = row["section__name"] or ""
    text = "\n".join(filter(None, [row["standfirst"], body_words(json.loads(row["body"]))]))
    lines = show(_lines_with(text, terms))
    found = {said: places(said, terms) for said in (title, kicker, subhead, lines, byline, section)}
    words = [said[start:end] for said, spans in found.items() for start, end in spans]
    clause = clause_around(lines, *found[lines][0]) if found[lines] else ""
    return Hit(
        url=address_with_words(f"/{row['issue__slug']}/{row['slug']}/", words, clause),
        headline=marked(title, found[title]),
        kicker=marked(kicker, found[kicker]),
        subhead=marked(subhead, found[subhead]),
        byline=marked(byline, found[byline]),
        snippet=(
            _snippet(fragments(lines, found[lines]))
            if found[lines]
            else marked(show(opening(text.split("\n"), OPENING)), ())
        ),
        date=day,
        printed_date=printed_date(day),
        issue=row["issue__title"],
        folio=row["folio"],
        section=marked(section, found[section]),
        corrected=bool(row["corrected"]),
    )


def correction_hits(
    corrections: Iterable[Correction], terms: Sequence[Term], request: HttpRequest
) -> tuple[CorrectionHit, ...]:
    """Return ``corrections``, which come with their articles, as results."""
    hits = []
    for correction in corrections:
        issue = correction.article.issue.issuepage
        told = shown_correction(correction, correction.article, request)
        hits.append(
            CorrectionHit(
                url=told.url,
                kind=told.kind,
                date=told.date,
                printed_date=told.printed_date,
                headline=told.headline,
                origin=f"{issue.title}，{printed_date(issue.date)}",
                lines=tuple(marked(line, places(line, terms)) for line in told.paragraphs),
                wrong=marked(told.wrong, places(told.wrong, terms)),
                right=marked(told.right, places(told.right, terms)),
            )
        )
    return tuple(hits)


def _lines_with(text: str, terms: Sequence[Term]) -> str:
    """Return the lines that are enough to show each of the terms: no need to set all the rest."""
    kept: list[str] = []
    seen: set[str] = set()
    for line in text.split("\n"):
        words = {line[start:end].casefold() for start, end in places(line, terms)}
        if words - seen:
            seen |= words
            kept.append(line)
        if len(kept) == MOST_FRAGMENTS:
            break
    return "\n".join(kept)


def places(text: str, terms: Sequence[Term]) -> list[Span]:
    """Return where the terms stand in ``text``, line by line: none spans two."""
    found: list[Span] = []
    start = 0
    begun = {term.plain.split()[0] for term in terms if term.plain}
    for line in text.split("\n"):
        # Most lines have nothing, which is seen at once; where exactly takes time to find out.
        squeezed = fold(line).replace(" ", "").replace(INVISIBLE, "")
        if any(run in squeezed for run in begun):
            found += [(start + s, start + e) for s, e in find_terms(line, terms)]
        start += len(line) + 1
    return found


def marked(text: str, spans: Iterable[Span]) -> SafeString:
    """Return ``text`` as HTML with what stands at ``spans`` marked."""
    pieces, at = [], 0
    for start, end in spans:
        pieces += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    pieces.append(escape(text[at:]))
    return mark_safe("".join(pieces))  # noqa: S308  # every word of the text is escaped above


def address_with_words(address: str, found: Iterable[str], clause: str = "") -> str:
    """Return ``address`` with a fragment that names the words, as printed there.

    The article's script marks them (static/js/find.js): the page stays one for all, and no server
    learns what was looked for. A browser without scripts finds ``clause`` by itself.
    """
    words = list({full_width(word).casefold(): word for word in found}.values())[:MOST_WORDS]
    if not words:
        return address
    directive = f":~:text={_quoted(clause)}" if clause else ""
    return f"{address}#find={'+'.join(map(_quoted, words))}{directive}"


def _quoted(text: str) -> str:
    # A dash parts the words of a text directive, and urllib leaves it alone.
    return quote(text, safe="").replace("-", "%2D")


def _snippet(found: Iterable[Fragment]) -> SafeString:
    html, after = [], ""
    for fragment in found:
        if fragment.before != after or not after:
            html.append(fragment.before)
        html += [marked(fragment.text.replace("\n", " "), fragment.hits), fragment.after]
        after = fragment.after
    return mark_safe("".join(html))  # noqa: S308  # marked escapes, the rest are ellipses
