"""Find what an article or the issue ought to have and lacks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from interchange.schema import Photo, Role, photos_of

from .characters import STRAY
from .texts import Finding, Kind, Paper, Sheet, Stretch

# A caption that says itself who took the picture: (张三 摄) · 张三/摄 · 图片由工会提供.
CREDITED = re.compile(r"摄(?:影)?(?:\W|$)|摄影|供图|资料(?:图|照)|图[片/]?由|图\s*[/:]|提供")


def missing_headline(sheet: Sheet) -> Iterator[Finding]:
    """Find an article without a headline."""
    headline = sheet.field("title")
    if not headline.text.strip():
        yield headline.mark_whole("这篇稿件没有主题。")


def missing_body(sheet: Sheet) -> Iterator[Finding]:
    """Find an article in which nothing is said; pictures alone are enough."""
    if not sheet.article.body:
        yield Stretch(sheet.article.number, "body", None, Kind.PARAGRAPH, "").mark_whole(
            "这篇稿件没有正文。"
        )


def missing_byline(sheet: Sheet) -> Iterator[Finding]:
    """Find an article that nobody signed."""
    if not any(byline.name.strip() for byline in sheet.article.bylines):
        yield sheet.field("bylines").mark_whole("这篇稿件没有署名。")


def repeated_byline(sheet: Sheet) -> Iterator[Finding]:
    """Find a name that stands twice in the bylines, in the same role."""
    names = sheet.field("bylines")
    seen: set[tuple[str, Role]] = set()
    start = 0
    for byline in sheet.article.bylines:
        signed = (re.sub(r"\s", "", byline.name), byline.role)
        if signed in seen:
            end = start + len(byline.name)
            yield names.mark(start, end, f"署名里“{byline.name}”出现了两次。")
        seen.add(signed)
        start += len(byline.name) + 1


def empty_paragraph(sheet: Sheet) -> Iterator[Finding]:
    """Find a paragraph of nothing but what cannot be seen."""
    for stretch in sheet.paragraphs:
        if not STRAY.sub("", stretch.text).strip():
            yield stretch.mark_whole("这里有一个空段。")


def missing_alt(sheet: Sheet) -> Iterator[Finding]:
    """Find a picture that is not described for those who cannot see it."""
    for stretch, photo in _photos(sheet):
        if not photo.alt.strip():
            yield stretch.mark(0, 0, f"图片 {photo.file} 没有替代文字。", about=photo.file)


def missing_photographer(sheet: Sheet) -> Iterator[Finding]:
    """Find a picture of which neither credit, caption nor byline says who took it."""
    if any(byline.role is Role.PHOTOGRAPHER for byline in sheet.article.bylines):
        return
    for stretch, photo in _photos(sheet):
        if not (photo.credit.strip() or CREDITED.search(photo.caption)):
            yield stretch.mark(0, 0, f"图片 {photo.file} 没有写明摄影者。", about=photo.file)


def missing_caption(sheet: Sheet) -> Iterator[Finding]:
    """Find a picture alone that bears no caption; in a gallery one caption may serve all."""
    for stretch, photo in _photos(sheet):
        if not stretch.text.strip():
            yield stretch.mark(0, 0, f"图片 {photo.file} 没有图片说明。", about=photo.file)


def missing_responsible_editor(paper: Paper) -> Iterator[Finding]:
    """Find an issue, or a folio of it, for which no editor is responsible."""
    issue = paper.issue
    if issue.responsible_editor.strip():
        return
    if not issue.folios:
        yield paper.date_line.mark_whole("本期没有填责任编辑。", about="责任编辑")
    start = 0
    for folio, line in zip(issue.folios, paper.folios.text.splitlines(), strict=True):
        if not folio.responsible_editor.strip():
            end = start + len(line)
            yield paper.folios.mark(start, end, f"第{folio.number}版没有填责任编辑。")
        start += len(line) + 1


def missing_area(paper: Paper) -> Iterator[Finding]:
    """Find an article that has no area on the printed pages, though its folio has a page."""
    drawn = {area.article for folio in paper.issue.folios for area in folio.hot_areas}
    printed = {folio.number for folio in paper.issue.folios if folio.page_image}
    for article in paper.issue.articles:
        if article.folio in printed and article.number not in drawn:
            yield from _of_folio(
                paper,
                article.folio,
                f"第{article.folio}版的版面图上没有《{article.title.strip()[:20]}》的热区。",
                about=f"热区{article.number}",
            )


def area_of_nothing(paper: Paper) -> Iterator[Finding]:
    """Find an area of the printed pages that leads to no article of the issue."""
    known = {article.number for article in paper.issue.articles}
    for folio in paper.issue.folios:
        for number in dict.fromkeys(area.article for area in folio.hot_areas):
            if number not in known:
                yield from _of_folio(
                    paper,
                    folio.number,
                    f"第{folio.number}版有热区指向第{number}篇，本期没有这一篇。",
                    about=f"热区{number}",
                )


def _of_folio(paper: Paper, number: int, message: str, *, about: str) -> Iterator[Finding]:
    start = 0
    for folio, line in zip(paper.issue.folios, paper.folios.text.splitlines(), strict=True):
        if folio.number == number:
            yield paper.folios.mark(start, start + len(line), message, about=about)
            return
        start += len(line) + 1


def _photos(sheet: Sheet) -> Iterator[tuple[Stretch, Photo]]:
    for stretch, passage in zip(sheet.body, sheet.article.body, strict=True):
        for photo in photos_of(passage):
            yield stretch, photo
