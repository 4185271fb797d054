"""Say in plain facts what there is to tell of the paper, an issue, an article.

The builders beside this module put them into the forms that machines ask for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

__all__ = [
    "Article",
    "Correction",
    "Issue",
    "Name",
    "Paper",
    "Part",
    "Picture",
    "Recording",
    "is_person",
]

LANGUAGE = "zh-Hans"

# Who signs and is nobody in particular: the paper itself, or an office.
NOBODY = re.compile(
    r"本[报刊](?:讯|综合|.*(?:部|员|者|室|组))?|综合|记者|通讯员|佚名|新华社"
    r"|.*(?:编辑部|记者站|评论员|通讯社|出版社|报社|委员会|办公室|总工会|宣传部)"
    r"|.{2,}(?:工会|支部|中心|公司|集团|小组|学校|医院|街道|局|处)"
)
# A name of two characters is set with a space, to be as long as one of three: 王　浩.
SET_APART = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that stands for a page where it is shared."""

    url: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True)
class Recording:
    """An article read out by a person: a file of ``size`` bytes."""

    url: str
    media_type: str
    size: int
    seconds: int

    @property
    def duration(self) -> str:
        """How long it plays, as ISO 8601 writes it: PT3M20S."""
        return f"PT{self.seconds // 60}M{self.seconds % 60}S"


@dataclass(frozen=True, slots=True)
class Paper:
    """The newspaper, as an issue was printed under its name."""

    url: str
    name: str
    publisher: str = ""
    permit_number: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue; ``pdf_url`` leads to the whole of it."""

    paper: Paper
    url: str
    number: int
    title: str
    date: date
    changed: datetime | None = None
    pdf_url: str = ""


@dataclass(frozen=True, slots=True)
class Name:
    """A name under an article; ``url`` leads to everything its bearer wrote."""

    printed: str
    role: str = ""
    label: str = ""
    url: str = ""

    @property
    def plain(self) -> str:
        """The name without the space that it was set with."""
        return SET_APART.sub("", self.printed.strip())


@dataclass(frozen=True, slots=True)
class Correction:
    """What was said of an article later."""

    text: str
    date: date


@dataclass(frozen=True, slots=True)
class Part:
    """An article as a line in a list."""

    headline: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article as readers have it; ``names`` in printed order."""

    issue: Issue
    url: str
    number: int
    headline: str
    folio: int
    kicker: str = ""
    subhead: str = ""
    description: str = ""
    section: str = ""
    names: tuple[Name, ...] = ()
    changed: datetime | None = None
    corrections: tuple[Correction, ...] = ()
    picture: Picture | None = None
    recording: Recording | None = None

    @property
    def authors(self) -> tuple[Name, ...]:
        """Whose text it is: photographers and editors only where nobody else is named."""
        writers = tuple(n for n in self.names if n.role not in ("photographer", "editor"))
        photographers = tuple(n for n in self.names if n.role == "photographer")
        return writers or photographers or self.names

    @property
    def people(self) -> tuple[str, ...]:
        """The authors who are people, each once, as they are cited."""
        return tuple(dict.fromkeys(n.plain for n in self.authors if is_person(n.plain)))


def is_person(name: str) -> bool:
    """Whether a printed name is somebody's: 汪燕盼, and not 本报讯 or 市总工会办公室."""
    return bool(name) and not NOBODY.fullmatch(name)
