"""Make an article ready to be read: passages to show, with the paper's display rules applied."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING, Any, Literal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from newsroom.cjk import full_width, headline_lines

from .bylines import line_of_names, said_once
from .copy import Line, Run, is_safe_address, plain_words, read_rich_text, run_html

if TYPE_CHECKING:
    from .models import ArticlePage, Byline, Remark

Show = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class ShownPhoto:
    """A photo with its words: what stands in the article, else what the photo itself says."""

    image: Any
    caption: str
    credit: str
    alt: str


@dataclass(frozen=True, slots=True)
class Passage:
    """One block of the body, ready for the template; which fields are set follows ``kind``."""

    kind: Literal["paragraph", "crosshead", "photo", "gallery", "quote", "table", "note"]
    html: SafeString | None = None
    anchor: str = ""
    source: str = ""
    caption: str = ""
    photo: ShownPhoto | None = None
    photos: tuple[ShownPhoto, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    has_header: bool = False


@dataclass(frozen=True, slots=True)
class ShownRemark:
    """A remark for editors that belongs to the whole article."""

    kind_label: str
    text: str


@dataclass(frozen=True, slots=True)
class ShownName:
    """A name under an article; ``url`` leads to what else was printed under it."""

    role: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Reading:
    """An article as the reading page shows it."""

    kicker: str
    headline: str
    headline_lines: tuple[str, ...]
    subhead: str
    standfirst: str
    section: str
    section_slug: str
    folio_number: int
    folio_name: str
    byline: tuple[ShownName, ...]
    passages: tuple[Passage, ...]
    remarks: tuple[ShownRemark, ...] = ()


def read_article(
    article: ArticlePage,
    *,
    folio_name: str = "",
    with_remarks: bool = False,
    linked: bool = False,
) -> Reading:
    """Return ``article`` ready to be shown; remarks only where an editor asked for them.

    ``linked``: the names lead to the pages of those who bear them.
    """
    show = shown(article)
    setting = _Setting(show, article.remarks.all() if with_remarks else ())
    passages = tuple(_passages(article, setting))
    return Reading(
        kicker=show(article.kicker),
        headline=show(article.title),
        headline_lines=headline_lines(show(article.title)),
        subhead=show(article.subhead),
        standfirst=show(article.standfirst),
        section=article.section.name if article.section else "",
        section_slug=article.section.slug if article.section else "",
        folio_number=article.folio,
        folio_name=folio_name,
        byline=_names(list(article.bylines.all()), linked=linked),
        passages=passages,
        remarks=tuple(
            ShownRemark(remark.get_kind_display(), remark.text) for remark in setting.waiting
        ),
    )


def shown(article: ArticlePage) -> Show:
    """Return the display rule of the article: full-width punctuation, or the copy as it stands."""
    return str if article.verbatim_punctuation else full_width


def byline_line(bylines: Iterable[Byline]) -> str:
    """Return the names as printed, without brackets: 汪燕盼; 记者 张三 通讯员 李四 王五."""
    return line_of_names(
        (byline.get_role_display() if byline.role else "", byline.name) for byline in bylines
    )


def _names(bylines: list[Byline], *, linked: bool) -> tuple[ShownName, ...]:
    roles = said_once(b.get_role_display() if b.role else "" for b in bylines)
    return tuple(
        ShownName(role, byline.name, _address(byline) if linked else "")
        for role, byline in zip(roles, bylines, strict=True)
    )


def _address(byline: Byline) -> str:
    return f"/contributors/{byline.bearer.pk}/" if byline.bearer else ""


def plain_paragraphs(article: ArticlePage) -> Iterator[str]:
    """Yield the running text paragraph by paragraph, as stored."""
    for child in article.body.raw_data:
        if child["type"] == "paragraph":
            for line in read_rich_text(child["value"]):
                if line.kind == "paragraph":
                    yield line.text


def printed_passages(article: ArticlePage) -> Iterator[str]:
    """Yield every passage that is printed of an article beside its title, one by one, as stored."""
    yield from (article.kicker, article.subhead, article.standfirst)
    for byline in article.bylines.all():
        yield f"{byline.get_role_display()} {byline.name}" if byline.role else byline.name
    yield from body_words(article.body.raw_data).split("\n")


def has_copy(article: ArticlePage) -> bool:
    """Whether there is anything to print: words, or a picture, table or quote."""
    return any(
        child["type"] != "paragraph"
        or any(line.text.strip() for line in read_rich_text(child["value"]))
        for child in article.body.raw_data
    )


def body_words(blocks: Iterable[dict[str, Any]]) -> str:
    """Return all that is printed below the headlines, as stored, a line for each paragraph.

    ``blocks`` are ``body.raw_data``: blocks made of it would ask for photos one by one.
    """
    lines = [line for block in blocks for line in _block_words(block["type"], block["value"])]
    return "\n".join(filter(None, lines))


def _block_words(kind: str, value: Any) -> Iterator[str]:
    match kind:
        case "paragraph":
            yield plain_words(value).strip("\n")
        case "crosshead" | "note":
            yield value
        case "photo":
            yield from (value.get("caption") or "", value.get("credit") or "")
        case "gallery":
            for item in value:
                yield from _block_words("photo", item.get("value", item))
        case "quote":
            yield from (value["text"], value.get("source") or "")
        case "table":
            yield value.get("caption") or ""
            yield from (column["heading"] for column in value["table"]["columns"])
            yield from (cell for row in value["table"]["rows"] for cell in row["values"])


def shown_photo(value: Any, image: Any, show: Show) -> ShownPhoto:
    """Return a photo with the words of its block: the library's are not what was signed."""
    return ShownPhoto(
        image=image,
        caption=show(value.get("caption") or ""),
        credit=show(value.get("credit") or ""),
        alt=show(value.get("alt") or ""),
    )


