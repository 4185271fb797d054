"""How a reader wants to read: large letters, 长者版, dark, the article alone.

Pages are one and the same for everybody. Where scripts run, a choice is kept on the device and put
on the page before it is drawn (static/js/comfort.js). Where none run, it is a cookie that is sent
to ``/reading/`` alone, and the style sheet there follows it (docs/adr/0019-reading-aids.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["COMFORTS", "Comfort", "Option", "read_choice", "style_of", "written"]

LONGEST = 100  # characters of a choice


@dataclass(frozen=True, slots=True)
class Option:
    """One way to read; ``value`` is empty for the usual one."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Comfort:
    """What can be chosen of one kind, the usual first; its name is that of the page's attribute."""

    name: str
    label: str
    options: tuple[Option, ...]


COMFORTS = (
    Comfort(
        "size",
        "字号",
        (Option("", "标准"), Option("1", "大"), Option("2", "更大"), Option("3", "最大")),
    ),
    Comfort("elder", "版本", (Option("", "标准版"), Option("on", "长者版"))),
    Comfort(
        "theme",
        "颜色",
        (Option("", "跟随设备"), Option("light", "浅色"), Option("dark", "深色")),
    ),
    Comfort("focus", "文章页", (Option("", "全页"), Option("on", "专注阅读"))),
)
# One by one, since the reader's choice is searched for in it.
VALUES = {comfort.name: {option.value for option in comfort.options} for comfort in COMFORTS}


def read_choice(text: str) -> dict[str, str]:
    """Return what is chosen by ``text`` (``size-2.theme-dark``), the unusual only.

    What is no choice of ours is left out, whoever wrote it.
    """
    pairs = (part.partition("-") for part in text[:LONGEST].split("."))
    return _sound({name: value for name, _, value in pairs})


def written(choice: Mapping[str, str]) -> str:
    """Return ``choice`` as ``read_choice`` reads it; what is no choice of ours is left out."""
    return ".".join(f"{name}-{value}" for name, value in _sound(choice).items())


def _sound(choice: Mapping[str, str]) -> dict[str, str]:
    """Return what there is to choose of ``choice``, in our order."""
    wanted = ((name, choice.get(name, "")) for name in VALUES)
    return {name: value for name, value in wanted if value and value in VALUES[name]}


def style_of(choice: Mapping[str, str], sheets: tuple[Path, ...]) -> str:
    """Return the style for a page that cannot know by itself what is chosen.

    The sheets say ``[data-size="2"]`` of a page on which scripts have noted the choice. Here that
    condition is met already, so it is replaced by one that always is, and that counts as much.
    """
    if not choice:
        return ""
    style = "".join(map(_read, sheets))
    for condition in _conditions(choice):
        style = style.replace(condition, ":not(.x)")
    return style


def _conditions(choice: Mapping[str, str]) -> Iterator[str]:
    yield from (f'[data-{name}="{value}"]' for name, value in choice.items())


@cache
def _read(sheet: Path) -> str:
    return sheet.read_text("utf-8")
