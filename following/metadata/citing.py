"""Write an article as reference managers take it in: RIS, BibTeX."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .facts import LANGUAGE, Article

__all__ = ["bibtex", "ris"]

# Each sign that means something to TeX, by one that only prints it. BibTeX counts braces, escaped
# or not: an invisible one stands with each.
TEX = str.maketrans(
    {
        "\\": r"{\textbackslash}",
        "{": r"\{\vphantom{\}}",
        "}": r"\vphantom{\{}\}",
        "~": r"{\textasciitilde}",
        "^": r"{\textasciicircum}",
        **{sign: f"\\{sign}" for sign in "%&#$_"},
    }
)
# A name that BibTeX would take to pieces, at a comma, at a space, at " and ".
IN_PIECES = re.compile(r"[\s,{}\\]")
INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def ris(article: Article) -> str:
    """Return the article as a record of RIS, a newspaper article; lines end as its makers say."""
    return "".join(f"{tag}  - {_line(value)}\r\n" for tag, value in _ris(article))


def _ris(article: Article) -> Iterator[tuple[str, str]]:
    issue = article.issue
    yield "TY", "NEWS"
    yield "TI", article.headline
    for person in article.people:
        yield "AU", person
    yield "T2", issue.paper.name
    yield "PY", f"{issue.date:%Y}"
    yield "DA", f"{issue.date:%Y/%m/%d}"
    yield "IS", str(issue.number)
    yield "SP", str(article.folio)
    if issue.paper.publisher:
        yield "PB", issue.paper.publisher
    yield "LA", LANGUAGE
    yield "UR", article.url
    for correction in article.corrections:
        yield "N1", correction.text
    yield "ER", ""


def bibtex(article: Article) -> str:
    """Return the article as an entry of BibTeX, in UTF-8."""
    issue = article.issue
    fields = {
        "title": f"{{{_tex(article.headline)}}}",  # held together: no style changes its letters
        "author": " and ".join(map(_tex_name, article.people)),
        "journal": _tex(issue.paper.name),
        "publisher": _tex(issue.paper.publisher),
        "year": f"{issue.date:%Y}",
        "month": str(issue.date.month),
        "date": issue.date.isoformat(),
        "number": str(issue.number),
        "pages": str(article.folio),
        "language": LANGUAGE,
        "url": article.url,
        "note": _tex("；".join(correction.text for correction in article.corrections)),
    }
    told = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@article{{issue-{issue.number}-{article.number},\n{told}}}\n"


def _line(text: str) -> str:
    """Return ``text`` as it can stand in one line."""
    return INVISIBLE.sub("", " ".join(text.split()))


def _tex(text: str) -> str:
    return _line(text).translate(TEX)


def _tex_name(name: str) -> str:
    return f"{{{_tex(name)}}}" if IN_PIECES.search(name) else _tex(name)
