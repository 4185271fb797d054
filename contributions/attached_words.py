"""Read the words of attached Word files for the screen, whatever state the files are in."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from interchange.readers.word import first_words
from interchange.word_guard import WordRefused

from .models import Attachment
from .uploads import FileKind

logger = logging.getLogger(__name__)

MOST_FILES = 3  # each takes a moment to read, and the screen waits
MOST_CHARACTERS = 20_000


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file on the screen, with its words, or why they cannot be shown."""

    attachment: Attachment
    words: str = ""
    is_cut: bool = False
    trouble: str = ""

    @property
    def may_be_fetched(self) -> bool:
        """Whether it can be downloaded: never, with a virus in it."""
        return self.attachment.scan != Attachment.Scan.INFECTED

    @property
    def is_photo(self) -> bool:
        """Whether there is a thumbnail of it."""
        return self.may_be_fetched and self.attachment.kind == FileKind.PHOTO


def show_files(attachments: Iterable[Attachment]) -> list[ShownFile]:
    """Return the files with the words of the first Word files among them."""
    shown = []
    read = 0
    for attachment in attachments:
        file = ShownFile(attachment)
        if attachment.kind == FileKind.WORD and file.may_be_fetched:
            read += 1
            file = _with_words(attachment) if read <= MOST_FILES else _unread(attachment)
        shown.append(file)
    return shown


def _unread(attachment: Attachment) -> ShownFile:
    return ShownFile(
        attachment, trouble=f"这里只显示前{MOST_FILES}份文档的文字，这一份请下载后看。"
    )


def _with_words(attachment: Attachment) -> ShownFile:
    try:
        with attachment.file.open("rb") as file:
            data = bytes(file.read())
    except (OSError, ValueError):
        trouble = "文件在存放处找不到或读不出来，请告诉管理员。"
        return ShownFile(attachment, trouble=trouble)
    try:
        words, is_cut = first_words(data, most=MOST_CHARACTERS)
    except WordRefused as refused:
        return ShownFile(attachment, trouble=f"文字读不出来：{refused}。")
    except Exception:
        # Whatever a damaged file does to its reader, the rest of the screen is needed.
        logger.warning("the words of an attached file could not be read", exc_info=True)
        return ShownFile(attachment, trouble="文字读不出来，文件可能已损坏。")
    if not words:
        trouble = "前面没有文字，请下载后查看。" if is_cut else "里面没有文字。"
        return ShownFile(attachment, trouble=trouble)
    return ShownFile(attachment, words, is_cut)
