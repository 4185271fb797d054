"""Put an article into the form in which it is set: what printers call matter."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from newsroom.cjk import clean_line, clean_text, headline_lines
from newsroom.lunar import printed_date

from ..for_readers import KINDS, byline_of, shown
from ..schema import (
    Article,
    Correction,
    Crosshead,
    Gallery,
    Note,
    Paragraph,
    Passage,
    Photo,
    Prominence,
    Quote,
    Table,
)

__all__ = ["Matter", "matter_of", "places_to_cut", "squares", "ways_to_break", "weights"]

Show = Callable[[str], str]
Data = dict[str, Any]

# The largest headline, the least at which it stays on fewer lines, the type of kicker and subhead,
# and the white around the head, in squares of body type.
HEADS = {
    Prominence.LEAD: (4.6, 2.9, 1.75, 2.2),
    Prominence.MAJOR: (3.0, 2.0, 1.35, 1.5),
    Prominence.NORMAL: (2.3, 1.6, 1.2, 1.3),
    Prominence.BRIEF: (1.6, 1.3, 1.05, 0.9),
}
MOST_LINES = 9
LONG_BYLINE = 9  # squares; a longer one takes a line of its own
GALLERY = 34  # squares that pictures side by side ask for at least
WIDE_TABLE = 0.6  # of its width is what a table asks for at least
NARROW_TABLE = 13  # squares
MOST_CELL = 14
ROWS_AT_ONCE = 24


@dataclass(frozen=True, slots=True)
class Matter:
    """An article as the template reads it, and what the make-up must know beforehand."""

    data: Data
    items: tuple[Data, ...]
    weight: Prominence
    least_width: float
    photo_ratio: float


def weights(articles: tuple[Article, ...]) -> tuple[Prominence, ...]:
    """Return how large each stands; where nobody chose, the first of a folio stands out.

    The first of the issue leads; the first of another folio is a major one.
    """
    chosen = [article.prominence for article in articles]
    first = Prominence.MAJOR if Prominence.LEAD in chosen else Prominence.LEAD
    for _, group in groupby(range(len(articles)), key=lambda place: articles[place].folio):
        places = list(group)
        large = {Prominence.LEAD, Prominence.MAJOR} & {chosen[place] for place in places}
        if chosen[places[0]] is Prominence.NORMAL and (first is Prominence.LEAD or not large):
            chosen[places[0]] = first
        first = Prominence.MAJOR
    return tuple(chosen)


def matter_of(
    article: Article, weight: Prominence, section: str, ratios: Mapping[str, float]
) -> Matter:
    """Return an article as it is printed; ``section`` is named above it, unless it is empty.

    ``ratios`` are the widths of the pictures over their heights.
    """
    show = shown(article)
    body = list(article.body)
    photo = next((one for one in body if isinstance(one, Photo)), None)
    if photo:
        body.remove(photo)
    items = [item for passage in body for item in _items(passage, show, ratios)]
    byline = byline_of(article)
    if byline:
        if items and items[-1]["kind"] == "paragraph":
            items[-1] |= {"byline": byline, "short-byline": squares(byline) <= LONG_BYLINE}
        else:
            wide = not items or items[-1]["kind"] in ("gallery", "wide table")
            items.append({"kind": "wide byline" if wide else "byline", "byline": byline})
    items += [_correction(one, show) for one in article.corrections]
    largest, least, beside, air = HEADS[weight]
    data: Data = {
        "section": section,
        "kickers": ways_to_break(show(clean_line(article.kicker))),
        "headlines": ways_to_break(show(clean_line(article.title))),
        "subheads": ways_to_break(show(clean_line(article.subhead))),
        "standfirst": show(clean_text(article.standfirst)),
        "leads": weight is Prominence.LEAD,
        "largest": largest,
        "least": least,
        "beside": beside,
        "air": air,
        "items": items,
        "photo": _photo(photo, show, ratios) if photo else None,
    }
    widths = [WIDE_TABLE * item["width"] for item in items if item["kind"] == "wide table"]
    widths += [GALLERY for item in items if item["kind"] == "gallery"]
    ratio = ratios[photo.file] if photo else 0
    return Matter(data, tuple(items), weight, max(widths, default=0), ratio)


# Passages


def _items(passage: Passage, show: Show, ratios: Mapping[str, float]) -> Iterator[Data]:
    match passage:
        case Paragraph():
            yield _paragraph(passage, show)
        case Crosshead():
            yield {"kind": "crosshead", "lines": headline_lines(show(clean_line(passage.text)))}
        case Photo():
            yield _photo(passage, show, ratios)
        case Gallery():
            photos = [_photo(photo, show, ratios) for photo in passage.photos]
            yield {"kind": "gallery", "photos": photos}
        case Quote():
            yield {
                "kind": "quote",
                "text": show(clean_text(passage.text)),
                "source": show(clean_line(passage.source)),
            }
        case Table():
            yield from _tables(passage, show)
        case Note():
            yield {"kind": "note", "text": show(clean_text(passage.text))}


def _paragraph(paragraph: Paragraph, show: Show) -> Data:
    runs = [(clean_text(run.text), run) for run in paragraph.runs]
    shown = show("".join(text for text, _ in runs))  # a mark is judged by the words around it
    written, place = [], 0
    for text, run in runs:
        words = shown[place : place + len(text)]
        place += len(text)
        if words:
            written.append(
                {"text": words, "bold": run.bold, "italic": run.italic, "href": run.href}
            )
    return {
        "kind": "paragraph",
        "runs": written,
        "squares": squares(shown),
        "byline": "",
        "short-byline": True,
        "continued": False,
        "cut": False,
    }


def _photo(photo: Photo, show: Show, ratios: Mapping[str, float]) -> Data:
    caption = show(clean_text(photo.caption))
    return {
        "kind": "photo",
        "file": photo.file,
        "ratio": ratios[photo.file],
        "caption": caption,
        "credit": show(clean_line(photo.credit)),
        "alt": clean_line(photo.alt) or clean_line(caption) or "图片",
    }


def _tables(table: Table, show: Show) -> Iterator[Data]:
    """Yield a table in parts of so many rows as stand on a page, each with the head."""
    rows = [[show(clean_text(cell)) for cell in row] for row in table.rows]
    head, rows = (rows[:1], rows[1:]) if table.has_header else ([], rows)
    longest = [max(map(squares, column)) for column in zip(*head, *rows, strict=True)]
    weights = [min(max(width, 2.0), MOST_CELL) + 1 for width in longest]
    width = sum(weights)
    for start in range(0, max(len(rows), 1), ROWS_AT_ONCE):  # never taller than a page
        yield {
            "kind": "table" if width <= NARROW_TABLE else "wide table",
            "rows": head + rows[start : start + ROWS_AT_ONCE],
            "header": bool(head),
            "caption": show(clean_line(table.caption)) if not start else "",
            "weights": weights,
            "width": width,
        }


def _correction(correction: Correction, show: Show) -> Data:
    head = f"{KINDS[correction.kind]}（{printed_date(correction.date)}）"
    lines = [f"{head}：{show(clean_text(correction.text))}"]
    if correction.wrong:
        lines.append(f"原文：{show(correction.wrong)}")
    if correction.right:
        lines.append(f"更正为：{show(correction.right)}")
    return {"kind": "note", "text": "\n".join(lines)}


# Headlines

NEVER_FIRST = set("，。、；：？！”’）》〉」』】〕…—,.;:?!)%％·～")
NEVER_LAST = set("“‘（《〈「『【〔(")
PAIRS = (("“", "”"), ("《", "》"), ("（", "）"), ("「", "」"))
WITHIN = 4  # squares: how far a break moves not to part what is quoted


def ways_to_break(text: str) -> list[list[str]]:
    """Return a heading on one line, on two, …, each time in lines that are alike in length.

    Where the printed lines are known by the spaces in it, they are never run together again.
    """
    printed = headline_lines(text)
    if not printed:
        return []
    ways = [["\u3000".join(printed)]]
    most = max(2, min(MOST_LINES, round(max(map(squares, printed)) / 6)))
    for number in range(1 if len(printed) > 1 else 2, most + 1):
        lines = [line for one in printed for line in _alike(one, number)]
        if len(lines) > len(ways[-1]):
            ways.append(lines)
    return ways


def _alike(text: str, number: int) -> list[str]:
    """Return text in so many lines, broken where it may be, as near to equal as that allows."""
    ends = {place: squares(text[:place]) for place in places_to_cut(text)}
    inside = {place for place in ends if _inside(text, place)}
    total = squares(text)
    lines, start = [], 0
    for line in range(1, number):
        goal = total * line / number
        later = [place for place in ends if place > start]
        if not later:
            break
        place = min(later, key=lambda one: abs(ends[one] - goal) + WITHIN * (one in inside))
        lines.append(text[start:place].strip())
        start = place
    return [*lines, text[start:].strip()]


def _inside(text: str, place: int) -> bool:
    """Return whether a place is between quotation marks or brackets."""
    before = text[:place]
    return any(before.count(left) > before.count(right) for left, right in PAIRS)


def places_to_cut(text: str) -> list[int]:
    """Return where a line may end: between two characters of which neither forbids it."""
    places = []
    for place in range(1, len(text)):
        before, after = text[place - 1], text[place]
        if after in NEVER_FIRST or before in NEVER_LAST or after.isspace():
            continue
        if _latin(before) and _latin(after):
            continue
        if before == after and before in "—…":
            continue
        if unicodedata.combining(after):
            continue
        places.append(place)
    return places


def _latin(character: str) -> bool:
    return "!" <= character <= "~" or "\u00c0" <= character <= "\u024f"


def squares(text: str) -> float:
    """Return about how wide text is, in Han characters."""
    return sum(0.55 if character < "\u0250" else 1.0 for character in text)
