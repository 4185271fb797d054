"""What differs between two versions of an article, as a person would say it."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.review.differences import (
    Differences,
    Line,
    Part,
    Row,
    State,
    compare,
)
from desk.review.text_differences import BREAK, CELL, compare_texts
from interchange.readers.folder import read_folder
from interchange.schema import (
    Article,
    Byline,
    Crosshead,
    Gallery,
    Note,
    Paragraph,
    Passage,
    Photo,
    Quote,
    Role,
    Run,
    Table,
)
from tests.effort import at_most

SAMPLE = Path(__file__).parents[2] / "content" / "issue-450"
P = Paragraph.of


def article(*body: Passage | str, **fields: Any) -> Article:
    passages = tuple(P(each) if isinstance(each, str) else each for each in body)
    return Article(number=1, title=fields.pop("title", "题"), body=passages, **fields)


def part(differences: Differences, label: str) -> Part:
    return next(part for part in differences.parts if part.label == label)


def body(old: Article, new: Article) -> tuple[Row, ...]:
    return part(compare(old, new), "正文").rows


def before(line: Line) -> str:
    return "".join(piece.text for piece in line.pieces if piece.change != "added")


def after(line: Line) -> str:
    return "".join(piece.text for piece in line.pieces if piece.change != "removed")


def marked(old: str, new: str) -> str:
    signs = {"kept": "{}", "removed": "[-{}-]", "added": "[+{}+]"}
    return "".join(signs[piece.change].format(piece.text) for piece in compare_texts(old, new))


# Characters


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("“一本帐”", "“一本账”", "“一本[-帐-][+账+]”"),
        ("顶层设计设计与基层", "顶层设计与基层", "顶层设计[-设计-]与基层"),
        ("聚全之力", "聚全市之力", "聚全[+市+]之力"),
        ("参加的有12,345人", "参加的有12,346人", "参加的有[-12,345-][+12,346+]人"),
        ("增长8.5%", "增长8.7%", "增长[-8.5-][+8.7+]%"),
        ("下载APP后", "下载App后", "下载[-APP-][+App+]后"),
        ("一是甲。二是乙。", "一是甲。新句。二是乙。", "一是甲。[+新句。+]二是乙。"),
        ("甲，乙，丙", "甲，丙", "甲，[-乙，-]丙"),
        ("戴建平强调", "郑荣新强调", "[-戴建平-][+郑荣新+]强调"),
        ("", "新", "[+新+]"),
        ("旧", "", "[-旧-]"),
        ("同", "同", "同"),
        ("", "", ""),
    ],
)
def test_changed_characters_are_marked(old: str, new: str, told: str) -> None:
    assert marked(old, new) == told


def test_a_single_character_between_two_changes_is_not_kept_apart() -> None:
    assert marked("7月29日召开", "8月30日召开") == "[-7月29-][+8月30+]日召开"


def test_a_rewritten_sentence_is_no_confetti() -> None:
    pieces = compare_texts(
        "各级工会要聚焦构建新时代和谐劳动关系、深化产改攻坚等中心工作，",
        "会议还邀请了省总工会专家王浩作专题培训，与会人员深受启发，",
    )

    assert len(pieces) <= 5


def test_two_small_additions_close_to_each_other_take_nothing_away() -> None:
    assert marked("工会干部", "全市工会好干部们") == "[+全市+]工会[+好+]干部[+们+]"


def test_a_name_with_a_chosen_written_form_is_one_character() -> None:
    assert marked("葛\U000e0100某", "葛某") == "[-葛\U000e0100-][+葛+]某"


def test_changed_spaces_and_breaks_can_be_seen() -> None:
    (_, added, _) = compare_texts("全市工会", "全 市工会")
    assert added.shown == "␣"
    (_, added, _) = compare_texts("全市工会", "全\n市工会")
    assert added.shown == "↵\n"


ALPHABET = st.sampled_from(list("工会干部，。“”、 12.aB\n\u3000"))
TEXT = st.text(ALPHABET, max_size=60) | st.text(max_size=30)


@given(TEXT, TEXT)
@settings(max_examples=300, deadline=None)
def test_what_was_kept_and_removed_is_the_old_text_and_kept_and_added_the_new(
    old: str, new: str
) -> None:
    pieces = compare_texts(old, new)

    assert "".join(piece.text for piece in pieces if piece.change != "added") == old
    assert "".join(piece.text for piece in pieces if piece.change != "removed") == new
    assert all(piece.text for piece in pieces)
    changes = [piece.change for piece in pieces]
    assert all(one != other for one, other in pairwise(changes))


# Paragraphs


LONG = (
    "7月29日，全市工会数字化改革推进会以视频形式召开。",
    "多年来，全市各级工会坚持边探索、边建设、边使用，工作架构越来越清晰。",
    "会上，拱墅区、余杭区、临平区总工会结合各地实际和特色分别作场景演示汇报。",
    "数字化改革是全体工会干部适应引领现代化能力的一道必答题。",
)


def test_an_unchanged_article_has_no_differences() -> None:
    same = read_folder(SAMPLE).articles[0]

    differences = compare(same, same)

    assert not differences.any
    assert (differences.places, differences.characters_added) == (0, 0)
    assert all(row.state is State.KEPT for part in differences.parts for row in part.rows)


def test_a_paragraph_put_in_leaves_the_others_kept() -> None:
    rows = body(article(LONG[0], LONG[1]), article(LONG[0], LONG[2], LONG[1]))

    assert [row.state for row in rows] == [State.KEPT, State.ADDED, State.KEPT]
    assert rows[1].label == "第2段"


def test_a_paragraph_taken_out_is_shown_where_it_stood() -> None:
    rows = body(article(LONG[0], LONG[1], LONG[2]), article(LONG[0], LONG[2]))

    assert [row.state for row in rows] == [State.KEPT, State.REMOVED, State.KEPT]
    assert rows[1].label == "原第2段"
    assert before(rows[1].lines[0]) == LONG[1]


def test_a_replaced_paragraph_is_shown_before_what_replaces_it() -> None:
    rows = body(article(LONG[0], LONG[1]), article(LONG[0], LONG[3]))

    assert [row.state for row in rows] == [State.KEPT, State.REMOVED, State.ADDED]


def test_a_changed_paragraph_is_compared_with_its_old_self() -> None:
    changed = LONG[1].replace("清晰", "完善")
    rows = body(article(*LONG[:3]), article(LONG[0], changed, LONG[2]))

    assert [row.state for row in rows] == [State.KEPT, State.CHANGED, State.KEPT]
    assert [p.text for p in rows[1].lines[0].pieces if p.change != "kept"] == ["清晰", "完善"]


def test_a_moved_paragraph_is_told_at_both_places_and_counted_once() -> None:
    differences = compare(article(*LONG), article(LONG[1], LONG[2], LONG[0], LONG[3]))
    rows = part(differences, "正文").rows

    assert [row.state for row in rows] == [
        State.AWAY,
        State.KEPT,
        State.KEPT,
        State.MOVED,
        State.KEPT,
    ]
    assert rows[3].words == ("原来是第1段",)
    assert differences.places == 1
    assert (differences.characters_added, differences.characters_removed) == (0, 0)


def test_a_paragraph_moved_and_changed_is_known_again() -> None:
    changed = LONG[0].replace("召开", "举行")
    rows = body(article(*LONG), article(*LONG[1:], changed))

    assert [row.state for row in rows] == [State.AWAY, *[State.KEPT] * 3, State.MOVED]
    assert [p.text for p in rows[4].lines[0].pieces if p.change != "kept"] == ["召开", "举行"]


def test_a_split_paragraph_is_one_row_with_a_mark_where_it_parts() -> None:
    rows = body(article(LONG[3], LONG[0] + LONG[1]), article(LONG[3], LONG[0], LONG[1]))

    assert [row.state for row in rows] == [State.KEPT, State.SPLIT]
    assert rows[1].label == "第2、3段"
    assert rows[1].now == (2, 3)
    assert [p.text for p in rows[1].lines[0].pieces if p.change != "kept"] == [BREAK]
    assert any("¶" in piece.shown for piece in rows[1].lines[0].pieces)


def test_joined_paragraphs_are_one_row() -> None:
    rows = body(article(*LONG), article(LONG[0], LONG[1] + LONG[2], LONG[3]))

    assert [row.state for row in rows] == [State.KEPT, State.JOINED, State.KEPT]
    assert rows[1].words == ("由原来的第2、3段并成",)


def test_a_paragraph_split_and_mended_shows_both() -> None:
    new = article(LONG[0].replace("29", "30"), LONG[1])
    (row,) = body(article(LONG[0] + LONG[1]), new)

    assert row.state is State.SPLIT
    assert [p.text for p in row.lines[0].pieces if p.change == "added"] == ["30", BREAK]


def test_a_paragraph_moved_and_split_is_one_row() -> None:
    old = article(*LONG[:3], LONG[0].replace("29", "30") + LONG[3])
    rows = body(old, article(LONG[0].replace("29", "30"), LONG[3], *LONG[:3]))

    assert [row.state for row in rows] == [State.MOVED, *[State.KEPT] * 3, State.AWAY]
    assert [p.text for p in rows[0].lines[0].pieces if p.change != "kept"] == [BREAK]


def test_every_paragraph_changed_a_little_is_paired_with_itself() -> None:
    old = [f"第{n}项工作：{LONG[n % 4]}" for n in range(30)]
    rows = body(article(*old), article(*[text.replace("，", "、") + "（完）" for text in old]))

    assert {row.state for row in rows} == {State.CHANGED}
    assert [(row.was, row.now) for row in rows] == [((n,), (n,)) for n in range(1, 31)]


def test_a_paragraph_made_a_crosshead_is_told_in_words() -> None:
    rows = body(article("主要做法", LONG[0]), article(Crosshead("主要做法"), LONG[0]))

    assert rows[0].state is State.CHANGED
    assert rows[0].words == ("由正文改为小标题",)
    assert rows[0].lines[0].is_kept


# Settings


def test_bold_and_links_are_told_in_words() -> None:
    def linked(href: str) -> Paragraph:
        return Paragraph((Run("请看"), Run("通知", href=href), Run("全文")))

    bold = Paragraph((Run("请看通知"), Run("全文", bold=True)))
    assert body(article("请看通知全文"), article(bold))[0].words == ("“全文”改成了粗体",)
    assert body(article(bold), article("请看通知全文"))[0].words == ("“全文”不再是粗体",)
    a, b = linked("https://a.cn/"), linked("https://b.cn/")
    assert body(article(a), article(b))[0].words == (
        "“通知”的链接由https://a.cn/改为https://b.cn/",
    )
    assert body(article(a), article("请看通知全文"))[0].words == (
        "“通知”去掉了链接：https://a.cn/",
    )
    assert body(article("请看通知全文"), article(a))[0].words == ("“通知”加了链接：https://a.cn/",)


def test_a_link_on_nothing_but_a_space_is_told() -> None:
    old = Paragraph((Run("请看"), Run(" "), Run("通知")))
    new = Paragraph((Run("请看"), Run(" ", href="https://a.cn/"), Run("通知")))

    assert body(article(old), article(new))[0].words == ("“ ”加了链接：https://a.cn/",)


def test_the_setting_of_new_words_is_told() -> None:
    new = Paragraph((Run(LONG[0]), Run("详见链接", href="https://a.cn/")))

    assert body(article(LONG[0]), article(new))[0].words == ("“详见链接”加了链接：https://a.cn/",)
    assert body(article(), article(new))[0].words == ("“详见链接”加了链接：https://a.cn/",)


def test_a_setting_that_moves_with_its_words_is_no_change() -> None:
    old = Paragraph((Run("要建立"), Run("责任机制", bold=True)))
    new = Paragraph((Run("一是要建立"), Run("责任机制", bold=True)))

    assert body(article(old), article(new))[0].words == ()


# Pictures, quotes, tables, notes


def test_a_photo_tells_its_words_apart() -> None:
    old = Photo("a.jpg", caption="比赛现场", credit="张三 摄", alt="两人对弈")
    new = replace(old, caption="比赛现场。", credit="李四 摄")
    (row,) = body(article(old), article(new))

    assert row.state is State.CHANGED
    assert [(line.label, line.is_kept) for line in row.lines] == [
        ("说明", False),
        ("摄影", False),
        ("替代文字", True),
    ]
    assert after(row.lines[1]) == "李四 摄"


def test_a_replaced_picture_is_told_although_its_words_stay() -> None:
    old = Photo("a.jpg", caption="比赛现场")
    (row,) = body(article(old), article(replace(old, file="b.jpg")))

    assert row.words == ("换了图片：原来是a.jpg，现在是b.jpg",)
    assert row.lines[0].is_kept


def test_a_photo_joining_a_gallery_is_told() -> None:
    one, other = Photo("a.jpg", caption="甲"), Photo("b.jpg", caption="乙")
    rows = body(article(one), article(Gallery((one, other))))

    assert [(row.state, row.words) for row in rows] == [
        (State.CHANGED, ("编入组图",)),
        (State.ADDED, ("图片：b.jpg",)),
    ]


def test_a_table_is_compared_row_by_row() -> None:
    old = Table((("名次", "姓名"), ("1", "王某"), ("2", "李某")), has_header=True, caption="成绩")
    new = Table(
        (("名次", "姓名"), ("1", "王某某"), ("2", "李某"), ("3", "张某")),
        has_header=False,
        caption="成绩",
    )
    (row,) = body(article(old), article(new))

    assert row.words == ("第一行不再是表头",)
    changed = {line.label: line for line in row.lines if not line.is_kept}
    assert set(changed) == {"第2行", "第4行"}
    assert after(changed["第2行"]) == f"1{CELL}王某某"


def test_quotes_and_notes_are_covered() -> None:
    old = article(Quote("以棋会友", "包敏华"), Note("截至7月底"))
    new = article(Quote("以棋会友", "包敏"), Note("截至8月底"))
    quote, note = body(old, new)

    assert (quote.label, quote.lines[1].label, after(quote.lines[1])) == ("引文", "出处", "包敏")
    assert (note.label, note.state) == ("附注", State.CHANGED)


# The headline and the byline


def test_every_line_of_the_headline_is_compared() -> None:
    old = article(kicker="引", title="主题", standfirst="提要")
    new = article(title="主标题", subhead="副", standfirst="提要", verbatim_punctuation=True)
    rows = part(compare(old, new), "标题").rows

    assert [(row.label, row.state) for row in rows] == [
        ("引题", State.REMOVED),
        ("主题", State.CHANGED),
        ("副题", State.ADDED),
        ("提要", State.KEPT),
        ("标点", State.CHANGED),
    ]
    assert rows[4].words == ("改为照原稿显示",)


def test_the_byline_tells_names_and_roles() -> None:
    wang, zhang = Byline(name="汪燕盼", role=Role.REPORTER), Byline(name="张晓燕")
    old = article(bylines=(wang, zhang, Byline(name="李四")))
    new = article(
        bylines=(
            replace(wang, name="汪艳盼"),
            replace(zhang, role=Role.WRITER),
            Byline(name="李四"),
            Byline(name="王五"),
        )
    )
    rows = part(compare(old, new), "署名").rows

    states = [row.state for row in rows]
    assert states == [State.CHANGED, State.CHANGED, State.KEPT, State.ADDED]
    assert [p.text for p in rows[0].lines[0].pieces if p.change != "kept"] == ["燕", "艳"]
    assert (rows[1].lines[1].label, after(rows[1].lines[1])) == ("身份", "文")


def test_the_order_of_the_byline_is_told() -> None:
    wang, zhang = Byline(name="汪燕盼", role=Role.REPORTER), Byline(name="张晓燕")
    rows = part(
        compare(article(bylines=(wang, zhang)), article(bylines=(zhang, wang))), "署名"
    ).rows

    assert sorted(row.state for row in rows) == [State.AWAY, State.KEPT, State.MOVED]
    (moved,) = [row for row in rows if row.state is State.MOVED]
    assert moved.words in [("原来是第1位",), ("原来是第2位",)]


def test_a_name_moved_and_mended_is_another_name() -> None:
    old = article(bylines=(Byline(name="汪燕盼"), Byline(name="张晓燕")))
    new = article(bylines=(Byline(name="张晓燕"), Byline(name="汪艳盼")))
    rows = part(compare(old, new), "署名").rows

    assert [row.state for row in rows] == [State.REMOVED, State.KEPT, State.ADDED]


def test_whom_a_name_means_is_part_of_the_byline() -> None:
    old = article(bylines=(Byline(name="王伟", unit="市总工会"),))
    new = article(bylines=(Byline(name="王伟", unit="西湖区总工会"),))
    (row,) = part(compare(old, new), "署名").rows

    assert row.state is State.CHANGED
    assert row.lines[-1].label == "单位"


# All of an article, always


RUNS = st.builds(
    Run,
    st.text(ALPHABET, min_size=1, max_size=12),
    bold=st.booleans(),
    href=st.sampled_from(["", "https://a.cn/"]),
)
PARAGRAPHS = st.builds(
    Paragraph, st.lists(RUNS, min_size=1, max_size=3).map(tuple)
) | st.sampled_from(
    [P(text) for text in LONG] + [P(LONG[0] + LONG[1]), P(LONG[2].replace("会上", "会后"))]
)
WORDS = st.text(ALPHABET, min_size=1, max_size=10)
PHOTOS = st.builds(Photo, st.sampled_from(["a.jpg", "b.jpg"]), WORDS, WORDS)
TABLES = st.builds(
    Table,
    st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=4).map(tuple),
    has_header=st.booleans(),
    caption=WORDS,
)
PASSAGES = st.one_of(
    PARAGRAPHS,
    PARAGRAPHS,
    PHOTOS,
    TABLES,
    st.builds(Crosshead, WORDS),
    st.builds(Note, WORDS),
    st.builds(Quote, WORDS, WORDS),
    st.builds(Gallery, st.tuples(PHOTOS, PHOTOS)),
)
ARTICLES = st.builds(
    Article,
    number=st.just(1),
    kicker=st.sampled_from(["", "引题"]),
    title=WORDS,
    bylines=st.lists(
        st.builds(
            Byline, name=st.sampled_from(["甲某", "乙某", "丙某"]), role=st.sampled_from(Role)
        ),
        max_size=4,
    ).map(tuple),
    body=st.lists(PASSAGES, max_size=7).map(tuple),
)


@given(ARTICLES, ARTICLES)
@settings(max_examples=200, deadline=None)
def test_all_old_and_all_new_text_is_told_once_and_in_its_place(old: Article, new: Article) -> None:
    differences = compare(old, new)

    for version, places, text in ((old, "was", before), (new, "now", after)):
        rows = part(differences, "正文").rows
        told = sorted((getattr(row, places), row) for row in rows if getattr(row, places))
        numbers = [number for numbers, _ in told for number in numbers]
        assert numbers == list(range(1, len(numbers) + 1))
        said = [tuple(text(line) for line in row.lines if text(line)) for _, row in told]
        flat = [words for each in said for line in each for words in line.split(BREAK)]
        # Rows of a table that moved inside it are told at both places.
        assert flat == texts_of(version)
    assert differences.any == (replace(old, number=1) != replace(new, number=1))


def texts_of(version: Article) -> list[str]:
    texts: list[str] = []
    for passage in version.body:
        match passage:
            case Paragraph():
                texts += [passage.text]
            case Photo():
                texts += [passage.caption, passage.credit, passage.alt]
            case Gallery(photos):
                texts += [w for photo in photos for w in (photo.caption, photo.credit, photo.alt)]
            case Quote(text, source):
                texts += [text, source]
            case Table():
                texts += [passage.caption, *(CELL.join(row) for row in passage.rows)]
            case Crosshead(text) | Note(text):
                texts += [text]
    return [text for text in texts if text]


# Time


def edited(text: str) -> str:
    """Return a text with every fiftieth character changed."""
    return "".join("改" if place % 50 == 25 else sign for place, sign in enumerate(text))


def test_an_article_of_five_thousand_characters_takes_no_time() -> None:
    words = "".join(
        p.text for a in read_folder(SAMPLE).articles for p in a.body if isinstance(p, Paragraph)
    )
    old = [(words * 2)[place : place + 250] for place in range(0, 5000, 250)]

    before, after = article(*old), article(*map(edited, old))
    with at_most(0.1):
        compare(before, after)


@pytest.mark.parametrize("length", [1, 3, 40, 1000, 20_000, 100_000])
def test_a_hundred_thousand_characters_stay_within_bounds(length: int) -> None:
    words = "".join(chr(0x4E00 + place * 7919 % 5000) for place in range(100_000))
    for source in (words, "啊" * 100_000):
        old = [source[place : place + length] for place in range(0, 100_000, length)]
        new = [edited(text) if length > 50 else text + "改" for text in reversed(old)]
        before, after = article(*old), article(*new)
        with at_most(4):
            compare(before, after)


HOSTILE = {
    "表格": lambda at: article(Table(tuple((str(at * row % 7), "甲") for row in range(25_000)))),
    "小标题": lambda at: article(
        *(passage for n in range(12_000) for passage in (P("甲乙"), Crosshead(str(at * n))))
    ),
    "署名": lambda at: article(bylines=tuple(Byline(name=f"甲{at * n % 9}") for n in range(2_000))),
    "粗体": lambda at: article(
        Paragraph(tuple(Run("甲乙"[at * n % 2], bold=n % at == 0) for n in range(50_000)))
    ),
    "相像": lambda at: article(*("工会干部" * 40 + str(at * n) for n in range(600))),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_whatever_is_too_much_stays_within_bounds(kind: str) -> None:
    before, after = HOSTILE[kind](3), HOSTILE[kind](5)
    with at_most(2):
        compare(before, after)
