"""Find words that the house's lists, or any proofreader, hold for wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from .common_errors import ALWAYS_WRONG, WRONG_HERE
from .texts import FOLDED, Finding, Kind, Sheet


class WordFinder:
    """Find the words of a list in a text, the longest first, none inside another.

    Words in ``protecting`` hide what is inside them: 帐 is not found in 帐篷.
    """

    def __init__(self, words: Iterable[str], protecting: Iterable[str] = ()) -> None:
        self._sought = {word.translate(FOLDED): word for word in words if word.strip()}
        parts = tuple(self._sought)
        self._words = _by_first_character(self._sought)
        self._protecting = _by_first_character(
            word
            for word in (each.translate(FOLDED) for each in protecting)
            if word not in self._sought and any(part in word for part in parts)
        )

    def find(self, folded: str) -> Iterator[tuple[int, int, str]]:
        """Yield where each word stands in a text with folded marks, and the word as listed."""
        if not self._words:
            return
        hidden_from = hidden_to = end = 0
        for at, character in enumerate(folded):
            for word in self._protecting.get(character, ()):
                if folded.startswith(word, at):
                    if at >= hidden_to:
                        hidden_from = at
                    hidden_to = max(hidden_to, at + len(word))
                    break
            if at < end:
                continue
            for word in self._words.get(character, ()):
                hidden = hidden_from <= at and at + len(word) <= hidden_to
                if not hidden and folded.startswith(word, at):
                    end = at + len(word)
                    yield at, end, self._sought[word]
                    break


def wrong_word(sheet: Sheet) -> Iterator[Finding]:
    """Find what the house writes otherwise (错词→正词)."""
    finder, right = _corrections(sheet.house.corrections)
    for stretch in sheet.stretches:
        for start, end, wrong in finder.find(stretch.folded):
            yield stretch.mark(start, end, f"“{wrong}”应为“{right[wrong]}”。")


def banned_word(sheet: Sheet) -> Iterator[Finding]:
    """Find what the house does not print (禁用词)."""
    finder, why = _banned(sheet.house.banned)
    for stretch in sheet.stretches:
        for start, end, word in finder.find(stretch.folded):
            reason = f"：{why[word].rstrip('。')}" if why[word] else ""
            yield stretch.mark(start, end, f"“{word}”是禁用词{reason}。")


def common_error(sheet: Sheet) -> Iterator[Finding]:
    """Find words that are wrong in any copy (一如继往); what the house lists itself comes first."""
    finder, right = _corrections(ALWAYS_WRONG)
    listed = {wrong for wrong, _ in sheet.house.corrections}
    allowed = {word for _, word in sheet.house.corrections}
    for stretch in sheet.stretches:
        if stretch.kind is Kind.NAMES:
            continue
        for start, end, wrong in finder.find(stretch.folded):
            if wrong not in listed and wrong not in allowed:
                yield stretch.mark(start, end, f"“{wrong}”一般应为“{right[wrong]}”。")
        for pattern, meant in WRONG_HERE:
            for found in pattern.finditer(stretch.folded):
                if found[0] not in listed and found[0] not in allowed:
                    said = f"“{found[0]}”在这里一般应为“{meant}”。"
                    yield stretch.mark(*found.span(), said)


@lru_cache(maxsize=8)
def _corrections(pairs: tuple[tuple[str, str], ...]) -> tuple[WordFinder, dict[str, str]]:
    real = [(wrong, right) for wrong, right in pairs if wrong != right]
    return WordFinder([wrong for wrong, _ in real], [right for _, right in real]), dict(real)


@lru_cache(maxsize=8)
def _banned(pairs: tuple[tuple[str, str], ...]) -> tuple[WordFinder, dict[str, str]]:
    return WordFinder([word for word, _ in pairs]), dict(pairs)


def _by_first_character(words: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for word in sorted(set(words), key=lambda word: (-len(word), word)):
        found[word[0]].append(word)
    return dict(found)
