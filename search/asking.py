"""Read what somebody typed into the search field; whatever it is, there is an answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .tokens import Term

__all__ = ["LONGEST", "Asked", "read_query"]

# What is longer is no question; the page says how much was left out.
LONGEST = 200

UNWRITABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
SPACE = re.compile(r"\s+")
QUOTED = "|".join(
    rf"{opening}([^{opening}{closing}]*){closing}"
    for opening, closing in ('""', "“”", "＂＂", "「」", "『』")
)
# A minus sign that begins a word excludes it; one inside 0-3岁 does not.
ASKED = re.compile(
    rf'(?P<minus>(?<!\S)[-－−]+(?=[^\s\-－−]))?(?:(?P<quoted>{QUOTED})|(?P<word>[^\s"“”＂「」『』]+))'
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for: every word and phrase, and none of what is excluded.

    Each is kept as it was typed, to be shown; ``text`` is the whole, tidied.
    """

    text: str
    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    left_out: int = 0  # how many characters at the end were not looked at

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look for: exclusions alone find nothing."""
        return not (self.words or self.phrases)

    @property
    def wanted(self) -> tuple[Term, ...]:
        """Return what must stand in an article, and is marked there."""
        return tuple(map(Term.of, (*self.words, *self.phrases)))

    @property
    def unwanted(self) -> tuple[Term, ...]:
        """Return what must not stand there."""
        return tuple(map(Term.of, self.excluded))


def read_query(text: str) -> Asked:
    """Return what ``text`` asks for.

    Spaces part words that must all be found. Words in quotation marks (“…”, "…", 「…」) are one
    phrase, spaces and all; a mark that has no partner counts for nothing. A minus sign before a
    word or phrase excludes it. What holds no letter, digit or Chinese character is passed over.
    """
    tidy = SPACE.sub(" ", UNWRITABLE.sub(" ", text)).strip()
    kept = tidy[:LONGEST].strip()
    words: dict[str, str] = {}
    phrases: dict[str, str] = {}
    excluded: dict[str, str] = {}
    for found in ASKED.finditer(kept):
        typed = found["word"] or found["quoted"][1:-1].strip()
        if form := Term.of(typed).plain:
            kind = excluded if found["minus"] else phrases if found["quoted"] else words
            kind.setdefault(form, typed)
    return Asked(
        text=kept,
        words=tuple(words.values()),
        phrases=tuple(typed for form, typed in phrases.items() if form not in words),
        excluded=tuple(excluded.values()),
        left_out=max(0, len(tidy) - LONGEST),
    )
