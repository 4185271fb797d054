"""The text of one article, pasted: what each line is taken for, and that no character is lost."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interchange.composing import compose_article
from interchange.galley import Block, Galley, Part
from interchange.readers.folder import read_folder
from interchange.readers.pasted import ARTICLE, cut_lines, read_pasted
from interchange.readers.wording import Signed, signature
from interchange.schema import Article, Crosshead, Paragraph, Role
from newsroom.cjk import clean_text
from tests.effort import at_most
from tests.factories import SAMPLE

MANUSCRIPTS = read_folder(SAMPLE).articles
BODY = "　　7月27日，比赛在建德市寿昌江畔的寿昌工人文化宫开赛，来自全市的29支代表队参加。"


def composed(text: str) -> Article:
    return compose_article(read_pasted(text), ARTICLE)


def parts(text: str) -> list[tuple[str, str]]:
    return [(line.part.value, line.text) for line in read_pasted(text).blocks]


def heads(text: str) -> list[str]:
    return [part for part, _ in parts(text)]


def pasted(manuscript: object) -> str:
    """Return an article of issue 450 as it lay in the source: its headline, its text, its name."""
    head = [line for line in (manuscript.kicker, manuscript.title, manuscript.subhead) if line]
    text = [f"　　{passage.text}" for passage in manuscript.body]
    names = [f"({byline.name})" for byline in manuscript.bylines]
    return "\n\n".join((*head, "", *text, *names))


@pytest.mark.parametrize("manuscript", MANUSCRIPTS, ids=lambda one: str(one.number))
def test_the_articles_of_issue_450_are_read_as_they_were_printed(manuscript: object) -> None:
    article = composed(pasted(manuscript))

    assert (article.kicker, article.title, article.subhead) == (
        manuscript.kicker,
        manuscript.title,
        manuscript.subhead,
    )
    assert [(type(p), p.text) for p in article.body] == [(type(p), p.text) for p in manuscript.body]
    assert [byline.name for byline in article.bylines] == [b.name for b in manuscript.bylines]


def test_a_headline_below_the_text_is_found_and_said() -> None:
    text = f"{BODY}\n{BODY}\n在根治欠薪工作中展现担当\n杭州市总工会作交流发言\n(焦利芳)"

    read = read_pasted(text)

    assert [line.part for line in read.blocks[2:]] == [Part.TITLE, Part.SUBHEAD, Part.BYLINE]
    assert "标题在正文后面" in read.doubts[0].text


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (["主题"], ["title"]),
        (["主题", "副题"], ["title", "subhead"]),
        (["引题", "主题", "副题"], ["kicker", "title", "subhead"]),
        (["主题", "——副题", "小标题"], ["title", "subhead", "crosshead"]),
        (["孩子谁来带？"], ["title"]),
        (["主题", "记者 王小某"], ["title", "byline"]),
    ],
)
def test_short_lines_before_the_text_are_its_headline(head: list[str], expected: list[str]) -> None:
    assert heads("\n".join([*head, BODY])) == [*expected, "paragraph"]


def test_a_space_inside_a_headline_is_kept() -> None:
    title = "市第十届职工运动会 中国象棋比赛在建德举行"

    assert composed(f"　{title}　\n{BODY}").title == title


def test_single_short_lines_in_the_text_are_crossheads_and_lists_are_not() -> None:
    text = f"主题\n{BODY}\n以棋会友\n{BODY}\n一等奖 倪国荣\n二等奖 吴天雄\n{BODY}"

    assert heads(text) == ["title", "paragraph", "crosshead", *["paragraph"] * 4]


def test_a_stump_of_a_sentence_is_no_crosshead() -> None:
    text = f"主题\n{BODY}\n为更好地服务职工,今年,拱墅区总工会与辖区内3家托育\n{BODY}"

    assert "crosshead" not in heads(text)


def test_the_end_of_a_text_without_a_mark_is_no_crosshead() -> None:
    assert heads(f"主题\n{BODY}\n特此通知") == ["title", "paragraph", "paragraph"]


def test_a_dateline_stays_in_the_copy_and_its_names_are_pointed_out() -> None:
    read = read_pasted(f"主题\n本报讯（记者 王小某 通讯员 李四）{BODY.strip()}")

    assert read.blocks[1].text.startswith("本报讯（记者 王小某 通讯员 李四）7月27日")
    assert read.blocks[1].part is Part.PARAGRAPH
    assert "记者 王小某 通讯员 李四" in read.doubts[0].text


def test_a_signature_behind_the_last_sentence_becomes_its_own_line() -> None:
    assert parts(f"主题\n{BODY}(张晓燕)")[1:] == [
        ("paragraph", BODY.strip()),
        ("byline", "(张晓燕)"),
    ]


@pytest.mark.parametrize("bracket", ["（北软园区）", "（图略）", "（点赞）", "（全文完）"])
def test_a_bracket_that_names_nobody_stays_where_it_is(bracket: str) -> None:
    assert parts(f"主题\n{BODY}{bracket}")[1:] == [("paragraph", BODY.strip() + bracket)]


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("(汪燕盼)", [("汪燕盼", Role.NONE)]),
        (
            "（记者 王某某 通讯员 李四）",
            [("王某某", Role.REPORTER), ("李四", Role.CORRESPONDENT)],
        ),
        ("记者：王某某", [("王某某", Role.REPORTER)]),
        ("通讯员 王丽 李强", [("王丽", Role.CORRESPONDENT), ("李强", Role.CORRESPONDENT)]),
        ("(刘　魏)", [("刘魏", Role.NONE)]),
        ("文/图 王小明", [("王小明", Role.WRITER), ("王小明", Role.PHOTOGRAPHER)]),
        ("（王小明 文 李四 摄）", [("王小明", Role.WRITER), ("李四", Role.PHOTOGRAPHER)]),
        ("记者从市总工会获悉", []),
        ("张三", []),
        ("（待续）", []),
        ("()", []),
    ],
)
def test_a_signature_says_who_did_what(line: str, people: list[tuple[str, Role]]) -> None:
    assert signature(line) == tuple(Signed(name, role) for name, role in people)


def test_text_without_a_headline_asks_for_one() -> None:
    read = read_pasted(f"{BODY}\n{BODY}")

    assert all(block.part is Part.PARAGRAPH for block in read.blocks)
    assert (
        compose_article(read, ARTICLE).title
        == "7月27日，比赛在建德市寿昌江畔的寿昌工人文化宫开赛……"
    )
    assert "没有认出标题" in read.doubts[0].text


def test_nothing_pasted_is_nothing() -> None:
    assert read_pasted(" \n\u3000\n").blocks == ()


def test_what_an_editor_decides_counts() -> None:
    lines = [
        Block(1, "甲", Part.TITLE, ARTICLE),
        Block(2, "乙", Part.TITLE, ARTICLE),
        Block(3, "丙", Part.CROSSHEAD, ARTICLE),
        Block(4, "丁", Part.DROPPED, ARTICLE),
        Block(5, "市总工会 宣教部", Part.BYLINE, ARTICLE),
    ]

    article = compose_article(Galley.of(lines), ARTICLE)

    assert article.title == "甲\u3000乙"
    assert article.body == (Crosshead("丙"),)
    assert [byline.name for byline in article.bylines] == ["市总工会", "宣教部"]


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


ALPHABET = (
    "张王文摄记者通讯员本报主题副。，！？：；、（）()“”—…·/ 　\t\n\r\u2028\x00\u200b\ud800aA1😀"
)
TEXTS = st.one_of(st.text(), st.text(alphabet=ALPHABET, max_size=200))


@given(TEXTS)
def test_every_character_is_in_a_line_in_order(text: str) -> None:
    read = read_pasted(text)

    assert bare("".join(line.text for line in read.blocks)) == bare(clean_text(text))
    assert [line.text for line in read.blocks] == cut_lines(text)


@given(TEXTS)
def test_every_character_of_headline_and_body_is_in_the_article(text: str) -> None:
    lines = read_pasted(text).blocks
    article = composed(text)

    kept = [line.text for line in lines if line.part is not Part.BYLINE]
    has_title = any(line.part is Part.TITLE for line in lines)
    words = [article.kicker, article.title if has_title else "", article.subhead]
    words += [passage.text for passage in article.body]
    assert sorted(bare("".join(kept))) == sorted(bare("".join(words)))
    assert all(isinstance(p, Paragraph | Crosshead) and p.text for p in article.body)


@pytest.mark.parametrize(
    "text",
    [
        "（" * 100_000 + "）" * 100_000,
        "。（" * 100_000 + "）",
        "记者 " * 100_000,
        "（" + "刘 " * 50_000 + "）",
        "本报讯" + " " * 200_000,
        "\u3000" * 200_000 + "x",
        "图" * 300_000,
        "短\n" * 10_000,
    ],
    ids=range(8),
)
def test_hostile_text_is_read_fast(text: str) -> None:
    with at_most(2):
        composed(text)
