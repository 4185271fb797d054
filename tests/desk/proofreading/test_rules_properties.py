"""What holds for every alarm, whatever the copy: its place, its key, and the time it took."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.proofreading.alarms import FIELDS, Alarm
from desk.proofreading.checking import check_issue
from desk.proofreading.texts import Paper, sheet_of
from interchange.schema import (
    Article,
    Byline,
    Crosshead,
    Issue,
    Note,
    Paragraph,
    Passage,
    Photo,
    Quote,
    Table,
)
from tests.desk.proofreading.seeded import HOUSE, NEIGHBOURS, as_printed, sample
from tests.effort import at_most

PIECES = (
    *(
        "工会",
        "职工",
        "设计",
        "的",
        "会",
        "“",
        "”",
        "《",
        "》",
        "(",
        "）",
        "，",
        ",",
        "。",
        "、",
        "：",
        " ",
    ),
    *(
        "\u3000",
        "\n",
        "\0",
        "\ud800",
        "\u0301",
        "7月29日",
        "(星期四)",
        "2022年",
        "农历",
        "七月初一",
        "一是",
    ),
    *(
        "三是",
        "市总工会主席",
        "戴建平",
        "郑荣新",
        "记者",
        "张小燕",
        "张晓燕",
        "近30余",
        "一本帐",
        "等",
        "…",
        "...",
    ),
    *(
        '"',
        "本刊",
        "广告热线",
        "A",
        "１",
        "會",
        "http://x.cn",
        "普惠性托育",
        "普惠型托育",
        "区县(市)",
        "区(县、市)",
    ),
)
texts = st.lists(st.sampled_from(PIECES), max_size=25).map("".join) | st.text(max_size=40)
passages = st.one_of(
    texts.map(Paragraph.of),
    texts.map(Crosshead),
    texts.map(Note),
    texts.map(Quote),
    texts.map(lambda text: Photo("a.jpg", text)),
    texts.map(lambda text: Table(((text, ""),))),
)
bodies = st.lists(passages, max_size=8).map(tuple)
LONG = 100_000
# Five thousand characters took 18 ms, a hundred thousand hostile ones 0.7 s at the worst.
MOST_SECONDS_5000, MOST_SECONDS_LONG = 0.3, 20.0


def issue_with(*bodies: tuple[Passage, ...], title: str = "题") -> Issue:
    articles = tuple(
        Article(number=number, title=title, bylines=(Byline(name="张晓燕"),), body=body)
        for number, body in enumerate(bodies, start=1)
    )
    return replace(sample(), articles=articles)


def text_at(issue: Issue, alarm: Alarm) -> str:
    place = alarm.place
    if place.article is None:
        paper = Paper(issue, (), HOUSE)
        fields = {"issue": paper.date_line, "folios": paper.folios, "imprint": paper.imprint}
        return fields[place.field].text
    article = next(a for a in issue.articles if a.number == place.article)
    sheet = sheet_of(article, HOUSE)
    if place.field != "body":
        return sheet.field(place.field).text
    return "" if place.passage is None else sheet.body[place.passage].text


def alarms(issue: Issue) -> list[Alarm]:
    return check_issue(issue, HOUSE, neighbours=NEIGHBOURS)


@settings(max_examples=120, deadline=None)
@given(one=bodies, other=bodies, title=texts)
def test_every_place_lies_inside_its_text_and_quotes_it(
    one: tuple[Passage, ...], other: tuple[Passage, ...], title: str
) -> None:
    issue = issue_with(one, other, title=title)
    for alarm in alarms(issue):
        place = alarm.place
        text = text_at(issue, alarm)
        assert place.field in FIELDS
        assert 0 <= place.start <= place.end <= len(text)
        assert text[place.start : place.end] == place.quote
        assert alarm.message.endswith("。")


@settings(max_examples=120, deadline=None)
@given(one=bodies, other=bodies)
def test_alarms_at_different_places_have_different_keys(
    one: tuple[Passage, ...], other: tuple[Passage, ...]
) -> None:
    """Within an article: the same alarm in two of them has one key, which follows either."""
    found = alarms(issue_with(one, other))
    places = {(a.code, a.place, a.message) for a in found}
    assert len({(a.place.article, a.key) for a in found}) == len(found) >= len(places)


@pytest.mark.parametrize("at", [0, 3, 6])
def test_an_edit_elsewhere_leaves_the_keys_alone(at: int) -> None:
    issue = as_printed()
    first = issue.articles[0]
    added = Paragraph.of("会议还听取了各县区的经验交流,部署了下半年的重点任务。")
    longer = replace(first, body=(*first.body[:at], added, *first.body[at:]))
    edited = replace(issue, articles=(longer, *issue.articles[1:]))
    assert {a.key for a in alarms(edited)} == {a.key for a in alarms(issue)}


def test_an_edit_at_the_place_asks_again() -> None:
    before = alarms(issue_with((Paragraph.of("要把顶层设计设计与创新结合起来。"),)))
    after = alarms(issue_with((Paragraph.of("要把底层设计设计与创新结合起来。"),)))
    (old,) = [a for a in before if a.code == "doubled-word"]
    (new,) = [a for a in after if a.code == "doubled-word"]
    assert old.key != new.key


def test_the_same_mistake_twice_has_two_keys() -> None:
    line = Paragraph.of("要把顶层设计设计与创新结合起来。")
    found = [a for a in alarms(issue_with((line, line))) if a.code == "doubled-word"]
    assert len({a.key for a in found}) == 2


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "(",
            "”",
            "“",
            "《",
            "(“《）",
            "\0",
            "\ud800",
            "\u0301",
            "啊",
            "晒设",
            "，",
            "，。",
            "。",
            "1",
            "1月1日",
        ),
        *(
            " ",
            "中 ",
            "主席戴建平",
            "一是",
            "http://",
            "汉字、",
            ".",
            "设计研",
            "（中",
            "\n",
            "近3余",
            "…",
            "-",
        ),
        *(
            "王晓明说",
            "本报定价",
            "广告热线",
            "(一)",
            "a:",
            '"',
            "2022年",
            "记者 张 ",
            "“中国人民",
            "〔",
            "\u3000",
        ),
    ],
)
def test_hostile_copy_is_read_in_one_pass(piece: str) -> None:
    text = (piece * LONG)[:LONG]
    with at_most(MOST_SECONDS_LONG):
        found = alarms(issue_with((Paragraph.of(text), Crosshead(text[:2000])), title=text[:255]))
    assert len({alarm.key for alarm in found}) == len(found) < 1000


def test_article_of_ordinary_length_is_checked_while_one_types() -> None:
    body = tuple(p for article in as_printed().articles for p in article.body)
    issue = issue_with(body)
    alarms(issue)  # the first time, patterns are compiled
    with at_most(MOST_SECONDS_5000):
        alarms(issue)


def test_thousands_of_passages_do_not_slow_each_other_down() -> None:
    lines = tuple(Paragraph.of("中") for _ in range(3000))
    with at_most(MOST_SECONDS_LONG):
        alarms(issue_with((Paragraph.of("名单:"), *lines), (Paragraph(()),) * 3000))


def test_empty_article_is_told_and_never_raises() -> None:
    issue = replace(sample(), articles=(Article(number=1, title=""),))
    assert {"no-headline", "no-body", "no-byline"} <= {alarm.code for alarm in alarms(issue)}
