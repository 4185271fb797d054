"""The body of an article as restricted Markdown, read and written."""

import random
from collections.abc import Callable

import pytest

from interchange.markdown import MarkdownError, parse_body, read_blocks, write_body
from interchange.schema import (
    Crosshead,
    Gallery,
    Note,
    Paragraph,
    Passage,
    Photo,
    Quote,
    Run,
    Table,
)

WRITTEN = {
    "plain": (Paragraph.of("第一段。"), "第一段。"),
    "settings": (
        Paragraph((Run("甲"), Run("“供”", bold=True), Run("乙", italic=True), Run("丙"))),
        "甲**“供”***乙*丙",
    ),
    "bold italic": (Paragraph((Run("甲", bold=True, italic=True),)), "***甲***"),
    "link": (
        Paragraph((Run("见"), Run("投稿网址", href="http://www.hzgh.org/tg.htm"), Run("。"))),
        "见[投稿网址](http://www.hzgh.org/tg.htm)。",
    ),
    "bold link": (
        Paragraph((Run("甲", bold=True, href="/a/"), Run("乙", href="/b_(c)/"))),
        "**[甲](/a/)**[乙](/b_\\(c\\)/)",
    ),
    "signs": (Paragraph.of("5*3 [1] C:\\x <b>&amp;"), "5\\*3 \\[1\\] C:\\\\x <b>&amp;"),
    "soft return": (Paragraph.of("甲\n乙\n"), "甲\\\n乙\\"),
    "spaces": (Paragraph.of("\u3000\u3000甲  乙 "), "\u3000\u3000甲  乙 "),
    "only a space": (Paragraph.of(" "), "\\ "),
    "like a crosshead": (Paragraph.of("## 甲"), "\\## 甲"),
    "a topic, unlike a crosshead": (Paragraph.of("#话题#"), "#话题#"),
    "like a quote": (Paragraph.of("> 甲"), "\\> 甲"),
    "like a table": (Paragraph.of("|甲|"), "\\|甲|"),
    "like a photo": (Paragraph((Run("!"), Run("甲", href="/a/"))), "\\![甲](/a/)"),
    "like a fence": (Paragraph.of("+++"), "\\+++"),
    "like a note": (Paragraph.of("[注] 甲"), "\\[注\\] 甲"),
    "crosshead": (Crosshead("“训”上下功夫 提升*素养*"), "## “训”上下功夫 提升*素养*"),
    "photo": (
        Photo("x.jpg", "比赛[现场]\n次行", '张"三"', "图}中"),
        '![比赛[现场\\]\\n次行](images/x.jpg "张\\"三\\""){图\\}中}',
    ),
    "bare photo": (Photo("全景-1.webp"), "![](images/全景-1.webp)"),
    "gallery": (
        Gallery((Photo("a.jpg", "甲"), Photo("b.jpg", alt="乙"))),
        "![甲](images/a.jpg)\n![](images/b.jpg){乙}",
    ),
    "quote": (Quote("甲\n\n—— 乙", "丙"), "> 甲\n>\n> \\—— 乙\n> —— 丙"),
    "table": (
        Table((("名次", "姓名"), (" 1", "a|b\\\n"), ("", "---")), True, "个人赛"),
        "[表] 个人赛\n| 名次 | 姓名 |\n| --- | --- |\n| \\ 1 | a\\|b\\\\\\n |\n|  | \\--- |",
    ),
    "table without header": (Table((("甲",), ("---",))), "| 甲 |\n| \\--- |"),
    "note": (Note("截至7月底。\n另记"), "[注] 截至7月底。\\\n另记"),
}


@pytest.mark.parametrize(("passage", "source"), WRITTEN.values(), ids=WRITTEN)
def test_passage_is_written_in_one_way_and_read_back(passage: Passage, source: str) -> None:
    assert write_body([passage]) == source
    assert parse_body(source) == (passage,)


def test_hand_written_variants_are_read_too() -> None:
    assert parse_body("\n\n甲\n \t\n\n乙\n\n") == (Paragraph.of("甲"), Paragraph.of("乙"))
    assert parse_body("|甲|  乙   |\n|---|:---:|\n|1|2|  ") == (
        Table((("甲", "乙"), ("1", "2")), has_header=True),
    )
    assert parse_body('![](images/a.jpg ""){}') == (Photo("a.jpg"),)
    assert parse_body("") == ()


def test_every_passage_knows_the_line_on_which_it_begins() -> None:
    source = "\n甲\\\n乙\n\n## 题\n\n\n> 引\n"
    assert [block.line for block in read_blocks(source, first_line=10)] == [11, 14, 17]


