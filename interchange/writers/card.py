"""Draw the card by which a link to the paper is known where it is shared.

It knows no Django. Everything that stands on it is handed over as it is shown to readers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image

from newsroom.cjk import clean_line

from ..typesetting.matter import squares, ways_to_break
from ..typesetting.plates import etched
from ..typesetting.press import DEBIAN_FONTS, Press, TypesettingFailed
from .cover import printable

__all__ = ["HEIGHT", "WIDTH", "Card", "draw_card"]

WIDTH, HEIGHT = 1200, 630
# The paper's own (static/css/tokens.css), and what is left of them on days of mourning.
COLOURS = {
    "red": "#b3121d",
    "ink": "#1d1a16",
    "quiet": "#595147",
    "rule": "#b9b1a3",
    "paper": "#fffefa",
}
GREY = {
    "red": "#1a1a1a",
    "ink": "#1a1a1a",
    "quiet": "#525252",
    "rule": "#b2b2b2",
    "paper": "#fefefe",
}
SIZES = (92, 84, 76, 70, 64, 58, 52, 46, 40, 35, 30)
LONGEST = 120  # characters of a headline; what is longer ends in an ellipsis
LONGEST_BESIDE = 34  # squares of kicker, subhead, further headlines, which stand on one line each
BESIDE_PAGE = 23
IN_FOOT = 25
MOST_OTHERS = 4
ELLIPSIS = "……"
PALETTE = 64  # colours of the file: smooth edges, a third of the bytes
PLATE_WIDTH, PAGE_WIDTH = 150, 60  # millimetres, to plates.etched: 1,000 and 400 pixels


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on a card; ``others`` are the further headlines of an issue.

    ``dates`` and ``foot`` are parts of a line each. ``plate`` is the file of a nameplate that is a
    picture, ``page`` that of the first page of an issue as printed. On a ``grey`` card nothing has
    a colour; on a ``red`` one the nameplate stands on red.
    """

    name: str
    dates: tuple[str, ...]
    headline: str
    kicker: str = ""
    subhead: str = ""
    opening: str = ""
    others: tuple[str, ...] = ()
    is_issue: bool = False
    foot: tuple[str, ...] = ()
    plate: bytes | None = None
    page: bytes | None = None
    grey: bool = False
    red: bool = False


def draw_card(card: Card) -> bytes:
    """Return the card as a PNG of WIDTH by HEIGHT; the same card gives the same bytes.

    A character that no font has is set as 〓; a nameplate that cannot be read, in letters.
    """
    lacking = any(printable(word, "Regular") != clean_line(word) for word in _words(card))
    fallback = lacking and DEBIAN_FONTS.is_dir()
    with TemporaryDirectory(prefix="card-") as folder:
        press = Press(Path(folder), "card", fallback=fallback)
        pictures = {
            "plate": _laid(press, "plate", card.plate, PLATE_WIDTH, grey=card.grey),
            "page": _laid(press, "page", card.page, PAGE_WIDTH, grey=card.grey),
        }
        data = _data(card, substitute=lacking and not fallback) | pictures
        serif, sans = (["Noto Serif CJK SC"], ["Noto Sans CJK SC"]) if fallback else ([], [])
        drawn = press.draw({**data, "fallback": serif, "fallback-hei": sans})
    return _in_few_colours(drawn, card)


def _words(card: Card) -> Iterable[str]:
    for field in fields(card):
        value = getattr(card, field.name)
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple):
            yield from value


def _data(card: Card, *, substitute: bool) -> dict[str, Any]:
    def set_(words: str) -> str:
        return printable(words, "Regular") if substitute else clean_line(words)

    headline = set_(card.headline)
    if len(headline) > LONGEST:
        headline = headline[: LONGEST - 2].rstrip() + ELLIPSIS
    return {
        "title": set_(card.name),
        "name": set_(card.name),
        "dates": [set_(part) for part in card.dates],
        "kicker": _on_one_line(set_(card.kicker), BESIDE_PAGE if card.page else LONGEST_BESIDE),
        "headlines": ways_to_break(headline) or [[set_(card.name)]],
        "subhead": _on_one_line(set_(card.subhead)),
        "opening": set_(card.opening),
        "foot": [_on_one_line(set_(part), IN_FOOT) for part in card.foot if part],
        "is-issue": card.is_issue,
        # One line beside the page is half as long as one across the card.
        "others": [
            _on_one_line(set_(each), BESIDE_PAGE if card.page else LONGEST_BESIDE)
            for each in card.others[:MOST_OTHERS]
        ],
        "sizes": SIZES,
        "red": card.red,
        "colours": GREY if card.grey else COLOURS,
    }


def _on_one_line(words: str, most: float = LONGEST_BESIDE) -> str:
    """Return words, or so many of them as a line holds, and an ellipsis."""
    if squares(words) <= most:
        return words
    while words and squares(words) > most - 2:
        words = words[:-1]
    return words.rstrip("，、；：。“‘《（「『 \u3000") + ELLIPSIS


def _laid(
    press: Press, name: str, content: bytes | None, width: float, *, grey: bool
) -> str | None:
    """Put a picture into the workshop; return its name there, or None where it cannot be read."""
    if not content:
        return None
    try:
        extension, etching = etched(name, content, width, grey=grey)
    except TypesettingFailed:
        return None
    press.lay(f"{name}{extension}", etching)
    return f"{name}{extension}"


def _in_few_colours(drawn: bytes, card: Card) -> bytes:
    """Return the picture with a palette, which makes it small enough for any chat."""
    picture = Image.open(BytesIO(drawn)).convert("RGB")
    if card.grey:
        picture = picture.convert("L").convert("RGB")
    colours = 256 if card.plate or card.page else PALETTE
    file = BytesIO()
    picture.quantize(colours, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()
