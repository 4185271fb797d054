"""Publishing an issue: one act that asks role and rules, now or by the timer, and back."""

from __future__ import annotations

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageLogEntry

from accounts.models import User
from articles.models import ArticlePage
from desk.review.signing import recall_article, sign_article
from issues import publishing
from issues.models import IssuePage
from issues.placing import PlacingRefused, place
from issues.publishing import (
    Objection,
    PublishingRefused,
    objections,
    publish_due,
    publish_issue,
    schedule_issue,
    signed_versions,
    unpublish_issue,
    unschedule_issue,
)
from tests import factories, forms
from tests.factories import make_article, make_issue, make_public_issue, make_user

pytestmark = pytest.mark.django_db

IN_AN_HOUR = datetime.timedelta(hours=1)


@pytest.fixture(scope="module")
def made(shared_rows: None) -> IssuePage:
    """An issue that could come out: one article signed, one not."""
    issue = make_issue(451)
    make_article(issue, "定稿的", signed=True)
    make_article(issue, "没定稿的")
    return issue


@pytest.fixture(autouse=True)
def issue(made: IssuePage) -> IssuePage:
    return factories.fresh(made)


@pytest.fixture
def chief() -> User:
    return make_user("总编")


def stands(issue: IssuePage) -> IssuePage:
    return IssuePage.objects.get(pk=issue.pk)


def test_publishing_touches_the_one_row_of_the_issue(issue: IssuePage, chief: User) -> None:
    before = list(ArticlePage.objects.order_by("pk").values())

    publish_issue(issue=issue, by=chief, without_unfinished=True)

    assert stands(issue).live
    assert list(ArticlePage.objects.order_by("pk").values()) == before


def test_publishing_brings_out_the_masthead_as_last_saved(issue: IssuePage, chief: User) -> None:
    issue.responsible_editor = "董 辉"
    issue.save_revision()

    publish_issue(issue=issue, by=chief, without_unfinished=True)

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
    assert [o.reason for o in objections(issue)][-2:] == ["头条还没有定。", "第2版空着。"]


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
    schedule_issue(issue=issue, by=chief, at=at, without_unfinished=True)
    return at + datetime.timedelta(seconds=1)


def test_the_timer_publishes_in_the_name_of_who_set_it(
    issue: IssuePage, chief: User, due: datetime.datetime
) -> None:
    publish_due(at=due)

    assert (stands(issue).live, stands(issue).publish_at) == (True, None)
    entry = PageLogEntry.objects.filter(page=issue, action="issues.publish").latest("pk")
    assert entry.user == chief


def test_the_timer_publishes_once(issue: IssuePage, due: datetime.datetime) -> None:
    assert len(publish_due(at=due)) == 1
    assert publish_due(at=due) == []


def test_the_timer_asks_the_rules_again_and_keeps_a_refused_time(
    issue: IssuePage, due: datetime.datetime
) -> None:
    signed = ArticlePage.objects.filter(live=True)
    keys = list(signed.values_list("pk", flat=True))
    signed.update(live=False)

    [(refused, why)] = publish_due(at=due)

    assert (refused.pk, "《定稿的》不再是定稿" in why) == (issue.pk, True)
    assert not stands(issue).live
    assert stands(issue).publish_at is not None
    ArticlePage.objects.filter(pk__in=keys).update(live=True)
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
    publish_issue(issue=issue, by=chief, without_unfinished=True)
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


def test_articles_of_an_issue_that_waits_for_its_time_are_placed_by_the_chief_editor_alone(
    issue: IssuePage, chief: User, due: datetime.datetime
) -> None:
    """The timer asks whether what was signed still is, not whether it leads the front page."""
    article = ArticlePage.objects.child_of(issue).live().first()

    with pytest.raises(PlacingRefused, match="等着定时出版"):
        place(article=article, by=make_user("责任编辑"), folio=4, prominence="brief")
    place(article=article, by=chief, folio=2)

    article.refresh_from_db()
    assert (article.folio, article.prominence) == (2, "normal")


