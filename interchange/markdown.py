r"""Read and write the body of an article as restricted Markdown (docs/issue-folder.md).

A body is a row of blocks with empty lines between them. The first line tells what a block is::

    ## 小标题
    ![图片说明](images/a.jpg "摄影"){替代文字}      two or more such lines: a gallery
    > 引文                                          last line `> —— 出处`: its source
    | a | b |                                       `| --- | --- |` below the first row: a header;
                                                    a line `[表] 表题` above: the caption
    [注] 附注
    anything else is a paragraph, in which **粗**, *斜* and [链接](https://…) are set

`**` and `*` switch a setting on and off wherever they stand: there are no flanking rules, which
fail between Chinese characters. A backslash before a sign, a space or a tab makes it an ordinary
character; before the end of a line in a paragraph or a note it is a line break; in captions,
alternative texts and cells, which stand on one line, a line break is written `\n`. Spaces are
never trimmed, except around the text of a cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .schema import (
    IMAGES,
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

__all__ = ["Block", "MarkdownError", "parse_body", "read_blocks", "write_body"]

CROSSHEAD = "## "
QUOTE = "> "
SOURCE = "—— "
NOTE = "[注] "
TABLE_CAPTION = "[表] "

# What makes the first line of a block something else than a paragraph.
STRUCTURE = re.compile(r"#{1,6} |>|\||!\[|\+\+\+|\[注\] |\[表\] ")
PHOTO = re.compile(
    r"!\[(?P<caption>(?:[^\\\]]|\\.)*)\]"
    r'\((?P<file>[^\s"()]*)(?: "(?P<credit>(?:[^\\"]|\\.)*)")?\)'
    r"(?:\{(?P<alt>(?:[^\\}]|\\.)*)\})?"
)
CELL = re.compile(r"\|((?:[^\\|]|\\.)*)")
HEADER_RULE = re.compile(r":?-{3,}:?")
ESCAPED = r"\\(?P<escaped>[!-/:-@\[-`{-~ \t\n—])"
PLAIN = re.compile(rf"{ESCAPED}|(?P<line_break>\\n)|(?P<stray>[\\\n])")
INLINE = re.compile(
    r"(?P<text>[^\\*\[\]\n]+)"
    rf"|{ESCAPED}"
    r"|(?P<bold>\*\*)|(?P<italic>\*)"
    r"|(?P<link>\[)|\]\((?P<href>(?:[^\\()\s]|\\.)*)\)"
    r"|(?P<stray>.)",
    re.DOTALL,
)


class MarkdownError(ValueError):
    """Say on which line a body cannot be read, and why."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"第{line}行：{reason}")
        self.line = line
        self.reason = reason


class Block(NamedTuple):
    """A passage of the body, with the number of the line on which it begins."""

    line: int
    passage: Passage


# Reading


def parse_body(source: str, first_line: int = 1) -> tuple[Passage, ...]:
    """Return the passages of a body whose first line has the given number."""
    return tuple(block.passage for block in read_blocks(source, first_line))


def read_blocks(source: str, first_line: int = 1) -> Iterator[Block]:
    """Yield the passages of a body, each with the line on which it begins."""
    lines: list[str] = []
    for number, line in enumerate([*source.split("\n"), ""], start=first_line):
        if line.strip(" \t"):
            lines.append(line)
        elif lines:
            start = number - len(lines)
            yield Block(start, _read_block(lines, start))
            lines = []


def _read_block(lines: Sequence[str], number: int) -> Passage:
    first = lines[0]
    if not STRUCTURE.match(first):
        return Paragraph(tuple(_read_runs(_joined(lines), number)))
    if first.startswith(CROSSHEAD):
        if len(lines) > 1:
            raise MarkdownError(number + 1, "小标题只有一行，后面要空一行")
        return Crosshead(_read_text(first.removeprefix(CROSSHEAD), number))
    if first.startswith("!["):
        return _read_photos(lines, number)
    if first.startswith(">"):
        return _read_quote(lines, number)
    if first.startswith(("|", TABLE_CAPTION)):
        return _read_table(lines, number)
    if first.startswith(NOTE):
        return Note(_read_text(_joined(lines).removeprefix(NOTE), number))
    mark = first.split(" ")[0]
    raise MarkdownError(number, f"“{mark}”在这里没有意义：小标题用“## ”，普通文字请写“\\{mark}”")


