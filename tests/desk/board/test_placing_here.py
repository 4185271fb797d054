"""From the board articles are moved and changed in place, with and without a script."""

from __future__ import annotations

import pytest
from django.urls import reverse

from articles.models import ArticlePage
from issues.models import Folio, IssuePage
from newsroom.models import Section
from tests.factories import make_article, make_issue, make_user

from .asking import act, board, client_of, fields_on, found, order_on, printed, row_of, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue() -> IssuePage:
    issue = make_issue(451)
    issue.folios = [Folio(number=n, name=f"版{n}") for n in (1, 2, 3)]
    issue.save()
    for title, folio in (("甲", 1), ("乙", 1), ("丙", 2)):
        make_article(issue, title, folio=folio)
    return issue


@pytest.fixture
def client(issue: IssuePage):
    return client_of(make_user("编辑"))


def titled(title: str) -> ArticlePage:
    return ArticlePage.objects.get(title=title)


@pytest.mark.parametrize(
    ("title", "folio", "position", "order"),
    [
        ("乙", 1, 0, "1乙 1甲 2丙"),
        ("甲", 2, 0, "1乙 2甲 2丙"),
        ("甲", 2, 1, "1乙 2丙 2甲"),
        ("丙", 1, 1, "1甲 1丙 1乙"),
        ("甲", 3, 0, "1乙 2丙 3甲"),
        ("甲", 4, 99, "1乙 2丙 4甲"),
    ],
)
def test_a_row_is_dropped_where_it_was_aimed(
    issue: IssuePage, client, title: str, folio: int, position: int, order: str
) -> None:
    page = board(client, issue)

    answer = act(
        client,
        issue,
        act=f"move-{titled(title).pk}",
        folio=folio,
        position=position,
        order=order_on(page),
    )

    assert answer.status_code == 200
    assert " ".join(f"{f}{t}" for f, t in printed(issue)) == order


@pytest.mark.parametrize(
    ("verb", "title", "order"),
    [
        ("up", "乙", "1乙 1甲 2丙"),
        ("down", "甲", "1乙 1甲 2丙"),
        ("down", "乙", "1甲 2乙 2丙"),
        ("up", "丙", "1甲 1乙 1丙"),
        ("down", "丙", "1甲 1乙 3丙"),
        ("up", "甲", "1甲 1乙 2丙"),
    ],
)
def test_buttons_move_without_a_script(
    issue: IssuePage, client, verb: str, title: str, order: str
) -> None:
    fields = fields_on(board(client, issue))

    answer = act(client, issue, by_script=False, act=f"{verb}-{titled(title).pk}", **fields)

    assert answer.status_code == 302
    assert " ".join(f"{f}{t}" for f, t in printed(issue)) == order


def test_the_ends_of_the_issue_have_no_button_that_leads_nowhere(issue, client) -> None:
    page = board(client, issue)

    assert found(row_of(page, titled("甲")), "[value^=up]").has_attr("disabled")
    assert not found(row_of(page, titled("甲")), "[value^=down]").has_attr("disabled")
    assert not found(row_of(page, titled("丙")), "[value^=down]").has_attr("disabled")


def test_section_and_prominence_are_changed_in_place(issue: IssuePage, client) -> None:
    section = Section.objects.create(name="文体", slug="sport")
    fields = fields_on(board(client, issue))
    key = titled("乙").pk
    fields |= {f"section-{key}": str(section.pk), f"prominence-{key}": "lead"}

    answer = act(client, issue, act=f"place-{key}", **fields)

    assert told(answer) == "《乙》已改好。"
    assert (titled("乙").section, titled("乙").prominence) == (section, "lead")


def test_without_a_script_all_of_a_row_is_changed_by_its_button(issue: IssuePage, client) -> None:
    fields = fields_on(board(client, issue))
    key = titled("甲").pk

    answer = act(
        client, issue, by_script=False, act=f"place-{key}", **{**fields, f"folio-{key}": "3"}
    )

    assert answer.headers["Location"].endswith(f"#row-{key}")
    assert printed(issue) == [(1, "乙"), (2, "丙"), (3, "甲")]


def test_what_was_not_changed_is_not_written(issue: IssuePage, client) -> None:
    fields = fields_on(board(client, issue))

    answer = act(client, issue, act=f"place-{titled('甲').pk}", **fields)

    assert told(answer) == "没有改动。"


def test_a_section_is_taken_off(issue: IssuePage, client) -> None:
    article = make_article(issue, "丁", section=Section.objects.create(name="文体", slug="sport"))
    fields = fields_on(board(client, issue))

    act(client, issue, act=f"place-{article.pk}", **{**fields, f"section-{article.pk}": ""})

    assert titled("丁").section is None


HOSTILE = ["", "x", "-1", "0", "9" * 40, "１２", "\x00", "甲" * 10_000, "1.5", "²"]


@pytest.mark.parametrize("value", HOSTILE)
def test_nothing_that_comes_in_is_an_error_page_or_moves_anything(
    issue: IssuePage, client, value: str
) -> None:
    key = titled("甲").pk
    order = order_on(board(client, issue))
    before = printed(issue)
    posts = [
        {"act": value},
        {"act": f"move-{value}"},
        {"act": f"move-{key}", "folio": value, "position": value, "order": order},
        {"act": f"move-{key}", "folio": "0", "position": "0", "order": order},
        {"act": f"move-{key}", "folio": "100", "position": "0", "order": order},
        {"act": f"place-{key}", f"shown-{key}": value, f"folio-{key}": value},
        {"act": f"place-{key}", f"shown-{key}": "1||normal", f"folio-{key}": value or "x"},
        {"act": f"place-{key}", f"shown-{key}": "1||normal", f"section-{key}": value or "x"},
        {"act": f"place-{key}", f"shown-{key}": "1||normal", f"prominence-{key}": value},
    ]
    for by_script in (True, False):
        for fields in posts:
            answer = act(client, issue, by_script=by_script, **fields)

            assert 400 <= answer.status_code < 500, fields
            assert told(answer), fields
    assert printed(issue) == before


def test_addresses_that_name_no_issue_are_not_found(issue: IssuePage, client) -> None:
    for name in ("desk_board", "desk_board_rows", "desk_board_paste", "desk_board_contributions"):
        assert client.get(reverse(name, args=[10**30])).status_code == 404
        assert client.get(reverse(name, args=[titled("甲").pk])).status_code == 404
    assert client.get(reverse("desk_board_act", args=[issue.pk])).status_code == 405
