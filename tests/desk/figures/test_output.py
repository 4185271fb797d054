"""What was printed adds up, however it is cut."""

from __future__ import annotations

import datetime
import random
from fractions import Fraction

import pytest

from desk.figures.authorship import Author, Person
from desk.figures.output import Piece, by_issue, by_person, by_section, by_unit, rounded
from desk.figures.plots import columns, rows
from desk.figures.timing import Journey, days, in_words, spread

ONE, OTHER, THIRD = (
    Person("甲", "总工会", 1),
    Person("乙", "总工会", 2),
    Person("丙", "建德市总工会", 3),
)
DAY = datetime.date(2022, 8, 2)
NOON = datetime.datetime(2022, 8, 2, 12, tzinfo=datetime.UTC)


def piece(*writers: Person, issue: int = 450, characters: int = 900, **fields: object) -> Piece:
    facts = {"section": "", "pictures": 0, "date": DAY, **fields}
    return Piece(
        pk=1,
        title="题",
        issue=issue,
        characters=characters,
        authors=facts.pop("authors", tuple(Author(writer, writes=True) for writer in writers)),
        **facts,
    )


def test_a_co_authored_piece_is_whole_and_a_share() -> None:
    one, other, third = by_person([piece(ONE, OTHER, THIRD), piece(ONE, characters=100)])

    assert (one.pieces, one.share) == (2, Fraction(4, 3))
    assert (one.characters, one.characters_share) == (1000, 400)
    assert (other.pieces, other.characters, other.characters_share) == (1, 900, 300)
    assert third.unit == "建德市总工会"


def test_a_piece_of_two_colleagues_is_one_of_their_unit() -> None:
    union, county = by_unit([piece(ONE, OTHER, THIRD)])

    assert (union.name, union.pieces, union.characters, union.share) == (
        "总工会",
        1,
        900,
        Fraction(2, 3),
    )
    assert (county.pieces, county.characters_share) == (1, 300)


def test_someone_who_only_took_pictures_has_pictures_and_no_pieces() -> None:
    shown = piece(authors=(Author(ONE, writes=True), Author(THIRD, pictures=2)), pictures=2)

    _, third = by_person([shown])

    assert (third.pieces, third.characters, third.pictures) == (0, 0, 2)


def test_who_is_not_picked_stays_out_but_has_a_share_all_the_same() -> None:
    (one,) = by_person([piece(ONE, OTHER)], lambda author: author.person == ONE)

    assert one.share == Fraction(1, 2)


def test_issues_and_sections_count_each_piece_once() -> None:
    pieces = [
        piece(ONE, OTHER, section="要闻", pictures=2),
        piece(issue=451, section="要闻"),
        piece(ONE, issue=451),
    ]

    assert [(line.name, line.pieces, line.characters) for line in by_issue(pieces)] == [
        ("第450期", 1, 900),
        ("第451期", 2, 1800),
    ]
    assert [(line.name, line.pieces, line.pictures) for line in by_section(pieces)] == [
        ("要闻", 2, 2),
        ("（无栏目）", 1, 0),
    ]


def test_shares_of_all_authors_are_what_was_printed() -> None:
    chance = random.Random(452)
    people = [Person(str(n), str(n % 3), n) for n in range(9)]
    pieces = [
        piece(*chance.sample(people, chance.randint(1, 5)), characters=chance.randrange(3000))
        for _ in range(200)
    ]

    for lines in (by_person(pieces), by_unit(pieces)):
        assert sum(line.share for line in lines) == 200
        assert sum(line.characters_share for line in lines) == sum(p.characters for p in pieces)


@pytest.mark.parametrize(
    ("share", "shown"), [(Fraction(1, 3), 0.33), (Fraction(2, 3), 0.67), (Fraction(1, 200), 0.01)]
)
def test_a_share_is_shown_to_two_decimals(share: Fraction, shown: float) -> None:
    assert rounded(share) == shown


def journey(received: int | None, printed: int | None) -> Journey:
    moments = [
        None if day is None else NOON + datetime.timedelta(day) for day in (received, printed)
    ]
    return Journey(
        pk=1,
        title="",
        issue=450,
        received=moments[0],
        drafted=None,
        signed=NOON,
        printed=moments[1],
    )


def test_median_and_slowest_are_of_what_is_known() -> None:
    known = spread(journey(0, day).to_print for day in (1, 2, 9, None))

    assert known is not None
    assert (known.known, days(known.median), days(known.slowest)) == (3, 2, 9)
    assert spread([journey(None, 3).to_print, journey(4, 3).to_print]) is None


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (datetime.timedelta(minutes=5), "5分钟"),
        (datetime.timedelta(hours=5, minutes=50), "5小时"),
        (datetime.timedelta(days=3, hours=4), "3天4小时"),
        (datetime.timedelta(days=3), "3天"),
        (datetime.timedelta(days=30, hours=4), "30天"),
        (None, ""),
    ],
)
def test_a_span_is_said_in_words(span: datetime.timedelta | None, said: str) -> None:
    assert in_words(span) == said


def test_a_plot_keeps_within_its_frame_and_says_what_it_shows() -> None:
    plot = rows("字数", [(f"作者{n}", n * 100) for n in range(30)], unit="字")

    assert plot is not None
    assert len(plot.bars) == 8
    assert plot.bars[0].width == 100
    assert all(0 < bar.width <= 100 for bar in plot.bars)
    assert plot.description.startswith("从多到少：作者292,900字；")
    standing = columns("字数", [(f"第{n}期", n % 7) for n in range(450)], unit="字")
    assert standing is not None
    assert all(bar.x >= 0 and bar.x + bar.width <= 100 for bar in standing.bars)
    assert all(bar.y + bar.height <= standing.base + 0.1 for bar in standing.bars)
    assert [name.label for name in standing.names] == ["第0期", "第449期"]


def test_nothing_to_compare_makes_no_plot() -> None:
    assert rows("字数", [("甲", 1)], unit="字") is None
    assert columns("字数", [("甲", 0), ("乙", 0)], unit="字") is None
