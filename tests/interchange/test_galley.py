"""The galley: what editors do to it loses nothing, and what is stored comes back."""

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interchange.composing import compose, compose_article, compose_articles
from interchange.galley import (
    MASTHEAD,
    Act,
    Block,
    Choice,
    Doubt,
    Galley,
    GalleyError,
    Part,
    Step,
    unaccounted,
)
from interchange.galley_data import from_data, to_data
from interchange.galley_edits import (
    begin_article,
    drop,
    join,
    merge,
    move,
    restore,
    set_part,
    settle,
    split,
    unjoin,
)
from interchange.readers.wording import glue
from interchange.schema import (
    Crosshead,
    Imprint,
    Paragraph,
    Photo,
    RemarkKind,
    Role,
    Run,
    Table,
)

IMPRINT = Imprint(name="杭州工运")
TABLE = Table((("名次", "姓名"), ("1", "倪国荣")), has_header=True)


def sheet() -> Galley:
    """Return the galley of a small issue of two articles."""
    return Galley.of(
        [
            Block(1, "2022年8月2日 星期二 农历壬寅年七月初五 第450期", Part.DATE_LINE, line=1),
            Block(2, "甲题", Part.TITLE, 1, line=2),
            Block(3, "会议以视频形式召开,", Part.PARAGRAPH, 1, line=3),
            Block(4, "戴建平出席会议。", Part.PARAGRAPH, 1, line=4, joins=True),
            Block(5, "(本报记者 汪燕盼)", Part.BYLINE, 1, line=5),
            Block(6, "乙题", Part.TITLE, 2, line=6),
            Block(7, "比赛开赛。", Part.PARAGRAPH, 2, line=7),
        ],
        [
            Doubt(
                1,
                "rejoined",
                "在逗号处断开，已接成一段。",
                4,
                RemarkKind.REJOIN,
                (Choice("是一段"), Choice("分成两段", (Step(Act.UNJOIN, 4),))),
            ),
        ],
    )


def texts(galley: Galley, key: int) -> list[str]:
    return [passage.text for passage in compose_article(galley, key).body]


def test_a_galley_becomes_an_issue() -> None:
    issue = compose(sheet(), imprint=IMPRINT)

    assert (issue.number, str(issue.date), issue.lunar_date) == (
        450,
        "2022-08-02",
        "壬寅年七月初五",
    )
    assert [article.title for article in issue.articles] == ["甲题", "乙题"]
    assert issue.articles[0].body == (Paragraph.of("会议以视频形式召开,戴建平出席会议。"),)
    byline = issue.articles[0].bylines[0]
    assert (byline.name, byline.role) == ("汪燕盼", Role.REPORTER)


def test_what_is_not_decided_becomes_a_remark_and_what_is_does_not() -> None:
    remark = compose_article(sheet(), 1).remarks[0]

    assert (remark.kind, remark.after) == (RemarkKind.REJOIN, "会议以视频形式召开,")
    settled = settle(sheet(), 1, 0)
    assert settled.doubts[0].settled == "是一段"
    assert compose_article(settled, 1).remarks == ()
    assert settled.blocks == sheet().blocks


def test_a_choice_does_what_it_says() -> None:
    parted = settle(sheet(), 1, 1)

    assert texts(parted, 1) == ["会议以视频形式召开,", "戴建平出席会议。"]
    assert parted.open_doubts == ()


def test_doing_by_hand_what_a_doubt_asks_for_settles_it() -> None:
    assert unjoin(sheet(), 4).open_doubts == ()
    assert set_part(sheet(), 3, Part.CROSSHEAD).open_doubts == sheet().doubts


def test_a_paragraph_is_split_and_joined_again() -> None:
    parted = split(sheet(), 4, 3)

    assert texts(parted, 1) == ["会议以视频形式召开,戴建平", "出席会议。"]
    assert [block.id for block in parted.in_order] == [1, 2, 3, 4, 8, 5, 6, 7]
    assert texts(join(parted, 8), 1) == texts(sheet(), 1)


def test_a_paragraph_from_word_keeps_its_setting_when_split() -> None:
    passage = Paragraph((Run("以棋"), Run("会友", bold=True)))
    galley = Galley.of([Block(1, "以棋会友", article=1, passage=passage)])

    first, second = compose_article(split(galley, 1, 3), 1).body
    assert first == Paragraph((Run("以棋"), Run("会", bold=True)))
    assert second == Paragraph((Run("友", bold=True),))
    assert compose_article(join(split(galley, 1, 3), 2), 1).body == (passage,)


