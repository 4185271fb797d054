"""Hot areas, written in the list as without a script: checked, kept for two editors, remarked."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.core.files.images import ImageFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import PageLogEntry

from accounts.models import User
from articles.models import ArticlePage
from desk.folios.areas_form import areas_of, faults, read_rows, rows_of
from desk.proofreading.report import report
from issues.folio_pages import PageFile, keep_pages, set_areas, version_of
from issues.models import Folio, IssuePage
from issues.publishing import publish_issue
from newsroom.models import PressPhoto
from tests.factories import make_article, make_issue, make_user

TRIANGLE = "1,1 50.5,1 25,40"


@pytest.mark.parametrize(
    ("row", "polygon"),
    [
        ({"polygon-0": TRIANGLE}, TRIANGLE),
        ({"polygon-0": f"  {TRIANGLE.replace(' ', '   ')} "}, TRIANGLE),
        ({"x-0": "5", "y-0": "10", "w-0": "20", "h-0": "30.5"}, "5,10 25,10 25,40.5 5,40.5"),
        # What the numbers say anew counts; what they said already does not.
        (
            {"polygon-0": "0,0 9,0 9,9 0,9", "x-0": "1", "y-0": "0", "w-0": "9", "h-0": "9"},
            "1,0 10,0 10,9 1,9",
        ),
        (
            {"polygon-0": "0,0 9,0 9,9 0,9", "x-0": "0", "y-0": "0", "w-0": "9", "h-0": "9"},
            "0,0 9,0 9,9 0,9",
        ),
        ({"polygon-0": TRIANGLE, "x-0": "1"}, TRIANGLE),
    ],
)
def test_a_row_says_a_polygon_or_a_rectangle(row: dict[str, str], polygon: str) -> None:
    rows = read_rows({"rows": "1", "article-0": "2", **row})
    assert faults(rows, [2]) == []
    assert areas_of(rows) == [{"article": 2, "polygon": polygon}]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"article-0": "", "polygon-0": TRIANGLE}, "还没有选稿件"),
        ({"article-0": "2"}, "还没有写位置"),
        ({"article-0": "9", "polygon-0": TRIANGLE}, "本期没有第9篇"),
        ({"article-0": "二", "polygon-0": TRIANGLE}, "本期没有第二篇"),
        ({"article-0": "2", "polygon-0": "1,1 2,2"}, "热区要写成"),
        ({"article-0": "2", "polygon-0": "1,1 101,2 3,3"}, "热区要写成"),
        ({"article-0": "2", "polygon-0": "<script>"}, "热区要写成"),
        ({"article-0": "2", "x-0": "1", "y-0": "1", "w-0": "", "h-0": "3"}, "0到100的数"),
        ({"article-0": "2", "x-0": "nan", "y-0": "1", "w-0": "2", "h-0": "3"}, "0到100的数"),
        ({"article-0": "2", "x-0": "90", "y-0": "1", "w-0": "20", "h-0": "3"}, "超出了版面"),
        ({"article-0": "2", "x-0": "9", "y-0": "1", "w-0": "0", "h-0": "3"}, "没有大小"),
    ],
)
def test_what_is_wrong_with_a_row_is_said(row: dict[str, str], reason: str) -> None:
    [told] = faults(read_rows({"rows": "1", **row}), [2])
    assert told.startswith("第1行：")
    assert reason in told


def test_rows_that_are_blank_dropped_or_too_many_are_left_out() -> None:
    posted = {"article-0": "", "polygon-1": TRIANGLE, "drop-1": "on", "polygon-2": TRIANGLE}
    assert len(read_rows({"rows": "3", **posted})) == 1
    assert read_rows({"rows": "-1", **posted}) == []
    many = {f"polygon-{n}": TRIANGLE for n in range(9_999)}
    assert len(read_rows({"rows": "9999", **many})) < 300


def test_stored_areas_come_back_as_they_were() -> None:
    areas = [
        {"article": 1, "polygon": "5,10 25,10 25,40.5 5,40.5"},
        {"article": 2, "polygon": TRIANGLE},
    ]
    rows = rows_of(areas)
    assert rows[0].rectangle == ("5", "10", "20", "30.5")
    assert rows[1].rectangle == ("", "", "", "")
    assert areas_of(rows) == areas


# The screen


@pytest.fixture
def issue(db: None) -> IssuePage:
    issue = make_issue(451)
    make_article(issue, "头版的稿", signed=True)
    make_article(issue, "又一篇", signed=True)
    file: ImageFile = get_test_image_file(size=(400, 600))
    photo = PressPhoto.objects.create(title="版面", file=file)
    keep_pages(issue=issue, pages={1: PageFile(photo)}, by=None)
    return IssuePage.objects.get(pk=issue.pk)


def ask(issue: IssuePage, by: User, folio: int = 1, **data: str) -> tuple[int, BeautifulSoup]:
    client = Client()
    client.force_login(by)
    address = reverse("desk_folio_areas", args=[issue.pk, folio])
    answer = client.post(address, data) if data else client.get(address)
    return answer.status_code, BeautifulSoup(answer.content, "html.parser")


def seen(page: BeautifulSoup) -> str:
    return str(page.select("input[name=seen]")[0]["value"])


def areas(issue: IssuePage) -> list[dict[str, object]]:
    kept: list[dict[str, object]] = Folio.objects.get(issue=issue, number=1).hot_areas
    return kept


def test_the_list_is_filled_in_and_kept_without_a_script(issue: IssuePage) -> None:
    editor = make_user("编辑")
    _, page = ask(issue, editor)
    row = {"article-0": "1", "x-0": "5", "y-0": "5", "w-0": "40", "h-0": "50"}
    status, _ = ask(issue, editor, rows="3", seen=seen(page), **row)
    assert status == 302
    assert areas(issue) == [{"article": 1, "polygon": "5,5 45,5 45,55 5,55"}]
    _, page = ask(issue, editor)
    assert page.select("input[name=polygon-0]")[0]["value"] == "5,5 45,5 45,55 5,55"
    assert page.select("select[name=article-0] option[selected]")[0]["value"] == "1"
    assert page.select("input[name=x-0]")[0]["value"] == "5"
    entry = PageLogEntry.objects.filter(page=issue, action="issues.hot_areas").get()
    assert (entry.user, entry.message) == (editor, "改了第1版的热区，现有1块")


def test_what_is_refused_is_said_and_what_was_written_stays(issue: IssuePage) -> None:
    editor = make_user("编辑")
    _, page = ask(issue, editor)
    status, page = ask(
        issue, editor, rows="1", seen=seen(page), **{"article-0": "9", "polygon-0": TRIANGLE}
    )
    assert status == 400
    assert "本期没有第9篇" in page.get_text()
    assert page.select("input[name=polygon-0]")[0]["value"] == TRIANGLE
    assert areas(issue) == []


def test_the_second_of_two_editors_is_told(issue: IssuePage) -> None:
    editor, colleague = make_user("编辑"), make_user("编辑")
    _, page = ask(issue, editor)
    _, same = ask(issue, colleague)
    row = {"article-0": "1", "polygon-0": TRIANGLE}
    assert ask(issue, editor, rows="1", seen=seen(page), **row)[0] == 302
    status, shown = ask(issue, colleague, rows="1", seen=seen(same), **{**row, "article-0": "2"})
    assert status == 409
    assert "别人改过这一版" in shown.get_text()
    assert [area["article"] for area in areas(issue)] == [1]
    # The screen shows what there is now, and takes it from there.
    assert ask(issue, colleague, rows="1", seen=seen(shown), **{**row, "article-0": "2"})[0] == 302
    assert [area["article"] for area in areas(issue)] == [2]
    # A form that never saw the page is refused as well.
    assert ask(issue, colleague, rows="1", **row)[0] == 409


def test_once_the_issue_is_out_only_the_chief_editor_draws(issue: IssuePage) -> None:
    publish_issue(issue=issue, by=None)
    editor, chief = make_user("编辑"), make_user("总编")
    row = {"rows": "1", "article-0": "1", "polygon-0": TRIANGLE}
    status, page = ask(issue, editor)
    assert (status, bool(page.select("[data-still]"))) == (200, True)
    assert not page.select("button[type=submit].button:-soup-contains('保存热区')")
    assert ask(issue, editor, seen=seen(page), **row)[0] == 400
    assert areas(issue) == []
    assert ask(issue, chief, seen=seen(page), **row)[0] == 302
    assert ask(issue, make_user(), seen=seen(page), **row)[0] in (302, 403)
    assert len(areas(issue)) == 1


def test_the_area_of_a_withdrawn_article_is_no_hindrance(issue: IssuePage) -> None:
    chief = make_user("总编")
    kept = [{"article": 2, "polygon": TRIANGLE}]
    set_areas(issue=issue, number=1, areas=kept, by=None)
    ArticlePage.objects.child_of(issue).filter(number=2).update(withdrawn_at=timezone.now())
    _, page = ask(issue, chief)
    [option] = page.select("select[name=article-0] option[selected]")
    assert (option["value"], "（已撤稿）" in option.text) == ("2", True)
    rows = {"article-0": "2", "polygon-0": TRIANGLE, "article-1": "1", "polygon-1": TRIANGLE}
    assert ask(issue, chief, rows="2", seen=seen(page), **rows)[0] == 302
    assert areas(issue) == [*kept, {"article": 1, "polygon": TRIANGLE}]


def test_there_is_nothing_to_draw_on_without_a_picture(issue: IssuePage) -> None:
    assert ask(issue, make_user("编辑"), folio=2)[0] == 404


def test_the_desk_hints_at_what_has_no_area_and_leads_nowhere(issue: IssuePage) -> None:
    stray = [{"article": 1, "polygon": TRIANGLE}, {"article": 7, "polygon": TRIANGLE}]
    Folio.objects.filter(issue=issue, number=1).update(hot_areas=stray)
    told = {
        standing.alarm.message: standing.alarm.level.value
        for standing in report(issue).standings
        if "热区" in standing.alarm.message
    }
    assert sorted(told.values()) == ["hint", "hint"]
    assert any("没有《又一篇》的热区" in message for message in told)
    assert any("第1版有热区指向第7篇" in message for message in told)


def test_an_area_is_of_no_version_of_the_masthead(issue: IssuePage) -> None:
    old = issue.get_latest_revision()
    folio = set_areas(issue=issue, number=1, areas=[{"article": 1, "polygon": TRIANGLE}], by=None)
    [again] = [each for each in old.as_object().folios.all() if each.number == 1]
    assert version_of(again) == version_of(folio)
