"""Whoever finds the issue in the explorer sees its board; each act asks for itself."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from articles.models import ArticlePage
from contributions.models import Status
from issues.models import IssuePage
from tests.contributions.factories import make_contribution
from tests.factories import make_article, make_issue, make_public_issue, make_user

from .asking import (
    act,
    board,
    client_of,
    fields_on,
    found,
    order_on,
    page_of,
    printed,
    row_of,
    told,
)

pytestmark = pytest.mark.django_db

ROLES = ["编辑", "责任编辑", "总编"]
SCREENS = ["desk_board", "desk_board_rows", "desk_board_paste", "desk_board_contributions"]


@pytest.fixture
def issue() -> IssuePage:
    issue = make_issue(451)
    for title in ("甲", "乙"):
        make_article(issue, title)
    return issue


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("screen", SCREENS)
def test_each_role_opens_each_screen(issue: IssuePage, role: str, screen: str) -> None:
    answer = client_of(make_user(role)).get(reverse(screen, args=[issue.pk]))

    assert answer.status_code == 200


def admin_without_a_role():
    user = make_user()
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    return user


@pytest.mark.parametrize("who", ["anonymous", "no role", "only the admin", "switched off"])
def test_nobody_else_sees_or_does_anything(issue: IssuePage, who: str) -> None:
    client = {
        "anonymous": Client,
        "no role": lambda: client_of(make_user()),
        "only the admin": lambda: client_of(admin_without_a_role()),
        "switched off": lambda: client_of(make_user("总编", is_active=False)),
    }[who]()
    before = printed(issue)
    make_contribution(status=Status.REVIEWING)

    for screen in SCREENS:
        answer = client.get(reverse(screen, args=[issue.pk]))
        assert answer.status_code in (302, 403)
        assert "甲" not in answer.content.decode()
    for name, data in (
        ("desk_board_act", {"act": "submit-all"}),
        ("desk_board_add", {"title": "丙"}),
        ("desk_board_paste", {"act": "add", "text": "丙\n正文写在这里，有一句话。"}),
        ("desk_board_contributions", {"contribution": "1"}),
    ):
        assert client.post(reverse(name, args=[issue.pk]), data).status_code in (302, 403)
    assert client.post(reverse("desk_next_issue")).status_code in (302, 403)
    assert client.get(reverse("desk_current")).status_code in (302, 403)

    assert printed(issue) == before
    assert IssuePage.objects.count() == 1
    assert not any(a.workflow_in_progress for a in ArticlePage.objects.all())


def test_who_may_only_use_the_admin_begins_no_issue(issue: IssuePage) -> None:
    client = client_of(admin_without_a_role())

    answer = client.post(reverse("desk_next_issue"), follow=True)

    assert answer.status_code == 403 or "没有新建一期的权限" in answer.content.decode()
    assert IssuePage.objects.count() == 1


def test_an_editor_sees_a_public_issue_with_the_reason_why_nothing_moves() -> None:
    issue = make_public_issue(450, articles=2)
    client = client_of(make_user("编辑"))
    article = ArticlePage.objects.child_of(issue).last()

    page = board(client, issue)
    row = row_of(page, article)

    assert "只有总编可以调整版面" in found(page, "[data-part=why]").text
    assert all(select.has_attr("disabled") for select in row.select("select"))
    assert not row.select("[data-handle], [value^=up], [value^=down], [value^=place]")
    key = article.pk
    for fields in (
        {"act": f"up-{key}", "order": order_on(page)},
        {"act": f"move-{key}", "folio": 1, "position": 0, "order": order_on(page)},
        {"act": f"place-{key}", f"shown-{key}": "1||normal", f"prominence-{key}": "lead"},
    ):
        answer = act(client, issue, **fields)
        assert answer.status_code == 403
        assert "只有总编可以调整版面" in told(answer)
    assert [title for _, title in printed(issue)] == ["第1条新闻", "第2条新闻"]


def test_the_chief_editor_moves_what_is_public() -> None:
    issue = make_public_issue(450, articles=2)
    client = client_of(make_user("总编"))
    fields = fields_on(board(client, issue))

    act(client, issue, act=f"up-{ArticlePage.objects.child_of(issue).last().pk}", **fields)

    assert [title for _, title in printed(issue)] == ["第2条新闻", "第1条新闻"]


@pytest.mark.parametrize("role", ROLES)
def test_only_the_chief_editor_is_led_to_publishing(issue: IssuePage, role: str) -> None:
    page = board(client_of(make_user(role)), issue)

    offered = page.select(f"[href='{reverse('issue_publish', args=[issue.pk])}']")
    assert bool(offered) == (role == "总编")


def test_a_request_from_another_site_is_refused(issue: IssuePage) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("编辑"))

    for name in ("desk_board_act", "desk_board_add", "desk_board_paste"):
        answer = client.post(reverse(name, args=[issue.pk]), {"act": "submit-all", "title": "丙"})
        assert answer.status_code == 403
    assert len(printed(issue)) == 2


def test_what_is_written_by_others_is_escaped(issue: IssuePage) -> None:
    article = make_article(issue, '<script>alert(1)</script>"', names=("<b>甲",))

    page = page_of(client_of(make_user("编辑")).get(reverse("desk_board", args=[issue.pk])))

    row = row_of(page, article)
    assert not row.select("script, b")
    assert found(row, ".board-row__title a").text == '<script>alert(1)</script>"'