def test_what_is_dropped_is_remarked_and_comes_back() -> None:
    dropped = drop(sheet(), 3)

    assert texts(dropped, 1) == ["戴建平出席会议。"]
    assert "会议以视频形式召开" in compose_article(dropped, 1).remarks[-1].text
    assert texts(restore(dropped, 3), 1) == texts(sheet(), 1)


def test_a_block_moves_to_the_end_of_another_article_or_after_a_block() -> None:
    assert texts(move(sheet(), 3, 2), 2) == ["比赛开赛。", "会议以视频形式召开,"]
    assert texts(move(sheet(), 7, 1, after=2), 1)[0] == "比赛开赛。"
    assert move(sheet(), 7, 1).articles == (1, 2)


def test_an_article_begins_at_a_block_and_merges_again() -> None:
    parted = begin_article(sheet(), 4)

    assert parted.articles == (1, 3, 2)
    assert texts(parted, 3) == ["戴建平出席会议。"]
    merged = merge(parted, 3, 1)
    assert merged.articles == (1, 2)
    assert texts(merged, 1) == ["会议以视频形式召开,", "戴建平出席会议。"]


def test_the_headline_of_a_merged_article_becomes_a_crosshead() -> None:
    assert compose_article(merge(sheet(), 2, 1), 1).body[1:] == (
        Crosshead("乙题"),
        Paragraph.of("比赛开赛。"),
    )


def test_what_stands_in_the_masthead_by_mistake_comes_into_the_next_article() -> None:
    galley = set_part(sheet(), 2, Part.IMPRINT)

    assert galley.block(2).article == MASTHEAD
    assert set_part(galley, 2, Part.TITLE).block(2).article == 1


def test_tables_stay_what_they_are() -> None:
    galley = Galley.of([Block(1, "名次 姓名", Part.FIGURE, 1, passage=TABLE)])

    assert compose_article(galley, 1).body == (TABLE,)
    with pytest.raises(GalleyError, match="照原样"):
        set_part(galley, 1, Part.TITLE)
    assert restore(drop(galley, 1), 1) == galley


@pytest.mark.parametrize(
    "change",
    [
        lambda galley: join(galley, 2),
        lambda galley: join(galley, 99),
        lambda galley: split(galley, 3, 0),
        lambda galley: split(galley, 3, 100),
        lambda galley: split(galley, 3, -1),
        lambda galley: move(galley, 3, 9),
        lambda galley: move(galley, 1, 1),
        lambda galley: move(galley, 3, 2, after=2),
        lambda galley: merge(galley, 1, 1),
        lambda galley: merge(galley, 1, 5),
        lambda galley: begin_article(galley, 1),
        lambda galley: settle(galley, 7, 0),
        lambda galley: settle(galley, 1, 2),
        lambda galley: set_part(galley, 3, Part.FIGURE),
    ],
    ids=range(14),
)
def test_what_cannot_be_done_is_refused_in_chinese(change: Any) -> None:
    with pytest.raises(GalleyError, match="什么都没有改"):
        change(sheet())


def test_a_galley_without_number_and_date_is_no_issue() -> None:
    galley = drop(sheet(), 1)

    with pytest.raises(GalleyError, match=r"期号.*出版日期.*报名"):
        compose(galley)
    assert len(compose_articles(galley)) == 2


def test_a_headline_that_is_too_long_is_told_with_its_article() -> None:
    galley = Galley.of([*sheet().blocks, Block(9, "长" * 300, Part.SUBHEAD, 2)])

    with pytest.raises(GalleyError, match="第2篇，有300个字"):
        compose(galley, imprint=IMPRINT)


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("工作专班,", "增强", "工作专班,增强"),
        ("the trade", "union", "the trade union"),
        ("In 20", "22", "In 2022"),
        ("下载", "APP", "下载APP"),
    ],
)
def test_latin_words_keep_a_space_between_two_pieces(first: str, second: str, whole: str) -> None:
    assert glue(first, second) == whole


def test_what_no_block_holds_is_named() -> None:
    assert unaccounted(sheet(), "甲题 乙题\n丙题") == "丙题"


# What is stored


def stored(**changes: Any) -> dict[str, Any]:
    return json.loads(json.dumps(to_data(sheet()))) | changes


