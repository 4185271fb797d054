"""Translate the body of an article between the editor's blocks and the plain form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from articles import copy
from articles.models import ArticlePage
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


def passages_of(article: ArticlePage, name_of: Callable[[PressPhoto], str]) -> tuple[Passage, ...]:
    """Return the body of ``article`` in the plain form; ``name_of`` names a photo's file."""
    return tuple(
        passage
        for block in article.body
        for passage in _passages(block.block_type, block.value, name_of)
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


def _passages(kind: str, value: Any, name_of: Callable[[PressPhoto], str]) -> Iterator[Passage]:
    match kind:
        case "paragraph":
            for line in copy.read_rich_text(value.source):
                if line.kind == "crosshead":
                    yield Crosshead(line.text)
                else:
                    yield Paragraph(tuple(Run(r.text, r.bold, r.italic, r.href) for r in line.runs))
        case "crosshead":
            yield Crosshead(value)
        case "photo":
            yield _photo(value, name_of)
        case "gallery":
            yield Gallery(tuple(_photo(photo, name_of) for photo in value))
        case "quote":
            yield Quote(value["text"], value["source"])
        case "table":
            yield _table(value)
        case "note":
            yield Note(value)


def _photo(value: Any, name_of: Callable[[PressPhoto], str]) -> Photo:
    return Photo(name_of(value["image"]), value["caption"], value["credit"], value["alt"])


def _table(value: Any) -> Table:
    table = value["table"]
    headings = tuple(column["heading"] for column in table.columns)
    rows = tuple(tuple(str(cell.value) for cell in row) for row in table.rows)
    has_header = any(headings)
    return Table((headings, *rows) if has_header else rows, has_header, value["caption"])


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
