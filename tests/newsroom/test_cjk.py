"""How Chinese copy is shown, counted and cleaned."""

import random
from pathlib import Path

import pytest

from newsroom.cjk import (
    clean_line,
    clean_text,
    count_characters,
    full_width,
    headline_lines,
    opening,
)

SOURCE = Path(__file__).parents[2] / "content" / "issue-450" / "provenance" / "source.txt"


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("(汪燕盼)", "（汪燕盼）"),
        ("各省(区、市)总工会,区(县、市)", "各省（区、市）总工会，区（县、市）"),
        ("区县(市)、乡镇(街道)工会", "区县（市）、乡镇（街道）工会"),
        ("孩子由谁照顾?难题!一是;二是:", "孩子由谁照顾？难题！一是；二是："),
        ("新闻热线:(0571)87160990", "新闻热线：(0571)87160990"),
        (
            "投稿网址: http://www.hzgh.org/tg.htm",
            "投稿网址： http://www.hzgh.org/tg.htm",
        ),
        ("“带着孩子来上班”,已成为现实", "“带着孩子来上班”，已成为现实"),
        ("登录“浙里办”APP,搜索", "登录“浙里办”APP，搜索"),
        ("世界卫生组织(WHO)表示", "世界卫生组织（WHO）表示"),
        ("《Nature》,《Science》", "《Nature》，《Science》"),
        ("(1)加强;(2)落实", "（1）加强；（2）落实"),
        ("1)加强", "1）加强"),
        ("请下载杭工e家APP!", "请下载杭工e家APP！"),
        ("“你用APP吗?”他问,“用APP?”", "“你用APP吗？”他问，“用APP？”"),
        ("上午8:30开始,共1,234人,比分3:2", "上午8:30开始，共1,234人，比分3:2"),
        ("增长3.5%,达到937万元", "增长3.5%，达到937万元"),
        ("邮箱:tg@hzgh.org,欢迎来稿", "邮箱：tg@hzgh.org，欢迎来稿"),
        ("见http://a.cn/b,c?d=(1);e,欢迎", "见http://a.cn/b,c?d=(1);e，欢迎"),
        ("（某某)", "（某某）"),
        ("第一行,\nsecond line, in English\n", "第一行，\nsecond line, in English\n"),
    ],
)
def test_half_width_marks_of_chinese_copy_are_shown_full_width(stored: str, shown: str) -> None:
    assert full_width(stored) == shown


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hello, world (test): is it? Yes!",
        "他说“Hello, world!”",
        "(0571)87160990",
        "给予8.5折优惠",
        "0-3岁婴幼儿",
        "8:30-17:00",
        "https://www.hzgh.org/a,b;c?d=1:2(3)",
        '他说"你好"',
        "已是全角，不动：“好”！",
        "f(x) = g(y, z);",
    ],
)
def test_numbers_addresses_and_latin_text_keep_their_marks(text: str) -> None:
    assert full_width(text) == text


def test_issue_450_keeps_half_width_marks_only_in_telephone_number_and_address() -> None:
    source = SOURCE.read_text(encoding="utf-8")
    shown = full_width(source)
    assert sum(a != b for a, b in zip(source, shown, strict=True)) == 266
    for kept in ("(0571)87160990", "http://www.hzgh.org/tg.htm"):
        assert shown.count(kept) == 1
        shown = shown.replace(kept, "")
    assert not set(shown) & set(",:;?!()")


def test_full_width_keeps_every_place_and_is_done_once() -> None:
    chance = random.Random(450)
    signs = list(
        "工会运ABz09,,::;?!(())（）“”‘’《》[]。 \n\t/.-%https://www.x(0571)87160990" + "，：é々"
    )
    for _ in range(4000):
        text = "".join(chance.choices(signs, k=chance.randrange(40)))
        shown = full_width(text)
        assert len(shown) == len(text)
        assert full_width(shown) == shown
        assert all(a == b or a in ",:;?!()" for a, b in zip(text, shown, strict=True))


