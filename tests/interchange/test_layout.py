"""Whole pages as somebody pastes them: issue 450, its distortions, and whatever else may come."""

import contextlib
import json
from collections import Counter
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from interchange.composing import compose, compose_articles
from interchange.galley import Galley, GalleyError, Part, unaccounted
from interchange.galley_data import from_data, to_data
from interchange.galley_edits import settle
from interchange.readers.folder import read_folder
from interchange.readers.layout import read_layout
from interchange.schema import Crosshead, RemarkKind
from newsroom.cjk import clean_text
from tests.effort import at_most
from tests.factories import SAMPLE

from .distorted import CASES, COPIES, SOURCE, Case
from .judged import judge, squeezed
from .mangled import mangled

HAND_CHECKED = read_folder(SAMPLE)


def case(name: str) -> Case:
    return next(each for each in CASES if each.name == name)


def codes(galley: Galley) -> Counter[str]:
    return Counter(doubt.code for doubt in galley.open_doubts)


def told(text: str, **known: object) -> str:
    return "\n".join(doubt.text for doubt in read_layout(text, **known).open_doubts)  # type: ignore[arg-type]


def settled(galley: Galley, code: str, choice: int) -> Galley:
    doubt = next(each for each in galley.open_doubts if each.code == code)
    return settle(galley, doubt.id, choice)


# Issue 450


def test_issue_450_is_read_as_it_was_checked_by_hand() -> None:
    issue = compose(read_layout(SOURCE))

    fields = ("number", "date", "lunar_date", "responsible_editor")
    assert [getattr(issue, name) for name in fields] == [
        getattr(HAND_CHECKED, name) for name in fields
    ]
    assert issue.imprint == HAND_CHECKED.imprint
    for read, checked in zip(issue.articles, HAND_CHECKED.articles, strict=True):
        assert (read.kicker, read.title, read.subhead) == (
            checked.kicker,
            checked.title,
            checked.subhead,
        )
        assert read.bylines == checked.bylines
        assert read.body == checked.body


def test_issue_450_in_numbers() -> None:
    galley = read_layout(SOURCE)
    passages = [passage for article in compose_articles(galley) for passage in article.body]

    assert len(passages) == 38
    assert sum(isinstance(passage, Crosshead) for passage in passages) == 3
    assert sum(block.joins for block in galley.blocks) == 4  # one of them across a stump
    assert [block.text for block in galley.blocks if block.part is Part.DROPPED] == [
        "为更好地服务职工,今年,拱墅区总工会与辖区内3家托育"
    ]
    assert codes(galley) == {
        "headline-lines": 2,
        "headline-below": 1,
        "rejoined": 4,
        "stump": 1,
        "maybe-broken": 1,
    }


def test_the_remarks_are_of_the_kinds_and_at_the_places_noted_by_hand() -> None:
    noted = {
        (article.number, remark.kind, remark.after)
        for article in HAND_CHECKED.articles
        for remark in article.remarks
        if remark.kind in (RemarkKind.REJOIN, RemarkKind.GAP, RemarkKind.MOVED)
    }
    read = {
        (article.number, remark.kind, remark.after)
        for article in compose(read_layout(SOURCE)).articles
        for remark in article.remarks
    }
    assert noted <= read
    assert (1, RemarkKind.DECIDE, "") in read


# Its distortions


def test_there_are_enough_distortions_with_names_of_their_own() -> None:
    assert len({each.name for each in CASES}) == len(CASES) > 80
    as_printed = [each.name for each in CASES if each.text == SOURCE]
    assert as_printed == ["as printed", "number out of turn", "number left out"]
    assert len({each.text for each in CASES}) == len(CASES) - 2


@pytest.mark.parametrize("each", CASES, ids=lambda each: each.name)
def test_nothing_of_a_distortion_is_wrong_without_a_doubt(each: Case) -> None:
    verdict = judge(each)

    assert verdict.unflagged == []


def test_most_distortions_are_read_without_anything_wrong() -> None:
    verdicts = [judge(each) for each in CASES]

    assert sum(not verdict.flagged for verdict in verdicts) >= 69
    assert sum(verdict.found for verdict in verdicts) > 5_300


def test_nothing_is_wrong_without_a_doubt_in_pages_mangled_by_chance() -> None:
    verdicts = [judge(each) for each in mangled(450, 60)]

    assert [fact for verdict in verdicts for fact in verdict.unflagged] == []
    assert sum(verdict.found for verdict in verdicts) > 3_500


