"""What the editor asks while somebody writes: answered from the form, and nothing is stored."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Revision

from articles.models import ArticlePage
from desk.models import AcceptedAlarm, BannedWord
from issues.models import IssuePage
from tests.factories import make_article, make_issue, make_user
from tests.forms import add_form, body_data, edit_form, edit_url, new_article
from tests.newsroom.test_photos import make_photo

pytestmark = pytest.mark.django_db

GOOD = "<p>7月27日，比赛在建德开赛。</p>"
DOUBLED = "<p>7月27日，比赛在建德开赛。</p><p>请设计师设计设计新的标志。</p>"
JSON = {"HTTP_ACCEPT": "application/json", "HTTP_X_REQUESTED_WITH": "XMLHttpRequest"}


@pytest.fixture
def issue() -> IssuePage:
    BannedWord.objects.create(word="残废人", reason="应称残疾人")
    return make_issue()


@pytest.fixture
def article(issue: IssuePage) -> ArticlePage:
    return make_article(issue, body=[("paragraph", GOOD)])


@pytest.fixture
def editor(client: Client, issue: IssuePage) -> Client:
    client.force_login(make_user("编辑"))
    return client


def check_url(article: ArticlePage) -> str:
    return reverse("desk_check", args=[article.pk])


def alarms(answer) -> list[dict]:
    assert answer.status_code == 200, answer.content
    return answer.json()["alarms"]


def quotes(answer) -> list[str]:
    return [alarm["quote"] for alarm in alarms(answer)]


def written(client: Client, article: ArticlePage, *blocks: tuple) -> dict[str, str]:
    """Return the edit form with another body."""
    form = edit_form(client, article)
    form = {name: value for name, value in form.items() if not name.startswith("body-")}
    return form | body_data(list(blocks))


def rows() -> dict[str, int]:
    """Count every row of every table."""
    return {
        model._meta.label: model._base_manager.count()
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }


def files() -> set[str]:
    roots = [
        Path(settings.MEDIA_ROOT),
        Path(settings.STORAGES["contributions"]["OPTIONS"]["location"]),
    ]
    return {str(file) for root in roots for file in root.rglob("*") if file.is_file()}


def test_what_is_on_the_screen_is_checked_and_not_what_is_stored(editor, article) -> None:
    assert "设计设计" not in quotes(editor.post(check_url(article), edit_form(editor, article)))
    form = written(editor, article, ("paragraph", DOUBLED))
    assert "设计设计" in quotes(editor.post(check_url(article), form))


def test_an_alarm_names_its_place(editor, article) -> None:
    form = written(editor, article, ("crosshead", "比赛"), ("paragraph", DOUBLED))
    form["body-1-id"] = "block-two"
    found = alarms(editor.post(check_url(article), form))
    alarm = next(a for a in found if a["quote"] == "设计设计")
    assert (alarm["field"], alarm["field_label"]) == ("body", "正文")
    assert (alarm["passage"], alarm["block"], alarm["line"]) == (2, "block-two", 1)
    assert alarm["end"] - alarm["start"] == 4
    assert (alarm["level"], alarm["level_label"]) == ("warn", "请核对")
    assert alarm["may_accept"] is True
    assert alarm["accepted"] is False


def test_the_key_is_that_of_the_report_once_it_is_saved(editor, issue) -> None:
    article = make_article(issue, body=[("paragraph", DOUBLED)])
    found = alarms(editor.post(check_url(article), edit_form(editor, article)))
    here = next(a["key"] for a in found if a["quote"] == "设计设计")
    page = editor.get(reverse("desk_checks", args=[issue.pk]))
    assert here in {s.alarm.key for s in page.context["report"].standings}


def test_checking_stores_nothing(editor, article, issue) -> None:
    section = {"folio": "7", "prominence": "lead", "shown_place": "1||normal"}
    photo = {"image": make_photo().pk, "caption": "", "credit": "", "alt": ""}
    form = written(editor, article, ("paragraph", DOUBLED), ("photo", photo))
    form |= {"title": "换了标题", "bylines-0-name": "从没见过的人", **section}
    new = new_article(text=DOUBLED, **{"bylines-0-name": "也没见过的人"})
    # Makes the session of editing that Wagtail keeps, and notes that somebody is at work.
    editor.get(edit_url(article), headers={"accept": "text/html"})
    row = ArticlePage.objects.filter(pk=article.pk).values().get()
    revision = Revision.objects.filter(pk=article.latest_revision_id).values().get()
    before, on_disk = rows(), files()
    with CaptureQueriesContext(connection) as seen:
        assert alarms(editor.post(check_url(article), form))
        assert alarms(editor.post(reverse("desk_check_new", args=[issue.pk]), new))
    assert rows() == before
    assert files() == on_disk
    assert ArticlePage.objects.filter(pk=article.pk).values().get() == row
    assert Revision.objects.filter(pk=article.latest_revision_id).values().get() == revision
    written_sql = ("INSERT", "UPDATE", "DELETE")
    assert [q["sql"] for q in seen if q["sql"].startswith(written_sql)] == []


def test_a_new_article_is_checked_before_it_is_saved(editor, issue) -> None:
    form = add_form(editor, issue, ArticlePage) | new_article(text=DOUBLED)
    answer = editor.post(reverse("desk_check_new", args=[issue.pk]), form)
    alarm = next(a for a in alarms(answer) if a["quote"] == "设计设计")
    assert alarm["may_accept"] is False
    assert answer.json()["article"] is None


def test_a_form_that_could_not_be_saved_is_checked_all_the_same(editor, article) -> None:
    form = written(editor, article, ("paragraph", DOUBLED), ("quote", {"text": "", "source": ""}))
    form |= {"title": "", "kicker": "太长的引题" * 40, "folio": "x", "section": "999999"}
    found = alarms(editor.post(check_url(article), form))
    assert "设计设计" in [a["quote"] for a in found]


def test_bylines_are_read_as_they_stand_on_the_screen(editor, article) -> None:
    form = edit_form(editor, article)
    form["bylines-0-DELETE"] = "on"
    assert "no-byline" in [a["code"] for a in alarms(editor.post(check_url(article), form))]
    form["bylines-0-DELETE"] = ""
    assert "no-byline" not in [a["code"] for a in alarms(editor.post(check_url(article), form))]


def test_a_photo_without_words_of_its_own_takes_those_of_the_library(editor, article) -> None:
    bare, full = make_photo(), make_photo(description="两人下棋", credit="张三 摄")

    def codes(photo) -> set[str]:
        value = {"image": photo.pk, "caption": "比赛现场", "credit": "", "alt": ""}
        form = written(editor, article, ("paragraph", GOOD), ("photo", value))
        return {a["code"] for a in alarms(editor.post(check_url(article), form))}

    assert {"no-alt", "no-photographer"} <= codes(bare)
    assert {"no-alt", "no-photographer"}.isdisjoint(codes(full))


def test_queries_do_not_grow_with_the_issue(editor, article, issue) -> None:
    form = edit_form(editor, article)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            editor.post(check_url(article), form)
        return len(seen)

    queries()
    first = queries()
    for n in range(4):
        make_article(issue, f"第{n}条", body=[("paragraph", DOUBLED)], names=("甲", "乙"))
    assert queries() == first


# 原文如此, from the editor


def accept(client: Client, issue: IssuePage, form: dict, **fields: object):
    return client.post(reverse("desk_alarm_accept", args=[issue.pk]), {**form, **fields}, **JSON)


def test_an_alarm_is_accepted_before_the_text_is_saved(editor, article, issue) -> None:
    form = written(editor, article, ("paragraph", DOUBLED))
    found = alarms(editor.post(check_url(article), form))
    key = next(a["key"] for a in found if a["quote"] == "设计设计")
    answer = accept(editor, issue, form, alarm_key=key, alarm_article=article.pk)
    assert answer.status_code == 200
    assert "不再提示" in answer.json()["done"]
    again = next(a for a in alarms(editor.post(check_url(article), form)) if a["key"] == key)
    assert again["accepted"] is True
    assert again["accepted_by"] == str(editor.get("/admin/").wsgi_request.user)
    answer = accept(
        editor, issue, form, alarm_key=key, alarm_article=article.pk, alarm_act="take_back"
    )
    assert answer.status_code == 200
    assert not AcceptedAlarm.objects.exists()


def test_an_editor_does_not_accept_what_must_be_mended(editor, article, issue) -> None:
    form = written(editor, article, ("paragraph", "<p>残废人可以报名。</p>"))
    (alarm,) = [a for a in alarms(editor.post(check_url(article), form)) if a["level"] == "block"]
    assert alarm["may_accept"] is False
    answer = accept(editor, issue, form, alarm_key=alarm["key"], alarm_article=article.pk)
    assert answer.status_code == 403
    assert "责任编辑和总编" in answer.json()["error"]
    assert not AcceptedAlarm.objects.exists()


def test_what_is_not_on_the_screen_is_not_accepted(editor, article, issue) -> None:
    other = make_article(make_issue(452), body=[("paragraph", DOUBLED)])
    form = written(editor, article, ("paragraph", DOUBLED))
    for fields in (
        {"alarm_key": "f" * 32, "alarm_article": article.pk},
        {"alarm_key": "f" * 32, "alarm_article": other.pk},
        {"alarm_key": "f" * 32},
    ):
        assert accept(editor, issue, form, **fields).status_code == 403
    assert not AcceptedAlarm.objects.exists()


# Who may ask


@pytest.mark.parametrize("role", ["编辑", "责任编辑", "总编"])
def test_every_role_that_writes_may_ask(role: str, article, client: Client) -> None:
    client.force_login(make_user(role))
    assert alarms(client.post(check_url(article), edit_form(client, article))) is not None


def test_others_may_not(article, issue, client: Client) -> None:
    form = new_article(text=DOUBLED)
    addresses = [check_url(article), reverse("desk_check_new", args=[issue.pk])]
    for address in addresses:
        assert client.post(address, form).status_code == 302
        assert client.post(address, form, **JSON).status_code == 403
    client.force_login(make_user())
    for address in addresses:
        assert client.post(address, form, **JSON).status_code == 403
        assert client.get(address, **JSON).status_code in (403, 405)


def test_only_posts_are_answered_and_only_for_what_exists(editor, article, issue) -> None:
    assert editor.get(check_url(article)).status_code == 405
    assert editor.post(reverse("desk_check", args=[999_999]), {}).status_code == 404
    assert editor.post(reverse("desk_check_new", args=[article.pk]), {}).status_code == 404
    assert editor.post(reverse("desk_check", args=[issue.pk]), {}).status_code == 404


def test_a_post_of_another_site_is_refused(article) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_user("编辑"))
    assert strict.post(check_url(article), new_article(text=DOUBLED)).status_code == 403


UNKNOWN_ENTITY = json.dumps(
    {
        "blocks": [
            {
                "key": "a",
                "text": "中国",
                "type": "unstyled",
                "depth": -5,
                "inlineStyleRanges": [{"offset": -9, "length": 99_999, "style": "BOLD"}],
                "entityRanges": [{"offset": 0, "length": 2, "key": 7}],
            }
        ],
        "entityMap": {},
    }
)
HOSTILE = [
    {},
    {"body-count": "x"},
    {"body-count": "-1"},
    {"body-count": "99999999999"},
    {"body-count": "1", "body-0-deleted": "", "body-0-order": "0", "body-0-type": "paragraph"},
    {"title": "\x00"},
    {"title": "题" * 10_000},
    {"title": "\ud83d"},
    {"bylines-TOTAL_FORMS": "x"},
    {"bylines-TOTAL_FORMS": "99999999"},
    {"bylines-0-name": "\x00" * 100, "bylines-0-ORDER": "9" * 400},
    {"bylines-0-role": "no-such-role", "bylines-0-contributor": "9" * 30},
    {"remarks-TOTAL_FORMS": "-5"},
    {"comments-TOTAL_FORMS": "x"},
    {"section": "9" * 30, "folio": "-1", "prominence": "\x00"},
    *(
        {"body-count": "1", "body-0-deleted": "", "body-0-order": "0"}
        | {"body-0-type": kind, "body-0-id": "'\"><", "body-0-value": value}
        for kind, value in [
            ("paragraph", "no json"),
            ("paragraph", "null"),
            ("paragraph", "[]"),
            ("paragraph", "[" * 5_000),
            ("paragraph", '{"blocks": 1, "entityMap": {}}'),
            ("paragraph", UNKNOWN_ENTITY),
            ("crosshead", "\x00" * 10_000),
            ("no-such-block", "x"),
            ("photo", "x"),
            ("gallery", "x"),
            ("table", "x"),
        ]
    ),
    {
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "photo",
        "body-0-id": "x",
        "body-0-value-image": "9" * 30,
        "body-0-value-caption": "\x00",
        "body-0-value-credit": "",
        "body-0-value-alt": "",
    },
]


@pytest.mark.parametrize("posted", HOSTILE)
def test_nothing_that_is_posted_breaks_the_check(posted: dict, editor, article, issue) -> None:
    bare = {name: value.encode("utf-8", "surrogatepass") for name, value in posted.items()}
    whole = {**edit_form(editor, article), **bare}
    for address in (check_url(article), reverse("desk_check_new", args=[issue.pk])):
        for form in (bare, whole):
            answer = editor.post(address, form)
            assert answer.status_code in (200, 400, 413), answer.content
            if answer["Content-Type"] == "application/json" and answer.status_code == 400:
                assert "没有丢" in answer.json()["error"]


# The panel


def test_the_panel_stands_beside_new_and_old_articles(editor, article, issue) -> None:
    add = reverse("wagtailadmin_pages:add", args=["articles", "articlepage", issue.pk])
    for address in (edit_url(article), add):
        page = editor.get(address).content.decode()
        assert page.count("data-proofreading ") == 1
        assert "js/proofreading.js" in page
        assert f'data-check-new-url="{reverse("desk_check_new", args=[issue.pk])}"' in page


def test_saving_by_itself_leaves_the_panel_alone(editor, article) -> None:
    form = edit_form(editor, article) | {"title": "另一个标题"}
    answer = editor.post(edit_url(article), form, **JSON)
    assert answer.status_code == 200
    assert "data-proofreading " not in answer.json().get("html", "")
