"""Read an issue from its folder (docs/issue-folder.md)."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from ..lines import line_of
from ..markdown import Block, MarkdownError, read_blocks
from ..rules import Place
from ..schema import (
    FORMAT,
    IMAGES,
    Article,
    Folio,
    Imprint,
    Issue,
    SchemaError,
    check,
    photos_of,
)
from ..tables import read_table

__all__ = ["FENCE", "ISSUE_FILE", "PROVENANCE", "FolderError", "article_file", "read_folder"]

ISSUE_FILE = "issue.toml"
PROVENANCE = "provenance"  # kept beside the issue, no part of it
FENCE = "+++"

MOST_FILES = 2_000
LARGEST_TEXT = 5_000_000
LARGEST_IMAGE = 50_000_000

ARTICLE_FILE = re.compile(r"\d{2,4}\.md")
UNREADABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class FolderError(ValueError):
    """Say in which file of an issue folder, on which line, something is wrong, and what."""

    def __init__(self, file: str, line: int | None, reason: str) -> None:
        super().__init__(f"{file}，第{line}行：{reason}" if line else f"{file}：{reason}")
        self.file = file
        self.line = line
        self.reason = reason


@dataclass(frozen=True, slots=True)
class ArticleFile:
    """An article with what is needed to say where in its file something stands."""

    name: str
    front_matter: str
    blocks: tuple[Block, ...]
    article: Article

    def line_of(self, place: Place) -> int:
        """Return the line of the file on which a place of the article is written."""
        match place:
            case ("body", int(index), "photos", int(row), *_):
                return self.blocks[index].line + row
            case ("body", int(index), *_):
                return self.blocks[index].line
        return 1 + line_of(self.front_matter, place)


def read_folder(folder: Path) -> Issue:
    """Return the issue in a folder, or raise ``FolderError`` at the first thing that is wrong."""
    names = _list_files(folder)
    if ISSUE_FILE not in names:
        raise FolderError(ISSUE_FILE, None, "没有这个文件，不是一期的文件夹")
    source = _read_text(folder, ISSUE_FILE)
    head = _load_toml(source, ISSUE_FILE)
    files = [_read_article(folder, name) for name in sorted(names) if ARTICLE_FILE.fullmatch(name)]
    try:
        files = _in_print_order(files, head)
        issue = _make_issue(head, tuple(file.article for file in files))
        check(issue)
        _check_images(issue, _images_among(names))
    except SchemaError as error:
        raise _at_its_line(error, source, files) from error
    return issue


def article_file(number: int) -> str:
    """Return the name of the file that holds an article."""
    return f"{number:02d}.md"


# Files


def _list_files(folder: Path) -> list[str]:
    """Return the names of all files that make up the issue, none of which leads elsewhere."""
    if not folder.is_dir():
        raise FolderError(folder.name, None, "没有这个文件夹")
    names = []
    for path in _entries(folder):
        name = path.relative_to(folder).as_posix()
        if path.name.startswith(".") or name == PROVENANCE:
            continue
        if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder)):
            raise FolderError(name, None, "指向文件夹之外，不能用")
        if name == IMAGES and path.is_dir():
            continue
        _check_file(path, name)
        names.append(name)
    return names


def _entries(folder: Path) -> list[Path]:
    """Return what the folder and its ``images/`` hold, unless that is far too much."""
    found: list[Path] = []
    for directory in (folder, folder / IMAGES):
        if directory.is_dir():
            with os.scandir(directory) as entries:
                found += [Path(entry.path) for entry in islice(entries, MOST_FILES + 1)]
    if len(found) > MOST_FILES:
        raise FolderError(folder.name, None, f"文件太多，超过{MOST_FILES}个")
    return found


def _check_file(path: Path, name: str) -> None:
    """Refuse what is not an ordinary file of the format, or too large to be one."""
    is_image = name.startswith(f"{IMAGES}/")
    if not path.is_file():
        raise FolderError(name, None, "不是普通文件")
    if not is_image and name != ISSUE_FILE and not ARTICLE_FILE.fullmatch(name):
        raise FolderError(
            name, None, "不认识的文件；稿件的文件名是 01.md、02.md……，图片放在 images/"
        )
    largest = LARGEST_IMAGE if is_image else LARGEST_TEXT
    if path.stat().st_size > largest:
        raise FolderError(name, None, f"文件太大，超过{largest // 1_000_000}MB")


def _read_text(folder: Path, name: str) -> str:
    """Return a file as text, its line ends made those of Unix."""
    data = (folder / name).read_bytes()
    if data.startswith(BYTE_ORDER_MARK):
        raise FolderError(name, 1, "文件开头有 BOM，请另存为“UTF-8（无 BOM）”")
    try:
        text = data.decode().replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FolderError(name, line, "不是 UTF-8 编码，请另存为 UTF-8") from error
    if found := UNREADABLE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise FolderError(name, line, f"含有控制字符 U+{ord(found[0]):04X}，请删去")
    return text


def _load_toml(source: str, name: str, lines_before: int = 0) -> dict[str, Any]:
    try:
        return tomllib.loads(source)
    except RecursionError as error:
        raise FolderError(name, lines_before + 1, "TOML 的括号嵌套太深") from error
    except ValueError as error:
        detail, _, where = str(error).partition(" (at ")
        line = 1
        if said := re.match(r"line (\d+)", where):
            line = int(said[1])
        elif where.startswith("end of document"):
            line = source.rstrip("\n").count("\n") + 1
        raise FolderError(name, lines_before + line, f"不合 TOML 的写法（{detail}）") from error


def _images_among(names: list[str]) -> set[str]:
    folder = f"{IMAGES}/"
    return {name.removeprefix(folder) for name in names if name.startswith(folder)}


# Articles


def _read_article(folder: Path, name: str) -> ArticleFile:
    lines = _read_text(folder, name).split("\n")
    if lines[0] != FENCE:
        raise FolderError(name, 1, f"第一行应是“{FENCE}”")
    if FENCE not in lines[1:]:
        raise FolderError(name, len(lines), f"文首的各项没有用“{FENCE}”结束")
    end = lines.index(FENCE, 1)
    front_matter = "\n".join(lines[1:end])
    table = _load_toml(front_matter, name, lines_before=1)
    try:
        blocks = tuple(read_blocks("\n".join(lines[end + 1 :]), first_line=end + 2))
        body = tuple(block.passage for block in blocks)
        article = read_table(Article, table, body=body)
    except MarkdownError as error:
        raise FolderError(name, error.line, error.reason) from error
    except SchemaError as error:
        raise FolderError(
            name, 1 + line_of(front_matter, error.place), _reason_of(error)
        ) from error
    file = ArticleFile(name, front_matter, blocks, article)
    if name != article_file(article.number):
        reason = f"篇号是{article.number}，文件名却是 {name}"
        raise FolderError(name, file.line_of(("number",)), reason)
    return file


def _in_print_order(files: list[ArticleFile], head: Mapping[str, Any]) -> list[ArticleFile]:
    """Put articles in the order that the issue gives, or else by folio and number."""
    by_number = {file.article.number: file for file in files}
    issue = head.get("issue")
    order = issue.get("order") if isinstance(issue, dict) else None
    if order is None:
        return sorted(files, key=lambda file: (file.article.folio, file.article.number))
    if not isinstance(order, list) or any(type(number) is not int for number in order):
        raise SchemaError(("issue", "order"), "应是篇号的列表，如 [2, 1, 3]")
    if sorted(order) != sorted(by_number):
        raise SchemaError(("issue", "order"), "要把每篇稿件的篇号各列一次")
    return [by_number[number] for number in order]


# The issue


def _make_issue(head: Mapping[str, Any], articles: tuple[Article, ...]) -> Issue:
    """Make the issue of the tables in ``issue.toml`` and its articles."""
    if head.get("format") != FORMAT:
        raise SchemaError(("format",), f"应是“{FORMAT}”，别的写法读不了")
    for key in head:
        if key not in ("format", "issue", "imprint", "folio"):
            raise SchemaError((key,), "不认识的项")
    for key in ("issue", "imprint"):
        if not isinstance(head.get(key), dict):
            raise SchemaError((key,), "缺少这一节")
    folios = head.get("folio", [])
    if not isinstance(folios, list) or not all(isinstance(folio, dict) for folio in folios):
        raise SchemaError(("folio",), "要写成 [[folio]] 开头的几节")
    return read_table(
        Issue,
        {key: value for key, value in head["issue"].items() if key != "order"},
        ("issue",),
        imprint=read_table(Imprint, head["imprint"], ("imprint",)),
        folios=tuple(read_table(Folio, table, ("folio", n)) for n, table in enumerate(folios)),
        articles=articles,
    )


def _check_images(issue: Issue, present: set[str]) -> None:
    """Refuse files that are named but missing, and such that nothing names."""
    for place, name in _named_files(issue):
        if name and name not in present:
            raise SchemaError(place, f"找不到文件 {IMAGES}/{name}")
    if unused := sorted(present.difference(issue.images)):
        raise FolderError(f"{IMAGES}/{unused[0]}", None, "没有哪一处用到这个文件")


def _named_files(issue: Issue) -> Iterator[tuple[Place, str]]:
    """Yield each place that names a file in ``images/``, and the name, which may be empty."""
    yield ("imprint", "nameplate"), issue.imprint.nameplate
    for f, folio in enumerate(issue.folios):
        yield ("folios", f, "page_image"), folio.page_image
        yield ("folios", f, "page_pdf"), folio.page_pdf
    for a, article in enumerate(issue.articles):
        for p, passage in enumerate(article.body):
            for n, photo in enumerate(photos_of(passage)):
                yield ("articles", a, "body", p, "photos", n), photo.file


def _at_its_line(error: SchemaError, source: str, files: list[ArticleFile]) -> FolderError:
    """Say where in the folder the place of a schema error is written."""
    match error.place:
        case ("articles", int(index), *place):
            file = files[index]
            return FolderError(file.name, file.line_of(tuple(place)), _reason_of(error))
    line = line_of(source, error.place) or line_of(source, ("issue", *error.place)) or 1
    return FolderError(ISSUE_FILE, line, _reason_of(error))


def _reason_of(error: SchemaError) -> str:
    """Return the reason with the key it is about; in the body, the line alone says where."""
    if "body" in error.place:
        return error.reason
    keys = [step for step in error.place if isinstance(step, str)]
    return f"{keys[-1]}：{error.reason}"
