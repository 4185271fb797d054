"""What is typed into the search field is read by a few rules, and never fails."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.asking import LONGEST, read_query


@pytest.mark.parametrize(
    ("typed", "words", "phrases", "excluded"),
    [
        ("工会", ("工会",), (), ()),
        ("工会 数字化", ("工会", "数字化"), (), ()),
        ("工会　数字化", ("工会", "数字化"), (), ()),
        ("  工会  ", ("工会",), (), ()),
        ('"王 浩"', (), ("王 浩",), ()),
        ("“王 浩” 棋", ("棋",), ("王 浩",), ()),
        ("「王 浩」『数字 化』＂a b＂", (), ("王 浩", "数字 化", "a b"), ()),
        ("工会 -托育", ("工会",), (), ("托育",)),
        ("工会 －托育 −象棋", ("工会",), (), ("托育", "象棋")),
        ("工会 --托育", ("工会",), (), ("托育",)),
        ('工会 -"王 浩"', ("工会",), (), ("王 浩",)),
        ("0-3岁", ("0-3岁",), (), ()),
        ("工会 - 托育", ("工会", "托育"), (), ()),
        ("工会-", ("工会-",), (), ()),
        ("——记全国劳模", ("——记全国劳模",), (), ()),
        ('"-5℃"', (), ("-5℃",), ()),
        # A quotation mark without a partner counts for nothing.
        ('"工会 数字', ("工会", "数字"), (), ()),
        ("浙里办”APP", ("浙里办", "APP"), (), ()),
        # The same again, in whatever form, is asked once.
        ("APP ＡＰＰ app", ("APP",), (), ()),
        ('工会 "工会"', ("工会",), (), ()),
        # No operators: what looks like one is a word.
        ("工会 AND NOT 托育*", ("工会", "AND", "NOT", "托育*"), (), ()),
    ],
)
def test_words_phrases_and_exclusions(
    typed: str, words: tuple[str, ...], phrases: tuple[str, ...], excluded: tuple[str, ...]
) -> None:
    asked = read_query(typed)

    assert (asked.words, asked.phrases, asked.excluded) == (words, phrases, excluded)
    assert not asked.is_empty


@pytest.mark.parametrize(
    "typed",
    ["", " ", "\u3000", '"', "-", "！？。，", "%", "_", "😀👍", "\x00", "\ud800", "-托育", "“”"],
)
def test_what_asks_for_nothing_is_empty(typed: str) -> None:
    assert read_query(typed).is_empty


def test_the_text_is_tidied_for_showing() -> None:
    assert read_query(" 工会\x00\n\u3000数字\ud800化 ").text == "工会 数字 化"


def test_a_long_question_is_cut_and_says_by_how_much() -> None:
    asked = read_query("工" * 10_000)

    assert (len(asked.text), asked.left_out) == (LONGEST, 10_000 - LONGEST)
    assert read_query("工" * LONGEST).left_out == 0


@given(st.text(st.characters(), max_size=400))
def test_nothing_that_can_be_typed_fails(typed: str) -> None:
    asked = read_query(typed)

    assert len(asked.text) <= LONGEST
    assert all(term.pairs for term in asked.wanted)
    asked.text.encode("utf-8")


@given(st.text(st.sampled_from("\"“”「」『』＂-－ 工会aB\x00%_'"), max_size=60))
def test_no_arrangement_of_marks_fails(typed: str) -> None:
    asked = read_query(typed)

    assert all(term.plain for term in (*asked.wanted, *asked.unwanted))
