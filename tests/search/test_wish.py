"""What an address asks for, and the addresses of other wishes."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from search.wish import DEEPEST, Wish


def read(query: str) -> Wish:
    return Wish.read(QueryDict(query).dict())


def test_everything_can_be_asked_for() -> None:
    wish = read("q=托育&year=2022&section=news&contributor=7&order=newest&page=3")

    assert wish == Wish("托育", 2022, "news", 7, newest=True, page=3)


def test_nothing_narrows_corrections() -> None:
    wish = read("q=托育&year=2022&section=news&contributor=7&kind=corrections&order=newest&page=3")

    assert wish == Wish("托育", corrections=True, page=3)


def test_an_address_reads_back_as_the_wish_it_was_written_for() -> None:
    for wish in (
        Wish(),
        Wish('托育 "8.5折" -象棋&year=1#%00', page=9),
        Wish("托", 2022, "workers-voice", 12, newest=True, page=50),
        Wish("托", corrections=True, page=2),
    ):
        assert read(wish.address().partition("?")[2]) == wish


def test_another_wish_begins_at_its_first_page() -> None:
    wish = read("q=托育&page=7")

    assert wish.but(year=2022).page == 1
    assert "page" not in wish.address(newest=True)
    assert wish.address(page=8).endswith("page=8")


@pytest.mark.parametrize("year", ["0", "22", "1900", "2101", "99999", "二〇二二", "２０２２", "-1"])
def test_a_year_without_papers_is_left_out(year: str) -> None:
    assert read(f"q=托育&year={year}").year is None


@pytest.mark.parametrize(
    "page",
    ["", "0", "-1", "1.5", "x", "99999999999999999999", "１", " 2", "2\n", "%00", "1e3", "'"],
)
def test_a_page_that_is_no_number_is_the_first(page: str) -> None:
    assert read(f"q=托育&page={page}").page == 1


def test_no_page_is_deeper_than_the_deepest() -> None:
    assert read("q=托育&page=999999").page == DEEPEST


def test_what_cannot_be_a_section_or_a_contributor_is_left_out() -> None:
    wish = read("q=托育&section=../x&contributor=1;drop&kind=x&order=y")

    assert wish == Wish("托育")


def test_words_come_without_breaks_and_invisible_signs() -> None:
    assert read("q=%00 托育%0d%0a拱墅区\u200b ").q == "托育 拱墅区"
