"""The searched form of a text, its pairs, and where a term stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.tokens import MOST_CHARACTERS, Term, find_terms, fold, pairs, plain, plain_passages


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＡＰＰ１２３", "app123"),
        ("數字化改革與網絡", "数字化改革与网络"),
        ("看著裏面的衞生", "看着里面的卫生"),
        ("Café ÉTÉ", "cafe ete"),
        ("①②", "12"),
        ("王\u3000浩", "王 浩"),
        ("㎡ﬁß", "㎡ﬁß"),  # what would not stay one character stays as it is
        ("İ", "i"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_keeps_length_and_is_done_once(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("登录“浙里办”APP，", "登录 浙里办 app"),
        ("王　浩", "王浩"),
        ("王 浩", "王浩"),
        ("托\u200b育", "托育"),
        ("8.5折，0-3岁", "8 5 折 0 3 岁"),
        ("2022年8月2日", "2022 年 8 月 2 日"),
        ("APP Store", "app store"),
        ("托\n育", "托 育"),
        ("！？", ""),
        ("艾力·买买提", "艾力 买买提"),
    ],
)
def test_plain_text(text: str, expected: str) -> None:
    assert plain(text) == expected


def test_pairs() -> None:
    assert pairs("登录 王 app") == ["登录", "录", "王", "app"]


@pytest.mark.parametrize(
    ("term", "expected", "is_open"),
    [
        ("工会", ("工会",), False),
        ("工", ("工",), True),
        ("数字化", ("数字", "字化"), False),
        ("app", ("app",), True),
        ("ab王", ("ab", "王"), True),
        ("王ab", ("王", "ab"), True),
        ("27条", ("27", "条"), True),
        ("“浙里办”APP", ("浙里", "里办", "办", "app"), True),
    ],
)
def test_pairs_of_a_term(term: str, expected: tuple[str, ...], is_open: bool) -> None:
    assert Term.of(term).pairs == expected
    assert Term.of(term).is_open is is_open


def marked(text: str, *terms: str) -> list[str]:
    return [text[start:end] for start, end in find_terms(text, map(Term.of, terms))]


@pytest.mark.parametrize(
    ("text", "term", "expected"),
    [
        ("工会数字化，工会", "工会", ["工会", "工会"]),
        ("选手王　浩获胜", "王浩", ["王　浩"]),
        ("登录“浙里办”APP预约", "浙里办APP", ["浙里办”APP"]),
        ("數字化改革", "数字化", ["數字化"]),
        ("数字化改革", "數字化", ["数字化"]),
        ("共127条，27条", "27条", ["27条"]),
        ("ＡＰＰ和WAPP", "app", ["ＡＰＰ"]),
        ("3.57%", "3.5", ["3.5"]),
        ("工作与运动", "工运", []),
        ("工会，数字化", "工会数字化", []),
        ("工会。数字化", "工会，数字化", ["工会。数字化"]),
        ("任何字", "！", []),
    ],
)
def test_what_is_marked(text: str, term: str, expected: list[str]) -> None:
    assert marked(text, term) == expected


def test_marks_do_not_overlap() -> None:
    assert marked("数字化改革", "数字化", "字化改", "改革") == ["数字化改革"]
    assert marked("哈哈哈", "哈哈") == ["哈哈哈"]


@given(
    st.text("工会数字化aB1 　，“", max_size=40), st.text("工会数字aB1 ，", min_size=1, max_size=4)
)
def test_what_is_marked_is_what_is_found(text: str, typed: str) -> None:
    term = Term.of(typed)
    found = bool(term.plain) and term.pattern in plain_passages([text])

    assert bool(find_terms(text, [term])) == found
    for start, end in find_terms(text, [term]):
        assert 0 <= start < end <= len(text)


def test_each_passage_stands_alone() -> None:
    assert Term.of("数字").pattern not in plain_passages(["工会数", "字化"])
    assert Term.of("2022年").pattern not in plain_passages(["2022\n年"])
    assert plain_passages(["工会", "工会", "！"]) == " 工会\n"


def test_a_text_longer_than_any_article_is_cut() -> None:
    assert len(plain_passages(["\u4e00" * 2 * MOST_CHARACTERS])) == MOST_CHARACTERS
    assert plain("a" * 5000) == "a" * 40
