"""Make up articles as long as a newspaper's, of words as frequent as a language's."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

WORDS = 30_000
# The common characters of the first national standard (GB 2312, first level).
CHARACTERS = [
    bytes((high, low)).decode("gb2312") for high in range(0xB0, 0xD7) for low in range(0xA1, 0xFF)
]


def made_up_words() -> tuple[list[str], list[float]]:
    """Return words of one to four characters, and how often each occurs (Zipf's law)."""
    chance = random.Random(1)
    weights = list(itertools.accumulate(1 / rank for rank in range(1, len(CHARACTERS) + 1)))
    characters = chance.sample(CHARACTERS, len(CHARACTERS))
    words = dict.fromkeys(
        "".join(
            chance.choices(characters, cum_weights=weights, k=chance.choice((1, 2, 2, 2, 2, 3, 4)))
        )
        for _ in range(2 * WORDS)
    )
    kept = list(itertools.islice(words, WORDS))
    return kept, [1 / (rank + 10) for rank in range(1, len(kept) + 1)]


def made_up_articles(seed: int = 0) -> Iterator[tuple[str, str]]:
    """Yield titles and texts without end, the same ones every time."""
    chance = random.Random(seed)
    words, weights = made_up_words()
    totals = list(itertools.accumulate(weights))
    while True:
        length = chance.randint(150, 650)
        drawn = iter(chance.choices(words, cum_weights=totals, k=length + 6))
        title = "".join(itertools.islice(drawn, 6))
        paragraphs = []
        while sentence := "".join(itertools.islice(drawn, 12)):
            paragraphs.append(
                sentence[: len(sentence) // 2] + "，" + sentence[len(sentence) // 2 :]
            )
        yield (
            title,
            "\n".join(
                "。".join(paragraphs[place : place + 4]) + "。"
                for place in range(0, len(paragraphs), 4)
            ),
        )
