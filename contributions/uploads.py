"""Decide what an uploaded file is, and give back what of it may be kept."""

from __future__ import annotations

import logging
import re
import time
from dataclasses import dataclass, field
from typing import BinaryIO

import filetype
from django.db import models

from interchange.pictures import PictureRefused, redraw
from interchange.word_guard import COMPOUND_FILE, WordRefused, strip
from newsroom.cjk import clean_line

from .pdfs import PdfRefused, clean_pdf

__all__ = [
    "MOST_BYTES",
    "MOST_BYTES_TOGETHER",
    "MOST_FILES",
    "Budget",
    "CleanFile",
    "FileKind",
    "UploadRefused",
    "clean_name",
    "clean_upload",
]

MOST_FILES = 9
MOST_BYTES = 20 * 1024 * 1024
MOST_BYTES_TOGETHER = 60 * 1024 * 1024
LONGEST_NAME = 100

logger = logging.getLogger(__name__)


class FileKind(models.TextChoices):
    """What a file is to the newsroom."""

    PHOTO = "photo", "照片"
    PDF = "pdf", "PDF"
    WORD = "word", "Word文档"


class UploadRefused(Exception):
    """Say in Chinese which file cannot be kept, why, and what helps."""


@dataclass(frozen=True, slots=True)
class CleanFile:
    """A file as it is kept: rebuilt from what the sender meant to show."""

    kind: FileKind
    name: str
    content: bytes
    width: int | None = None
    height: int | None = None


@dataclass(slots=True)
class Budget:
    """What the pictures of one submission may cost together, in all of its files."""

    pixels: int = 400_000_000
    seconds: float = 25
    _started: float = field(default_factory=time.monotonic)

    def spend(self, pixels: int) -> None:
        """Pay for a picture before it is read; refuse what cannot be paid."""
        self.pixels -= pixels
        if self.pixels < 0 or time.monotonic() - self._started > self.seconds:
            raise PictureRefused("附件里的图片加起来太大，请分几次投稿")


# What a file has to be, by the extension of its name.
CONTENTS = {
    ".jpg": "jpg",
    ".jpeg": "jpg",
    ".png": "png",
    ".webp": "webp",
    ".heic": "heic",
    ".heif": "heic",
    ".pdf": "pdf",
    ".docx": "docx",
}
CONTENT_NAMES = {
    "jpg": "JPG图片",
    "png": "PNG图片",
    "webp": "WebP图片",
    "heic": "HEIC图片",
    "pdf": "PDF",
    "docx": "Word文档",
    "markup": "网页或SVG图",
}
KEPT_EXTENSIONS = {".jpeg": ".jpg", ".heic": ".jpg", ".heif": ".jpg"}
HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1")

WELCOME = "只收照片（jpg、png、webp、heic）、PDF和Word文档（docx）"
ADVICE = {
    **dict.fromkeys(
        (".doc", ".wps", ".wpt", ".dot", ".rtf", ".odt"), "请用Word或WPS另存为 .docx 再传"
    ),
    **dict.fromkeys((".docm", ".dotm", ".dotx"), "请另存为不带宏的 .docx 再传"),
    **dict.fromkeys((".svg", ".svgz"), "不收SVG图：请导出为 .png 再传"),
    **dict.fromkeys((".htm", ".html", ".mht", ".mhtml", ".xhtml"), "不收网页：请把文字贴进正文"),
    **dict.fromkeys((".txt", ".md"), "不收纯文本：请把文字贴进正文"),
    **dict.fromkeys((".zip", ".rar", ".7z"), "不收压缩包：请把里面的文件一个一个传"),
    **dict.fromkeys(
        (".gif", ".bmp", ".tif", ".tiff", ".avif", ".raw", ".dng"), "请把图片另存为 .jpg 再传"
    ),
    **dict.fromkeys((".mp4", ".mov", ".avi", ".m4v"), "不收视频：请在正文里写明，编辑会联系您"),
}
# An extension inside the name that some program or server might act on.
DANGEROUS = re.compile(
    r"\.(?:php\d?|phtml|phar|aspx?|jspx?|cgi|pl|py|rb|sh|bash|exe|com|bat|cmd|scr|pif|msi|dll|lnk"
    r"|hta|jse?|mjs|vbs?|vbe|wsf|ps1|jar|apk|app|dmg|iso|s?html?|xht(?:ml)?|svgz?|xml|xsl|htaccess)"
    r"(?=\.)",
    re.IGNORECASE,
)


