"""Print the names under an article."""

from __future__ import annotations

from collections.abc import Iterable

UNSPACED = dict.fromkeys(map(ord, " \u3000"))


def line_of_names(signed: Iterable[tuple[str, str]]) -> str:
    """Return names, each after what its bearer did, as printed: 记者 张三 通讯员 李四 王五.

    There are no brackets.
    """
    signed = list(signed)
    said = said_once(role for role, _ in signed)
    pairs = zip(said, (name for _, name in signed), strict=True)
    return " ".join(word for pair in pairs for word in pair if word)


def said_once(roles: Iterable[str]) -> list[str]:
    """Return ``roles`` with nothing where the one before did the same: it is printed once."""
    printed, before = [], ""
    for role in roles:
        printed.append("" if role == before else role)
        before = role
    return printed


def same_name(one: str, other: str) -> bool:
    """Whether two names are one, however they are spaced: 王　浩 is printed of 王浩."""
    return one.translate(UNSPACED) == other.translate(UNSPACED)
