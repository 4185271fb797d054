"""原文如此: who may say it, what it quiets, how it is taken back."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import PageLogEntry

from articles.models import ArticlePage
from desk.models import AcceptedAlarm, BannedWord
from desk.proofreading.accepting import AcceptingRefused, accept_alarm, unaccept_alarm
from desk.proofreading.report import Standing, report
from issues.models import IssuePage
from issues.placing import transfer
from issues.publishing import PublishingRefused, publish_issue
from tests.factories import make_article, make_issue, make_user

pytestmark = pytest.mark.django_db

TEXT = "请设计师设计设计新的标志。\n残废人可以报名。"


@pytest.fixture
def issue() -> IssuePage:
    BannedWord.objects.create(word="残废人", reason="应称残疾人")
    return make_issue()


@pytest.fixture
def article(issue: IssuePage) -> ArticlePage:
    return make_article(issue, text=TEXT, signed=True)


def standing(issue: IssuePage, quote: str) -> Standing:
    return next(s for s in report(issue).standings if s.alarm.place.quote == quote)


def standing_of(issue: IssuePage, article: ArticlePage, quote: str = "设计设计") -> Standing:
    of_article = report(issue).of_article(article.pk).standings
    return next(s for s in of_article if s.alarm.place.quote == quote)


def warning(issue: IssuePage) -> str:
    return standing(issue, "设计设计").alarm.key


def block(issue: IssuePage) -> str:
    return standing(issue, "残废人").alarm.key


def test_an_accepted_alarm_is_quiet_and_stands_among_the_accepted(issue, article) -> None:
    editor = make_user("编辑", last_name="李", first_name="编")
    before = report(issue)
    accept_alarm(
        issue=issue, article=article, key=warning(issue), by=editor, reason=" 活动的\n名称 "
    )
    after = report(issue)
    assert len(after.warnings) == len(before.warnings) - 1
    (accepted,) = after.accepted
    assert accepted.alarm.place.quote == "设计设计"
    assert accepted.accepted_by == str(editor)
    assert accepted.accepted_at is not None
    assert accepted.accepted_reason == "活动的 名称"


def test_accepting_and_taking_back_is_in_the_history(issue, article) -> None:
    editor = make_user("编辑")
    key = warning(issue)
    accept_alarm(issue=issue, article=article, key=key, by=editor)
    accept_alarm(issue=issue, article=article, key=key, by=editor)
    unaccept_alarm(issue=issue, article=article, key=key, by=editor)
    unaccept_alarm(issue=issue, article=article, key=key, by=editor)
    entries = PageLogEntry.objects.filter(page=article.pk, action__endswith="accept_alarm")
    told = entries.order_by("timestamp").values_list("action", "user", "data__quote")
    assert list(told) == [
        ("desk.accept_alarm", editor.pk, "设计设计"),
        ("desk.unaccept_alarm", editor.pk, "设计设计"),
    ]
    assert [s.alarm.key for s in report(issue).warnings].count(key) == 1


def test_it_stays_quiet_after_an_edit_elsewhere_and_speaks_after_one_there(issue, article) -> None:
    accept_alarm(issue=issue, article=article, key=warning(issue), by=make_user("编辑"))

    def save(text: str) -> list[str]:
        latest = ArticlePage.objects.get(pk=article.pk).get_latest_revision_as_object()
        latest.body = [("paragraph", "".join(f"<p>{line}</p>" for line in text.split("\n")))]
        latest.save_revision()
        return [s.alarm.place.quote for s in report(issue).warnings]

    assert "设计设计" not in save(f"前面加一段。\n{TEXT}")
    assert "设计设计" in save("请木匠设计设计旧的桌子。")


def test_what_must_be_mended_is_accepted_by_those_who_sign_only(issue, article) -> None:
    key = block(issue)
    with pytest.raises(AcceptingRefused, match="责任编辑和总编"):
        accept_alarm(issue=issue, article=article, key=key, by=make_user("编辑"))
    assert not AcceptedAlarm.objects.exists()
    chief = make_user("责任编辑")
    accept_alarm(issue=issue, article=article, key=key, by=chief)
    with pytest.raises(AcceptingRefused, match="没有撤销"):
        unaccept_alarm(issue=issue, article=article, key=key, by=make_user("编辑"))
    assert report(issue).blocks == ()


def test_an_accepted_block_blocks_no_more(issue, article) -> None:
    with pytest.raises(PublishingRefused, match="残废人"):
        publish_issue(issue=issue, by=None)
    accept_alarm(issue=issue, article=article, key=block(issue), by=make_user("总编"))
    publish_issue(issue=issue, by=None)
    assert IssuePage.objects.get(pk=issue.pk).live


@pytest.mark.parametrize("role", [""])
def test_who_has_no_part_in_the_paper_accepts_nothing(role: str, issue, article) -> None:
    with pytest.raises(AcceptingRefused, match="权限"):
        accept_alarm(issue=issue, article=article, key=warning(issue), by=make_user(role))


def test_an_alarm_that_is_gone_is_not_accepted(issue, article) -> None:
    other = make_article(issue, "另一篇")
    chief = make_user("总编")
    for of, key in ((article, "f" * 32), (other, warning(issue)), (None, warning(issue))):
        with pytest.raises(AcceptingRefused, match="已经不在"):
            accept_alarm(issue=issue, article=of, key=key, by=chief)


def test_the_name_stays_when_the_account_goes(issue, article) -> None:
    editor = make_user("编辑")
    accept_alarm(issue=issue, article=article, key=warning(issue), by=editor)
    name = str(editor)
    editor.delete()
    assert report(issue).accepted[0].accepted_by == name


def test_the_answer_follows_the_article_into_another_issue(issue, article) -> None:
    draft = make_article(issue, "留用的一篇", text="也要设计设计。", signed=False)
    key = standing_of(issue, draft).alarm.key
    editor = make_user("责任编辑")
    accept_alarm(issue=issue, article=draft, key=key, by=editor, reason="活动名称")
    later = make_issue(number=issue.number + 1)
    make_article(later, "那期原有的一篇")
    transfer(article=draft, issue=later, by=editor)
    there = standing_of(later, draft)
    assert (there.alarm.key, there.accepted_by, there.accepted_reason) == (
        key,
        str(editor),
        "活动名称",
    )
    issue.delete()
    assert standing_of(later, draft).is_accepted
    unaccept_alarm(issue=later, article=draft, key=key, by=editor)
    assert not standing_of(later, draft).is_accepted


def test_one_articles_answer_is_not_the_others(issue, article) -> None:
    other = make_article(issue, "另一篇", text=TEXT, signed=True)
    mine, theirs = standing_of(issue, article), standing_of(issue, other)
    assert mine.alarm.key == theirs.alarm.key
    accept_alarm(issue=issue, article=article, key=mine.alarm.key, by=make_user("编辑"))
    assert standing_of(issue, article).is_accepted
    assert not standing_of(issue, other).is_accepted
    unaccept_alarm(issue=issue, article=other, key=mine.alarm.key, by=make_user("总编"))
    assert standing_of(issue, article).is_accepted


def test_the_issues_own_alarm_is_answered_for_the_issue(issue, article) -> None:
    issue.lunar_date = ""
    issue.save_revision()
    chief = make_user("总编")
    alarm = next(s.alarm for s in report(issue).standings if s.alarm.code == "no-issue-lunar")
    accept_alarm(issue=issue, article=None, key=alarm.key, by=chief)
    assert [s.alarm.code for s in report(issue).accepted] == ["no-issue-lunar"]
    other = make_issue(number=issue.number + 1, lunar_date="")
    assert report(other).accepted == ()
    unaccept_alarm(issue=issue, article=None, key=alarm.key, by=chief)
    assert report(issue).accepted == ()


# The screen


def post(client: Client, issue: IssuePage, **fields: object):
    return client.post(reverse("desk_alarm_accept", args=[issue.pk]), fields)


def test_one_click_accepts_and_one_takes_it_back(issue, article, client: Client) -> None:
    client.force_login(make_user("编辑"))
    screen = reverse("desk_checks", args=[issue.pk])
    key = warning(issue)
    answer = post(client, issue, alarm_key=key, alarm_article=article.pk, alarm_act="accept")
    assert answer.url == screen
    page = client.get(screen).content.decode()
    assert "已接受" in page
    assert "撤销认可" in page
    post(client, issue, alarm_key=key, alarm_article=article.pk, alarm_act="take_back")
    assert not AcceptedAlarm.objects.exists()


def test_an_editor_is_told_why_not(issue, article, client: Client) -> None:
    client.force_login(make_user("编辑"))
    fields = {"alarm_key": block(issue), "alarm_article": article.pk, "alarm_act": "accept"}
    page = client.post(
        reverse("desk_alarm_accept", args=[issue.pk]), fields, follow=True
    ).content.decode()
    assert "只有责任编辑和总编可以认可" in page
    assert not AcceptedAlarm.objects.exists()


def test_the_way_back_leads_nowhere_else(issue, article, client: Client) -> None:
    client.force_login(make_user("编辑"))
    for wanted in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        answer = post(client, issue, alarm_key=warning(issue), next=wanted)
        assert answer.url == reverse("desk_checks", args=[issue.pk])


@pytest.mark.parametrize(
    ("role", "status"), [("编辑", 200), ("责任编辑", 200), ("总编", 200), ("", 302)]
)
def test_who_sees_the_screen(role: str, status: int, issue, article, client: Client) -> None:
    client.force_login(make_user(role))
    assert client.get(reverse("desk_checks", args=[issue.pk])).status_code == status


def test_nobody_logged_out_sees_or_accepts(issue, article, client: Client) -> None:
    assert "login" in client.get(reverse("desk_checks", args=[issue.pk])).url
    assert "login" in post(client, issue, alarm_key=warning(issue)).url
    assert not AcceptedAlarm.objects.exists()


def test_the_screen_is_filtered_by_level_and_article(issue, article, client: Client) -> None:
    make_article(issue, "另一篇", text="也请设计设计。")
    client.force_login(make_user("编辑"))
    screen = reverse("desk_checks", args=[issue.pk])

    def shown(**query: object) -> set[tuple[str, str]]:
        found = client.get(screen, query).context["report"].standings
        return {(s.article_title, s.alarm.place.quote) for s in found}

    assert {quote for _, quote in shown(level="block")} == {"残废人"}
    assert {title for title, _ in shown(article=article.pk)} == {article.title}
    assert {title for title, _ in shown(article="issue")} <= {"第451期"}
    assert shown(level="nonsense") == shown()


def test_the_screen_costs_no_more_with_more_articles(issue, article, client: Client) -> None:
    client.force_login(make_user("编辑"))
    screen = reverse("desk_checks", args=[issue.pk])

    def queries() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as seen:
            assert client.get(screen).status_code == 200
        return len(seen)

    queries()
    first = queries()
    for n in range(4):
        make_article(issue, f"第{n}篇", text=TEXT, signed=True)
    assert queries() == first


def test_an_editor_has_no_button_for_what_only_others_accept(issue, article, client) -> None:
    make_user("编辑", username="bj")
    make_user("总编", username="zong")
    for name, buttons in (("bj", 0), ("zong", 1)):
        client.force_login(get_user_model().objects.get(username=name))
        page = client.get(reverse("desk_checks", args=[issue.pk]), {"level": "block"})
        assert page.content.decode().count("原文如此</button>") == buttons


HOSTILE = ["", "\x00", "-1", "0", "９", "1e9", "9" * 400, "a" * 10_000, "'\"><script>", "../.."]


@pytest.mark.parametrize("value", HOSTILE)
def test_nothing_that_is_sent_breaks_anything(value: str, issue, article, client: Client) -> None:
    client.force_login(make_user("总编"))
    for field in ("alarm_key", "alarm_article", "alarm_act", "alarm_reason", "next"):
        sent = {"alarm_key": warning(issue), "alarm_article": article.pk, field: value}
        assert post(client, issue, **sent).status_code in (302, 400)
    for field in ("level", "article", "version"):
        screen = client.get(reverse("desk_checks", args=[issue.pk]), {field: value})
        assert screen.status_code in (200, 400)
    assert client.get(reverse("desk_checks", args=[999_999])).status_code == 404
    assert client.get(reverse("desk_alarm_accept", args=[issue.pk])).status_code == 405
