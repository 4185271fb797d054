"""Count the characters of an article by the paper's custom (docs/figures.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from interchange import schema
from newsroom.cjk import count_characters

__all__ = ["Count", "Custom", "Part", "characters", "count_article", "credits_of"]


class Part(StrEnum):
    """A part of an article that is counted by itself; whether it is paid for is custom."""

    BODY = "body"
    HEADLINE = "headline"
    CAPTIONS = "captions"
    TABLES = "tables"
    NOTES = "notes"


@dataclass(frozen=True, slots=True)
class Count:
    """How long some copy is: ``words`` are Han characters, Latin words and numbers, each one."""

    words: int = 0
    signs: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.words + other.words, self.signs + other.signs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Custom:
    """What counts at this paper; running text always does."""

    punctuation: bool = True
    headline: bool = False
    captions: bool = True
    tables: bool = True
    notes: bool = True

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts that count."""
        chosen = {
            Part.BODY: True,
            Part.HEADLINE: self.headline,
            Part.CAPTIONS: self.captions,
            Part.TABLES: self.tables,
            Part.NOTES: self.notes,
        }
        return tuple(part for part, counts in chosen.items() if counts)


def count_article(article: schema.Article) -> dict[Part, Count]:
    """Count each part of ``article``, so that the custom may change without counting again.

    Running text is paragraphs, crossheads and quotes with their source; headline is kicker,
    headline, subhead and standfirst. Bylines, credits and alt texts are no copy and never count.
    """
    counts = dict.fromkeys(Part, Count())
    counts[Part.HEADLINE] = _count(
        (article.kicker, article.title, article.subhead, article.standfirst)
    )
    for passage in article.body:
        part, texts = _part_of(passage)
        counts[part] += _count(texts)
    return counts


def characters(counts: Mapping[Part, Count], custom: Custom) -> int:
    """Return the length of an article whose parts were counted, by ``custom``."""
    chosen = [counts.get(part, Count()) for part in custom.parts]
    words = sum(count.words for count in chosen)
    return words + sum(count.signs for count in chosen) if custom.punctuation else words


def credits_of(article: schema.Article) -> tuple[str, ...]:
    """Return the credit of each picture in ``article``, in order; an empty one is kept."""
    return tuple(photo.credit for passage in article.body for photo in schema.photos_of(passage))


def _part_of(passage: schema.Passage) -> tuple[Part, Iterable[str]]:
    match passage:
        case schema.Photo() | schema.Gallery():
            return Part.CAPTIONS, (photo.caption for photo in schema.photos_of(passage))
        case schema.Table():
            return Part.TABLES, _words_of_table(passage)
        case schema.Note(text):
            return Part.NOTES, (text,)
        case schema.Quote(text, source):
            return Part.BODY, (text, source)
    return Part.BODY, (passage.text,)


def _words_of_table(table: schema.Table) -> Iterator[str]:
    yield table.caption
    for row in table.rows:
        yield from row


def _count(texts: Iterable[str]) -> Count:
    total = Count()
    for text in texts:
        words = count_characters(text, punctuation=False)
        total += Count(words, count_characters(text) - words)
    return total
