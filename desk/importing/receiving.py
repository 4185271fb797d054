"""Read what an editor pastes or uploads into a galley, with the pictures that came along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.core.files.uploadedfile import UploadedFile

from interchange.galley import MASTHEAD, Galley
from interchange.readers.cross_checks import KnownIssue
from interchange.readers.layout import read_layout
from interchange.readers.uploads import MOST_FILES, UploadRefused, read_uploads
from issues.models import IssuePage
from newsroom.cjk import clean_line

__all__ = ["LARGEST_FILE", "MB", "Received", "Refused", "receive"]

MB = 1_000_000
LARGEST_FILE = 20 * MB
LARGEST_IN_ALL = 80 * MB
LENGTH_OF_TITLE = 30


class Refused(Exception):
    """It cannot be read; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Received:
    """What was read: where from, the pasted text if it was one, and the pictures by their names."""

    galley: Galley
    title: str
    source: str = ""
    pictures: Mapping[str, bytes] = field(default_factory=dict)


def receive(text: str, files: Sequence[UploadedFile], issue: IssuePage) -> Received:
    """Return what was pasted or uploaded, read for ``issue``. Raises Refused and GalleyError."""
    if text.strip() and files:
        raise Refused("又有粘贴的文字，又有文件，分不清要哪一个。请分两次导入。")
    if text.strip():
        return _pasted(text, issue)
    if not files:
        raise Refused("还没有内容。请粘贴文字，或选文件。")
    return _uploaded(files)


def _pasted(text: str, issue: IssuePage) -> Received:
    first = clean_line(text.strip()[:200])
    title = first if len(first) <= LENGTH_OF_TITLE else f"{first[:LENGTH_OF_TITLE]}…"
    galley = _for_the_desk(read_layout(text, known=_known(issue)))
    return Received(galley, f"粘贴的“{title}”", source=text)


def _uploaded(files: Sequence[UploadedFile]) -> Received:
    if len(files) > MOST_FILES:
        raise Refused(f"选了{len(files)}个文件，一次最多{MOST_FILES}个。请分几次导入。")
    for file in files:
        if (file.size or 0) > LARGEST_FILE:
            raise Refused(f"“{file.name}”超过{LARGEST_FILE // MB}MB。请把图片压缩后再传。")
    if sum(file.size or 0 for file in files) > LARGEST_IN_ALL:
        raise Refused(f"这些文件一共超过{LARGEST_IN_ALL // MB}MB。请分几次导入。")
    names = [clean_line(file.name or "") or "文件" for file in files]
    try:
        read = read_uploads([(name, file.read()) for name, file in zip(names, files, strict=True)])
    except UploadRefused as refused:
        raise Refused(str(refused)) from refused
    return Received(_for_the_desk(read.galley), "、".join(names), pictures=read.pictures)


def _for_the_desk(galley: Galley) -> Galley:
    """Ask no editor for a masthead where only articles were sent; the issue has its own."""
    if any(block.article == MASTHEAD for block in galley.blocks):
        return galley
    doubts = (doubt for doubt in galley.doubts if doubt.code != "masthead-missing")
    return replace(galley, doubts=tuple(doubts))


def _known(issue: IssuePage) -> list[KnownIssue]:
    """Return the issues that the number and date of a text are compared with."""
    others = IssuePage.objects.exclude(pk=issue.pk).newest_first().values_list("number", "date")
    return list(others[:500])
