"""Read files of any kind that copy comes in, and put their galleys one behind the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, count

from ..galley import MASTHEAD, Act, Block, Galley, GalleyError, Step
from ..schema import Photo
from ..word_guard import WordRefused
from .layout import read_layout
from .legacy_word import as_docx
from .page_galley import galley_of_pages
from .page_pdf import PdfRefused, read_page_pdf
from .word_galley import read_word_galley

__all__ = ["MOST_FILES", "UploadRefused", "Uploads", "read_uploads", "together"]

MOST_FILES = 20
ENCODINGS = ("utf-8-sig", "gb18030", "utf-16")


class UploadRefused(ValueError):
    """Say in Chinese which file cannot be read, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Uploads:
    """What the files hold, and the pictures that their galley names."""

    galley: Galley
    pictures: Mapping[str, bytes] = field(default_factory=dict)


def read_uploads(files: Sequence[tuple[str, bytes]]) -> Uploads:
    """Return what files, given by name and content, hold, in order; or raise UploadRefused.

    A picture keeps its name unless another file has a different one of that name.
    """
    pictures: dict[str, bytes] = {}
    galleys = []
    for name, content in files:
        read = _read(name, content)
        named = {old: _free_name(old, data, pictures) for old, data in read.pictures.items()}
        pictures |= {named[old]: data for old, data in read.pictures.items()}
        galleys.append(_with_names(read.galley, named))
    return Uploads(together(galleys), pictures)


def _free_name(name: str, data: bytes, taken: Mapping[str, bytes]) -> str:
    stem, dot, ending = name.rpartition(".")
    names = chain([name], (f"{stem}-{n}{dot}{ending}" for n in count(2)))
    return next(each for each in names if taken.get(each, data) == data)


def _with_names(galley: Galley, named: Mapping[str, str]) -> Galley:
    """Return a galley that speaks of its pictures by new names."""
    return replace(galley, blocks=tuple(_with_name(block, named) for block in galley.blocks))


def _with_name(block: Block, named: Mapping[str, str]) -> Block:
    if not isinstance(block.passage, Photo):
        return block
    return replace(block, passage=replace(block.passage, file=named[block.passage.file]))


def together(galleys: Iterable[Galley]) -> Galley:
    """Return one galley of several: ids and articles counted on, the first one's masthead kept."""
    blocks, order, doubts = [], [], []
    ids, doubt_ids = count(1), count(1)
    articles = 0
    for galley in galleys:
        new = {block.id: next(ids) for block in galley.blocks}
        keys = {key: articles + n for n, key in enumerate(galley.articles, start=1)}
        articles += len(keys)
        keys[MASTHEAD] = MASTHEAD
        blocks += [
            replace(block, id=new[block.id], article=keys[block.article]) for block in galley.blocks
        ]
        order += [new[each] for each in galley.order]
        doubts += [
            replace(
                doubt,
                id=next(doubt_ids),
                block=new[doubt.block],
                choices=tuple(
                    replace(
                        choice,
                        steps=tuple(_renumbered(step, new, keys) for step in choice.steps),
                    )
                    for choice in doubt.choices
                ),
            )
            for doubt in galley.doubts
        ]
    return Galley(tuple(blocks), tuple(order), tuple(doubts))


def _renumbered(step: Step, blocks: Mapping[int, int], articles: Mapping[int, int]) -> Step:
    value = step.value
    if step.act in (Act.MOVE, Act.MERGE) and isinstance(value, int):
        value = articles.get(value, value)
    return replace(step, block=blocks[step.block], value=value)


def _read(name: str, content: bytes) -> Uploads:
    reader = READERS.get(_ending(name))
    if reader is None:
        raise UploadRefused(
            f"“{name}”不是能读的文件。请用Word文档（.docx）、版面PDF或文本文件（.txt）。"
        )
    try:
        return reader(name, content)
    except (GalleyError, PdfRefused, WordRefused) as error:
        raise UploadRefused(f"“{name}”读不了：{str(error).rstrip('。')}。") from error


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower()


def _read_text(name: str, content: bytes) -> Uploads:
    for encoding in ENCODINGS:
        try:
            return Uploads(read_layout(content.decode(encoding)))
        except UnicodeDecodeError:
            continue
    raise UploadRefused(f"“{name}”不是文本文件，或编码认不出来。请另存为UTF-8的文本文件再传。")


def _read_word(name: str, content: bytes) -> Uploads:
    word = read_word_galley(content)
    return Uploads(word.galley, word.pictures)


def _read_old_word(name: str, content: bytes) -> Uploads:
    return _read_word(name, as_docx(content))


def _read_pdf(name: str, content: bytes) -> Uploads:
    return Uploads(galley_of_pages(read_page_pdf(content)))


READERS: dict[str, Callable[[str, bytes], Uploads]] = {
    "txt": _read_text,
    "md": _read_text,
    "docx": _read_word,
    "doc": _read_old_word,
    "wps": _read_old_word,
    "pdf": _read_pdf,
}
