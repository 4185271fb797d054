"""Find the issues in a folder of back issues, in whatever form they were kept, and read each.

An issue is a folder of ours, or a folder or some files whose name tells number or date, with texts,
Word documents, page PDFs or pictures of pages. Nothing is asked: what cannot be told is reported.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from newsroom.cjk import clean_line
from newsroom.lunar import printed_date

from ..composing import compose, facts_of_issue
from ..galley import Block, Galley, GalleyError, Part
from ..schema import IMAGES, Folio, HotArea, Imprint, Issue, SchemaError, check
from .folder import ISSUE_FILE, FolderError, read_folder
from .folding import fold
from .masthead import Facts, gathered
from .page_pdf import PagePdf, PdfRefused, read_page_pdf, suggest_areas
from .uploads import MOST_FILES, UploadRefused, Uploads, read_uploads

__all__ = ["HINT_FILE", "ArchivedIssue", "Entry", "EntryRefused", "find_entries", "read_entry"]

HINT_FILE = "about.toml"  # number = 450, date = 2022-08-02: where no name tells it
TEXTS = (".txt", ".md", ".docx", ".doc", ".wps")
PICTURES = {".jpg": ".jpg", ".jpeg": ".jpg", ".png": ".png", ".webp": ".webp"}
PDF = ".pdf"
LARGEST = 60_000_000  # bytes
MOST_ENTRIES = 10_000
MOST_LEVELS = 3  # of folders: 2022/08/450
PASSED_OVER = re.compile(r"[.~]|thumbs\.db$|desktop\.ini$", re.IGNORECASE)

DAY = re.compile(
    r"(?<!\d)((?:19|20)\d\d)"
    r"(?:[-._年 ]?(\d\d)[-._月 ]?(\d\d)(?!\d)|[-._年 ](\d{1,2})[-._月 ](\d{1,2})(?!\d))日?"
)
NUMBER = re.compile(r"(?:第|总|no\.?) ?(\d{1,5}) ?期?|(\d{1,5}) ?期", re.IGNORECASE)
FOLIO = re.compile(r"第? ?[a-d]?(\d{1,2}) ?版|(?:p|page|版)(\d{1,2})(?!\d)", re.IGNORECASE)
LARGEST_NUMBER = 99_999
MOST_FOLIOS = 99


class EntryRefused(ValueError):
    """Say in Chinese why an issue cannot be taken, and what helps."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What was kept of one issue: a folder of ours, or files; and what its name tells."""

    name: str
    files: tuple[Path, ...] = ()
    folder: Path | None = None
    number: int | None = None
    date: date | None = None


@dataclass(frozen=True, slots=True)
class ArchivedIssue:
    """An issue as it was read, with the bytes of its images, and what could not be told."""

    issue: Issue
    picture: Callable[[str], bytes]
    remarks: tuple[str, ...] = ()


# Names


@dataclass(frozen=True, slots=True)
class _Told:
    number: int | None = None
    date: date | None = None
    folio: int | None = None


def _told_by(name: str, *, is_page: bool = False) -> _Told:
    """Return what a name tells: 450, 2022-08-02, 第450期第2版, 450-2; a page's name ends in it."""
    text = fold(name)
    day, number, folio = None, None, None
    if found := DAY.search(text):
        day = _day(*(int(part) for part in found.groups() if part))
        text = text[: found.start()] + " " + text[found.end() :]
    if found := FOLIO.search(text):
        folio = int(found[1] or found[2])
        text = text[: found.start()] + " " + text[found.end() :]
    if found := NUMBER.search(text):
        number = int(found[1] or found[2])
        text = text[: found.start()] + " " + text[found.end() :]
    figures = [int(part) for part in re.findall(r"\d{1,5}(?!\d)", text)]
    if number is None and figures and not (is_page and len(figures) == 1 and folio is None):
        number = figures.pop(0)
    if is_page and folio is None and figures:
        folio = figures[-1]
    return _Told(
        number if number and number <= LARGEST_NUMBER else None,
        day,
        folio if folio and folio <= MOST_FOLIOS else None,
    )


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _in_order(path: Path) -> list[tuple[int, int, str]]:
    """Sort names as people do: 2 before 10."""
    parts = re.findall(r"\d+|\D+", path.name.lower())
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]


# Finding


def find_entries(root: Path) -> list[Entry]:
    """Return the issues in a folder, by number and date as far as names tell them."""
    if not root.is_dir():
        raise EntryRefused(f"没有这个文件夹：{root}")
    entries = list(_entries(root, root, MOST_LEVELS))
    if len(entries) > MOST_ENTRIES:
        raise EntryRefused(f"文件夹里有{len(entries)}期，一次最多{MOST_ENTRIES}期：请分几次导入")
    entries.sort(key=lambda one: (one.number or 0, one.date or date.min, one.name))
    return entries


