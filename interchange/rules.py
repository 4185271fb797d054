"""Say what a value of the issue's dataclasses may be: rules for annotations, and their check."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, is_dataclass
from datetime import date
from typing import Annotated, Any, ClassVar, get_args, get_origin, get_type_hints

from issues.hot_areas import polygon_fault

# Where something stands inside a dataclass: ("articles", 2, "bylines", 0, "name").
Place = tuple[str | int, ...]
Fault = tuple[Place, str]

UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
LINE_BREAK_OR_TAB = re.compile("[\n\t]")
FILE_NAME = re.compile(r"\w[\w.-]*\.\w+")
SAFE_ADDRESS = re.compile(r"(?:https?://|mailto:|tel:|/(?!/)|#)[^\s\\]*")


class SchemaError(ValueError):
    """Name the first place of an issue that breaks a rule, and the rule."""

    def __init__(self, place: Place, reason: str) -> None:
        super().__init__(f"{spell(place)}：{reason}")
        self.place = place
        self.reason = reason


def spell(place: Place) -> str:
    """Write a place as Python would: ``articles[2].bylines[0].name``."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return "".join(steps).removeprefix(".")


@dataclass(frozen=True, slots=True)
class Text:
    """A rule for text: whether it must say something, on how many lines, and how long it may be."""

    required: bool = False
    multiline: bool = False
    longest: int | None = None

    def fault(self, value: str) -> str:
        """Return what is wrong with the text, or nothing."""
        if found := UNWRITABLE.search(value):
            return f"含有不能保存的控制字符 U+{ord(found[0]):04X}，请删去"
        if not self.multiline and LINE_BREAK_OR_TAB.search(value):
            return "只能有一行，请去掉换行或制表符"
        if self.required and not value.strip():
            return "不能为空"
        if self.longest is not None and len(value) > self.longest:
            return f"有{len(value)}个字，最多{self.longest}个"
        return ""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A rule for numbers, which count from one."""

    largest: int

    def fault(self, value: int) -> str:
        """Return what is wrong with the number, or nothing."""
        return "" if 1 <= value <= self.largest else f"{value}不在1到{self.largest}之间"


@dataclass(frozen=True, slots=True)
class Between:
    """A rule for days: from the first day of one year to the last of another."""

    first: int
    last: int

    def fault(self, value: date) -> str:
        """Return what is wrong with the day, or nothing."""
        if self.first <= value.year <= self.last:
            return ""
        return f"{value}不在{self.first}年到{self.last}年之间"


@dataclass(frozen=True, slots=True)
class ImageName:
    """A rule for the name of a file in ``images/``, which must never lead out of it."""

    required: bool = True

    what: ClassVar[str] = "图片"
    endings: ClassVar[tuple[str, ...]] = (".jpg", ".png", ".webp", ".avif", ".gif", ".jpeg")

    def fault(self, value: str) -> str:
        """Return what is wrong with the name, or nothing."""
        is_name = FILE_NAME.fullmatch(value) and value.lower().endswith(self.endings)
        if is_name or not (value or self.required):
            return ""
        endings = " ".join(self.endings[:5])
        return (
            f"“{value}”不能作{self.what}文件名："
            f"只用文字、数字、“-”“_”“.”，以 {endings} 结尾，不带路径"
        )


@dataclass(frozen=True, slots=True)
class PDFName(ImageName):
    """A rule for the name of a page's PDF, which stands among the images."""

    what: ClassVar[str] = "版面PDF"
    endings: ClassVar[tuple[str, ...]] = (".pdf",)


@dataclass(frozen=True, slots=True)
class Polygon:
    """A rule for an area of a page (``issues.hot_areas``)."""

    def fault(self, value: str) -> str:
        """Return what is wrong with the polygon, or nothing."""
        return polygon_fault(value)


@dataclass(frozen=True, slots=True)
class Address:
    """A rule for where a link leads: a web page, a mailbox, a telephone or a place of this site."""

    def fault(self, value: str) -> str:
        """Return what is wrong with the address, or nothing."""
        if not value or (SAFE_ADDRESS.fullmatch(value) and not UNWRITABLE.search(value)):
            return ""
        return f"链接“{value}”不能用：要以 http://、https://、mailto:、tel:、/ 或 # 开头，没有空格"


def faults(thing: object, place: Place = ()) -> Iterator[Fault]:
    """Yield every place inside a dataclass, however deep, that breaks a rule."""
    for name, hint in hints(type(thing)).items():
        yield from _faults_of_value(getattr(thing, name), hint, (*place, name))
    if hasattr(thing, "own_faults"):
        for inner, reason in thing.own_faults():
            yield (*place, *inner), reason


def _faults_of_value(value: Any, hint: Any, place: Place) -> Iterator[Fault]:
    if is_dataclass(value):
        yield from faults(value, place)
    elif get_origin(hint) is tuple:
        for index, item in enumerate(value):
            yield from _faults_of_value(item, get_args(hint)[0], (*place, index))
    elif get_origin(hint) is Annotated:
        for rule in hint.__metadata__:
            if reason := rule.fault(value):
                yield place, reason


def hints(cls: type) -> dict[str, Any]:
    """Return the annotation of each field, rules included, in the order of the fields."""
    if cls not in _hints:
        _hints[cls] = get_type_hints(cls, include_extras=True)
    return _hints[cls]


def bare(hint: Any) -> Any:
    """Return an annotation without its rules."""
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint


_hints: dict[type, dict[str, Any]] = {}
