"""Characters are counted by the paper's custom: each part by itself, the custom applied after."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desk.figures.counting import (
    Count,
    Custom,
    Part,
    characters,
    count_article,
    credits_of,
)
from interchange import schema
from interchange.readers.folder import read_folder
from newsroom.cjk import count_characters
from tests.factories import SAMPLE

NOTHING_BUT_BODY = Custom(headline=False, captions=False, tables=False, notes=False)


def article(*passages: schema.Passage, title: str = "标题", **fields: object) -> schema.Article:
    return schema.Article(number=1, title=title, body=passages, **fields)


def count_of(text: str, custom: Custom = NOTHING_BUT_BODY) -> int:
    return characters(count_article(article(schema.Paragraph.of(text))), custom)


@pytest.mark.parametrize(
    ("text", "with_signs", "without"),
    [
        ("", 0, 0),
        ("   \u3000\n", 0, 0),
        ("。，！", 3, 0),
        ("工会", 2, 2),
        ("打8.5折", 3, 3),
        ("0-3岁", 4, 3),
        ("“杭工e家”APP", 7, 5),
        ("共1,234人", 3, 3),
        ("7月29日，开赛。", 8, 6),
        ("省、市", 3, 2),
        ("2022年8月2日", 6, 6),
        ("Wi-Fi信号", 3, 3),
        ("……", 2, 0),
        ("——", 2, 0),
        ("〇二二年", 4, 4),
        ("100%", 2, 1),
        ("8:30开赛", 5, 4),
        ("𠮷野家", 3, 3),
        ("零\u200b宽", 2, 2),
    ],
)
def test_running_text(text: str, with_signs: int, without: int) -> None:
    assert count_of(text) == with_signs
    assert count_of(text, replace(NOTHING_BUT_BODY, punctuation=False)) == without


EVERY_KIND = article(
    schema.Paragraph.of("一二三。"),
    schema.Crosshead("小标题"),
    schema.Quote("引文", "出处"),
    schema.Photo("a.jpg", "图说，", "张三 摄", "替代文字"),
    schema.Gallery((schema.Photo("b.jpg", "甲", ""), schema.Photo("c.jpg", "乙", "李四 摄"))),
    schema.Table((("队", "分"), ("建德", "9")), has_header=True, caption="积分"),
    schema.Note("附注三字"),
    title="主题",
    kicker="引题",
    subhead="副题",
    standfirst="提要。",
    bylines=(schema.Byline(name="汪燕盼"),),
)


@pytest.mark.parametrize(
    ("custom", "expected"),
    [
        (NOTHING_BUT_BODY, 4 + 3 + 4),
        (replace(NOTHING_BUT_BODY, punctuation=False), 3 + 3 + 4),
        (replace(NOTHING_BUT_BODY, headline=True), 11 + 9),
        (replace(NOTHING_BUT_BODY, captions=True), 11 + 5),
        (replace(NOTHING_BUT_BODY, tables=True), 11 + 7),
        (replace(NOTHING_BUT_BODY, notes=True), 11 + 4),
        (Custom(), 11 + 5 + 7 + 4),
        (Custom(headline=True, punctuation=False), 10 + 8 + 4 + 7 + 4),
    ],
)
def test_parts_count_where_the_custom_says_so(custom: Custom, expected: int) -> None:
    assert characters(count_article(EVERY_KIND), custom) == expected


def test_names_credits_and_alt_texts_are_no_copy() -> None:
    nobody = replace(EVERY_KIND, bylines=())

    assert count_article(nobody) == count_article(EVERY_KIND)
    assert count_article(article(schema.Photo("a.jpg", "", "张三 摄", "一张照片")))[
        Part.CAPTIONS
    ] == Count(0, 0)


def test_each_picture_has_its_credit_even_an_empty_one() -> None:
    assert credits_of(EVERY_KIND) == ("张三 摄", "", "李四 摄")


def test_an_article_without_anything_has_no_characters() -> None:
    empty = article(title="")

    assert characters(count_article(empty), Custom(headline=True)) == 0
    assert characters({}, Custom()) == 0


def test_the_printed_issue_is_counted_as_its_text_is() -> None:
    """What is counted part by part is the whole text, counted in one go."""
    issue = read_folder(SAMPLE)

    for sample in issue.articles:
        text = "".join(
            passage.text
            for passage in sample.body
            if isinstance(passage, schema.Paragraph | schema.Crosshead)
        )
        assert characters(count_article(sample), NOTHING_BUT_BODY) == sum(
            count_characters(passage.text)
            for passage in sample.body
            if isinstance(passage, schema.Paragraph | schema.Crosshead)
        )
        assert 0 < characters(count_article(sample), Custom(punctuation=False)) <= len(text)