def _entries(folder: Path, root: Path, levels: int) -> Iterator[Entry]:
    loose: dict[tuple[int | None, date | None, str], list[Path]] = {}
    for path in sorted(folder.iterdir(), key=_in_order):
        if PASSED_OVER.match(path.name) or path.name == HINT_FILE:
            continue
        if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root)):
            continue  # a link out of the archive
        if path.is_dir():
            yield from _entries_of(path, root, levels)
        elif path.suffix.lower() in (*TEXTS, *PICTURES, PDF):
            told = _told_by(path.stem)
            key = told.number, told.date, "" if told.number or told.date else path.name
            loose.setdefault(key, []).append(path)
    for (number, day, _), files in loose.items():
        name = files[0].relative_to(root).as_posix()
        yield Entry(name, tuple(files), None, number, day)


def _entries_of(folder: Path, root: Path, levels: int) -> Iterator[Entry]:
    name = folder.relative_to(root).as_posix()
    told = _told_by(folder.name)
    if (folder / ISSUE_FILE).is_file():
        yield Entry(name, (), folder, told.number, told.date)
        return
    inside = sorted(folder.iterdir(), key=_in_order)
    files = tuple(path for path in inside if path.is_file() and not PASSED_OVER.match(path.name))
    if not files and levels > 1 and any(path.is_dir() for path in inside):
        yield from _entries(folder, root, levels - 1)  # of a year, of a month
    else:
        yield Entry(name, files, None, told.number, told.date)


# Reading


def read_entry(entry: Entry, *, imprint: Callable[[date], Imprint]) -> ArchivedIssue:
    """Return an issue as it was kept; ``imprint`` gives that of its day where none is printed.

    Raises EntryRefused.
    """
    try:
        if entry.folder is not None:
            images = entry.folder / IMAGES
            issue = read_folder(entry.folder)
            return ArchivedIssue(issue, lambda name: (images / name).read_bytes())
        return _Files(entry, imprint).read()
    except OSError as error:
        raise EntryRefused(f"读不了（{error.strerror or error}）") from error
    except (FolderError, GalleyError, PdfRefused, SchemaError, UploadRefused) as error:
        raise EntryRefused(str(error)) from error


