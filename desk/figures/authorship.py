"""Tell from bylines and credits who wrote an article and who took its pictures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from interchange.schema import Role

__all__ = ["Author", "Named", "Person", "authors_of"]

# Whose text it is: of those whom a role in the first set names, else in the second, the third.
WRITERS = ({*Role} - {Role.PHOTOGRAPHER, Role.EDITOR}, {Role.PHOTOGRAPHER}, {Role.EDITOR})

BETWEEN_NAMES = re.compile(r"[\s、，,;；:：/／|()（）]+")
AROUND_A_NAME = re.compile(
    r"(?:本报)?(?:特约)?(?:记者|通讯员|摄影|图片|图)?(?P<name>.+?)(?:摄影|摄|供图|提供|图)?"
)


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who gets credit: a contributor, or only a printed name (``contributor`` None)."""

    name: str
    unit: str = ""
    contributor: int | None = None

    def __str__(self) -> str:
        return f"{self.name}（{self.unit}）" if self.unit else self.name


@dataclass(frozen=True, slots=True)
class Named:
    """A name in the byline: who that is, the name as printed, and what they did."""

    person: Person
    printed: str
    role: str = Role.NONE


@dataclass(frozen=True, slots=True)
class Author:
    """Someone's part in an article."""

    person: Person
    roles: frozenset[str] = frozenset()
    writes: bool = False
    pictures: int = 0


def authors_of(
    bylines: Sequence[Named],
    credits: Iterable[str],
    bearer_of: Callable[[str], Person | None],
) -> tuple[Author, ...]:
    """Return everybody who has a part, as printed, those known by a picture's credit last.

    Photographers and editors do not write, unless nobody else is named. A picture belongs to
    whom its credit names: someone in the byline, else the only contributor of that name
    (``bearer_of``); without a credit, to the photographer in the byline. Several take turns. A
    picture that names nobody we know belongs to nobody.
    """
    writers = _writers(bylines)
    pictures = _photographers(bylines, credits, bearer_of)
    roles: dict[Person, set[str]] = {}
    for named in bylines:
        roles.setdefault(named.person, set()).add(str(named.role))
    for person in pictures:
        roles.setdefault(person, set())
    return tuple(
        Author(person, frozenset(known), person in writers, pictures[person])
        for person, known in roles.items()
    )


def _writers(bylines: Sequence[Named]) -> set[Person]:
    for roles in WRITERS:
        if found := {named.person for named in bylines if named.role in roles}:
            return found
    return set()


def _photographers(
    bylines: Sequence[Named],
    credits: Iterable[str],
    bearer_of: Callable[[str], Person | None],
) -> Counter[Person]:
    printed = {named.printed: named.person for named in reversed(bylines)}
    in_byline = tuple(
        dict.fromkeys(named.person for named in bylines if named.role == Role.PHOTOGRAPHER)
    )
    taken: Counter[Person] = Counter()
    turns: Counter[str] = Counter()
    for credit in credits:
        if credit.strip():
            named_in = tuple(dict.fromkeys(_people_in(credit, printed.get, bearer_of)))
        else:
            named_in = in_byline
        if named_in:
            taken[named_in[turns[credit] % len(named_in)]] += 1
            turns[credit] += 1
    return taken


def _people_in(credit: str, *known: Callable[[str], Person | None]) -> Iterator[Person]:
    """Yield the people a credit names: 张三 摄; 本报记者张三/摄; 摄影：张三、李四."""
    for word in filter(None, BETWEEN_NAMES.split(credit)):
        bare = AROUND_A_NAME.fullmatch(word)
        names = (word, bare["name"]) if bare else (word,)
        found = (person for look_up in known for name in names if (person := look_up(name)))
        if (person := next(found, None)) is not None:
            yield person
