"""Compose articles as XHTML that is HTML too, in the classes and words of the site's pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count

from newsroom.cjk import headline_lines
from newsroom.lunar import printed_date

from ..for_readers import (
    HOTLINE,
    KINDS,
    MAILBOX,
    SUBMISSIONS,
    as_shown,
    byline_of,
    date_line,
    imprint_lines,
    newest_first,
    shown,
)
from ..schema import (
    Article,
    Correction,
    Crosshead,
    Gallery,
    Issue,
    Note,
    Paragraph,
    Passage,
    Photo,
    Quote,
    Run,
    Table,
)
from .illustrations import Illustration
from .links import Links, sound_address, web_address
from .markup import Markup, element, join

__all__ = [
    "CORRECTIONS",
    "Setting",
    "colophon",
    "copy",
    "corrections",
    "figure",
    "headline",
    "label",
    "leading",
    "lines_of_date",
    "rows_of_corrections",
    "standfirst",
    "telephone",
    "titles",
]

CORRECTIONS = "corrections"  # where the corrections of an article stand on its page


@dataclass(frozen=True, slots=True)
class Setting:
    """What an article needs to know of the file it is set in."""

    pictures: dict[str, Illustration]
    links: Links


def headline(lines: Iterable[str]) -> Markup:
    """Set a headline that breaks where the print breaks it, if it must break."""
    return Markup(" ".join(element("span", line, class_="headline-line") for line in lines))


def label(section: str) -> Markup:
    """Set the standing head over an article."""
    if not section:
        return Markup()
    return element("p", element("span", section, class_="run__label"), class_="reading__section")


def titles(article: Article) -> Markup:
    """Set kicker, headline and subhead."""
    show = shown(article)
    return element(
        "hgroup",
        _if(article.kicker, "p", show(article.kicker), class_="titles__kicker"),
        element("h1", headline(headline_lines(show(article.title))), class_="titles__headline"),
        _if(article.subhead, "p", show(article.subhead), class_="titles__subhead"),
        class_="titles",
    )


def standfirst(article: Article) -> Markup:
    """Set the summary above the text."""
    return _if(article.standfirst, "p", shown(article)(article.standfirst), class_="standfirst")


def lines_of_date(issue: Issue) -> Markup:
    """Set the date line, to be broken only between its parts."""
    day, *others = date_line(issue)
    parts = [element("time", day, class_="date-line__part", datetime=issue.date.isoformat())]
    parts += [element("span", part, class_="date-line__part") for part in others]
    return element("p", Markup(" ".join(parts)), class_="date-line")


def _if(said: str, name: str, *content: str, **attributes: str) -> Markup:
    """Return an element if there is something to say."""
    return element(name, *content, **attributes) if said else Markup()


# The body


def copy(article: Article, setting: Setting) -> Markup:
    """Set the body with the names at its end."""
    byline = byline_of(article)
    return element(
        "div",
        *_passages(article, setting),
        _if(byline, "p", f"（{byline}）", class_="byline"),
        class_="copy",
    )


def _passages(article: Article, setting: Setting) -> Iterator[Markup]:
    show = shown(article)
    crossheads = sum(isinstance(passage, Crosshead) for passage in article.body)
    anchors = {f"s{n}" for n in range(1, crossheads + 1)}
    if article.corrections:
        anchors.add(CORRECTIONS)
    numbers = count(1)

    def link(href: str) -> str:
        return setting.links(href, anchors)

    for passage in article.body:
        match passage:
            case Paragraph():
                yield element("p", _running_text(passage, show, link))
            case Crosshead(words):
                anchor = f"s{next(numbers)}"
                inside = element("a", show(words), class_="crosshead__link", href=f"#{anchor}")
                yield element("h2", inside, class_="crosshead", id=anchor)
            case _:
                yield _set_apart(passage, show, setting)


def _running_text(
    paragraph: Paragraph, show: Callable[[str], str], link: Callable[[str], str]
) -> Markup:
    """Set runs; the display rule looks across them and keeps the length, so they are cut after."""
    words, start, pieces = show(paragraph.text), 0, []
    for run in paragraph.runs:
        end = start + len(run.text)
        pieces.append(_run(run, words[start:end], link(run.href) if run.href else ""))
        start = end
    return join(*pieces)


def _run(run: Run, words: str, href: str) -> Markup:
    set_words = _soft_returns(words)
    if run.italic:
        set_words = element("i", set_words)
    if run.bold:
        set_words = element("b", set_words)
    return element("a", set_words, href=href) if href else set_words


def _soft_returns(words: str) -> Markup:
    first, *others = words.split("\n")
    return join(first, *(join(element("br"), line) for line in others))


def _set_apart(passage: Passage, show: Callable[[str], str], setting: Setting) -> Markup:
    match passage:
        case Photo():
            return figure(as_shown(passage, show), setting.pictures)
        case Gallery(photos):
            figures = [figure(as_shown(photo, show), setting.pictures) for photo in photos]
            return element("div", *figures, class_="gallery")
        case Quote(words, source):
            quoted = element("p", _soft_returns(show(words)))
            return element(
                "figure",
                element("blockquote", quoted, class_="quote__text"),
                _if(source, "figcaption", show(source), class_="quote__source"),
                class_="quote",
            )
        case Table():
            return _table(passage, show)
        case Note(words):
            return element("aside", element("p", _soft_returns(show(words))), class_="note")
    raise TypeError(passage)


def figure(photo: Photo, pictures: dict[str, Illustration], folder: str = "images") -> Markup:
    """Set a photo with its caption."""
    picture = pictures[photo.file]
    image = element(
        "img",
        src=f"{folder}/{picture.name}",
        width=picture.width,
        height=picture.height,
        alt=photo.alt,
        class_="photo__image",
    )
    credit = _if(photo.credit, "span", photo.credit, class_="photo__credit")
    said = join(photo.caption, " " if credit else "", credit)
    return element(
        "figure", image, _if(said, "figcaption", said, class_="photo__caption"), class_="photo"
    )


def _table(table: Table, show: Callable[[str], str]) -> Markup:
    caption = show(table.caption)
    rows = []
    for number, row in enumerate(table.rows):
        if table.has_header and number == 0:
            cells = [element("th", show(cell), scope="col") for cell in row]
        else:
            cells = [element("td", show(cell)) for cell in row]
        rows.append(element("tr", *cells))
    return element(
        "div",
        element(
            "table",
            _if(caption, "caption", caption, class_="table__caption"),
            element("tbody", *rows),
            class_="table",
        ),
        class_="table-frame",
        role="region",
        aria_label=caption or "表格",
        tabindex=0,
    )


# What was said after printing


def corrections(article: Article) -> Markup:
    """Set the corrections at the head of their article."""
    if not article.corrections:
        return Markup()
    sections = [
        element(
            "section",
            element("h2", _head(correction), class_="correction__head"),
            _words_of_correction(article, correction),
            class_="correction",
        )
        for correction in newest_first(article)
    ]
    return element("aside", *sections, class_="corrections", id=CORRECTIONS, aria_label="更正")


def rows_of_corrections(issue: Issue, page: Callable[[int], str]) -> Markup:
    """Set all corrections of an issue, each leading to its article."""
    return element(
        "ol",
        *(
            element(
                "li",
                element("p", _head(correction), class_="correction__head"),
                element(
                    "p",
                    element(
                        "a",
                        shown(article)(article.title),
                        class_="correction-row__link",
                        href=f"{page(article.number)}#{CORRECTIONS}",
                    ),
                    class_="correction-row__of",
                ),
                _words_of_correction(article, correction),
                class_="correction-row",
            )
            for article in issue.articles
            for correction in newest_first(article)
        ),
        class_="correction-rows",
    )


def _head(correction: Correction) -> Markup:
    return join(
        element("span", KINDS[correction.kind], class_="correction__kind"),
        " ",
        element(
            "time",
            printed_date(correction.date),
            class_="correction__date",
            datetime=correction.date.isoformat(),
        ),
    )


def _words_of_correction(article: Article, correction: Correction) -> Markup:
    """Set what a correction says, with the words as printed and as they should be."""
    show = shown(article)
    said = [
        element("p", show(line), class_="correction__text") for line in correction.text.split("\n")
    ]
    if correction.wrong:
        told = [("原文", "del", correction.wrong), ("更正为", "ins", correction.right)]
        pairs = (
            join(element("dt", name), element("dd", element(mark, show(words))))
            for name, mark, words in told
            if words
        )
        said.append(element("dl", *pairs, class_="correction__words"))
    return join(*said)


# The imprint


def colophon(issue: Issue) -> Markup:
    """Set the imprint as printed, with the issue's responsible editor."""
    lines = (
        Markup(" ".join(_fact(name, fact) for name, fact in line)) for line in imprint_lines(issue)
    )
    return join(*(element("p", line, class_="colophon__line") for line in lines))


def _fact(name: str, fact: str) -> Markup:
    if not name:
        return join(fact)
    ways = {HOTLINE: f"tel:{fact}", MAILBOX: f"mailto:{fact}"}
    href = web_address(fact) if name == SUBMISSIONS else sound_address(ways.get(name, ""))
    return element("span", f"{name}：", leading(fact, href), class_="colophon__fact")


def telephone(number: str) -> Markup:
    """Set a number to be dialled."""
    return leading(number, sound_address(f"tel:{number}"))


def leading(words: str, href: str, class_: str | None = None) -> Markup:
    """Set words that lead somewhere, if there is somewhere to lead."""
    return element("a", words, href=href, class_=class_) if words and href else join(words)
