"""Tell what is found where: the form in which text is searched, and the pairs that index it.

Chinese is not split into words. A text is *folded*, one character for one (half-width, lower case,
simplified), and reduced to its *runs*: unbroken rows of Chinese characters, and numbers or Latin
words. Punctuation and spaces only part the runs; a space between two Chinese characters does not
even that (names are set as 王　浩). A term stands in a text if its runs stand there one after
another; it may begin and end inside a run of Chinese, and must begin where a number or a Latin
word begins (docs/search.md: the rules).

So a term is found by a plain comparison of two strings: ``plain`` of both. What a database indexes
are the *pairs* of neighbouring characters (``pairs``): they stand for the same thing.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import opencc

from newsroom.cjk import SQUARE

__all__ = ["Term", "find_terms", "fold", "is_square", "pairs", "plain", "plain_passages"]

# A number or word that is longer is no word: a database has limits for those.
LONGEST_WORD = 40
# PostgreSQL holds a megabyte of pairs at most; a page of a newspaper has 10,000 characters.
MOST_CHARACTERS = 120_000

# How Hong Kong and Taiwan write what OpenCC's general table takes for simplified already.
REGIONAL = dict(zip("著衞敍粧糭枱衹簷痺", "着卫叙妆粽台只檐痹", strict=True))

INVISIBLE = "\u200b"  # what stands for every sign without a width: it parts nothing
IN_SQUARES = rf"(?:(?![\W_])[{SQUARE}])"
IN_WORD = rf"[^\W_{SQUARE}]"
ONE_SQUARE = re.compile(IN_SQUARES)
RUN = re.compile(
    rf"(?P<squares>{IN_SQUARES}(?:[ {INVISIBLE}]*{IN_SQUARES})*)"
    rf"|{IN_WORD}(?:{INVISIBLE}*{IN_WORD})*"
)
GAP = re.compile(f"[ {INVISIBLE}]")


# Folding


class _Folded(dict[int, str]):
    """The folded form of each character, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold(chr(code))
        return folded


def _fold(character: str) -> str:
    """Return the one character that stands for this one."""
    kind = unicodedata.category(character)
    if kind in ("Mn", "Me", "Cf"):
        return INVISIBLE
    if kind == "Zs" or character == "\t":
        return " "
    for change in (_compatible, _without_accent, str.lower, _simplified):
        changed = change(character)
        character = changed if len(changed) == 1 else character
    return character


def _compatible(character: str) -> str:
    return unicodedata.normalize("NFKC", character)


def _without_accent(character: str) -> str:
    parts = unicodedata.normalize("NFD", character)
    european = parts[0] < "\u0530" and all(map(unicodedata.combining, parts[1:]))
    return parts[0] if european else character


def _simplified(character: str) -> str:
    if character < "\u3400" or not character.isalpha():
        return character
    simple = _converter().convert(character)
    return REGIONAL.get(simple, simple)


@functools.cache
def _converter() -> opencc.OpenCC:
    """Load OpenCC's tables when the first Chinese character is folded (20 ms)."""
    return opencc.OpenCC("t2s")


_FOLDED = _Folded()


def fold(text: str) -> str:
    """Return ``text`` in half width, lower case, without accents, simplified; as long as it was."""
    return text.translate(_FOLDED)


# The searched form


@dataclass(frozen=True, slots=True)
class _Run:
    """An unbroken row of characters, and where each of them stands in the text."""

    text: str
    places: tuple[int, ...]
    is_squares: bool


def _runs(text: str) -> Iterator[_Run]:
    folded = fold(text)
    for found in RUN.finditer(folded):
        squares = found["squares"] is not None
        start, end = found.span()
        whole = folded[start:end]
        if GAP.search(whole):
            places = tuple(place for place in range(start, end) if not GAP.match(folded[place]))
            whole = "".join(folded[place] for place in places)
        else:
            places = tuple(range(start, end))
        if not squares:
            whole, places = whole[:LONGEST_WORD], places[:LONGEST_WORD]
        yield _Run(whole, places, squares)


def plain(text: str) -> str:
    """Return the runs of ``text``, folded, with one space between them."""
    return " ".join(run.text for run in _runs(text))


def plain_passages(texts: Iterable[str]) -> str:
    """Return the plain form of several texts, a line for each of their lines.

    Each begins with a space (``Term.pattern``). What is said twice is kept once, and what is longer
    than any article is cut: a database has limits.
    """
    lines = (plain(line) for text in texts for line in text.splitlines())
    kept = "".join(f" {line}\n" for line in dict.fromkeys(lines) if line)
    return kept[:MOST_CHARACTERS]


@dataclass(frozen=True, slots=True)
class Term:
    """What one term looks like to the index; ``plain`` is empty if nothing in it can be found."""

    plain: str

    @classmethod
    def of(cls, text: str) -> Term:
        """Read a term as somebody typed it."""
        return cls(plain(text))

    @property
    def pattern(self) -> str:
        """Return what must stand in a plain text that begins with a space."""
        return self.plain if is_square(self.plain[:1]) else f" {self.plain}"

    @property
    def pairs(self) -> tuple[str, ...]:
        """Return what must stand in the index one after another, the last one as a beginning.

        The last character of a run of Chinese is indexed alone too; a term may end before it.
        """
        found = pairs(self.plain)
        *_, last_run = self.plain.split() or [""]
        if len(last_run) > 1 and is_square(last_run[0]):
            found.pop()
        return tuple(found)

    @property
    def is_open(self) -> bool:
        """Whether the last of the pairs is only the beginning of what is indexed."""
        last = self.pairs[-1]
        return len(last) == 1 or not is_square(last[0])


def pairs(plain_text: str) -> list[str]:
    """Return what the index holds of a plain text: 王浩 app → 王浩 浩 app, in this order."""
    found = []
    for run in plain_text.split():
        if is_square(run[0]):
            found += [run[place : place + 2] for place in range(len(run))]
        else:
            found.append(run)
    return found


def is_square(character: str) -> bool:
    """Whether a folded character is written in a square: Chinese, or kana."""
    return ONE_SQUARE.match(character) is not None


# Marking


def find_terms(text: str, terms: Iterable[Term]) -> list[tuple[int, int]]:
    """Return where the terms stand in ``text``, in order, none overlapping another.

    By the rules of the index, so that what is marked is what was found. ``text`` is one passage:
    no term spans two.
    """
    form, places = [" "], [-1]
    for run in _runs(text):
        form += [*run.text, " "]
        places += [*run.places, -1]
    searched = "".join(form)
    marked = bytearray(len(text))
    for term in terms:
        if not term.plain:
            continue
        lead = len(term.pattern) - len(term.plain)
        at = searched.find(term.pattern)
        while at >= 0:
            start = places[at + lead]
            end = places[at + len(term.pattern) - 1] + 1
            marked[start:end] = b"\x01" * (end - start)
            at = searched.find(term.pattern, at + 1)
    return [found.span() for found in re.finditer(rb"\x01+", marked)]