def test_the_judge_sees_what_is_wrong() -> None:
    """Mistakes that no reader can see: a paragraph broken at a full stop, two run together."""
    whole = COPIES[2].body[2][1]
    at = whole.index("。", 60) + 1
    broken = judge(Case("", SOURCE.replace(whole, f"{whole[:at]}\n\n{whole[at:]}"), {}, COPIES))
    one = SOURCE.replace(f"{COPIES[3].body[0][1]}\n\n", COPIES[3].body[0][1])
    merged = judge(Case("", one, {}, COPIES))

    assert [fact[:12] for fact in broken.unflagged] == [f"-paragraph: {whole}"[:12]]
    assert len(merged.unflagged) == 3


# What the choices do


def test_one_click_keeps_one_of_two_issues() -> None:
    galley = read_layout(case("two issues in one paste").text)

    for choice, number in ((1, 450), (2, 451)):
        issue = compose(settled(galley, "second-issue", choice))
        assert (issue.number, issue.imprint.name) == (number, "杭州工运")
        assert [article.title for article in issue.articles] == [copy.title for copy in COPIES]


def test_one_click_makes_an_article_of_a_false_crosshead() -> None:
    text = "甲题\n正文一句话说完了。\n乙题\n另一篇的正文说完了。\n(刘魏)"
    galley = settled(read_layout(text), "crosshead", 3)

    assert [article.title for article in compose_articles(galley)] == ["甲题", "乙题"]


def test_one_click_puts_two_lines_of_a_headline_right() -> None:
    galley = read_layout(SOURCE)
    doubt = next(each for each in galley.doubts if each.code == "headline-lines")
    labels = [choice.label for choice in doubt.choices]
    article = compose_articles(settle(galley, doubt.id, labels.index("引题＋主题")))[0]

    assert (article.kicker, article.title) == (COPIES[0].title, COPIES[0].subhead)


def test_every_choice_of_every_distortion_can_be_taken() -> None:
    for each in CASES[::3]:
        galley = read_layout(each.text)
        for doubt in galley.doubts:
            for n in range(len(doubt.choices)):
                after = settle(galley, doubt.id, n)
                assert Counter(after.order) == Counter(galley.order)
                assert len(after.open_doubts) < len(galley.open_doubts)


def test_folio_lines_above_their_articles_place_them() -> None:
    pages = SOURCE.replace("\n拱墅区总工会普惠", "\n第2版 综合新闻\n\n拱墅区总工会普惠")
    pages = pages.replace("\n市第十届", "\n第4版 副刊\n\n市第十届")
    issue = compose(read_layout(pages))

    assert [article.folio for article in issue.articles] == [1, 2, 2, 4]
    assert [(folio.number, folio.name) for folio in issue.folios] == [(2, "综合新闻"), (4, "副刊")]


def test_folio_lines_at_the_foot_of_the_page_place_nothing() -> None:
    pages = SOURCE.replace("\n拱墅区总工会普惠", "\n第1版\n\n拱墅区总工会普惠") + "\n\n第2版"

    assert [article.folio for article in compose(read_layout(pages)).articles] == [1, 1, 1, 1]


# What does not fit together


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("星期二", "星期三"), "2022年8月2日是星期二，印的是星期三"),
        (("七月初五", "七月初六"), "2022年8月2日是农历壬寅年七月初五，印的是“壬寅年七月初六”"),
        (("8月2日 ", "8月32日 "), "“2022年8月32日”不是一个日期"),
        (("第450期", "第45O期"), "期号印作“45O”，字母当作数字读"),
        (("责任编辑:侯英帅", ""), "刊头里没有认出责任编辑"),
        (("(张晓燕)", "(张晓燕)\n责任编辑:王小明"), "责任编辑印了两次：“侯英帅”和“王小明”"),
    ],
    ids=range(6),
)
def test_what_does_not_fit_is_said(change: tuple[str, str], words: str) -> None:
    assert words not in told(SOURCE)
    assert words in told(SOURCE.replace(*change))


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ((449, date(2022, 7, 26)), ""),
        ((448, date(2022, 7, 26)), "期号不连续：之前一期是第448期（2022年7月26日）"),
        ((450, date(2022, 7, 26)), "第450期已经有了，是2022年7月26日的"),
        ((449, date(2022, 8, 2)), "2022年8月2日已有第449期"),
        ((450, date(2022, 8, 9)), "之后2022年8月9日是第450期"),
        ((460, date(2022, 7, 26)), "之前2022年7月26日是第460期，这一期却是第450期"),
    ],
    ids=range(6),
)
def test_the_number_is_compared_with_the_issues_that_are_known(
    known: tuple[int, date], words: str
) -> None:
    found = told(SOURCE, known=[known])

    assert words in found
    assert words or "期号" not in found