class _Files:
    """The files of an issue while they are read."""

    def __init__(self, entry: Entry, imprint: Callable[[date], Imprint]) -> None:
        self.entry = entry
        self.imprint = imprint
        self.remarks: list[str] = []
        self.images: dict[str, bytes] = {}

    def read(self) -> ArchivedIssue:
        """Return the issue."""
        texts, pages = self._sorted()
        if not texts and not pages:
            raise EntryRefused("里面没有能读的文件（文本、Word文档、版面PDF或版面图片）")
        folios, pdfs = self._folios(pages)
        uploads = read_uploads(texts) if texts else None
        headers = [
            line
            for pdf in pdfs.values()
            for page in pdf.printed
            for line in (*page.header, *page.footer)
        ]
        facts = facts_of_issue(uploads.galley) if uploads else gathered(headers)
        number, day = self._number_and_date(facts)
        if uploads and uploads.galley.articles:
            issue = self._composed(uploads, number, day)
        else:
            labelled = dict(facts.labelled)
            editor = labelled.pop("responsible_editor", "")
            self.remarks.append("只有版面，没有稿件")
            issue = Issue(
                number=number,
                date=day,
                lunar_date=clean_line(facts.lunar_date),
                responsible_editor=editor,
                imprint=replace(self.imprint(day), **labelled),
            )
        issue = replace(issue, folios=self._with_areas(issue, folios, pdfs))
        check(issue)
        return ArchivedIssue(issue, self.images.__getitem__, tuple(self.remarks))

    def _sorted(self) -> tuple[list[tuple[str, bytes]], list[tuple[Path, bytes]]]:
        """Return the texts and the pages among the files, with their bytes."""
        texts: list[tuple[str, bytes]] = []
        pages: list[tuple[Path, bytes]] = []
        for path in self.entry.files:
            ending = path.suffix.lower()
            if path.name == HINT_FILE:
                continue
            if ending not in (*TEXTS, *PICTURES, PDF):
                self.remarks.append(f"“{path.name}”不是能读的文件，没有收入")
                continue
            if path.stat().st_size > LARGEST:
                raise EntryRefused(f"“{path.name}”太大，超过{LARGEST // 1_000_000}MB")
            if ending in TEXTS:
                texts.append((path.name, path.read_bytes()))
            else:
                pages.append((path, path.read_bytes()))
        if len(texts) > MOST_FILES:
            raise EntryRefused(f"有{len(texts)}份文字，一期最多{MOST_FILES}份：请合并后再导入")
        return texts, pages

    def _number_and_date(self, facts: Facts) -> tuple[int, date]:
        hint = self._hint()
        number = hint.number or self.entry.number or facts.number
        day = hint.date or self.entry.date or facts.date
        missing = [label for label, told in (("期号", number), ("日期", day)) if not told]
        if number is None or day is None:
            raise EntryRefused(
                f"看不出{'和'.join(missing)}：请把文件夹改名为“450_2022-08-02”这样的名字，"
                f"或在里面放一个{HINT_FILE}，写上 number = 450 和 date = 2022-08-02"
            )
        if facts.number not in (None, number):
            self.remarks.append(f"文中印的是第{facts.number}期，按文件名作第{number}期")
        if facts.date not in (None, day) and facts.date is not None:
            printed = printed_date(facts.date)
            self.remarks.append(f"文中印的日期是{printed}，按文件名作{printed_date(day)}")
        return number, day

    def _hint(self) -> _Told:
        file = next((path for path in self.entry.files if path.name == HINT_FILE), None)
        if file is None:
            return _Told()
        try:
            told = tomllib.loads(file.read_text(encoding="utf-8"))
        except ValueError as error:
            raise EntryRefused(f"{HINT_FILE}不合TOML的写法（{error}）") from error
        number, day = told.pop("number", None), told.pop("date", None)
        if told or type(number) not in (int, type(None)) or type(day) not in (date, type(None)):
            raise EntryRefused(f"{HINT_FILE}里只能写 number = 450 和 date = 2022-08-02")
        return _Told(number, day)

    def _composed(self, uploads: Uploads, number: int, day: date) -> Issue:
        galley = uploads.galley
        self.images |= uploads.pictures
        facts = facts_of_issue(galley)
        if facts.number is None or facts.date is None:
            galley = _with_date_line(galley, f"{printed_date(day)} 第{number}期")
        if not any(block.part is Part.NAMEPLATE for block in galley.blocks):
            self.remarks.append("没有印报名，用当时的出版信息")
        if galley.open_doubts:
            self.remarks.append(f"有{len(galley.open_doubts)}处疑点，已写成稿件的注记")
        issue = compose(galley, imprint=self.imprint(day))
        return replace(issue, number=number, date=day)

    # Pages

    def _folios(
        self, pages: Iterable[tuple[Path, bytes]]
    ) -> tuple[dict[int, Folio], dict[int, PagePdf]]:
        """Return the folios by number, with the PDFs by the folio that each begins with."""
        folios: dict[int, Folio] = {}
        pdfs: dict[int, PagePdf] = {}
        for path, data in pages:
            number = _told_by(path.stem, is_page=True).folio or 1
            if path.suffix.lower() == PDF:
                while number in folios and folios[number].page_pdf:
                    number += 1
                pdfs[number] = self._pdf(path.name, data)
                for place, page in enumerate(pdfs[number].pages, start=number):
                    folio = folios.get(place, Folio(number=place))
                    name = folio.page_image or f"page-{place}.webp"
                    self.images.setdefault(name, page.image)
                    self.images[f"page-{place}.pdf"] = page.pdf
                    folios[place] = replace(folio, page_image=name, page_pdf=f"page-{place}.pdf")
                continue
            while number in folios and number not in pdfs:
                number += 1
            folio = folios.get(number, Folio(number=number))
            name = f"page-{number}{PICTURES[path.suffix.lower()]}"
            self.images.pop(folio.page_image, None)
            self.images[name] = data
            folios[number] = replace(folio, page_image=name)
        return folios, pdfs

    def _pdf(self, name: str, data: bytes) -> PagePdf:
        try:
            return read_page_pdf(data)
        except PdfRefused as refused:
            raise EntryRefused(f"“{name}”：{refused}") from refused

    def _with_areas(
        self, issue: Issue, folios: dict[int, Folio], pdfs: dict[int, PagePdf]
    ) -> tuple[Folio, ...]:
        """Return all folios, with where the articles stand on those whose text is known."""
        areas: dict[int, tuple[HotArea, ...]] = {}
        for number, pdf in pdfs.items():
            for place, found in enumerate(suggest_areas(pdf, issue.articles), start=number):
                areas[place] = found
        named = {folio.number: folio for folio in issue.folios}
        whole = {**named, **folios}
        return tuple(
            replace(
                folio,
                name=named[number].name if number in named else folio.name,
                hot_areas=areas.get(number, ()),
            )
            for number, folio in sorted(whole.items())
        )


def _with_date_line(galley: Galley, text: str) -> Galley:
    """Return a galley that says first of which issue it is."""
    key = 1 + max((block.id for block in galley.blocks), default=0)
    line = Block(key, text, Part.DATE_LINE)
    return replace(galley, blocks=(line, *galley.blocks), order=(key, *galley.order))