@pytest.mark.parametrize(
    ("text", "characters", "without_punctuation"),
    [
        ("", 0, 0),
        ("杭工e家", 4, 4),
        ("登录“浙里办”APP", 8, 6),
        ("给予8.5折优惠,持续3年。", 12, 10),
        ("涉及1,234人 \u3000\n", 4, 4),
        ("Wi-Fi it’s 5G", 4, 4),
        ("0-3岁", 4, 3),
        ("……", 2, 0),
        ("👍\ufe0f\u200b", 1, 0),
    ],
)
def test_characters_are_counted_as_the_paper_does(
    text: str, characters: int, without_punctuation: int
) -> None:
    assert count_characters(text) == characters
    assert count_characters(text, punctuation=False) == without_punctuation


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        (
            "市第十届职工运动会 中国象棋比赛在建德举行",
            ("市第十届职工运动会", "中国象棋比赛在建德举行"),
        ),
        ("“供”上多突破 入托有多种方式可选", ("“供”上多突破", "入托有多种方式可选")),
        ("尊法守法\u3000携手筑梦", ("尊法守法", "携手筑梦")),
        ("上线APP\u30002022年启用", ("上线APP", "2022年启用")),
        ("登上 APP Store 榜首", ("登上 APP Store 榜首",)),
        ("第450期 2022年8月", ("第450期 2022年8月",)),
        ("  一行  ", ("一行",)),
        ("", ()),
    ],
)
def test_headline_breaks_where_the_printed_line_did(title: str, lines: tuple[str, ...]) -> None:
    assert headline_lines(title) == lines


def test_short_article_opens_with_all_of_it() -> None:
    assert opening(["只有一句。"], 100) == "只有一句。"
    assert opening([], 100) == ""


def test_opening_ends_with_a_sentence_outside_quotation_marks() -> None:
    paragraphs = ["“孩子进托育园。太好了。”王安毅说。", "孩子上幼儿园前由谁照顾?这是难题。"]
    assert opening(paragraphs, 32) == "“孩子进托育园。太好了。”王安毅说。孩子上幼儿园前由谁照顾?"
    assert opening(paragraphs, 20) == "“孩子进托育园。太好了。”王安毅说。"
    assert opening(paragraphs, 12) == "“孩子进托育园。太好了……"


def test_opening_breaks_off_at_a_mark_and_says_so() -> None:
    assert opening(["会议指出,要认真学习,深入贯彻落实有关决策部署精神。"], 20) == (
        "会议指出,要认真学习……"
    )
    assert opening(["没有标点的一长串文字一直写到很远的地方去。"], 8) == "没有标点的一长串……"
    assert opening(["报名请登录https://www.hzgh.org/tg.htm投稿。"], 12) == "报名请登录……"


def test_opening_of_issue_450_is_never_longer_than_asked() -> None:
    paragraphs = SOURCE.read_text(encoding="utf-8").split("\n\n")
    for first in range(len(paragraphs)):
        for characters in (20, 60, 120):
            found = opening(paragraphs[first:], characters)
            assert len(found.removesuffix("……")) <= characters


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("两行\r\n标题", "两行 标题"),
        ("制表\t符\v与\u2028换行", "制表 符 与 换行"),
        (" \u3000前后有空\n", "前后有空"),
        ("空\0字\x07符", "空字符"),
        ("反\u202e转\u202c\u2066向\u2069", "反转向"),
        ("零\u200b宽\ufeff字\u2060符", "零宽字符"),
        ("半个\ud83d字", "半个字"),
        ("👨\u200d👩\u200d👧一家\u200d人", "👨\u200d👩\u200d👧一家人"),
        ("保留  两个空格与<script>", "保留  两个空格与<script>"),
        ("市第十届职工运动会 中国象棋比赛", "市第十届职工运动会 中国象棋比赛"),
    ],
)
def test_one_line_field_loses_breaks_and_invisible_signs(typed: str, clean: str) -> None:
    assert clean_line(typed) == clean
    assert clean_line(clean) == clean


def test_copy_loses_only_what_is_invisible() -> None:
    assert (
        clean_text("\u3000\u3000一段\r\n二\0段\u202e\r三段\t \n")
        == "\u3000\u3000一段\n二段\n三段\t \n"
    )
    source = SOURCE.read_text(encoding="utf-8")
    assert clean_text(source) == source