@pytest.mark.parametrize(
    ("source", "line", "reason"),
    [
        ("甲\n乙", 1, "紧接着另一行"),
        ("甲\n\n**乙", 3, "没有结束"),
        ("*乙", 1, "没有结束"),
        ("甲\\\n乙[丙", 2, "链接要写成"),
        ("甲]乙", 1, "“]”在这里没有意义"),
        ("甲](/a/)乙", 1, "“](/a/)”在这里没有意义"),
        ("[](/a/)", 1, "没有意义"),
        ("[甲]()", 1, "链接要写成"),
        ("[甲[乙](/a/)", 1, "“[”在这里没有意义"),
        ("C:\\new", 1, "不是可以转义的符号"),
        ("# 题", 1, "小标题用“## ”"),
        ("### 题", 1, "“###”在这里没有意义"),
        ("甲\n\n+++", 3, "“+++”在这里没有意义"),
        ("## 题\n正文", 2, "小标题只有一行"),
        ("> 甲\n乙", 2, "引文的每一行"),
        (">甲", 1, "引文的每一行"),
        ("![甲](images/a.jpg", 1, "图片要写成"),
        ("![甲](images/a.jpg)\n乙", 2, "图片要写成"),
        ("![甲](../a.jpg)", 1, "“../a.jpg”不在 images/ 里"),
        ("![甲](http://evil.example/a.jpg)", 1, "不在 images/ 里"),
        ("![甲](images\\a.jpg)", 1, "不在 images/ 里"),
        ("[表] 题\n| 甲 |\n| 乙", 3, "表格的每一行"),
        ("| 甲 |\n| \\q |", 2, "不是可以转义的符号"),
        ("[注] 甲\n乙", 1, "紧接着另一行"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(source: str, line: int, reason: str) -> None:
    with pytest.raises(MarkdownError) as caught:
        parse_body(source)
    assert caught.value.line == line
    assert reason in caught.value.reason


NASTY = [
    *"工会运，。“”*_[]()\\|#>!+-:{}\"'`~<&n1 \t\n\u3000\u2028\x85\ufeff\u200b\u202e😀",
    *(
        "**",
        "***",
        "## ",
        "> ",
        "—— ",
        "[注] ",
        "[表] ",
        "---",
        "+++",
        "![",
        "](",
        "\\\n",
        "\\n",
        "  ",
    ),
]


def random_text(chance: random.Random, *, lines: bool = True) -> str:
    """Return text of nasty pieces that is never empty to the eye, or at least never empty."""
    text = "".join(chance.choices(NASTY, k=chance.randrange(1, 9)))
    text = text if lines else text.replace("\n", "").replace("\t", "")
    return text if text.strip() else text + "字"


def random_passage(chance: random.Random) -> Passage:
    def text() -> str:
        return random_text(chance)

    def line() -> str:
        return random_text(chance, lines=False)

    def perhaps(words: Callable[[], str]) -> str:
        return words() if chance.random() < 0.5 else ""

    def photo() -> Photo:
        return Photo("图-1.jpg", perhaps(text), perhaps(line), perhaps(text))

    def run() -> Run:
        href = chance.choice(["", "", "/450/1/", 'https://a.cn/(b)*[c]?d="e"#f'])
        words = "".join(chance.choices(NASTY, k=chance.randrange(1, 5)))
        return Run(words, chance.random() < 0.4, chance.random() < 0.4, href)

    def table() -> Table:
        width = chance.randrange(1, 4)
        height = chance.randrange(1, 4)
        rows = tuple(tuple(perhaps(text) for _ in range(width)) for _ in range(height))
        return Table(rows, chance.random() < 0.5, perhaps(line))

    makers: list[Callable[[], Passage]] = [
        lambda: Paragraph(tuple(run() for _ in range(chance.randrange(1, 6)))),
        lambda: Paragraph.of(chance.choice([" ", "\n", "\t", " \n ", "\n\n", "\\", "\u3000"])),
        lambda: Crosshead(line()),
        photo,
        lambda: Gallery(tuple(photo() for _ in range(chance.randrange(2, 4)))),
        lambda: Quote(text(), perhaps(line)),
        table,
        lambda: Note(text()),
    ]
    return chance.choice(makers)()


@pytest.mark.parametrize("seed", range(20))
def test_any_passages_survive_writing_and_reading(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(300):
        passages = tuple(random_passage(chance) for _ in range(chance.randrange(1, 5)))
        source = write_body(passages)
        assert parse_body(source) == passages
        assert parse_body(source + "\n") == passages
        assert write_body(parse_body(source)) == source


def test_long_body_of_many_signs_is_read_in_reasonable_time() -> None:
    passages = (Paragraph.of("*[]\\甲\n" * 40_000), Table((("| " * 40_000,),)))
    assert parse_body(write_body(passages)) == passages
