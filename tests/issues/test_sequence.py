"""What a new issue starts with, and what looks out of place in a date line."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client
from django.urls import reverse

from issues.models import Folio, IssuePage, NewspaperPage
from issues.sequence import doubts, propose_next
from tests import factories, forms
from tests.factories import make_article, make_imprint, make_issue, make_public_issue, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def paper() -> NewspaperPage:
    return NewspaperPage.objects.get()


def propose(today: datetime.date | None = None):
    return propose_next(IssuePage.objects, today=today)


def test_the_first_issue_of_all_is_number_one_of_today() -> None:
    today = datetime.date(2024, 2, 10)

    proposal = propose(today)

    assert (proposal.number, proposal.date, proposal.lunar_date) == (1, today, "甲辰年正月初一")
    assert (proposal.imprint, proposal.folios) == (None, ())


def test_the_next_issue_follows_by_a_week_with_everything_proposed() -> None:
    issue = make_public_issue(450, responsible_editor="董 辉")
    issue.folios = [
        Folio(number=2, name="综合", responsible_editor="李 四"),
        Folio(number=1, name="要闻"),
    ]
    issue.save()

    proposal = propose()

    assert proposal.number == 451
    assert proposal.date == datetime.date(2022, 8, 9)
    assert proposal.lunar_date == "壬寅年七月十二"
    assert proposal.responsible_editor == "董 辉"
    assert proposal.imprint == issue.imprint
    assert proposal.folios == ((1, "要闻", ""), (2, "综合", "李 四"))


def test_the_imprint_in_force_on_that_day_is_proposed_not_the_last_one_used() -> None:
    make_public_issue(450)
    newer = make_imprint(since=datetime.date(2022, 8, 5), permit_number="新号")
    make_imprint(since=datetime.date(2022, 8, 10), permit_number="还没到")

    assert propose().imprint == newer


def test_the_last_issue_is_that_of_the_latest_date() -> None:
    make_public_issue(452)
    make_public_issue(450)

    assert propose().number == 453


def test_an_empty_draft_is_not_counted() -> None:
    make_public_issue(450)
    make_issue(500)

    assert propose().number == 451


def test_whoever_wants_another_issue_beside_an_empty_draft_gets_a_number_that_is_free() -> None:
    make_public_issue(450)
    make_issue(451)

    proposal = propose_next(IssuePage.objects, beside_drafts=True)

    assert (proposal.number, proposal.date) == (452, datetime.date(2022, 8, 16))


def test_a_draft_with_articles_is_counted() -> None:
    make_public_issue(450)
    make_article(make_issue(451))

    assert propose().number == 452


def test_an_issue_that_was_public_is_counted_even_when_nothing_is_left_in_it() -> None:
    issue = make_public_issue(450)
    issue.get_children().get().specific.delete()
    IssuePage.objects.filter(pk=issue.pk).update(live=False)

    assert propose().number == 451


def test_outside_the_years_of_the_lunar_calendar_no_lunar_date_is_proposed() -> None:
    make_public_issue(450, date=datetime.date(2100, 12, 30))

    assert propose().lunar_date == ""


# In the admin.


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_user("编辑"))
    return client


def test_the_form_of_a_new_issue_comes_filled_in(paper: NewspaperPage, editor: Client) -> None:
    issue = make_public_issue(450, responsible_editor="董 辉")

    data = forms.add_form(editor, paper, IssuePage)

    assert data["number"] == "451"
    assert data["date"] == "2022-08-09"
    assert data["lunar_date"] == "壬寅年七月十二"
    assert data["responsible_editor"] == "董 辉"
    assert data["imprint"] == str(issue.imprint_id)


def test_confirming_the_proposals_makes_the_issue_with_its_folios(
    paper: NewspaperPage, editor: Client
) -> None:
    issue = make_public_issue(450)
    issue.folios = [Folio(number=1, name="要闻"), Folio(number=2, name="综合")]
    issue.save()

    data = forms.add_form(editor, paper, IssuePage)
    editor.post(forms.add_url(paper, IssuePage), data)

    made = IssuePage.objects.get(number=451)
    assert (made.title, made.slug, made.live) == ("第451期", "451", False)
    assert [folio.name for folio in made.folios.order_by("number")] == ["要闻", "综合"]


def test_an_empty_draft_left_behind_is_offered_again(paper: NewspaperPage, editor: Client) -> None:
    make_public_issue(450)
    draft = make_issue(451)

    answer = editor.get(forms.add_url(paper, IssuePage))

    assert answer.headers["Location"] == forms.edit_url(draft)
    assert "第451期已经建好" in forms.messages_of(answer)


def test_a_draft_with_articles_is_not_in_the_way_of_a_new_issue(
    paper: NewspaperPage, editor: Client
) -> None:
    make_article(make_issue(451))

    assert editor.get(forms.add_url(paper, IssuePage)).status_code == 200


def test_the_lunar_date_follows_a_changed_date(editor: Client) -> None:
    issue = make_issue(451, lunar_date="壬寅年七月十二")
    data = {**forms.edit_form(editor, issue), "date": "2022-08-02"}

    editor.post(forms.edit_url(issue), data)

    assert IssuePage.objects.get(pk=issue.pk).lunar_date == "壬寅年七月初五"


def test_a_lunar_date_typed_by_hand_is_kept_and_the_doubt_names_both(editor: Client) -> None:
    issue = make_issue(451, lunar_date="壬寅年七月十二")
    data = {**forms.edit_form(editor, issue), "lunar_date": "壬寅年七月十三"}

    answer = editor.post(forms.edit_url(issue), data)

    assert IssuePage.objects.get(pk=issue.pk).lunar_date == "壬寅年七月十三"
    assert "“壬寅年七月十三”" in forms.messages_of(answer)
    assert "“壬寅年七月十二”" in forms.messages_of(answer)
    shown = editor.get(forms.edit_url(issue)).content.decode()
    assert "壬寅年七月十二" in shown, "the doubt stays in sight"


def test_a_number_used_already_is_told_in_chinese(paper: NewspaperPage, editor: Client) -> None:
    issue = make_public_issue(450)
    answer = editor.post(
        forms.add_url(paper, IssuePage), forms.new_issue(450, "2022-08-09", issue.imprint_id)
    )

    assert "这个期号已经用过" in forms.errors_of(answer)


def test_two_folios_of_one_number_are_told_in_chinese(editor: Client) -> None:
    issue = make_issue(451)
    data = forms.edit_form(editor, issue) | {
        "folios-TOTAL_FORMS": "2",
        **{f"folios-{n}-{name}": "" for n in (0, 1) for name in ("name", "id", "DELETE", "ORDER")},
        **{f"folios-{n}-number": "1" for n in (0, 1)},
    }

    answer = editor.post(forms.edit_url(issue), data)

    assert "两个版的版次相同" in forms.errors_of(answer)


# Doubts.


def doubts_about(number: int, **fields: object) -> str:
    return "；".join(doubts(make_issue(number, **fields)))


LUNAR = "壬寅年七月十二"


def test_an_issue_that_fits_in_raises_no_doubt() -> None:
    make_public_issue(450)
    make_public_issue(452)

    assert doubts_about(451, lunar_date=LUNAR) == ""


def test_a_gap_in_the_numbers_is_doubted() -> None:
    make_public_issue(449)

    assert "期号不连续：之前一期是第449期" in doubts_about(451, lunar_date=LUNAR)


def test_a_number_not_above_the_one_before_is_doubted() -> None:
    make_public_issue(460, date=datetime.date(2022, 8, 2))

    assert "第451期不大于之前的第460期" in doubts_about(451, lunar_date=LUNAR)


def test_a_number_not_below_the_one_after_is_doubted() -> None:
    make_public_issue(440, date=datetime.date(2022, 8, 16))

    assert "第451期不小于之后的第440期" in doubts_about(451, lunar_date=LUNAR)


def test_two_issues_on_one_day_are_allowed_but_doubted() -> None:
    make_public_issue(450)

    told = doubts_about(451, date=factories.FIRST_DAY, lunar_date="壬寅年七月初五")

    assert "2022年8月2日已有第450期" in told
    assert "号外" in told


def test_no_lunar_date_is_doubted() -> None:
    assert "没有农历日期" in doubts_about(451)


def test_an_empty_draft_makes_no_gap() -> None:
    make_public_issue(450)
    make_issue(449)

    assert doubts_about(451, lunar_date=LUNAR) == ""


def test_doubts_bar_no_one_from_publishing() -> None:
    make_public_issue(440)

    assert make_public_issue(451).live


def test_the_publishing_screen_is_reached_from_the_issue(editor: Client) -> None:
    """编辑 is not led to a door that is closed to them."""
    issue = make_issue(451)

    shown = editor.get(forms.edit_url(issue)).content.decode()

    assert reverse("issue_publish", args=[issue.pk]) not in shown
