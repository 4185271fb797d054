"""Print what hostile files get that come in where copy is uploaded, and how fast."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

from interchange.readers.legacy_word import office
from interchange.readers.uploads import UploadRefused, read_uploads
from interchange.word_guard import COMPOUND_FILE
from tests.interchange import hostile_pdfs, test_word_guard

OLD_WORD = Path(__file__).parents[1] / "tests/interchange/word_files/article.doc"
NAME_WIDTH, REASON = 36, 44


def main() -> None:
    """Print a line for each file."""
    slowest = 0.0
    for name, ending, make in _files():
        data = make()
        begun = time.perf_counter()
        try:
            read_uploads([(f"a.{ending}", data)])
            got = "read"
        except UploadRefused as refused:
            got = str(refused).partition("”读不了：")[2] or str(refused)
        seconds = time.perf_counter() - begun
        slowest = max(slowest, seconds)
        print(
            f"{ending:6}{name:{NAME_WIDTH}}{len(data) / 1e6:8.2f} MB{seconds:7.2f} s  {_short(got)}"
        )
    print(f"slowest: {slowest:.1f} s")


def _files() -> Iterator[tuple[str, str, Callable[[], bytes]]]:
    for name, (make, _) in test_word_guard.HOSTILE.items():
        yield name, "docx", make
    whole = OLD_WORD.read_bytes()
    stream = "WordDocument".encode("utf-16-le")
    yield "no Word in it", "doc", lambda: COMPOUND_FILE + bytes(4_000)
    yield "rich text", "doc", lambda: b"{\\rtf1 \\object}"
    if office():
        yield "half a document", "doc", lambda: whole[: len(whole) // 2]
        yield "noise by that name", "doc", lambda: COMPOUND_FILE + stream + bytes(range(256)) * 400
    for name, (make, _) in hostile_pdfs.HOSTILE.items():
        yield name, "pdf", make


def _short(text: str) -> str:
    width = 0
    for n, sign in enumerate(text):
        width += 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        if width > REASON * 2:
            return text[:n] + "…"
    return text


if __name__ == "__main__":
    main()