def test_a_masthead_changed_since_it_was_looked_at_is_not_published_unread(
    issue: IssuePage, chief: User
) -> None:
    seen = issue.get_latest_revision().pk
    issue.responsible_editor = "后来改的"
    issue.save_revision()

    with pytest.raises(PublishingRefused, match="刊头又有人改过"):
        publish_issue(issue=issue, by=chief, seen=seen, without_unfinished=True)
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
    press(client, issue, "schedule_without", at="2099-08-02 08:00")

    assert stands(issue).publish_at == datetime.datetime(2099, 8, 2, 0, 0, tzinfo=datetime.UTC)


# Unfinished articles stay behind, visibly, and only when 总编 says so.


def object_to(monkeypatch: pytest.MonkeyPatch, *standing: Objection) -> list[Objection]:
    """Have an objector say these, and whatever is added to the returned list later."""
    said = list(standing)
    monkeypatch.setattr(publishing, "objectors", [publishing.own_objections, lambda issue: said])
    return said


UNFINISHED = Objection("《没定稿的》还没有定稿。", "/somewhere/", "unfinished", waivable=True)
BLOCKING = Objection("第3段引号不成对。", "/elsewhere/", "quotes")


def last_log(issue: IssuePage, action: str) -> PageLogEntry:
    return PageLogEntry.objects.filter(page=issue, action=action).latest("pk")


