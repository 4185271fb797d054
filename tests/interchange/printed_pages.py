"""Read back what a PDF prints: its text in reading order, and what stands on what."""

from collections import defaultdict
from collections.abc import Iterator

import pypdfium2

# Letters are kerned, and two dashes make one stroke: neighbours in the text may touch.
SHARE = 0.25  # of the smaller of two characters
CELL = 24  # points


def printed_text(pdf: bytes) -> str:
    """Return all that is printed, without white space."""
    with pypdfium2.PdfDocument(pdf) as document:
        return "".join("".join(page.get_textpage().get_text_range().split()) for page in document)


def overprinted(pdf: bytes) -> list[str]:
    """Return the pairs of characters that stand on each other, on any page."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [pair for page in document for pair in _overprinted_on(page)]


def beyond_the_sheet(pdf: bytes, margin: float) -> list[str]:
    """Return the characters that are nearer to an edge of their sheet than ``margin`` points."""
    found = []
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            width, height = page.get_size()
            for character, (left, bottom, right, top) in _characters(page):
                if min(left, bottom, width - right, height - top) < margin:
                    found.append(character)
    return found


def _characters(
    page: pypdfium2.PdfPage,
) -> Iterator[tuple[str, tuple[float, float, float, float]]]:
    text = page.get_textpage()
    for place in range(text.count_chars()):
        character = text.get_text_range(place, 1)
        if character.strip():
            yield character, text.get_charbox(place)


def _overprinted_on(page: pypdfium2.PdfPage) -> Iterator[str]:
    seen = defaultdict(list)
    for place, (character, box) in enumerate(_characters(page)):
        left, bottom, right, top = box
        cells = {
            (int(x // CELL), int(y // CELL))
            for x in (left, (left + right) / 2, right)
            for y in (bottom, (bottom + top) / 2, top)
        }
        for before, other, theirs in {one for cell in cells for one in seen[cell]}:
            if before == place - 1:
                continue
            wide = min(right, theirs[2]) - max(left, theirs[0])
            high = min(top, theirs[3]) - max(bottom, theirs[1])
            if wide > 0 and high > 0 and wide * high > SHARE * min(_area(box), _area(theirs)):
                yield other + character
        for cell in cells:
            seen[cell].append((place, character, box))


def _area(box: tuple[float, float, float, float]) -> float:
    left, bottom, right, top = box
    return max((right - left) * (top - bottom), 0.01)
