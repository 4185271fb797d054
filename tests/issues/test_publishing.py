"""Publishing an issue: one act that asks role and rules, now or by the timer, and back."""

from __future__ import annotations

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageLogEntry

from accounts.models import User
from articles.models import ArticlePage
from issues import publishing
from issues.models import IssuePage
from issues.publishing import (
    Objection,
    PublishingRefused,
    objections,
    publish_due,
    publish_issue,
    schedule_issue,
    unpublish_issue,
    unschedule_issue,
)
from tests import factories, forms
from tests.factories import make_article, make_issue, make_public_issue, make_user

pytestmark = pytest.mark.django_db

IN_AN_HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def issue() -> IssuePage:
    """An issue that could come out: one article signed, one not."""
    factories.make_paper()
    issue = make_issue(451)
    make_article(issue, "定稿的", signed=True)
    make_article(issue, "没定稿的")
    return issue


@pytest.fixture
def chief() -> User:
    return make_user("总编")


def stands(issue: IssuePage) -> IssuePage:
    return IssuePage.objects.get(pk=issue.pk)


def test_publishing_touches_the_one_row_of_the_issue(issue: IssuePage, chief: User) -> None:
    before = list(ArticlePage.objects.order_by("pk").values())

    publish_issue(issue=issue, by=chief)

    assert stands(issue).live
    assert list(ArticlePage.objects.order_by("pk").values()) == before


def test_publishing_brings_out_the_masthead_as_last_saved(issue: IssuePage, chief: User) -> None:
    issue.responsible_editor = "董 辉"
    issue.save_revision()

    publish_issue(issue=issue, by=chief)

    assert stands(issue).responsible_editor == "董 辉"


def test_publishing_again_brings_out_a_corrected_masthead(chief: User) -> None:
    public = make_public_issue(450)
    first = public.first_published_at
    public.responsible_editor = "更正 后"
    public.save_revision()

    publish_issue(issue=public, by=chief)

    assert stands(public).responsible_editor == "更正 后"
    assert stands(public).first_published_at == first


@pytest.mark.parametrize("role", ["", "编辑", "责任编辑"])
def test_only_the_chief_editor_publishes_schedules_and_takes_back(
    issue: IssuePage, role: str
) -> None:
    someone = make_user(role)
    public = make_public_issue(450)
    for verb in (
        lambda: publish_issue(issue=issue, by=someone),
        lambda: schedule_issue(issue=issue, by=someone, at=timezone.now() + IN_AN_HOUR),
        lambda: unschedule_issue(issue=issue, by=someone),
        lambda: unpublish_issue(issue=public, by=someone),
    ):
        with pytest.raises(PublishingRefused, match="只有总编"):
            verb()
    assert not stands(issue).live
    assert stands(issue).publish_at is None
    assert stands(public).live


def test_someone_not_logged_in_publishes_nothing(issue: IssuePage) -> None:
    with pytest.raises(PublishingRefused):
        publish_issue(issue=issue, by=AnonymousUser())


def test_an_issue_without_articles_is_refused_and_says_what_to_do(chief: User) -> None:
    empty = make_issue(452)

    with pytest.raises(PublishingRefused, match=r"还没有定稿的稿件.*请先让至少一篇"):
        publish_issue(issue=empty, by=chief)
    assert not stands(empty).live


def test_an_issue_with_drafts_only_is_refused(chief: User) -> None:
    drafts = make_issue(452)
    make_article(drafts)

    with pytest.raises(PublishingRefused, match="还没有定稿的稿件"):
        publish_issue(issue=drafts, by=chief)


def test_an_issue_without_an_imprint_is_refused(chief: User) -> None:
    bare = make_issue(452)
    make_article(bare, signed=True)
    bare.imprint = None
    bare.save_revision(clean=False)

    with pytest.raises(PublishingRefused, match="刊头有误"):
        publish_issue(issue=bare, by=chief)


