"""Draw the cover by which a shelf of books shows an issue: nameplate, date line, headlines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from math import ceil

from PIL import Image, ImageDraw, ImageFont

from newsroom.cjk import clean_line

from ..for_readers import date_line, shown
from ..schema import Issue
from ..typesetting.press import FONTS

__all__ = ["cover_of", "draw_cover", "printable"]

WIDTH, HEIGHT, MARGIN = 1200, 1600, 90
PAPER, INK, RED, RULE = "#fffefa", "#1d1a16", "#b3121d", "#b9b1a3"
MOST_LINES = 2  # of a headline
ABSENT = "〓"  # as compositors set for a sort they do not have
NOWHERE = "\uffff"
NOT_FIRST = "，。、；：！？）》」』”’"


def cover_of(issue: Issue, picture: Callable[[str], bytes]) -> tuple[str, str, bytes]:
    """Return the name, the media type and the bytes of an issue's cover.

    That is its first printed page, where its picture is kept and can be opened; or it is drawn.
    """
    page = min((f for f in issue.folios if f.page_image), key=lambda f: f.number, default=None)
    if page is not None:
        try:
            return "cover.jpg", "image/jpeg", _as_jpeg(picture(page.page_image))
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            pass  # an issue is not kept from its readers by a picture of its page
    return "cover.png", "image/png", draw_cover(issue)


def _as_jpeg(data: bytes) -> bytes:
    file = BytesIO()
    with Image.open(BytesIO(data), formats=["WEBP", "JPEG", "PNG"]) as page:
        page.draft("RGB", (HEIGHT, HEIGHT))
        small = page.convert("RGB")
    small.thumbnail((HEIGHT, HEIGHT))
    small.save(file, "JPEG", quality=82, optimize=True)
    return file.getvalue()


def draw_cover(issue: Issue) -> bytes:
    """Return the cover as a PNG; the same issue gives the same bytes."""
    cover = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(cover)
    name = issue.imprint.name
    size = min(260, (WIDTH - 2 * MARGIN) // len(name))
    draw.text((WIDTH / 2, 240), printable(name, "Black"), RED, _font("Black", size), anchor="mm")
    draw.rectangle((MARGIN, 400, WIDTH - MARGIN, 408), RED)
    draw.rectangle((MARGIN, 414, WIDTH - MARGIN, 416), RED)
    day = printable("　".join(date_line(issue)), "Regular")
    draw.text((WIDTH / 2, 455), day, INK, _font("Regular", 36), anchor="mm")
    draw.rectangle((MARGIN, 494, WIDTH - MARGIN, 495), RED)
    _draw_headlines(draw, issue)
    file = BytesIO()
    cover.quantize(16, dither=Image.Dither.NONE).save(file, "PNG")
    return file.getvalue()


def _draw_headlines(draw: ImageDraw.ImageDraw, issue: Issue) -> None:
    """Draw as many headlines as there is room for, the first one large."""
    top = 550
    for place, article in enumerate(issue.articles):
        face, size = ("Black", 76) if place == 0 else ("Regular", 50)
        words = printable(shown(article)(article.title), face)
        lines = list(_broken(words, _font(face, size)))[:MOST_LINES]
        height = int(len(lines) * size * 1.4)
        if top + height > HEIGHT - MARGIN:
            return
        if place:
            draw.rectangle((MARGIN, top - 18, WIDTH - MARGIN, top - 18), RULE)
        for number, line in enumerate(lines):
            at = (WIDTH / 2, top + (number + 0.5) * size * 1.4)
            draw.text(at, line, INK, _font(face, size), anchor="mm")
        top += height + 40


def _broken(words: str, font: ImageFont.FreeTypeFont) -> Iterator[str]:
    """Yield lines of about the same width, for which the cover has room.

    None begins with a closing sign.
    """
    room, width = WIDTH - 2 * MARGIN, font.getlength(words)
    room = min(room, int(width / ceil(width / room) + font.size))
    while font.getlength(words) > room:
        fitting = (n for n in range(len(words), 1, -1) if font.getlength(words[:n]) <= room)
        end = next(fitting, 1)
        while end > 1 and words[end] in NOT_FIRST:
            end -= 1
        yield words[:end]
        words = words[end:].lstrip()
    yield words


def printable(words: str, face: str) -> str:
    """Return words with a mark for every character that the font lacks."""
    font = _font(face, 20)
    absent = bytes(font.getmask(NOWHERE))
    return "".join(
        ABSENT if sign.strip() and bytes(font.getmask(sign)) == absent else sign
        for sign in clean_line(words)
    )


@cache
def _font(face: str, size: int) -> ImageFont.FreeTypeFont:
    file = {"Regular": "NotoSerifSC_400Regular.ttf", "Black": "NotoSerifSC_900Black.ttf"}[face]
    # Without it, glyphs of one line would be set as the system's libraries see fit.
    return ImageFont.truetype(FONTS / file, size, layout_engine=ImageFont.Layout.BASIC)
