"""List the forms in which readers may take an issue along.

A new one is a writer and a few lines here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from newsroom.looks import Look

from .schema import Issue
from .writers.epub import write_epub
from .writers.folder import write_folder_zip
from .writers.illustrations import without_notes
from .writers.offline import write_offline
from .writers.pdf import write_pdf
from .writers.plain_json import write_plain_json
from .writers.word import write_word

__all__ = ["FORMATS", "Format", "file_name"]

Picture = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Format:
    """A form of an issue: how it is called, where it is found, and what makes it.

    ``write`` takes the issue, what gives the bytes of its images, and the address of the site.
    ``opens``: a browser shows it; the others are saved. ``full_size``: it holds photos as they were
    taken in, for printing or keeping; the others have them in a size for reading. ``dressed``: it
    is grey or red where the issue is (newsroom.looks); the others know no such thing.
    """

    file: str  # the last part of its address: /450/issue.pdf
    label: str
    media_type: str
    write: Callable[[Issue, Picture, str, Look], bytes]
    opens: bool = False
    full_size: bool = False
    dressed: bool = False


def _write_folder(issue: Issue, picture: Picture) -> bytes:
    """Return the folder as readers may have it: no photo says where it was taken, or by whom."""
    shown = {*issue.pictures, *(folio.page_image for folio in issue.folios)}
    return write_folder_zip(
        issue,
        picture=lambda name: without_notes(name, picture(name)) if name in shown else picture(name),
    )


FORMATS = {
    format.file: format
    for format in (
        Format(
            "issue.pdf",
            "PDF",
            "application/pdf",
            lambda issue, picture, site, look: write_pdf(issue, picture=picture, look=look),
            opens=True,
            full_size=True,  # set in type, they are cut to the size they are printed in
            dressed=True,
        ),
        Format(
            "issue-a4.pdf",
            "PDF（A4，可自己打印）",
            "application/pdf",
            lambda issue, picture, site, look: write_pdf(
                issue, picture=picture, paper="A4", look=look
            ),
            opens=True,
            full_size=True,
            dressed=True,
        ),
        Format(
            "issue.epub",
            "EPUB电子书",
            "application/epub+zip",
            lambda issue, picture, site, look: write_epub(issue, picture=picture, site=site),
        ),
        Format(
            "issue.zip",
            "离线网页",
            "application/zip",
            lambda issue, picture, site, look: write_offline(issue, picture=picture, site=site),
        ),
        Format(
            "issue.docx",
            "Word",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            lambda issue, picture, site, look: write_word(issue, picture=picture, site=site),
            full_size=True,
        ),
        Format(
            "issue.json",
            "JSON",
            "application/json",
            lambda issue, picture, site, look: write_plain_json(issue),
        ),
        Format(
            "issue-folder.zip",
            "期文件夹",
            "application/zip",
            lambda issue, picture, site, look: _write_folder(issue, picture),
            full_size=True,
        ),
    )
}


def file_name(paper: str, number: int, format: Format) -> str:
    """Return the name under which a reader finds the file later: 杭州工运第450期.pdf."""
    suffix = format.file.removeprefix("issue").replace("-folder", "-期文件夹").replace("-a4", "-A4")
    return f"{paper}第{number}期{suffix}"
