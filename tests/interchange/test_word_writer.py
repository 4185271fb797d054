"""The issue as a Word document: named styles, pictures, the same bytes, read back as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from itertools import pairwise
from zipfile import ZipFile

import docx
import pytest
from lxml import etree

from interchange.for_readers import shown
from interchange.readers.word import Manuscript, plain_text, read_word
from interchange.schema import (
    Crosshead,
    Gallery,
    Issue,
    Note,
    Paragraph,
    Passage,
    Photo,
    Quote,
    Run,
    Table,
)
from interchange.word_styles import HouseStyle
from interchange.writers.word import MOST_COLUMNS, write_word
from tests.interchange.written import HOSTILE, RICH, SAMPLE, SECRET, many, picture


def written(issue: Issue) -> bytes:
    return write_word(issue, picture=picture)


def alone(issue: Issue, place: int) -> Issue:
    """Return an issue of one of its articles."""
    return replace(issue, articles=(issue.articles[place],))


def styled(issue: Issue) -> list[tuple[str, str]]:
    """Return the paragraphs that stand in the text itself, each with the name of its style."""
    document = docx.Document(BytesIO(written(issue)))
    return [(paragraph.style.name, paragraph.text) for paragraph in document.paragraphs]


def test_every_part_has_the_style_of_its_name() -> None:
    told = [(style, text) for style, text in styled(RICH) if style != "表格文字"]
    assert told[:14] == [
        ("报头", "《工运周报》第7期"),
        ("日期行", "2026年11月24日　星期二　农历丙午年十月十六　第7期"),
        ("版次", "第1版 要闻　责任编辑：王某"),
        ("栏目", "工运时评"),
        ("引题", "引题，<一>行"),
        ("主题", "主题这里 有两行 & 更多"),
        ("副题", "——副题"),
        ("提要", "提要第一行\n提要第二行"),
        ("图片行", ""),
        ("图说", "图为赛场，热烈。 赵某 摄"),
        ("Normal", "正文，有粗体和斜体、粗斜链接；\n换行。"),
        ("小标题", "小标题 一"),
        ("Normal", "第二段（括号）讲数字1,234与8:30。"),
        ("引文", "引文第一行\n第二行"),
    ]
    names = {style for style, _ in told} | {"表格文字", "表题"}
    assert names == {style.value for style in HouseStyle} | {"Normal"}
    assert ("作者", "（记者 张三 李四 摄影 王 浩）") in told
    assert ("附注", "附注：数据截至\n11月底。") in told
    assert ("更正", "更正（2026年11月25日）：更正一\n第二行\n原文：甲<乙\n更正为：甲>乙") in told


def test_articles_stand_in_print_order_below_their_folios() -> None:
    told = [text for style, text in styled(RICH) if style in ("版次", "主题")]
    assert told == [
        "第1版 要闻　责任编辑：王某",
        "主题这里 有两行 & 更多",
        HOSTILE.replace("\ufffe\uffff", ""),
        "第2版 综合 & 副刊",
        "链接",
        "第3版",
        "没有正文",
    ]


def test_pictures_are_in_it_with_their_alternatives() -> None:
    data = written(RICH)
    document = docx.Document(BytesIO(data))
    alternatives = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert alternatives[:3] == ["跑道上\n三个人", "左图", "右图"]
    assert len(alternatives) == 7
    keys = [shape._inline.docPr.id for shape in document.inline_shapes]
    assert len(set(keys)) == len(keys)
    with ZipFile(BytesIO(data)) as archive:
        media = [name for name in archive.namelist() if name.startswith("word/media/")]
        # The nameplate is no part of the text.
        assert [name.rpartition("/")[2] for name in media] == [
            *("02.jpg", "03.png", "04.gif", "05.png", "06.png", "07.jpg", "08.jpg")
        ]


def test_tables_keep_their_cells_and_never_touch() -> None:
    document = docx.Document(BytesIO(written(RICH)))
    first = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert first == [["姓名", "名次"], ["倪国荣", "1"], ["", "2\n并列"]]
    assert [table.style.name for table in document.tables] == ["表格"] * len(document.tables)
    tags = [etree.QName(element).localname for element in document.element.body]
    assert "tbl" in tags
    assert ("tbl", "tbl") not in pairwise(tags)
    assert tags[-2:] == ["p", "sectPr"]


def test_more_columns_than_word_has_become_lines() -> None:
    row = tuple(f"{n}" for n in range(MOST_COLUMNS + 1))
    article = replace(SAMPLE.articles[0], body=(Table((row, row)),))
    document = docx.Document(BytesIO(written(replace(SAMPLE, articles=(article,)))))
    assert document.tables == []
    assert sum(p.text == "\t".join(row) for p in document.paragraphs) == 2


@pytest.mark.parametrize("issue", [SAMPLE, RICH, many(40)], ids=["sample", "rich", "40 articles"])
def test_equal_issues_make_equal_bytes(issue: Issue) -> None:
    assert written(issue) == written(replace(issue))


def test_it_says_of_itself_what_issue_it_is_and_of_no_later_day() -> None:
    properties = docx.Document(BytesIO(written(SAMPLE))).core_properties
    assert (properties.title, properties.author) == ("《杭州工运》第450期", "杭州市总工会")
    day = datetime(2022, 8, 2, tzinfo=UTC)
    assert (properties.created, properties.modified) == (day, day)


def test_every_part_is_xml_and_nothing_private_or_hostile_is_in_it() -> None:
    with ZipFile(BytesIO(written(RICH))) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            assert SECRET.encode() not in content
            assert b"\xef\xbf\xbe" not in content
            if name.endswith((".xml", ".rels")):
                etree.fromstring(content)


# Read back


@pytest.mark.parametrize("place", range(4))
def test_an_article_of_the_sample_is_read_back_as_it_is_shown(place: int) -> None:
    article = SAMPLE.articles[place]
    show = shown(article)
    read = read_word(written(alone(SAMPLE, place)))
    assert (read.title, read.kicker) == (show(article.title), show(article.kicker))
    assert read.subhead == show(article.subhead)
    assert read.names == tuple(byline.name for byline in article.bylines)
    assert read.lines == tuple(_as_shown(passage, show) for passage in article.body)


def _as_shown(passage: Passage, show: object) -> Passage:
    assert isinstance(passage, Paragraph | Crosshead)
    kind = Paragraph.of if isinstance(passage, Paragraph) else Crosshead
    return kind(show(passage.text))


def test_an_article_with_everything_is_read_back_part_by_part() -> None:
    read = read_word(written(alone(RICH, 0)))
    assert isinstance(read, Manuscript)
    assert (read.kicker, read.title, read.subhead) == (
        *("引题，<一>行", "主题这里 有两行 & 更多", "——副题"),
    )
    assert read.standfirst == "提要第一行\n提要第二行"
    assert read.names == ("张三", "李四", "王浩")
    assert read.lines == (
        Photo("图1.jpg", "图为赛场，热烈。 赵某 摄"),
        Paragraph(
            (
                Run("正文，有"),
                Run("粗体", bold=True),
                Run("和"),
                Run("斜体", italic=True),
                Run("、"),
                Run("粗斜链接", bold=True, italic=True, href="https://example.com/?a=1&b=2"),
                Run("；"),
            )
        ),
        Paragraph.of("换行。"),  # to the reader of manuscripts, a soft return ends a paragraph
        Crosshead("小标题 一"),
        Paragraph.of("第二段（括号）讲数字1,234与8:30。"),
        Quote("引文第一行\n第二行", "出处"),
        Table((("姓名", "名次"), ("倪国荣", "1"), ("", "2\n并列")), True, "成绩"),
        Table((("甲", "乙"),), False, ""),
        Photo("图2.png", "左"),
        Photo("图3.gif", "钱某 摄"),
        Note("附注：数据截至\n11月底。"),
    )
    assert len(read.pictures) == 3
    assert any(isinstance(passage, Gallery) for passage in RICH.articles[0].body)


def test_every_word_of_a_whole_issue_is_in_its_document() -> None:
    words = plain_text(written(many(40)))
    for article in SAMPLE.articles:
        show = shown(article)
        for passage in article.body:
            assert words.count(show(passage.text)) == 10