def test_all_objections_are_told_at_once(
    issue: IssuePage, chief: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def first(issue: IssuePage) -> list[Objection]:
        return [Objection("头条还没有定。"), Objection("第2版空着。")]

    monkeypatch.setattr(publishing, "objectors", [*publishing.objectors, first])

    with pytest.raises(PublishingRefused) as refused:
        publish_issue(issue=make_issue(452), by=chief)
    assert len(refused.value.objections) == 3
    assert "头条还没有定。；第2版空着。" in str(refused.value)
    assert [o.reason for o in objections(issue)] == ["头条还没有定。", "第2版空着。"]


def test_taking_back_what_is_not_out_is_refused(issue: IssuePage, chief: User) -> None:
    with pytest.raises(PublishingRefused, match="还没有出版"):
        unpublish_issue(issue=issue, by=chief)


# The timer.


def test_a_time_in_the_past_is_refused(issue: IssuePage, chief: User) -> None:
    with pytest.raises(PublishingRefused, match="已经过去"):
        schedule_issue(issue=issue, by=chief, at=timezone.now())


def test_a_public_issue_is_not_scheduled(chief: User) -> None:
    with pytest.raises(PublishingRefused, match="已经出版"):
        schedule_issue(issue=make_public_issue(450), by=chief, at=timezone.now() + IN_AN_HOUR)


def test_the_rules_are_asked_when_the_time_is_set(chief: User) -> None:
    with pytest.raises(PublishingRefused, match="还没有定稿"):
        schedule_issue(issue=make_issue(452), by=chief, at=timezone.now() + IN_AN_HOUR)


@pytest.fixture
def due(issue: IssuePage, chief: User) -> datetime.datetime:
    """The moment after that for which the issue is scheduled."""
    at = timezone.now() + IN_AN_HOUR
    schedule_issue(issue=issue, by=chief, at=at)
    return at + datetime.timedelta(seconds=1)


def test_the_timer_publishes_in_the_name_of_who_set_it(
    issue: IssuePage, chief: User, due: datetime.datetime
) -> None:
    publish_due(at=due)

    assert (stands(issue).live, stands(issue).publish_at) == (True, None)
    entry = PageLogEntry.objects.filter(page=issue, action="wagtail.publish").latest("pk")
    assert entry.user == chief


def test_the_timer_publishes_once(issue: IssuePage, due: datetime.datetime) -> None:
    assert len(publish_due(at=due)) == 1
    assert publish_due(at=due) == []


def test_the_timer_asks_the_rules_again_and_keeps_a_refused_time(
    issue: IssuePage, due: datetime.datetime
) -> None:
    ArticlePage.objects.update(live=False)

    [(refused, why)] = publish_due(at=due)

    assert (refused.pk, "还没有定稿" in why) == (issue.pk, True)
    assert not stands(issue).live
    assert stands(issue).publish_at is not None
    ArticlePage.objects.update(live=True)
    assert [why for _, why in publish_due(at=due)] == [""]


def test_the_timer_asks_the_role_again(
    issue: IssuePage, chief: User, due: datetime.datetime
) -> None:
    chief.groups.remove(Group.objects.get(name="总编"))

    [(_, why)] = publish_due(at=due)

    assert "只有总编" in why
    assert not stands(issue).live
    assert stands(issue).publish_at is not None


def test_the_timer_does_not_publish_for_an_account_that_is_switched_off(
    issue: IssuePage, chief: User, due: datetime.datetime
) -> None:
    User.objects.filter(pk=chief.pk).update(is_active=False)

    assert "只有总编" in publish_due(at=due)[0][1]


def test_the_timer_does_not_publish_for_somebody_who_is_gone(
    issue: IssuePage, chief: User, due: datetime.datetime
) -> None:
    chief.delete()

    assert "请重新安排" in publish_due(at=due)[0][1]
    assert not stands(issue).live


def test_one_refused_issue_does_not_hold_up_the_others(
    issue: IssuePage, chief: User, due: datetime.datetime
) -> None:
    other = make_issue(452)
    article = make_article(other, signed=True)
    schedule_issue(issue=other, by=chief, at=due - datetime.timedelta(minutes=5))
    ArticlePage.objects.filter(pk=article.pk).update(live=False)

    outcome = {published.number: why for published, why in publish_due(at=due)}

    assert outcome[451] == ""
    assert outcome[452] != ""
    assert stands(issue).live


def test_calling_it_off_stops_the_timer(
    issue: IssuePage, chief: User, due: datetime.datetime
) -> None:
    unschedule_issue(issue=issue, by=chief)

    assert publish_due(at=due) == []


def test_publishing_by_hand_stops_the_timer(
    issue: IssuePage, chief: User, due: datetime.datetime
) -> None:
    publish_issue(issue=issue, by=chief)
    unpublish_issue(issue=stands(issue), by=chief)

    assert publish_due(at=due) == []
    assert not stands(issue).live


def test_saving_the_masthead_does_not_touch_the_timer(
    issue: IssuePage, due: datetime.datetime, client: Client
) -> None:
    client.force_login(make_user("总编"))
    client.post(
        forms.edit_url(issue), {**forms.edit_form(client, issue), "responsible_editor": "董 辉"}
    )

    assert stands(issue).publish_at is not None
    assert stands(issue).get_latest_revision_as_object().publish_at is not None


def test_an_issue_that_waits_for_its_time_is_changed_by_the_chief_editor_alone(
    issue: IssuePage, chief: User, due: datetime.datetime
) -> None:
    """Else somebody could change what the timer brings out in the chief editor's name."""
    waiting = stands(issue)

    assert not waiting.permissions_for_user(make_user("编辑")).can_edit()
    assert waiting.permissions_for_user(chief).can_edit()


def test_a_masthead_changed_since_it_was_looked_at_is_not_published_unread(
    issue: IssuePage, chief: User
) -> None:
    seen = issue.get_latest_revision().pk
    issue.responsible_editor = "后来改的"
    issue.save_revision()

    with pytest.raises(PublishingRefused, match="刊头又有人改过"):
        publish_issue(issue=issue, by=chief, seen=seen)
    assert not stands(issue).live


# The screen.


def press(client: Client, issue: IssuePage, act: str, **data: str) -> str:
    answer = client.post(reverse("issue_publish", args=[issue.pk]), {"act": act, **data})
    told = forms.messages_of(answer) if answer.wsgi_request else ""
    return told + (answer.content.decode() if answer.status_code == 200 else "")


def test_the_screen_shows_what_comes_out_and_what_stays_behind(
    issue: IssuePage, chief: User, client: Client
) -> None:
    client.force_login(chief)
    shown = client.get(reverse("issue_publish", args=[issue.pk]))

    assert [article.title for article in shown.context["signed"]] == ["定稿的"]
    assert [article.title for article in shown.context["left_behind"]] == ["没定稿的"]


@pytest.mark.parametrize(
    ("at", "told"),
    [("", "请填写出版时间"), ("后天", "写法应是"), ("2001-01-01 08:00", "已经过去")],
)
def test_a_time_that_makes_no_sense_is_told_in_chinese(
    issue: IssuePage, chief: User, client: Client, at: str, told: str
) -> None:
    client.force_login(chief)

    assert told in press(client, issue, "schedule", at=at)
    assert stands(issue).publish_at is None


def test_an_unknown_button_does_nothing(issue: IssuePage, chief: User, client: Client) -> None:
    client.force_login(chief)
    press(client, issue, "selfdestruct")

    assert not stands(issue).live


def test_the_time_typed_is_shanghais(issue: IssuePage, chief: User, client: Client) -> None:
    client.force_login(chief)
    press(client, issue, "schedule", at="2099-08-02 08:00")

    assert stands(issue).publish_at == datetime.datetime(2099, 8, 2, 0, 0, tzinfo=datetime.UTC)
