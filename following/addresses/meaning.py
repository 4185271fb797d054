"""Read what an address that leads nowhere may have meant: a day, a number, words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

__all__ = ["Meant", "meant_by", "readable"]

LONGEST = 500  # characters that are looked at
YEAR = "(?<![0-9])(?P<year>(?:19|20)[0-9]{2})"
DAYS = (
    re.compile(rf"{YEAR}[-/_.年](?P<month>[0-9]{{1,2}})[-/_.月](?P<day>[0-9]{{1,2}})(?![0-9])"),
    re.compile(rf"{YEAR}(?P<month>[0-9]{{2}})[-/_.]?(?P<day>[0-9]{{2}})(?![0-9])"),
)
MONTHS = (
    re.compile(rf"{YEAR}[-/_.年](?P<month>[0-9]{{1,2}})(?![0-9])"),
    re.compile(rf"{YEAR}(?P<month>[0-9]{{2}})(?![0-9])"),
)
# A number by itself between slashes, or one that says what it counts; not that of some page.
NUMBER = re.compile(
    r"(?:^|/|qikan|issue|period|qi|no|第)[-_.]?0*(?P<number>[1-9][0-9]{0,4})(?:期|qi)?(?=[/.?]|$)",
    re.IGNORECASE,
)
WORDS = re.compile("[\u3400-\u9fff]{2,}")
COUNTED = re.compile("第?[0-9〇一二三四五六七八九十百千]+[期版页]|[0-9]+[年月日]")


@dataclass(frozen=True, slots=True)
class Meant:
    """What an address may mean: an issue, as somebody would type it, and words of a headline."""

    issue: str = ""
    words: str = ""


def readable(address: str) -> str:
    """Return an address as its writer read it; old sites wrote Chinese in GBK."""
    written = unquote_to_bytes(address)
    try:
        return written.decode()
    except UnicodeDecodeError:
        return written.decode("gb18030", "replace")


def meant_by(address: str) -> Meant:
    """Return what ``address``, a path with its query, may mean."""
    text = readable(address[:LONGEST]).replace("\x00", "")
    path, _, query = text.partition("?")
    words = " ".join(WORDS.findall(COUNTED.sub(" ", f"{path} {query}")))
    # What is numbered below a day is the day's pages.
    for pattern in (*DAYS, *MONTHS, NUMBER):
        if found := pattern.search(path):
            return Meant("-".join(found.groups()), words)
    return Meant(words=words)
