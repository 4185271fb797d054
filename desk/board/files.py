"""Say in which files the desk hands out an issue that is being made."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from issues.models import IssuePage

__all__ = ["FOLDER", "OFFERED", "DeskFile", "files_of"]

FOLDER = "issue-folder.zip"
# What the desk hands out of an issue, and what for; the other forms are for readers.
OFFERED = {
    "issue.docx": "Word，给印刷厂排版",
    "issue.pdf": "PDF样张，打印出来校对",
    FOLDER: "期文件夹，存档或搬到别处",
}


@dataclass(frozen=True, slots=True)
class DeskFile:
    """A file that an editor may take."""

    label: str
    url: str
    opens: bool


def files_of(issue: IssuePage) -> tuple[DeskFile, ...]:
    """Return what is offered of ``issue``."""
    return tuple(
        DeskFile(label, reverse("desk_board_file", args=[issue.pk, file]), file == "issue.pdf")
        for file, label in OFFERED.items()
    )
