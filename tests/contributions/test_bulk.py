"""What is done to several contributions at once is done to all of them or to none."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from contributions.models import Contribution, Mail, Status
from tests.contributions.factories import make_attachment, make_contribution, make_tip
from tests.factories import make_article, make_issue, make_user

pytestmark = pytest.mark.django_db

ACTS = ("assign", "decline", "spam", "erase")


@pytest.fixture(autouse=True)
def newsroom(client: Client) -> None:
    client.force_login(make_user("责任编辑", username="责任编辑"))


def address(act: str, *chosen: Contribution, **query: object) -> str:
    keys = [contribution.pk for contribution in chosen]
    return reverse(
        "wagtail_bulk_action",
        args=["contributions", "contribution", act],
        query={"id": keys or "all", **query},
    )


def statuses() -> set[str]:
    return set(Contribution.objects.values_list("status", flat=True))


def test_contributions_are_given_to_a_colleague(client: Client) -> None:
    chosen = [make_contribution(), make_tip()]
    colleague = make_user("编辑")

    answer = client.post(address("assign", *chosen), {"assignee": colleague.pk}, follow=True)

    assert "2件来稿换了经办人。" in answer.content.decode()
    assert set(Contribution.objects.values_list("assignee", flat=True)) == {colleague.pk}
    assert ModelLogEntry.objects.filter(action="contributions.assign").count() == 2


def test_they_go_to_nobody_again(client: Client) -> None:
    chosen = make_contribution(assignee=make_user("编辑"))

    client.post(address("assign", chosen), {"assignee": ""})

    chosen.refresh_from_db()
    assert chosen.assignee is None


def test_nobody_without_the_permission_can_be_given_one(client: Client) -> None:
    chosen = make_contribution()

    answer = client.post(address("assign", chosen), {"assignee": make_user().pk})

    assert "没有看来稿的权限" in answer.content.decode()
    chosen.refresh_from_db()
    assert chosen.assignee is None


def test_contributions_are_declined_with_a_standard_reason(client: Client) -> None:
    chosen = [make_contribution(email="wang@example.com"), make_contribution()]
    form = client.get(address("decline", *chosen)).context["form"]
    reason = form.fields["reason"].choices[0][0]
    assert "感谢来稿" in reason

    client.post(address("decline", *chosen), {"reason": reason, "own_words": ""})

    for each in Contribution.objects.all():
        assert (each.status, each.reason) == (Status.DECLINED, reason)
    assert Mail.objects.filter(occasion=Mail.Occasion.PROGRESS).count() == 1


def test_one_s_own_words_are_told(client: Client) -> None:
    chosen = make_tip()

    client.post(address("decline", chosen), {"reason": "", "own_words": "已转给维权部门。"})

    chosen.refresh_from_db()
    assert chosen.reason == "已转给维权部门。"


def test_tips_and_manuscripts_together_get_words_that_fit_both(client: Client) -> None:
    form = client.get(address("decline", make_tip(), make_contribution())).context["form"]

    reasons = [reason for reason, _ in form.fields["reason"].choices if reason]
    assert reasons
    assert not any("来稿" in reason or "线索" in reason for reason in reasons)


def test_without_a_reason_nothing_is_declined(client: Client) -> None:
    answer = client.post(address("decline", make_contribution()), {"reason": "", "own_words": ""})

    assert "请选一条理由" in answer.content.decode()
    assert statuses() == {Status.RECEIVED}


def test_spam_leaves_the_list_and_nobody_is_told(client: Client) -> None:
    chosen = make_contribution(email="spam@example.com")

    answer = client.post(address("spam", chosen), follow=True)

    assert "1件来稿已标为垃圾。" in answer.content.decode()
    assert statuses() == {Status.SPAM}
    assert not Mail.objects.exists()


def test_erasing_takes_the_files_along(client: Client, django_capture_on_commit_callbacks) -> None:
    chosen = [make_contribution(), make_contribution()]
    stored = [make_attachment(each).file for each in chosen]

    with django_capture_on_commit_callbacks(execute=True):
        client.post(address("erase", *chosen))

    assert not Contribution.objects.exists()
    assert not any(file.storage.exists(file.name) for file in stored)
    assert ModelLogEntry.objects.filter(action="contributions.erase").count() == 2


def test_erasing_many_leaves_their_articles_and_says_so(client: Client) -> None:
    article = make_article(make_issue(460))
    chosen = make_contribution(article=article, status=Status.ACCEPTED)

    assert (
        "已经转成的稿件和它用的照片会留下" in client.get(address("erase", chosen)).content.decode()
    )
    client.post(address("erase", chosen))

    assert not Contribution.objects.exists()
    article.refresh_from_db()


@pytest.mark.parametrize(
    ("act", "fields"), [("decline", {"own_words": "谢谢来稿。"}), ("spam", {})]
)
def test_where_one_is_refused_nothing_is_done(
    act: str, fields: dict[str, str], client: Client
) -> None:
    free = make_contribution(email="wang@example.com")
    bound = make_contribution(article=make_article(make_issue(460)), status=Status.ACCEPTED)

    answer = client.post(address(act, free, bound), fields)

    assert answer.status_code == 200
    assert "这件来稿已转为稿件" in answer.content.decode()
    assert "一件也没有处理" in answer.content.decode()
    assert statuses() == {Status.RECEIVED, Status.ACCEPTED}
    assert not Mail.objects.exists()
    assert not ModelLogEntry.objects.filter(action="contributions.status").exists()


def test_all_in_the_list_means_what_the_filters_left(client: Client) -> None:
    for count in range(35):
        make_tip(text=f"线索{count}")
    manuscript = make_contribution(title="职工书屋")
    put_away = make_contribution(status=Status.SPAM)

    client.post(address("erase", kind="tip", q="线索"))
    assert set(Contribution.objects.all()) == {manuscript, put_away}

    client.post(address("erase", kind="nonsense"))
    client.post(address("erase", q="没有这样的字"))
    client.post(address("erase", q="\0"))
    client.post(address("erase", q="没有 " * 400))
    assert set(Contribution.objects.all()) == {manuscript, put_away}

    client.post(address("erase"))
    assert set(Contribution.objects.all()) == {put_away}


def test_many_are_named_in_part_only(client: Client) -> None:
    for count in range(25):
        make_contribution(title=f"稿{count}")

    page = client.get(address("spam")).content.decode()

    assert "把这25件来稿标为垃圾？" in page
    assert "还有5件" in page


@pytest.mark.parametrize("act", ACTS)
def test_what_is_typed_stays_text(act: str, client: Client) -> None:
    chosen = make_contribution(title="<script>alert(1)</script>\u202e{{7*7}}")

    page = client.get(address(act, chosen)).content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;〔U+202E〕{{7*7}}" in page
    assert "<script>alert(1)" not in page


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("key", ["", "x", "-1", "9" * 30, "1 OR 1=1", "７"])
def test_nonsense_for_a_choice_is_nothing(act: str, key: str, client: Client) -> None:
    make_contribution()
    where = reverse("wagtail_bulk_action", args=["contributions", "contribution", act])

    for answer in (client.get(where, {"id": key}), client.get(where)):
        assert answer.status_code == 200
        assert "没有选中来稿" in answer.content.decode()
    client.post(f"{where}?id={key}", {"own_words": "谢谢来稿。"})
    assert statuses() == {Status.RECEIVED}


@pytest.mark.parametrize(
    ("role", "may"), [("编辑", {"assign", "decline", "spam"}), ("责任编辑", set(ACTS))]
)
def test_each_act_asks_for_its_permission(role: str, may: set[str], client: Client) -> None:
    client.force_login(make_user(role))
    chosen = make_contribution()

    opened = {act for act in ACTS if client.get(address(act, chosen)).status_code == 200}

    assert opened == may
    for act in set(ACTS) - may:
        client.post(address(act, chosen))
    assert statuses() == {Status.RECEIVED}