class _Setting:
    """Sets words for the page: the display rule applied, remarks put behind the words they name."""

    def __init__(self, show: Show, remarks: Iterable[Remark]) -> None:
        self.show = show
        self.waiting = list(remarks)

    def words(self, text: str) -> SafeString:
        """Set plain words."""
        return self.line(Line("paragraph", (Run(text),)))

    def line(self, line: Line) -> SafeString:
        """Set a line of runs.

        The display rule looks at neighbouring characters across runs and keeps the length, so it
        is applied to the whole line, which is then cut up again.
        """
        text = self.show(line.text)
        marks = self._marks(line.text)
        pieces, start = [], 0
        for run in line.runs:
            end = start + len(run.text)
            cut = start
            for place in sorted(place for place in marks if start < place <= end):
                pieces.append(_run(run, text[cut:place]))
                pieces.extend(marks[place])
                cut = place
            pieces.append(_run(run, text[cut:end]))
            start = end
        return format_html_join("", "{}", ((piece,) for piece in pieces))

    def _marks(self, text: str) -> dict[int, list[SafeString]]:
        """Place each waiting remark whose words stand in ``text``, once, right behind them."""
        marks: dict[int, list[SafeString]] = {}
        for remark in list(self.waiting):
            if remark.after and remark.after in text:
                self.waiting.remove(remark)
                place = text.index(remark.after) + len(remark.after)
                marks.setdefault(place, []).append(
                    format_html(
                        '<mark class="remark" data-kind="{}">〔{}：{}〕</mark>',
                        remark.kind,
                        remark.get_kind_display(),
                        remark.text,
                    )
                )
        return marks


def _run(run: Run, text: str) -> SafeString:
    href = run.href if is_safe_address(run.href) else ""
    # run_html escapes all it is given.
    return mark_safe(run_html(Run(text, run.bold, run.italic, href)))  # noqa: S308


def _passages(article: ArticlePage, setting: _Setting) -> Iterator[Passage]:
    anchors = (f"s{n}" for n in count(1))
    for block in article.body:
        for passage in _block_passages(block.block_type, block.value, setting):
            yield replace(passage, anchor=next(anchors)) if passage.kind == "crosshead" else passage


def _block_passages(kind: str, value: Any, setting: _Setting) -> Iterator[Passage]:
    show = setting.show
    match kind:
        case "paragraph":
            for line in read_rich_text(value.source):
                if line.kind == "crosshead":
                    yield Passage("crosshead", html=setting.words(line.text))
                else:
                    yield Passage("paragraph", html=setting.line(line))
        case "crosshead":
            yield Passage("crosshead", html=setting.words(value))
        case "photo":
            if value["image"]:
                yield Passage("photo", photo=shown_photo(value, value["image"], show))
        case "gallery":
            photos = [shown_photo(photo, photo["image"], show) for photo in value if photo["image"]]
            yield Passage("gallery", photos=tuple(photos))
        case "quote":
            yield Passage("quote", html=setting.words(value["text"]), source=show(value["source"]))
        case "table":
            yield _table(value, show)
        case "note":
            yield Passage("note", html=setting.words(value))


def _table(value: Any, show: Show) -> Passage:
    table = value["table"]
    headings = tuple(show(column["heading"]) for column in table.columns)
    rows = tuple(tuple(show(str(cell.value)) for cell in row) for row in table.rows)
    has_header = any(headings)
    return Passage(
        "table",
        caption=show(value["caption"] or table.caption or ""),
        has_header=has_header,
        rows=((headings, *rows) if has_header else rows),
    )
