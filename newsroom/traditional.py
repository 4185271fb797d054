"""Turn a page of ours into traditional characters: its words, and nothing of its structure.

The page is read by an HTML parser that says where each text and tag stands; what is not a word is
copied as it is, character for character. What is set as ``translate="no"`` keeps its characters,
and so do the same words wherever else they stand on the page: a name is spelled as its bearer does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from html import escape
from html.parser import HTMLParser
from typing import NamedTuple

import opencc

__all__ = ["NotOneWord", "convert", "read_words", "to_traditional"]

# The characters that most readers of traditional Chinese are used to (為, 眾, 裡), and the paper's
# own words: s2t writes 爲, 衆, 裏, which hardly anybody prints; s2twp would put a Taiwanese word in
# the place of the paper's.
TABLE = "s2tw"
SILENT = {"script", "style", "template", "textarea", "code"}
EMPTY = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
WORDS = re.compile(r'(\s(?:alt|title|aria-label|placeholder)=")([^"]*)(")')
CONTENT = re.compile(r'(\scontent=")([^"]*)(")')
ADDRESS = re.compile(r'(\s(?:href|content)=")([^"]*)(")')
LANG = re.compile(r'(\slang=")zh-Hans(")')
# Of what the head tells machines, what is shown to people: a card, a result of a search.
SHOWN = {
    *("description", "og:title", "og:description", "og:site_name", "og:image:alt"),
    *("twitter:title", "twitter:description", "twitter:image:alt"),
}
HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af]")
LONGEST = 30  # characters of a word
LEAST = 2  # characters of a name that is looked for elsewhere: one may be part of any word

Lead = Callable[[str], str]


class Part(NamedTuple):
    """What stands at ``start`` of a page: a text, or a tag with its attributes."""

    start: int
    raw: str
    tag: str = ""
    attributes: tuple[tuple[str, str | None], ...] = ()
    fixed: bool = False

    def get(self, name: str) -> str:
        """Return an attribute, or nothing."""
        return dict(self.attributes).get(name) or ""


class NotOneWord(ValueError):
    """A line of a list that is no word, or not one and what it is written as; ``line`` is it."""

    def __init__(self, line: str) -> None:
        super().__init__(line)
        self.line = line


def read_words(text: str) -> dict[str, str]:
    """Return the words of a list and what each is written as: itself, unless told (于谦=于謙)."""
    words = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        word, equals, form = (part.strip() for part in line.partition("="))
        is_whole = bool(word) and bool(equals) == bool(form) and "=" not in form
        if not is_whole or max(len(word), len(form)) > LONGEST:
            raise NotOneWord(line[: 2 * LONGEST])
        words[word] = form or word
    return words


def to_traditional(text: str) -> str:
    """Return ``text`` in traditional characters, word by word as OpenCC knows them."""
    if not HAN.search(text):
        return text
    # OpenCC takes a NUL for the end of the text.
    return "\0".join(map(_table().convert, text.split("\0")))


def convert(page: str, *, lead: Lead = str, words: Mapping[str, str] | None = None) -> str:
    """Return ``page`` in traditional characters.

    ``lead`` tells where a link of it leads then, ``words`` how some words are written.
    """
    parts = _Reader(page).parts
    fixed = {part.raw.strip() for part in parts if part.fixed and not part.tag}
    names = {word: word for word in fixed if len(word) >= LEAST and HAN.search(word)}
    told = {escape(word): escape(form) for word, form in (words or {}).items()}
    say = _sayer({**names, **told})
    done: list[str] = []
    at = 0
    for part in parts:
        changed = _tag(part, say, lead) if part.tag else part.raw if part.fixed else say(part.raw)
        # Of what is hardly HTML the parser may not know where it stood: that stays as it is.
        is_sure = part.start >= at and page.startswith(part.raw, part.start)
        if is_sure and changed != part.raw:
            done += page[at : part.start], changed
            at = part.start + len(part.raw)
    return "".join([*done, page[at:]])


def _tag(part: Part, say: Lead, lead: Lead) -> str:
    """Return a tag whose words are said, and that leads where its page is."""
    raw = part.raw
    if part.tag == "html":
        return LANG.sub(r"\1zh-Hant\2", raw)
    if part.tag == "meta":
        name = part.get("name") or part.get("property")
        if name in SHOWN:
            return CONTENT.sub(_each(say), raw)
        return ADDRESS.sub(_each(lead), raw) if name == "og:url" else raw
    if not part.fixed:
        raw = WORDS.sub(_each(say), raw)
    is_page = part.tag == "a" or part.get("rel") in ("canonical", "prev", "next")
    # What tells its language leads to the page in that one.
    if is_page and not part.get("hreflang"):
        raw = ADDRESS.sub(_each(lead), raw)
    return raw


def _each(change: Lead) -> Callable[[re.Match[str]], str]:
    return lambda found: f"{found[1]}{change(found[2])}{found[3]}"


def _sayer(words: Mapping[str, str]) -> Lead:
    """Return what converts a text, except for ``words``: the longest first, each as it is told."""
    if not words:
        return to_traditional
    kept = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))

    def say(text: str) -> str:
        said: list[str] = []
        at = 0
        for found in kept.finditer(text):
            said += to_traditional(text[at : found.start()]), words[found[0]]
            at = found.end()
        return "".join([*said, to_traditional(text[at:])])

    return say


@cache
def _table() -> opencc.OpenCC:
    """Load OpenCC's tables for the first page that is asked for."""
    return opencc.OpenCC(TABLE)


class _Reader(HTMLParser):
    """Finds the texts and tags of a page, each with where it stands."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=False)
        self.parts: list[Part] = []
        self.lines = list(_beginnings(page))
        self.silent = ""
        self.fixed: list[str] = []  # elements of one kind, within each other
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        raw = self.get_starttag_text() or ""
        if self.silent:
            return
        is_fixed = bool(self.fixed) or ("translate", "no") in attrs
        self.parts.append(Part(self._place(), raw, tag, tuple(attrs), is_fixed))
        if tag in SILENT:
            self.silent = tag
        elif tag in EMPTY:
            pass
        elif (self.fixed and self.fixed[0] == tag) or (not self.fixed and is_fixed):
            self.fixed.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        raw = self.get_starttag_text() or ""
        if not self.silent:
            self.parts.append(Part(self._place(), raw, tag, tuple(attrs), bool(self.fixed)))

    def handle_endtag(self, tag: str) -> None:
        if tag == self.silent:
            self.silent = ""
        elif self.fixed and self.fixed[0] == tag:
            self.fixed.pop()

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(Part(self._place(), data, fixed=bool(self.fixed)))

    def _place(self) -> int:
        line, column = self.getpos()
        return self.lines[line - 1] + column


def _beginnings(page: str) -> Iterator[int]:
    """Yield where each line of ``page`` begins, lines as the parser counts them."""
    yield 0
    at = page.find("\n")
    while at >= 0:
        yield at + 1
        at = page.find("\n", at + 1)