def test_a_galley_is_stored_and_comes_back() -> None:
    galley = begin_article(split(move(sheet(), 3, 2), 4, 3), 5)
    passages = Galley.of(
        [
            Block(1, "表", Part.FIGURE, 1, passage=TABLE),
            Block(2, "图", Part.DROPPED, 1, passage=Photo("a.jpg", caption="说明")),
            Block(3, "以棋", article=1, passage=Paragraph((Run("以"), Run("棋", bold=True)))),
        ]
    )

    for each in (sheet(), galley, passages):
        assert from_data(json.loads(json.dumps(to_data(each)))) == each


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        stored(version=2),
        stored(version=True),
        stored(more=1),
        stored(blocks={}),
        stored(blocks=[{"id": 1}]),
        stored(blocks=[{"id": "1", "text": "甲"}]),
        stored(blocks=[{"id": 1, "text": "甲", "part": "script"}]),
        stored(blocks=[{"id": 1, "text": "甲", "part": []}]),
        stored(blocks=[{"id": 1, "text": "甲", "joins": 1}]),
        stored(blocks=[{"id": 1, "text": "甲", "article": -1}]),
        stored(blocks=[{"id": 1, "text": "甲", "article": 10**30}]),
        stored(blocks=[{"id": 1, "text": "甲\x00"}]),
        stored(blocks=[{"id": 1, "text": "甲\ud800"}]),
        stored(blocks=[{"id": 1, "text": "甲", "extra": 1}]),
        stored(blocks=[{"id": 1, "text": "甲", "passage": "![x](../a.jpg)"}]),
        stored(blocks=[{"id": 1, "text": "甲", "passage": "乙"}]),
        stored(blocks=[{"id": 1, "text": "甲", "passage": "乙\n\n丙"}]),
        stored(blocks=[{"id": 1, "text": "甲", "passage": "*甲"}]),
        stored(blocks=[{"id": 1, "text": "甲", "part": "figure"}]),
        stored(blocks=[{"id": 1, "text": "甲"}, {"id": 1, "text": "乙"}], doubts=[]),
        stored(order=[1, 2]),
        stored(order=[1, 1, 2, 3, 4, 5, 6]),
        stored(order=["1", 2, 3, 4, 5, 6, 7]),
        stored(doubts=[{"id": 1, "code": "x", "text": "y", "block": 99}]),
        stored(doubts=[{"id": 1, "code": "x", "text": "y" * 2000, "block": 1}]),
        stored(doubts=[{"id": 1, "code": "x", "text": "y", "block": 1, "kind": "shout"}]),
        stored(
            doubts=[
                {
                    "id": 1,
                    "code": "x",
                    "text": "y",
                    "block": 1,
                    "choices": [
                        {"label": "z", "steps": [{"act": "part", "block": 1, "value": "x"}]}
                    ],
                }
            ]
        ),
    ],
    ids=range(30),
)
def test_what_was_never_stored_is_refused(data: object) -> None:
    with pytest.raises(GalleyError, match="读不出来"):
        from_data(data)


# Whatever is done, nothing is lost

EDITS = st.one_of(
    st.tuples(st.just(set_part), st.integers(1, 9), st.sampled_from(Part)),
    st.tuples(st.just(split), st.integers(1, 9), st.integers(0, 12)),
    st.tuples(st.just(move), st.integers(1, 9), st.integers(1, 4)),
    st.tuples(st.just(merge), st.integers(1, 4), st.integers(1, 4)),
    st.tuples(st.sampled_from([join, unjoin, drop, restore, begin_article]), st.integers(1, 9)),
    st.tuples(st.just(settle), st.integers(1, 1), st.integers(0, 1)),
)


@given(st.lists(EDITS, max_size=12))
def test_no_edit_loses_anything(edits: list[tuple[Any, ...]]) -> None:
    galley = sheet()
    for edit, *values in edits:
        try:
            galley = edit(galley, *values)
        except GalleyError:
            continue
    assert "".join(b.text for b in galley.blocks) == "".join(b.text for b in sheet().blocks)
    assert Counter(galley.order) == Counter(block.id for block in galley.blocks)
    assert from_data(json.loads(json.dumps(to_data(galley)))) == galley
    assert len(compose_articles(galley)) == len(galley.articles)
    for doubt in galley.doubts:
        assert galley.block(doubt.block)
