"""Set a template and its data in type, as one tagged PDF.

A template is a ``.typ`` file beside this module. It reads its text from ``sys.inputs.data``, which
is JSON: text is never markup, whatever signs it holds. A picture is ``image("pictures/" + name)``.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

import typst

from newsroom.cjk import clean_text

__all__ = ["Press", "TypesettingFailed", "typeset"]

HERE = Path(__file__).resolve().parent
FONTS = HERE / "fonts"
DEBIAN_FONTS = Path("/usr/share/fonts/opentype/noto")  # of the package fonts-noto-cjk
PICTURES = "pictures"

NO_PICTURES: Mapping[str, bytes] = MappingProxyType({})
NO_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)  # a clock that stands: equal data, equal bytes

# How typst names a character that no font has, in the words of its Rust: 𠀋, or \u{e000}.
UNPRINTABLE = re.compile(r'the text `"((?:[^"\\]|\\.)+)"` could not be displayed')
RUST_ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}")


class TypesettingFailed(Exception):
    """Tell the editor why there is no PDF, and which characters stand in its way if any do."""

    def __init__(self, reason: str, characters: Sequence[str] = ()) -> None:
        super().__init__(reason)
        self.characters = tuple(characters)


def typeset(
    template: str,
    data: Mapping[str, object],
    *,
    pictures: Mapping[str, bytes] = NO_PICTURES,
    at: datetime | None = None,
) -> bytes:
    """Return the PDF that the template makes of the data.

    ``at`` is the moment that the PDF says it was made; a template that sets ``date: none`` tells
    none. The same data, pictures and moment give the same bytes. Invisible characters, those that
    turn the direction of text among them, are left out. Nothing is read from outside the template's
    folder.
    """
    with TemporaryDirectory(prefix="typesetting-") as folder:
        return Press(Path(folder), template, pictures=pictures).print(data, at=at)


class Press:
    """A template in a workshop of its own: asked first how large things are, it prints them then.

    With ``fallback`` the fonts that Debian's package brings serve for what ours lack.
    """

    def __init__(
        self,
        workshop: Path,
        template: str,
        *,
        pictures: Mapping[str, bytes] = NO_PICTURES,
        fallback: bool = False,
    ) -> None:
        self._workshop = workshop
        self._template = workshop / f"{template}.typ"
        self._fonts = _fonts(fallback=fallback)
        self._last: tuple[str, typst.Compiler] | None = None
        _lay_ready(workshop, pictures)

    def ask(self, data: Mapping[str, object], label: str) -> Any:
        """Return what the template answers under a label: the value of its metadata, in order."""
        try:
            return json.loads(self._compiler(data).query(f"<{label}>", field="value"))
        except RuntimeError as error:  # here typst does not use its own class of it
            raise _failure(error) from error

    def print(self, data: Mapping[str, object], *, at: datetime | None = None) -> bytes:
        """Return the PDF."""
        moment = (at or NO_MOMENT).astimezone(UTC)  # typst knows no zone but a fixed offset
        try:
            # PDF/UA is for readers who listen. It also refuses what would otherwise vanish from
            # the page in silence: a picture without description, a character without glyph.
            pdf = self._compiler(data).compile(
                format="pdf", pdf_standards=["ua-1"], timestamp=moment
            )
        except typst.TypstError as error:
            raise _failure(error) from error
        assert isinstance(pdf, bytes)  # noqa: S101  # for mypy: no output file was named
        return pdf

    def draw(self, data: Mapping[str, object]) -> bytes:
        """Return the first page as a PNG, a pixel to a point."""
        try:
            drawn = self._compiler(data).compile(format="png", ppi=72)
        except typst.TypstError as error:
            raise _failure(error) from error
        page = drawn[0] if isinstance(drawn, list) else drawn
        assert isinstance(page, bytes)  # noqa: S101  # for mypy: no output file was named
        return page

    def lay(self, name: str, picture: bytes) -> None:
        """Put a picture into the workshop."""
        _lay(self._workshop, name, picture)

    def _compiler(self, data: Mapping[str, object]) -> typst.Compiler:
        """Return a compiler for the data: the last one, if it is asked for the same again."""
        text = json.dumps(_visible(data), ensure_ascii=False)
        if self._last is None or self._last[0] != text:
            compiler = typst.Compiler(
                self._template,
                root=self._workshop,
                font_paths=self._fonts,
                ignore_system_fonts=True,
                sys_inputs={"data": text},
            )
            self._last = text, compiler
        return self._last[1]


@cache
def _fonts(*, fallback: bool) -> typst.Fonts:
    """Return our own fonts and no other: neither the system's nor those that typst brings."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[FONTS, DEBIAN_FONTS] if fallback else [FONTS],
    )


def _lay_ready(workshop: Path, pictures: Mapping[str, bytes]) -> None:
    """Put the templates and the pictures into a folder that typst may read, and nothing else."""
    for source in HERE.glob("*.typ"):
        shutil.copyfile(source, workshop / source.name)
    (workshop / PICTURES).mkdir()
    for name, content in pictures.items():
        _lay(workshop, name, content)


def _lay(workshop: Path, name: str, picture: bytes) -> None:
    if Path(name).name != name:
        raise ValueError(f"Not the name of a picture: {name!r}")
    (workshop / PICTURES / name).write_bytes(picture)


def _visible(value: object) -> object:
    """Return data with every text in it, however deep, free of what cannot be seen."""
    match value:
        case str():
            return clean_text(value)
        case Mapping():
            return {name: _visible(inner) for name, inner in value.items()}
        case list() | tuple():
            return [_visible(inner) for inner in value]
    return value


def _failure(error: RuntimeError) -> TypesettingFailed:
    """Put an error of typst into words for the editor."""
    message = error.message if isinstance(error, typst.TypstError) else str(error)
    details = error.diagnostic if isinstance(error, typst.TypstError) else ""
    found = UNPRINTABLE.findall(details or message)
    characters = tuple(dict.fromkeys(map(_unescape, found)))
    if not characters:
        return TypesettingFailed(f"排版没有成功，请把这句话告诉技术人员：{message}")
    spelt = "、".join(f"“{character}”（{_code_points(character)}）" for character in characters)
    return TypesettingFailed(
        f"字体里没有{spelt}，不能排版。请改用别的字，或请技术人员补进字体。", characters
    )


def _unescape(text: str) -> str:
    return RUST_ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)


def _code_points(text: str) -> str:
    return " ".join(f"U+{ord(character):04X}" for character in text)
