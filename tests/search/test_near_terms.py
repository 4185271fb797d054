"""Words that are nearest to one that is not found."""

from __future__ import annotations

import pytest

from search.near_terms import near_terms

TEXT = """普惠性托育解决职工难题
托育机构开进工业园区，托管班也在招人
妇幼保健院里的职工代表大会
职工代表大会审议通过集体合同
王浩和汪燕盼"""


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("托幼", ["托育"]),  # 托管 and 妇幼 are said once: chance
        ("职工代表大汇", ["职工代表大会"]),
        ("职工代表们大会", []),  # seven characters are a sentence
        ("王燕盼", ["汪燕盼"]),
        ("集体的合同", ["集体合同"]),  # one less
        ("托育", []),  # what is there needs no other
        ("", []),
        ("职", []),
        ("app", []),
        ("托 幼", []),
        (".*", []),
        ("(托", []),
        ("托\n育", []),
    ],
)
def test_one_character_is_another_or_one_less(word: str, near: list[str]) -> None:
    assert near_terms(word, TEXT) == near


def test_what_is_said_most_often_comes_first_and_no_more_than_asked_for() -> None:
    text = "\n".join(["工会"] * 3 + ["工运"] * 5 + ["工人"] * 4 + ["职工"] * 9)

    assert near_terms("工资", text, most=2) == ["工运", "工人"]


def test_of_equally_frequent_words_the_one_with_the_same_beginning_comes_first() -> None:
    assert near_terms("托幼", "妇幼 妇幼 托育 托育") == ["托育", "妇幼"]
