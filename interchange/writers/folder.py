"""Write an issue as its folder, in the canonical form of docs/issue-folder.md."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from ..markdown import write_body
from ..readers.folder import ARTICLE_FILE, FENCE, ISSUE_FILE, FolderError, article_file
from ..schema import FORMAT, IMAGES, Article, Issue, check
from ..tables import write_array, write_table, write_value
from .zipped import zip_of

__all__ = ["render", "write_folder", "write_folder_zip"]


def render(issue: Issue) -> dict[str, str]:
    """Return the text files of the folder by name; the pictures are ``issue.images``."""
    check(issue)
    files = {ISSUE_FILE: _render_issue(issue)}
    for article in issue.articles:
        files[article_file(article.number)] = _render_article(article)
    return files


def write_folder(issue: Issue, destination: Path, picture: Callable[[str], bytes]) -> None:
    """Write the folder of an issue; ``picture`` gives the bytes of an image by its name.

    A new folder appears whole or not at all. An existing one is replaced file by file, if it is
    that of the same issue; what is not part of the form, as ``provenance/``, stays.
    """
    texts = render(issue)
    if destination.exists() and not destination.is_dir():
        raise FolderError(destination.name, None, "已有同名的文件，没有写入")
    if destination.is_dir() and any(destination.iterdir()):
        _refuse_another_issue(destination, issue.number)
        _write_files(issue, texts, destination, picture)
        _remove_stale(destination, {*texts, *(f"{IMAGES}/{name}" for name in issue.images)})
        return
    destination.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{destination.name}-", dir=destination.parent) as workshop:
        folder = Path(workshop) / destination.name
        folder.mkdir()
        _write_files(issue, texts, folder, picture)
        folder.rename(destination)


def write_folder_zip(issue: Issue, *, picture: Callable[[str], bytes]) -> bytes:
    """Return the folder of an issue in one file, for editors: remarks are in it.

    The same issue and pictures give the same bytes. Pictures keep their names, Chinese ones too.
    """
    texts = sorted(render(issue).items())
    files = [(name, text.encode()) for name, text in texts]
    files += [(f"{IMAGES}/{name}", picture(name)) for name in issue.images]
    return zip_of((f"issue-{issue.number}/{name}", content) for name, content in files)


# Text


def _render_issue(issue: Issue) -> str:
    return "\n".join([*_issue_lines(issue), ""])


def _issue_lines(issue: Issue) -> Iterator[str]:
    yield f"format = {write_value(FORMAT)}"
    yield ""
    yield "[issue]"
    yield from write_table(issue, leave_out=("imprint", "folios", "articles"))
    if order := _order_to_tell(issue):
        yield f"order = {write_value(order)}"
    yield ""
    yield "[imprint]"
    yield from write_table(issue.imprint)
    yield from write_array("folio", issue.folios)


def _order_to_tell(issue: Issue) -> list[int]:
    """Return the articles' numbers in print order, unless it is that of folio and number."""
    usual = sorted(issue.articles, key=lambda article: (article.folio, article.number))
    if usual == list(issue.articles):
        return []
    return [article.number for article in issue.articles]


def _render_article(article: Article) -> str:
    lines = [FENCE, *write_table(article, leave_out=("body",)), FENCE]
    if article.body:
        lines += ["", write_body(article.body)]
    return "\n".join([*lines, ""])


# Files


def _refuse_another_issue(folder: Path, number: int) -> None:
    """Refuse to write into a folder that holds anything but the issue of this number."""
    try:
        head = tomllib.loads((folder / ISSUE_FILE).read_text(encoding="utf-8"))
        if head["format"] == FORMAT and head["issue"]["number"] == number:
            return
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        pass
    raise FolderError(folder.name, None, f"里面有别的东西，不是第{number}期的文件夹，没有写入")


def _write_files(
    issue: Issue, texts: dict[str, str], folder: Path, picture: Callable[[str], bytes]
) -> None:
    """Write pictures first and ``issue.toml`` last, so that what it speaks of is there."""
    images = folder / IMAGES
    if images.is_symlink():
        raise FolderError(IMAGES, None, "指向别处，没有写入")
    if issue.images:
        images.mkdir(exist_ok=True)
    for name in issue.images:
        _replace(images / name, picture(name))
    for name in sorted(texts):
        _replace(folder / name, texts[name].encode())


def _replace(path: Path, content: bytes) -> None:
    """Give a file new content in one step; a file that has it already is not touched."""
    if path.is_file() and not path.is_symlink() and path.read_bytes() == content:
        return
    draft = path.with_name(f".{path.name}.new")
    draft.write_bytes(content)
    os.replace(draft, path)


def _remove_stale(folder: Path, current: set[str]) -> None:
    """Remove the articles and pictures that the issue no longer has."""
    images = folder / IMAGES
    stale = [path for path in folder.iterdir() if ARTICLE_FILE.fullmatch(path.name)]
    if images.is_dir():
        stale += [path for path in images.iterdir() if path.is_file()]
    for path in stale:
        if path.relative_to(folder).as_posix() not in current:
            path.unlink()
    if images.is_dir() and not any(images.iterdir()):
        images.rmdir()
