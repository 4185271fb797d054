"""The words of stored HTML, whatever somebody pasted, in a time that grows with its length."""

from __future__ import annotations

import random

import pytest

from articles.copy import _parsed_lines, _plain_lines, plain_words, without_indents
from tests.effort import at_most


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<p>甲<b>乙</b></p><p>丙</p>", "甲乙\n丙\n"),
        ('<p>甲<a href="/450/">乙</a><br/>丙</p>', "甲乙\n丙\n"),
        ("<p>1 &lt; 2</p>", "1 < 2\n"),
        ("甲<<b>乙", "甲<乙"),
    ],
)
def test_the_words_are_read(source: str, words: str) -> None:
    assert plain_words(source) == words


@pytest.mark.parametrize("read", [plain_words, lambda text: without_indents(text, known=())])
def test_nothing_pasted_takes_long(read) -> None:
    with at_most(2):
        read("<" * 100_000)
        read(f"<p> {'<' * 100_000}</p>")


TAGS = (
    "<p>",
    "</p>",
    '<p data-block-key="a1b2c">',
    "<h2>",
    "</h2>",
    "<b>",
    "</b>",
    "<br/>",
    "<!-- -->",
)
WORDS = ("字", "甲，乙", "a > b", "&amp;", "&lt;", "&nbsp;", "&copy", "&#65;", "&amp;lt;", "&", "<")
SPACES = (" ", "\u3000", "\n", "\t", "\x0c", "\x85", "\x1a", "\u2028")
PIECES = (*TAGS, *WORDS, *SPACES, "</h2><p>", "</p><p>")


def test_the_plainest_copy_is_read_as_the_parser_reads_it() -> None:
    chance = random.Random(7)
    plain = 0
    for _ in range(4000):
        words = "".join(chance.choices(PIECES, k=chance.randint(0, 6)))
        source = chance.choice((words, f"<p>{words}</p>", f"<p>{words}</p><h2>字</h2>"))
        quickly = _plain_lines(source)
        if quickly is not None:
            plain += 1
            assert quickly == _parsed_lines(source), source

    assert plain > 400
    assert _plain_lines('<p data-block-key="a1b2c">甲&amp;乙</p><h2>丙</h2>') is not None