# Whatever comes


ALPHABET = (
    "张王文摄记者通讯员本报主题副刊图为下转上接第版期年月日星农历责任编辑出版"
    ':。，！？：；、（）()“”"—…·/> '
    "　\t\n\r\u2028\x00\u200b\ud800aAB1208😀"
)
LINES = st.sampled_from(
    [line for line in SOURCE.split("\n") if line]
    + [
        "",
        "(下转第2版)",
        "(上接第1版)",
        "第2版 综合",
        "图为现场。",
        "(刘魏)",
        "小标题",
        "> 引用",
        "By Wang Wei",
    ]
)
TEXTS = st.one_of(
    st.text(),
    st.text(alphabet=ALPHABET, max_size=200),
    st.lists(LINES, max_size=30).map("\n".join),
)


@given(TEXTS)
@example("")
@example(">\n>")
@example("(下转第2版)(上接第1版)")
def test_any_text_is_read_whole_and_stored_and_composed(text: str) -> None:
    galley = read_layout(text)

    held = squeezed("".join(block.signs + block.text for block in galley.blocks))
    assert held == squeezed(clean_text(text))
    assert unaccounted(galley, text) == ""
    assert Counter(galley.order) == Counter(block.id for block in galley.blocks)
    assert from_data(json.loads(json.dumps(to_data(galley)))) == galley
    assert len(compose_articles(galley)) == len(galley.articles)
    for block in galley.blocks:
        assert (block.part in (Part.NAMEPLATE, Part.DATE_LINE)) <= (block.article == 0)


@given(TEXTS, st.data())
def test_any_choices_lose_nothing(text: str, data: st.DataObject) -> None:
    galley = read_layout(text)
    before = "".join(block.text for block in galley.blocks)
    for doubt in galley.doubts[:6]:
        try:
            galley = settle(galley, doubt.id, data.draw(st.integers(0, len(doubt.choices) - 1)))
        except GalleyError:
            continue
    assert "".join(block.text for block in galley.blocks) == before
    assert len(compose_articles(galley)) == len(galley.articles)


HOSTILE = {
    "brackets": "（" * 100_000 + "）" * 100_000,
    "brackets behind sentences": "。（" * 100_000 + "）",
    "roles": "记者 " * 70_000,
    "spaced names": "（" + "刘 " * 100_000 + "）",
    "a dateline": "本报讯" + " " * 200_000,
    "captions": "图" * 200_000,
    "short lines": "短\n" * 4_900,
    "far too many lines": "短\n" * 100_000,
    "stumps": "甲甲甲甲甲,\n" * 4_900,
    "the same stump": "甲乙丙丁戊己庚辛壬癸子丑\n" + "前文甲乙丙丁戊己庚辛壬癸子丑\n" * 4_800,
    "headlines and names": "标题\n(刘魏)\n" * 2_400,
    "articles": "标题一\n正文。\n(刘魏)\n" * 1_600,
    "borders": "标题一\n标题二\n正文。\n" * 1_600,
    "openings": "标题\n" + "正文。\n小题\n7月2日,正文。\n" * 1_600,
    "crossheads": "正文。\n“小题”\n" * 2_400 + "正文。",
    "date lines": "2022年8月2日 星期二 第450期\n" * 4_900,
    "issues": "".join(f"2022年8月2日 星期二 第{n}期\n" for n in range(4_900)),
    "labels in a line": "出版:" * 70_000,
    "labels": "出版:甲\n" * 4_900,
    "jumps": "(下转第2版)\n" * 4_900,
    "jumps behind text": "正文。(下转第2版)\n" * 4_900,
    "continuations": "(上接第1版)正文\n" * 4_900,
    "quotation signs": ">" * 200_000,
    "quoted nothing": "> \n" * 4_900,
    "columns": ("字" * 40 + "\n") * 4_900,
    "Latin words": "a b " * 50_000,
    "Latin lines": "word word word word\n" * 4_900,
    "foreign names": "By A" + " Bb" * 60_000,
    "NUL": "\0" * 200_000,
    "halves of characters": "\ud800" * 200_000,
    "bidi signs": "\u202e甲" * 100_000,
    "empty lines": (" " * 60 + "\n") * 3_000,
    "an address": "http://" + "a" * 200_000,
    "a number": "第" + "1" * 200_000 + "期",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_read_or_refused_fast(name: str) -> None:
    with at_most(2), contextlib.suppress(GalleyError):
        read_layout(HOSTILE[name])
