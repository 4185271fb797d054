"""Texts seen before, though punctuation, sentences or length changed."""

import random
import re
import subprocess
import sys
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contributions.similar import ALIKE, SIZE, resemblance, sketch

ROOT = Path(__file__).parents[2]
ARTICLES = [
    (ROOT / f"content/issue-450/{number:02}.md").read_text().split("+++")[2].strip()
    for number in range(1, 5)
]
SENTENCE_END = re.compile("(?<=[。！？])")


def likeness(a: str, b: str) -> float:
    return resemblance(sketch(a), sketch(b))


def fresh(chance: random.Random, length: int) -> str:
    return "".join(chr(chance.randrange(0x4E00, 0x9FA5)) for _ in range(length))


def replaced(article: str, share: float, chance: random.Random) -> str:
    sentences = SENTENCE_END.split(article)
    for place in chance.sample(range(len(sentences)), round(len(sentences) * share)):
        sentences[place] = fresh(chance, len(sentences[place]))
    return "".join(sentences)


@pytest.mark.parametrize("article", ARTICLES)
def test_punctuation_width_case_and_breaks_do_not_count(article: str) -> None:
    other = article.translate(str.maketrans(",.()", "，。（）")).replace("\n\n", "\n　　").lower()
    assert other != article
    assert sketch(other) == sketch(article)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("share", [0.1, 0.2, 0.3])
def test_text_of_which_most_was_left_is_alike(share: float, seed: int) -> None:
    chance = random.Random(seed)
    for article in ARTICLES:
        assert likeness(article, replaced(article, share, chance)) >= ALIKE


@pytest.mark.parametrize("article", ARTICLES)
@pytest.mark.parametrize("share", [0.8, 0.5, 0.2])
def test_part_of_a_text_is_alike(article: str, share: float) -> None:
    part = article[: int(len(article) * share)]
    assert likeness(article, part) == likeness(part, article) == 1


@pytest.mark.parametrize("seed", range(20))
def test_text_is_found_of_which_four_fifths_were_reprinted_among_others(seed: int) -> None:
    chance = random.Random(seed)
    for article in ARTICLES:
        part = article[: int(len(article) * 0.8)]
        assert likeness(article, part + fresh(chance, int(len(article) * 1.2))) >= ALIKE


def test_other_articles_and_other_parts_of_the_same_are_not_alike() -> None:
    halves = [
        half for text in ARTICLES for half in (text[: len(text) // 2], text[len(text) // 2 :])
    ]
    for texts in (ARTICLES, halves):
        assert max(likeness(a, b) for a, b in combinations(texts, 2)) < 0.1


def test_notices_that_end_alike_are_not_alike() -> None:
    end = (
        "欢迎广大职工踊跃报名参加，报名电话(0571)87160990，截止日期为8月31日，名额有限，先到先得。"
    )
    notices = [article[200:420] + end for article in ARTICLES]
    assert max(likeness(a, b) for a, b in combinations(notices, 2)) < ALIKE


@pytest.mark.parametrize("text", ["", "。" * 1000, "谢谢！", "一" * 39])
def test_short_text_is_like_nothing(text: str) -> None:
    assert sketch(text) == ()
    assert resemblance((), ()) == resemblance((), sketch(ARTICLES[0])) == 0


def test_monotonous_text_is_no_error() -> None:
    assert len(sketch("哈" * 5000)) == 1


def test_sketch_is_the_same_in_every_process() -> None:
    command = "import sys; from contributions.similar import sketch; print(sketch(sys.argv[1]))"
    printed = subprocess.run(
        [sys.executable, "-c", command, ARTICLES[0]], cwd=ROOT, capture_output=True, check=True
    ).stdout
    assert printed.decode().strip() == str(sketch(ARTICLES[0]))


@given(st.text(), st.text())
def test_sketch_fits_its_column_and_resemblance_is_a_share(a: str, b: str) -> None:
    numbers = sketch(a)
    assert len(numbers) <= SIZE
    assert all(0 <= low < high < 2**63 for low, high in pairwise(numbers))
    assert 0 <= resemblance(numbers, sketch(b)) <= 1
    assert resemblance(numbers, sketch(b)) == resemblance(sketch(b), numbers)
