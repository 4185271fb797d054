"""Read and write running text as the editor keeps it (Wagtail's rich text)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from html import escape, unescape
from typing import Literal

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag
from wagtail.rich_text import expand_db_html

BOLD = {"b", "strong"}
ITALIC = {"i", "em"}
CROSSHEAD = "h2"
SAFE_ADDRESSES = ("http://", "https://", "mailto:", "tel:", "/", "#")

LINE_END = re.compile(rf"</(?:p|{CROSSHEAD})>|<br\s*/?>")
TAG = re.compile(r"<[^<>]*>")
STORED_LINE = re.compile(rf"<(p|{CROSSHEAD})\b.*?</\1>", re.DOTALL)
# What most copy is: lines without bold, links or breaks, and no signs but those that we write.
PLAIN_LINE = re.compile(
    rf'<(p|{CROSSHEAD})(?: data-block-key="\w+")?>((?:[^<&\x00-\x1f]|&(?:amp|lt|gt|nbsp);)*)</\1>'
)
INDENT = re.compile(r"((?:<[^<>]*>)+)(?:\s|&nbsp;)+")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text set in one way; a line break in it is a soft return."""

    text: str
    bold: bool = False
    italic: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, or a crosshead inside the running text."""

    kind: Literal["paragraph", "crosshead"]
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """The words alone."""
        return "".join(run.text for run in self.runs)


def is_safe_address(href: str) -> bool:
    """Whether a link may stand on a reader's page: no script, nothing but known kinds."""
    return href.startswith(SAFE_ADDRESSES) and not any(c.isspace() for c in href)


def read_rich_text(source: str) -> tuple[Line, ...]:
    """Return the lines of ``source`` (Wagtail's stored HTML), leaving out empty ones."""
    plain = _plain_lines(source)
    return _parsed_lines(source) if plain is None else plain


def _plain_lines(source: str) -> tuple[Line, ...] | None:
    """Return the lines of the plainest copy without a parser; None for any other."""
    lines: list[Line] = []
    end = 0
    for found in PLAIN_LINE.finditer(source):
        if found.start() != end:
            return None
        end = found.end()
        text = unescape(found[2]) if "&" in found[2] else found[2]
        if text.strip(" "):
            lines.append(Line("paragraph" if found[1] == "p" else "crosshead", (Run(text),)))
    return tuple(lines) if end == len(source) else None


def _parsed_lines(source: str) -> tuple[Line, ...]:
    if "linktype" in source:
        source = expand_db_html(source)
    lines = []
    for element in BeautifulSoup(source, "html.parser").children:
        if isinstance(element, Tag):
            kind: Literal["paragraph", "crosshead"] = (
                "crosshead" if element.name == CROSSHEAD else "paragraph"
            )
            runs = tuple(_merged(_runs(element, Run(""))))
        else:
            kind, runs = "paragraph", (Run(str(element)),)
        if any(run.text.strip(" \t\r\n") for run in runs):
            lines.append(Line(kind, runs))
    return tuple(lines)


def plain_words(source: str) -> str:
    """Return the words of stored HTML alone, a line each; quick, for lists of many articles."""
    return unescape(TAG.sub("", LINE_END.sub("\n", source)))


def write_rich_text(lines: Iterable[Line]) -> str:
    """Return ``lines`` as Wagtail stores them."""
    return "".join(_element(line) for line in lines)


def without_indents(source: str, *, known: Collection[str]) -> str:
    """Return stored HTML without the spaces by which a pasted manuscript indents its lines.

    The page indents by itself. A line of ``known`` words is left as it stands.
    """

    def stripped(line: re.Match[str]) -> str:
        words = BeautifulSoup(line[0], "html.parser").get_text()
        if words in known or not words[:1].isspace():
            return line[0]
        return INDENT.sub(r"\1", line[0], count=1)

    return STORED_LINE.sub(stripped, source)


def whole_characters(text: str) -> str:
    """Return ``text`` without the half characters that no database stores.

    A browser's editor leaves one when it deletes half of an emoji.
    """
    return text.encode("utf-8", "ignore").decode("utf-8")


def run_html(run: Run) -> str:
    """Return ``run`` as HTML, everything in it escaped."""
    html = escape(run.text, quote=False).replace("\n", "<br/>")
    if run.italic:
        html = f"<i>{html}</i>"
    if run.bold:
        html = f"<b>{html}</b>"
    if run.href:
        html = f'<a href="{escape(run.href)}">{html}</a>'
    return html


def _element(line: Line) -> str:
    tag = CROSSHEAD if line.kind == "crosshead" else "p"
    return f"<{tag}>{''.join(map(run_html, line.runs))}</{tag}>"


def _runs(element: Tag, setting: Run) -> Iterator[Run]:
    """Walk down, carrying the setting along."""
    for child in element.children:
        if isinstance(child, NavigableString):
            yield replace(setting, text=str(child))
        elif isinstance(child, Tag):
            if child.name == "br":
                yield replace(setting, text="\n")
            elif child.name in BOLD:
                yield from _runs(child, replace(setting, bold=True))
            elif child.name in ITALIC:
                yield from _runs(child, replace(setting, italic=True))
            elif child.name == "a":
                yield from _runs(child, replace(setting, href=str(child.get("href") or "")))
            else:
                yield from _runs(child, setting)


def _merged(runs: Iterable[Run]) -> Iterator[Run]:
    """Join neighbours that are set alike and drop empty ones."""
    held: Run | None = None
    for run in runs:
        if not run.text:
            continue
        if held and replace(held, text="") == replace(run, text=""):
            held = replace(held, text=held.text + run.text)
        else:
            if held:
                yield held
            held = run
    if held:
        yield held