def _joined(lines: Sequence[str]) -> str:
    """Join the lines of a block; a backslash at its very end breaks the line as anywhere else."""
    source = "\n".join(lines)
    backslashes = len(source) - len(source.rstrip("\\"))
    return source + "\n" if backslashes % 2 else source


def _read_runs(source: str, number: int) -> Iterator[Run]:
    bold = italic = filled = False
    href = ""
    for token in INLINE.finditer(source):
        if text := token["text"] or token["escaped"]:
            filled = True
            yield Run(text, bold, italic, href)
        elif token["bold"]:
            bold = not bold
        elif token["italic"]:
            italic = not italic
        elif token["link"] and not href:
            href = _href_of_link(source, token.end(), number)
            filled = False
        elif token["href"] and href and filled:
            href = ""
        else:
            raise _stray(token, number)
    if bold or italic:
        raise MarkdownError(number, "粗体“**”或斜体“*”没有结束；普通的“*”请写“\\*”")


def _href_of_link(source: str, start: int, number: int) -> str:
    """Return where the link leads whose text begins at ``start``."""
    for token in INLINE.finditer(source, start):
        if token["href"]:
            return _read_text(token["href"], _line_at(token, number))
    line = number + source.count("\n", 0, start)
    raise MarkdownError(line, "链接要写成“[文字](网址)”；普通的“[”请写“\\[”")


def _line_at(token: re.Match[str], number: int) -> int:
    """Return the line on which a token begins, when the first has the given number."""
    return number + token.string.count("\n", 0, token.start())


def _stray(token: re.Match[str], number: int) -> MarkdownError:
    """Explain a sign that means nothing where it stands."""
    sign = token[0]
    if sign == "\n":
        reason = "这一行后面紧接着另一行：另起一段请空一行，段内换行请在行末加“\\”"
    elif sign == "\\":
        reason = "“\\”后面不是可以转义的符号；普通的“\\”请写“\\\\”"
    else:
        reason = f"“{sign}”在这里没有意义；普通的“{sign[0]}”请写“\\{sign[0]}”"
    return MarkdownError(_line_at(token, number), reason)


def _read_text(source: str, number: int) -> str:
    """Return plain text without its escapes."""

    def plain(token: re.Match[str]) -> str:
        if token["stray"]:
            raise _stray(token, number)
        return token["escaped"] or "\n"

    return PLAIN.sub(plain, source)


def _read_photos(lines: Sequence[str], number: int) -> Photo | Gallery:
    photos = tuple(_read_photo(line, n) for n, line in enumerate(lines, start=number))
    return photos[0] if len(photos) == 1 else Gallery(photos)


def _read_photo(line: str, number: int) -> Photo:
    found = PHOTO.fullmatch(line)
    if not found:
        raise MarkdownError(number, '图片要写成“![说明](images/文件名 "摄影"){替代文字}”')
    if not found["file"].startswith(f"{IMAGES}/"):
        raise MarkdownError(number, f"图片“{found['file']}”不在 {IMAGES}/ 里")
    return Photo(
        found["file"].removeprefix(f"{IMAGES}/"),
        _read_text(found["caption"], number),
        _read_text(found["credit"] or "", number),
        _read_text(found["alt"] or "", number),
    )


def _read_quote(lines: Sequence[str], number: int) -> Quote:
    quoted = []
    for n, line in enumerate(lines, start=number):
        if line != QUOTE.strip() and not line.startswith(QUOTE):
            raise MarkdownError(n, "引文的每一行都要以“> ”开头")
        quoted.append(line.removeprefix(QUOTE.strip()).removeprefix(" "))
    source = ""
    if quoted[-1].startswith(SOURCE):
        source = _read_text(quoted.pop().removeprefix(SOURCE), number + len(quoted))
    texts = [_read_text(line, n) for n, line in enumerate(quoted, start=number)]
    return Quote("\n".join(texts), source)


def _read_table(lines: Sequence[str], number: int) -> Table:
    caption = ""
    if lines[0].startswith(TABLE_CAPTION):
        caption = _read_text(lines[0].removeprefix(TABLE_CAPTION), number)
        lines, number = lines[1:], number + 1
    rows = [(n, _read_row(line, n)) for n, line in enumerate(lines, start=number)]
    has_header = len(rows) > 1 and all(HEADER_RULE.fullmatch(cell) for cell in rows[1][1])
    if has_header:
        del rows[1]
    texts = [tuple(_read_text(cell, n) for cell in row) for n, row in rows]
    return Table(tuple(texts), has_header, caption)