def clean_upload(file: BinaryIO, *, name: str, budget: Budget | None = None) -> CleanFile:
    """Return what is kept of an uploaded file, or raise ``UploadRefused``.

    The content must be what the extension says. Nothing is written anywhere. The files of
    one submission share a ``budget``.
    """
    shown = _shown(name)
    try:
        return _clean(file, shown, budget or Budget())
    except (PictureRefused, PdfRefused, WordRefused, _Refused) as error:
        raise UploadRefused(f"“{_abridged(shown)}”：{error}") from error
    except Exception as error:  # a library met what it did not expect: that is the file's fault
        # The words of the error could quote the file.
        logger.warning("an upload broke its reader: %s", type(error).__name__)
        reason = "打不开，可能已损坏：请重新保存后再传"
        raise UploadRefused(f"“{_abridged(shown)}”：{reason}") from error


class _Refused(Exception):
    """The reason alone."""


def _clean(file: BinaryIO, shown: str, budget: Budget) -> CleanFile:
    extension = _extension(shown)
    _check_name(shown, extension)
    data = file.read(MOST_BYTES + 1)
    if not data:
        raise _Refused("文件是空的：请检查后再传")
    if len(data) > MOST_BYTES:
        raise _Refused(f"文件太大，最多{MOST_BYTES >> 20}MB：请缩小或分成几份再传")
    content = _content_of(data)
    if content != CONTENTS[extension]:
        raise _Refused(_disagreement(extension, content))
    if content == "pdf":
        return CleanFile(FileKind.PDF, clean_name(shown), clean_pdf(data, spend=budget.spend))
    if content == "docx":
        return CleanFile(FileKind.WORD, clean_name(shown), strip(data, spend=budget.spend))
    photo = redraw(data, spend=budget.spend)
    return CleanFile(
        FileKind.PHOTO, clean_name(shown), photo.content, width=photo.width, height=photo.height
    )


def _check_name(shown: str, extension: str) -> None:
    if extension not in CONTENTS:
        raise _Refused(ADVICE.get(extension, f"这种文件不收，{WELCOME}"))
    if inner := DANGEROUS.search(shown):
        raise _Refused(f"文件名里有“{inner[0]}”，容易误当作程序：请改名后再传")


def _content_of(data: bytes) -> str:
    """Return what a file is by its first bytes, or nothing for what is never kept."""
    if data[4:8] == b"ftyp":
        return "heic" if data[8:12] in HEIC_BRANDS else ""
    if data.startswith((COMPOUND_FILE, b"PK")):
        return "docx"  # or something like it: the guard of Word documents says why not
    if data[:1024].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0").startswith(b"<"):
        return "markup"
    found = filetype.guess_extension(data) or ""
    found = found.removeprefix("a") if found == "apng" else found  # of which one frame is kept
    return found if found in CONTENT_NAMES else ""


def _disagreement(extension: str, content: str) -> str:
    """Say what a file is in truth, as far as that is known."""
    told = f"扩展名是 {extension}，内容却"
    if content in CONTENTS.values() and content != "docx":
        return f"{told}是{CONTENT_NAMES[content]}：请把扩展名改为 .{content} 再传"
    known = f"{told}是{CONTENT_NAMES[content]}" if content == "markup" else f"{told}不是这种文件"
    return f"{known}，或已损坏；{WELCOME}"


# Names

FORBIDDEN = re.compile(r'[<>:"|?*/\\]')
EXTENSION = re.compile(r"\.[^.\s]{1,10}$")
UNNAMED = "附件"


def clean_name(name: str) -> str:
    """Return the name under which a file is kept: one part, nothing hidden, a true extension."""
    shown = _shown(name)
    extension = _extension(shown)
    stem = shown[: len(shown) - len(extension)]
    extension = FORBIDDEN.sub("_", KEPT_EXTENSIONS.get(extension, extension) or ".jpg")
    stem = FORBIDDEN.sub("_", re.sub(r"^\.+", "_", stem)).rstrip(" .") or UNNAMED
    return stem[: LONGEST_NAME - len(extension)].rstrip(" .") + extension


def _shown(name: str) -> str:
    """Return the last part of a path, as people see it."""
    return clean_line(re.split(r"[/\\]", clean_line(name))[-1]).rstrip(" .")


def _extension(shown: str) -> str:
    found = EXTENSION.search(shown)
    return found[0].lower() if found else ""


def _abridged(shown: str) -> str:
    """Return a name that fits into a sentence."""
    if not shown:
        return UNNAMED
    return shown if len(shown) <= 40 else f"{shown[:24]}……{shown[-12:]}"
