"""Translate the body of an article between the editor's blocks and the plain form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from articles import copy
from articles.models import ArticlePage
from newsroom.cjk import clean_line, clean_text
from newsroom.models import PressPhoto

from .schema import (
    Crosshead,
    Gallery,
    Note,
    Paragraph,
    Passage,
    Photo,
    Quote,
    Run,
    Table,
)

FindPhoto = Callable[[str], PressPhoto]
NamePhoto = Callable[[PressPhoto], str]


def passages_of(article: ArticlePage, name_of: NamePhoto) -> tuple[Passage, ...]:
    """Return the body of ``article`` in the plain form; ``name_of`` names a photo's file."""
    return tuple(
        passage
        for block in article.body
        for passage in passages_of_block(block.block_type, block.value, name_of)
    )


def blocks_of(passages: Iterable[Passage], find_photo: FindPhoto) -> list[tuple[str, Any]]:
    """Return ``passages`` as the value of an article's body.

    Paragraphs that follow each other become one block, as if pasted in one go.
    """
    blocks: list[tuple[str, Any]] = []
    running: list[copy.Line] = []

    def close() -> None:
        if running:
            blocks.append(("paragraph", copy.write_rich_text(running)))
            running.clear()

    for passage in passages:
        if isinstance(passage, Paragraph):
            runs = tuple(copy.Run(r.text, r.bold, r.italic, r.href) for r in passage.runs)
            running.append(copy.Line("paragraph", runs))
        else:
            close()
            blocks.append(_block(passage, find_photo))
    close()
    return blocks


def passages_of_block(kind: str, value: Any, name_of: NamePhoto) -> Iterator[Passage]:
    """Yield what a block says; a draft may hold empty ones, of which nothing is said."""
    match kind:
        case "paragraph":
            for line in copy.read_rich_text(value.source):
                if line.kind == "crosshead":
                    yield from _crosshead(line.text)
                else:
                    yield Paragraph(tuple(_run(run) for run in line.runs))
        case "crosshead":
            yield from _crosshead(value)
        case "photo":
            yield from _photos([value], name_of)
        case "gallery":
            photos = tuple(_photos(value, name_of))
            yield from photos if len(photos) < 2 else (Gallery(photos),)
        case "quote":
            if value["text"].strip():
                yield Quote(clean_text(value["text"]), clean_line(value["source"]))
        case "table":
            yield from _table(value)
        case "note":
            if value.strip():
                yield Note(clean_text(value))


def _run(run: copy.Run) -> Run:
    href = run.href if copy.is_safe_address(run.href) else ""
    return Run(clean_text(run.text), run.bold, run.italic, href)


def _crosshead(text: str) -> Iterator[Crosshead]:
    if line := clean_line(text):
        yield Crosshead(line)


def _photos(values: Iterable[Any], name_of: NamePhoto) -> Iterator[Photo]:
    for value in values:
        if value["image"]:
            yield Photo(
                name_of(value["image"]),
                clean_text(value["caption"]),
                clean_line(value["credit"]),
                clean_text(value["alt"]),
            )


def _table(value: Any) -> Iterator[Table]:
    table = value["table"]
    if not table or not table.columns:
        return
    headings = tuple(clean_text(column["heading"]) for column in table.columns)
    rows = tuple(tuple(clean_text(str(cell.value)) for cell in row) for row in table.rows)
    has_header = any(headings)
    if has_header or rows:
        yield Table(
            (headings, *rows) if has_header else rows, has_header, clean_line(value["caption"])
        )


def _block(passage: Passage, find_photo: FindPhoto) -> tuple[str, Any]:
    match passage:
        case Crosshead(text):
            return ("crosshead", text)
        case Photo():
            return ("photo", _photo_value(passage, find_photo))
        case Gallery(photos):
            return ("gallery", [_photo_value(photo, find_photo) for photo in photos])
        case Quote(text, source):
            return ("quote", {"text": text, "source": source})
        case Table():
            return ("table", _table_value(passage))
        case Note(text):
            return ("note", text)
    raise TypeError(passage)


def _photo_value(photo: Photo, find_photo: FindPhoto) -> dict[str, Any]:
    return {
        "image": find_photo(photo.file),
        "caption": photo.caption,
        "credit": photo.credit,
        "alt": photo.alt,
    }


def _table_value(table: Table) -> dict[str, Any]:
    headings = table.rows[0] if table.has_header else ("",) * len(table.rows[0])
    rows = table.rows[1:] if table.has_header else table.rows
    block = ArticlePage.body.field.stream_block.child_blocks["table"].child_blocks["table"]
    return {
        "caption": table.caption,
        "table": block.to_python(
            {
                "columns": [{"type": "text", "heading": heading} for heading in headings],
                "rows": [{"values": list(row)} for row in rows],
                "caption": "",
            }
        ),
    }