def _read_row(line: str, number: int) -> list[str]:
    """Return the cells of a row, escapes kept, unescaped spaces around them gone."""
    line = line.rstrip(" ")
    cells = CELL.findall(line)
    if not cells or cells.pop() or "|".join(["", *cells, ""]) != line:
        raise MarkdownError(number, "表格的每一行都要以“|”开头和结尾；格子里的“|”请写“\\|”")
    return [_without_padding(cell) for cell in cells]


def _without_padding(cell: str) -> str:
    bare = cell.strip(" ")
    backslashes = len(bare) - len(bare.rstrip("\\"))
    return bare + " " if backslashes % 2 else bare


# Writing


def write_body(passages: Sequence[Passage]) -> str:
    """Write passages in canonical form: one empty line between blocks, none at the end."""
    return "\n\n".join(_write_block(passage) for passage in passages)


def _write_block(passage: Passage) -> str:
    match passage:
        case Paragraph(runs):
            return _write_paragraph(runs)
        case Crosshead(text):
            return CROSSHEAD + _escape(text)
        case Photo():
            return _write_photo(passage)
        case Gallery(photos):
            return "\n".join(map(_write_photo, photos))
        case Quote(text, source):
            return _write_quote(text, source)
        case Table():
            return _write_table(passage)
        case Note(text):
            return _with_visible_end(NOTE + _escape(text).replace("\n", "\\\n"))


def _write_paragraph(runs: Sequence[Run]) -> str:
    """Write runs, switching settings outside the brackets of links."""
    pieces: list[str] = []
    before = Run("")
    for run in [*runs, Run("")]:
        if before.href and before.href != run.href:
            pieces.append(f"]({_escape(before.href, '()')})")
        if before.bold != run.bold:
            pieces.append("**")
        if before.italic != run.italic:
            pieces.append("*")
        if run.href and before.href != run.href:
            pieces.append("[")
        pieces.append(_escape(run.text, "*[]").replace("\n", "\\\n"))
        before = run
    source = _with_visible_end("".join(pieces))
    return "\\" + source if STRUCTURE.match(source) else source


def _with_visible_end(source: str) -> str:
    """Keep a last line that has nothing to show from being taken for the end of the block."""
    lines = source.split("\n")
    if not lines[-1]:
        lines.pop()
    elif not lines[-1].strip(" \t"):
        lines[-1] = "\\" + lines[-1]
    return "\n".join(lines)


def _write_photo(photo: Photo) -> str:
    caption = _escape_line(photo.caption, "]")
    credit = ' "' + _escape_line(photo.credit, '"') + '"' if photo.credit else ""
    alt = "{" + _escape_line(photo.alt, "}") + "}" if photo.alt else ""
    return f"![{caption}]({IMAGES}/{photo.file}{credit}){alt}"


def _write_quote(text: str, source: str) -> str:
    lines = [_escape(line) for line in text.split("\n")]
    lines = ["\\" + line if line.startswith(SOURCE) else line for line in lines]
    if source:
        lines.append(SOURCE + _escape(source))
    return "\n".join(QUOTE + line if line else QUOTE.strip() for line in lines)


def _write_table(table: Table) -> str:
    lines = [_write_row(map(_write_cell, row)) for row in table.rows]
    if table.has_header:
        lines.insert(1, _write_row("---" for _ in table.rows[0]))
    if table.caption:
        lines.insert(0, TABLE_CAPTION + _escape(table.caption))
    return "\n".join(lines)


def _write_row(cells: Iterator[str]) -> str:
    return "".join(f"| {cell} " for cell in cells) + "|"


def _write_cell(text: str) -> str:
    if HEADER_RULE.fullmatch(text):
        return "\\" + text
    bare = text.strip(" ")
    leading = len(text) - len(text.lstrip(" "))
    trailing = len(text) - leading - len(bare)
    return "\\ " * leading + _escape_line(bare, "|") + "\\ " * trailing


def _escape(text: str, signs: str = "") -> str:
    """Put a backslash before every backslash and before the given signs."""
    return re.sub(f"[{re.escape(signs)}\\\\]", r"\\\g<0>", text)


def _escape_line(text: str, signs: str) -> str:
    """Escape text that must stand on one line."""
    return _escape(text, signs).replace("\n", "\\n")