def test_an_unfinished_article_holds_the_issue_up(
    issue: IssuePage, chief: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    object_to(monkeypatch, UNFINISHED)

    with pytest.raises(PublishingRefused, match="《没定稿的》"):
        publish_issue(issue=issue, by=chief)
    assert not stands(issue).live


def test_the_chief_editor_publishes_without_what_is_unfinished_and_never_with_it(
    issue: IssuePage, chief: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    object_to(monkeypatch, UNFINISHED)

    publish_issue(issue=issue, by=chief, without_unfinished=True)

    assert [a.title for a in ArticlePage.objects.published()] == ["定稿的"]
    assert ArticlePage.objects.child_of(issue).not_live().count() == 1
    assert client.get("/451/2/").status_code == 404
    assert "没定稿的" not in client.get("/451/").content.decode()


def test_no_waiver_helps_against_any_other_objection(
    issue: IssuePage, chief: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    object_to(monkeypatch, UNFINISHED, BLOCKING)

    with pytest.raises(PublishingRefused) as refused:
        publish_issue(issue=issue, by=chief, without_unfinished=True)
    assert refused.value.objections == (BLOCKING,)
    with pytest.raises(PublishingRefused) as refused:
        publish_issue(issue=issue, by=chief)
    assert refused.value.objections == (UNFINISHED, BLOCKING)
    assert not stands(issue).live


@pytest.mark.parametrize("role", ["", "编辑", "责任编辑"])
def test_nobody_else_waives(issue: IssuePage, role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    object_to(monkeypatch, UNFINISHED)
    someone = make_user(role)

    with pytest.raises(PublishingRefused, match="只有总编"):
        publish_issue(issue=issue, by=someone, without_unfinished=True)
    with pytest.raises(PublishingRefused, match="只有总编"):
        schedule_issue(
            issue=issue, by=someone, at=timezone.now() + IN_AN_HOUR, without_unfinished=True
        )


def test_the_log_names_what_came_out_and_what_stayed_behind(
    issue: IssuePage, chief: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    object_to(monkeypatch, UNFINISHED)

    publish_issue(issue=issue, by=chief, without_unfinished=True)

    entry = last_log(issue, "issues.publish")
    assert entry.user == chief
    assert entry.data == {
        "again": False,
        "articles": [1],
        "left_behind": [2],
        "waived": ["《没定稿的》还没有定稿。"],
    }
    assert "第2篇" in entry.formatter.format_message(entry)


def test_a_corrected_masthead_needs_no_waiver_for_what_stayed_behind(
    issue: IssuePage, chief: User
) -> None:
    publish_issue(issue=issue, by=chief, without_unfinished=True)
    out = stands(issue)
    out.responsible_editor = "更正 后"
    out.save_revision()

    publish_issue(issue=out, by=chief)

    assert stands(issue).responsible_editor == "更正 后"
    assert last_log(issue, "issues.publish").data["again"] is True


# What was on the screen is what comes out.


def test_what_was_signed_since_is_shown_and_not_published_unread(
    issue: IssuePage, chief: User
) -> None:
    seen = signed_versions(issue)
    make_article(issue, "刚刚定稿的", signed=True)

    with pytest.raises(PublishingRefused, match=r"新定稿了《刚刚定稿的》.*再按一次"):
        publish_issue(issue=issue, by=chief, seen_articles=seen, without_unfinished=True)
    publish_issue(
        issue=issue, by=chief, seen_articles=signed_versions(issue), without_unfinished=True
    )
    assert stands(issue).live


def test_what_was_recalled_signed_again_or_reordered_since_is_told(
    issue: IssuePage, chief: User
) -> None:
    first = ArticlePage.objects.get(title="定稿的")
    second = make_article(issue, "第二篇定稿", signed=True)
    seen = signed_versions(issue)

    def told() -> str:
        with pytest.raises(PublishingRefused) as refused:
            publish_issue(issue=issue, by=chief, seen_articles=seen, without_unfinished=True)
        return str(refused.value)

    sign_article(article=first, revision=first.save_revision(), by=None)
    assert "又重新定稿了《定稿的》" in told()
    recall_article(article=second, by=None)
    assert "不再是定稿的有《第二篇定稿》" in told()
    ArticlePage.objects.get(pk=second.pk).delete()
    assert "1篇已不在本期的稿件" in told()
    third = make_article(issue, "第三篇定稿", signed=True)
    seen = signed_versions(issue)
    place(article=third, by=chief, position=0)
    assert "次序" in told()
    assert not stands(issue).live


@pytest.mark.parametrize(
    "seen", ["", "x", "1:x,:,,", "９" * 50, "\0", "1:" + "9" * 10_000, "," * 100_000]
)
def test_a_garbled_account_of_what_was_seen_publishes_nothing(
    issue: IssuePage, chief: User, client: Client, seen: str
) -> None:
    client.force_login(chief)
    press(client, issue, "publish_without", seen_articles=seen, seen="9" * 10_000)

    assert not stands(issue).live


# A timer that remembers what it was told.


def test_the_waiver_waits_with_the_timer(
    issue: IssuePage, chief: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    object_to(monkeypatch, UNFINISHED)
    at = timezone.now() + IN_AN_HOUR
    with pytest.raises(PublishingRefused):
        schedule_issue(issue=issue, by=chief, at=at)

    schedule_issue(issue=issue, by=chief, at=at, without_unfinished=True)

    assert stands(issue).publish_without_unfinished
    assert last_log(issue, "issues.schedule").data["left_behind"] == [2]
    assert [why for _, why in publish_due(at=at)] == [""]
    assert not stands(issue).publish_without_unfinished
    assert [a.title for a in ArticlePage.objects.published()] == ["定稿的"]


def test_saving_the_masthead_keeps_the_waiver(
    issue: IssuePage, due: datetime.datetime, client: Client
) -> None:
    client.force_login(make_user("总编"))
    client.post(
        forms.edit_url(issue), {**forms.edit_form(client, issue), "responsible_editor": "董 辉"}
    )

    assert stands(issue).publish_without_unfinished
    assert stands(issue).publish_articles
    assert stands(issue).get_latest_revision_as_object().publish_without_unfinished


def test_without_a_waiver_an_article_unfinished_since_holds_the_timer_up(
    chief: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = make_issue(460)
    make_article(whole, "都定稿了", signed=True)
    said = object_to(monkeypatch)
    at = timezone.now() + IN_AN_HOUR
    schedule_issue(issue=whole, by=chief, at=at)
    said.append(UNFINISHED)

    [(_, why)] = publish_due(at=at)

    assert "《没定稿的》" in why
    assert not stands(whole).live


def test_a_new_objection_is_refused_at_its_time_also_with_a_waiver(
    issue: IssuePage, chief: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = object_to(monkeypatch, UNFINISHED)
    at = timezone.now() + IN_AN_HOUR
    schedule_issue(issue=issue, by=chief, at=at, without_unfinished=True)
    said.append(BLOCKING)

    [(_, why)] = publish_due(at=at)

    assert why == BLOCKING.reason
    assert (stands(issue).live, stands(issue).publish_at) == (False, at)


def test_the_timer_does_not_bring_out_less_than_was_seen(
    issue: IssuePage, due: datetime.datetime
) -> None:
    """A waiver is for what was unfinished then, not for a lead that was recalled since."""
    lead = make_article(issue, "头条", signed=True)
    at = timezone.now() + IN_AN_HOUR
    schedule_issue(issue=issue, by=make_user("总编"), at=at, without_unfinished=True)
    recall_article(article=lead, by=None)

    [(_, why)] = publish_due(at=at)

    assert "《头条》不再是定稿" in why
    assert not stands(issue).live


def refuse_at(
    issue: IssuePage, chief: User, monkeypatch: pytest.MonkeyPatch, **fields: str
) -> tuple[datetime.datetime, list[Objection]]:
    """Schedule ``issue``, then let an objection arise; return its time and the objections."""
    User.objects.filter(pk=chief.pk).update(email="zong@example.com", **fields)
    said = object_to(monkeypatch)
    at = timezone.now() + IN_AN_HOUR
    schedule_issue(issue=issue, by=User.objects.get(pk=chief.pk), at=at)
    said.append(BLOCKING)
    return at, said


def test_the_screens_say_why_it_did_not_come_out(
    issue: IssuePage, chief: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    at, _ = refuse_at(issue, chief, monkeypatch)
    publish_due(at=at)
    client.force_login(chief)

    for address in (reverse("issue_publish", args=[issue.pk]), reverse("wagtailadmin_home")):
        assert BLOCKING.reason in client.get(address).content.decode()
    press(client, issue, "unschedule")
    assert stands(issue).publish_refusal == ""
    assert BLOCKING.reason not in client.get(reverse("wagtailadmin_home")).content.decode()


def test_each_distinct_reason_is_mailed_once_to_who_set_the_time(
    issue: IssuePage, chief: User, monkeypatch: pytest.MonkeyPatch, mailoutbox: list[EmailMessage]
) -> None:
    make_user("总编", email="other@example.com")
    at, said = refuse_at(issue, chief, monkeypatch)

    for _ in range(3):
        publish_due(at=at)
    assert [mail.bcc for mail in mailoutbox] == [["zong@example.com"]]
    assert BLOCKING.reason in mailoutbox[0].body
    assert reverse("issue_publish", args=[issue.pk]) in mailoutbox[0].body

    said.append(Objection("日期与星期不符。"))
    publish_due(at=at)
    said.pop()
    publish_due(at=at)
    assert len(mailoutbox) == 2
    assert PageLogEntry.objects.filter(action="issues.publish_refused").count() == 2


def test_when_who_set_the_time_lost_the_role_those_who_hold_it_are_told(
    issue: IssuePage, chief: User, monkeypatch: pytest.MonkeyPatch, mailoutbox: list[EmailMessage]
) -> None:
    make_user("总编", email="other@example.com")
    make_user("总编", email="left@example.com", is_active=False)
    make_user("责任编辑", email="editor@example.com")
    at, _ = refuse_at(issue, chief, monkeypatch)
    chief.groups.clear()

    publish_due(at=at)

    assert [mail.bcc for mail in mailoutbox] == [["other@example.com"]]
    assert "只有总编" in mailoutbox[0].body


def test_a_mail_that_cannot_be_sent_stops_nothing_and_is_tried_again(
    issue: IssuePage, chief: User, monkeypatch: pytest.MonkeyPatch, mailoutbox: list[EmailMessage]
) -> None:
    at, _ = refuse_at(issue, chief, monkeypatch)
    with monkeypatch.context() as down:

        def no_server(self: EmailMessage) -> int:
            raise OSError("no mail server")

        down.setattr(EmailMessage, "send", no_server)
        assert [why for _, why in publish_due(at=at)] == [BLOCKING.reason]
    assert stands(issue).publish_refusal == BLOCKING.reason

    publish_due(at=at)

    assert len(mailoutbox) == 1


def test_a_fault_is_told_like_a_refusal(
    issue: IssuePage, chief: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    at, _ = refuse_at(issue, chief, monkeypatch)

    def broken(issue: IssuePage) -> list[Objection]:
        raise RuntimeError("broken")

    monkeypatch.setattr(publishing, "objectors", [broken])
    publish_due(at=at)

    assert "出了故障" in stands(issue).publish_refusal
    assert not stands(issue).live


# Taking it back is one press.


def test_publishing_is_undone_by_one_press_and_logged_so(
    issue: IssuePage, chief: User, client: Client
) -> None:
    client.force_login(chief)
    assert "已出版" in press(client, issue, "publish_without")
    after = client.get(reverse("issue_publish", args=[issue.pk]))
    assert after.context["may_undo"]
    assert "撤销出版" in after.content.decode()

    assert "已撤销出版" in press(client, stands(issue), "undo")

    assert not stands(issue).live
    assert ArticlePage.objects.get(title="定稿的").live
    assert last_log(issue, "issues.undo").user == chief
    assert Client().get("/451/").status_code == 404


def test_an_issue_taken_back_is_the_one_in_the_making_again(
    issue: IssuePage, chief: User, client: Client
) -> None:
    make_public_issue(450)
    publish_issue(issue=issue, by=chief, without_unfinished=True)
    unpublish_issue(issue=stands(issue), by=chief, undo=True)

    assert list(IssuePage.objects.in_the_making()) == [issue]
    later = make_public_issue(452)
    assert list(IssuePage.objects.in_the_making()) == []
    IssuePage.objects.filter(pk=later.pk).update(live=False)
    assert issue in IssuePage.objects.in_the_making()


def test_after_an_hour_or_a_corrected_masthead_it_is_taken_down_not_undone(
    issue: IssuePage, chief: User, client: Client
) -> None:
    client.force_login(chief)
    publish_issue(issue=issue, by=chief, without_unfinished=True)
    PageLogEntry.objects.filter(page=issue).update(
        timestamp=timezone.now() - datetime.timedelta(hours=2)
    )
    publish_issue(issue=issue, by=chief)

    shown = client.get(reverse("issue_publish", args=[issue.pk]))

    assert not shown.context["may_undo"]
    assert "撤下第451期" in shown.content.decode()


@pytest.mark.parametrize("role", ["", "编辑", "责任编辑"])
@pytest.mark.parametrize("act", ["undo", "publish_without", "schedule_without"])
def test_the_screen_is_shut_to_everybody_else(
    issue: IssuePage, client: Client, role: str, act: str
) -> None:
    client.force_login(make_user(role))
    before = stands(issue).live

    assert client.get(reverse("issue_publish", args=[issue.pk])).status_code in (302, 403)
    client.post(reverse("issue_publish", args=[issue.pk]), {"act": act, "at": "2099-01-01 08:00"})
    assert (stands(issue).live, stands(issue).publish_at) == (before, None)


def test_the_screen_groups_what_stands_in_the_way_with_links(
    issue: IssuePage, chief: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(chief)
    said = object_to(monkeypatch, UNFINISHED, BLOCKING)
    shown = client.get(reverse("issue_publish", args=[issue.pk]))
    assert shown.context["blocking"] == [BLOCKING]
    assert shown.context["waivable"] == [UNFINISHED]
    for objection in (UNFINISHED, BLOCKING):
        assert f'href="{objection.url}"' in shown.content.decode()
    assert 'value="publish_without"' not in shown.content.decode()

    said.remove(BLOCKING)
    page = client.get(reverse("issue_publish", args=[issue.pk])).content.decode()
    assert 'value="publish_without"' in page
    assert "不带：《没定稿的》" in page


def test_a_refused_press_shows_the_screen_as_it_is_now(
    issue: IssuePage, chief: User, client: Client
) -> None:
    client.force_login(chief)
    before = client.get(reverse("issue_publish", args=[issue.pk])).context
    make_article(issue, "刚刚定稿的", signed=True)

    answer = client.post(
        reverse("issue_publish", args=[issue.pk]),
        {
            "act": "publish_without",
            "seen": before["seen"],
            "seen_articles": before["seen_articles"],
        },
    )

    assert [article.title for article in answer.context["signed"]] == ["定稿的", "刚刚定稿的"]
    assert "新定稿了《刚刚定稿的》" in answer.content.decode()
    assert not stands(issue).live
