"""Write an issue as EPUB 3.3: a document per article, to be read in any size, or listened to."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ..for_readers import date_line, folio_of, folio_title, front_page, shown, title_of
from ..schema import Article, Issue, check, photos_of
from .cover import cover_of
from .illustrations import Illustration, illustrations
from .links import Links
from .markup import Markup, element, join
from .xhtml import (
    Setting,
    colophon,
    copy,
    corrections,
    headline,
    label,
    lines_of_date,
    standfirst,
    titles,
)
from .zipped import zip_of

__all__ = ["write_epub"]

# Of the papers that this program writes; an issue has the same identifier for ever.
PAPERS = uuid.UUID("8a0c2c5e-6f0b-4b39-9d34-6d1c7a0f5e21")
LANGUAGE = "zh-Hans"
STYLES = Path(__file__).with_name("epub.css")
DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
CONTAINER = f"""{DECLARATION}\
<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">
  <rootfiles>
    <rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/>
  </rootfiles>
</container>
"""
XHTML = "application/xhtml+xml"
COVER, NAV, IMPRINT = "cover.xhtml", "nav.xhtml", "imprint.xhtml"


def write_epub(issue: Issue, *, picture: Callable[[str], bytes], site: str = "") -> bytes:
    """Return the issue as an EPUB file.

    ``site`` is where links within the paper lead (https://…); without it they become plain words.
    The same issue gives the same bytes. Raises SchemaError and IllustrationRefused.
    """
    check(issue)
    pictures = illustrations(issue, picture)
    links = Links(issue, front=COVER, page=_page, site=site)
    documents = [
        _Document(COVER, _document(issue, "封面", _cover(issue, pictures))),
        _Document(NAV, _document(issue, "本期要目", *_nav(issue)), "nav"),
        *(
            _Document(
                _page(article.number),
                _document(
                    issue,
                    shown(article)(article.title),
                    _chapter(issue, article, Setting(pictures, links)),
                ),
            )
            for article in issue.articles
        ),
        _Document(IMPRINT, _document(issue, "出版信息", _imprint(issue))),
    ]
    cover, cover_type, cover_content = cover_of(issue, picture)
    package = _package(issue, documents, list(pictures.values()), (cover, cover_type))
    files = [
        ("mimetype", b"application/epub+zip"),
        ("META-INF/container.xml", CONTAINER.encode()),
        ("EPUB/package.opf", f"{DECLARATION}{package}\n".encode()),
        *((f"EPUB/{document.name}", document.content) for document in documents),
        ("EPUB/paper.css", STYLES.read_bytes()),
        (f"EPUB/{cover}", cover_content),
        *((f"EPUB/images/{picture.name}", picture.content) for picture in pictures.values()),
    ]
    return zip_of(files, stored=("mimetype",))


def _page(number: int) -> str:
    return f"article-{number}.xhtml"


# Documents


@dataclass(frozen=True, slots=True)
class _Document:
    name: str
    content: bytes
    properties: str | None = None


def _document(issue: Issue, title: str, *body: str) -> bytes:
    page = element(
        "html",
        element(
            "head",
            element("title", f"{title} - {issue.imprint.name}{title_of(issue)}"),
            element("link", rel="stylesheet", type="text/css", href="paper.css"),
        ),
        element("body", *body),
        **{
            "xmlns": "http://www.w3.org/1999/xhtml",
            "xmlns:epub": "http://www.idpf.org/2007/ops",
            "lang": LANGUAGE,
            "xml:lang": LANGUAGE,
        },
    )
    return f"{DECLARATION}<!DOCTYPE html>\n{page}\n".encode()


def _section(kind: str, role: str | None, *content: str) -> Markup:
    return element("section", *content, role=role, **{"epub:type": kind})


def _cover(issue: Issue, pictures: dict[str, Illustration]) -> Markup:
    imprint = issue.imprint
    if imprint.nameplate:
        plate = pictures[imprint.nameplate]
        name = element("img", src=f"images/{plate.name}", alt=imprint.name, class_="plate--drawn")
    else:
        name = join(imprint.name)
    stories = front_page(issue, lambda article: _page(article.number)).stories
    items = [
        element(
            "li",
            element("a", headline(story.headline_lines), href=story.url),
            class_="contents__item",
        )
        for story in stories
    ]
    return _section(
        "cover",
        None,
        element("div", element("h1", name, class_="plate__name"), class_="plate"),
        lines_of_date(issue),
        element("p", imprint.strap, class_="plate__strap") if imprint.strap else "",
        element("ul", *items, class_="contents__list") if items else "",
    )


def _chapter(issue: Issue, article: Article, setting: Setting) -> Markup:
    printed = f"原载《{issue.imprint.name}》{' '.join(date_line(issue))} {folio_of(issue, article)}"
    return _section(
        "chapter",
        "doc-chapter",
        label(article.section),
        titles(article),
        corrections(article),
        standfirst(article),
        copy(article, setting),
        element("p", printed, class_="origin"),
    )


def _imprint(issue: Issue) -> Markup:
    publisher = issue.imprint.publisher
    return _section(
        "colophon",
        "doc-colophon",
        element("h1", "出版信息"),
        element("p", f"《{issue.imprint.name}》", class_="colophon__line"),
        element("p", " ".join(date_line(issue)), class_="colophon__line"),
        colophon(issue),
        element("p", f"版权所有 © {publisher}", class_="colophon__line") if publisher else "",
    )


def _nav(issue: Issue) -> Iterator[Markup]:
    """Yield the contents, below their folios if the issue has several, and the landmarks."""
    front = front_page(issue, lambda article: _page(article.number))
    folios = []
    for folio in front.folios:
        entries = [
            element("li", element("a", story.headline, href=story.url))
            for run in folio.sections
            for story in run.stories
        ]
        head = element("span", folio_title(folio.number, folio.name))
        folios += [element("li", head, element("ol", *entries))] if front.shows_folios else entries
    ends = [(COVER, "封面"), (IMPRINT, "出版信息")]
    first, last = (element("li", element("a", said, href=name)) for name, said in ends)
    yield element(
        "nav",
        element("h1", "本期要目"),
        element("ol", first, *folios, last),
        role="doc-toc",
        **{"epub:type": "toc"},
    )
    landmarks = [(COVER, "cover", "封面"), (NAV, "toc", "本期要目")]
    landmarks += [(_page(article.number), "bodymatter", "正文") for article in issue.articles[:1]]
    landmarks += [(IMPRINT, "colophon", "出版信息")]
    yield element(
        "nav",
        element("h2", "导航"),
        element(
            "ol",
            *(
                element("li", element("a", said, href=name, **{"epub:type": kind}))
                for name, kind, said in landmarks
            ),
        ),
        hidden="hidden",
        **{"epub:type": "landmarks"},
    )


# The package


def _package(
    issue: Issue,
    documents: list[_Document],
    pictures: list[Illustration],
    cover: tuple[str, str],
) -> Markup:
    numbers = range(1, len(documents) + 1)
    return element(
        "package",
        element(
            "metadata",
            *_metadata(issue),
            **{"xmlns:dc": "http://purl.org/dc/elements/1.1/"},
        ),
        element(
            "manifest",
            *(
                _item(f"d{number}", document.name, XHTML, document.properties)
                for number, document in zip(numbers, documents, strict=True)
            ),
            _item("styles", "paper.css", "text/css"),
            _item("cover-image", *cover, "cover-image"),
            *(
                _item(f"i{number}", f"images/{picture.name}", picture.media_type)
                for number, picture in enumerate(pictures, start=1)
            ),
        ),
        element("spine", *(element("itemref", idref=f"d{number}") for number in numbers)),
        xmlns="http://www.idpf.org/2007/opf",
        version="3.0",
        unique_identifier="id",
        **{"xml:lang": LANGUAGE},
    )


def _item(key: str, name: str, media_type: str, properties: str | None = None) -> Markup:
    return element("item", id=key, href=name, media_type=media_type, properties=properties)


def _metadata(issue: Issue) -> Iterator[Markup]:
    imprint = issue.imprint
    identifier = uuid.uuid5(PAPERS, f"{imprint.name}/{issue.number}")
    yield element("dc:identifier", f"urn:uuid:{identifier}", id="id")
    yield element("dc:title", f"《{imprint.name}》{title_of(issue)}")
    yield element("dc:language", LANGUAGE)
    yield element("dc:date", issue.date.isoformat())
    if imprint.publisher:
        yield element("dc:creator", imprint.publisher)
        yield element("dc:publisher", imprint.publisher)
        yield element("dc:rights", f"版权所有 © {imprint.publisher}")
    yield _meta("dcterms:modified", f"{_modified(issue).isoformat()}T00:00:00Z")
    yield element("meta", imprint.name, id="paper", property="belongs-to-collection")
    yield _meta("collection-type", "series", refines="#paper")
    yield _meta("group-position", str(issue.number), refines="#paper")
    yield from _accessibility(issue)


def _modified(issue: Issue) -> date:
    """Return the day on which the issue was last changed: of the last correction, or its own."""
    corrected = [line.date for article in issue.articles for line in article.corrections]
    return max([issue.date, *corrected])


def _accessibility(issue: Issue) -> Iterator[Markup]:
    """Yield what a reader who cannot see, or hear, or hold a book wants to know beforehand."""
    photos = [
        photo
        for article in issue.articles
        for passage in article.body
        for photo in photos_of(passage)
    ]
    described = all(photo.alt.strip() for photo in photos)
    yield _meta("schema:accessMode", "textual")
    if photos:
        yield _meta("schema:accessMode", "visual")
    if described:
        yield _meta("schema:accessModeSufficient", "textual")
    features = ["tableOfContents", "readingOrder", "structuralNavigation"]
    features += ["displayTransformability", *(["alternativeText"] if photos and described else [])]
    for feature in features:
        yield _meta("schema:accessibilityFeature", feature)
    may_flash = any(name.lower().endswith(".gif") for name in issue.pictures)
    yield _meta("schema:accessibilityHazard", "unknown" if may_flash else "none")
    yield _meta("schema:accessibilitySummary", _summary(bool(photos), described, may_flash))


def _summary(has_photos: bool, described: bool, may_flash: bool) -> str:
    told = "全文可以朗读、放大、换字体和颜色，有目录，可以逐个标题跳转，没有声音。"
    told += "可能有动图。" if may_flash else "没有会闪烁的内容。"
    if not has_photos:
        return told
    return told + ("图片都有替代文字。" if described else "部分图片没有替代文字。")


def _meta(name: str, value: str, *, refines: str | None = None) -> Markup:
    return element("meta", value, refines=refines, property=name)
