"""The inbox shows what came in, finds it again, and costs the same however full it is."""

from __future__ import annotations

import datetime
import json

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts.models import User
from contributions.models import Contribution, Kind, Mail, Status
from issues.publishing import publish_issue
from operations.health.heartbeats import PARTS
from operations.models import Heartbeat
from tests.contributions.factories import make_attachment, make_contribution, make_tip
from tests.factories import make_article, make_issue, make_user

ROLES = ("编辑", "责任编辑", "总编")
HOSTILE = "<script>alert(1)</script>\u202e{{7*7}}=cmd|'/c calc'!A1"


def index(**query: object) -> str:
    return reverse("contributions_inbox:index", query=query or None)


def headings(client: Client, **query: object) -> list[str]:
    page = BeautifulSoup(client.get(index(**query)).content, "html.parser")
    return [link.get_text(strip=True) for link in page.select("td.title bdi")]


def row(client: Client, **query: object) -> str:
    page = BeautifulSoup(client.get(index(**query)).content, "html.parser")
    return page.select_one("table.inbox tbody tr").get_text(" ", strip=True)


class ListTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.editor = make_user("编辑")

    def setUp(self) -> None:
        self.client.force_login(self.editor)

    def test_a_row_tells_what_an_editor_sorts_by(self) -> None:
        other = make_contribution()
        Contribution.objects.update(unread=False, status=Status.SPAM)
        contribution = make_contribution(
            genre="supplement",
            unit="杭州汽轮机厂",
            assignee=self.editor,
            duplicate_of=other,
            received_at=timezone.now() - datetime.timedelta(hours=3),
        )
        make_attachment(contribution)
        make_attachment(contribution)

        assert row(self.client).split() == [
            *("车间里的劳动竞赛", "未读", "稿件（副刊）", "杭州汽轮机厂"),
            *("3小时前", "已收到", "王某", "疑似重复", "2个文件"),
        ]

    def test_a_row_leads_to_the_contribution(self) -> None:
        contribution = make_contribution()

        address = reverse("contributions_admin:detail", args=[contribution.pk])
        self.assertContains(self.client.get(index()), f'href="{address}"')

    def test_contact_data_is_neither_shown_nor_opened(self) -> None:
        make_contribution(name="汪燕盼", phone="13800000000", email="wang@example.com")

        with CaptureQueriesContext(connection) as queries:
            page = self.client.get(index()).content.decode()

        assert not any(word in page for word in ("汪燕盼", "13800000000", "wang@example.com"))
        asked = [query["sql"] for query in queries if "contributions_contribution" in query["sql"]]
        sealed = [f'_contribution"."{name}"' for name in ("name", "phone", "email")]
        assert not any(column in sql for sql in asked for column in sealed)

    def test_what_is_typed_stays_text(self) -> None:
        make_contribution(title=HOSTILE, unit=HOSTILE)

        page = self.client.get(index()).content.decode()

        assert "<script>alert" not in page
        assert "\u202e" not in page
        assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;〔U+202E〕{{7*7}}=cmd") >= 2

    def test_unread_rows_stand_out_in_look_and_in_words(self) -> None:
        make_contribution(title="看过的", unread=False)
        make_contribution(title="新来的")

        page = BeautifulSoup(self.client.get(index()).content, "html.parser")
        unread = page.select(".inbox-row--unread")

        assert [each.select_one("bdi").get_text() for each in unread] == ["新来的"]
        assert "未读" in unread[0].get_text()

    def test_a_printed_contribution_names_its_issue(self) -> None:
        issue = make_issue(460)
        article = make_article(issue, signed=True)
        make_contribution(article=article, status=Status.ACCEPTED)
        assert "拟用" in row(self.client)

        publish_issue(issue=issue, by=None)

        assert "第460期采用" in row(self.client)
        assert len(headings(self.client, state="printed")) == 1
        assert headings(self.client, state="accepted") == []

    def test_nobody_adds_or_edits_contributions_here(self) -> None:
        pk = make_contribution().pk
        for address in ("new/", f"edit/{pk}/", f"copy/{pk}/", f"delete/{pk}/", f"history/{pk}/"):
            assert self.client.get(f"{index()}{address}").status_code == 404


class PickingTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.editor = make_user("编辑")
        cls.other = make_user("编辑")
        make_contribution(title="甲", unit="建德总工会", assignee=cls.editor, unread=False)
        make_contribution(title="乙", text="临安的职工书屋", starred=True, assignee=cls.other)
        make_tip(text="丙", status=Status.REVIEWING)
        make_contribution(title="丁", status=Status.DECLINED, unread=False)
        make_contribution(title="戊", status=Status.SPAM)
        now = timezone.now()
        for age, title in enumerate("甲乙丙丁戊"):
            found = Contribution.objects.filter(title=title) | Contribution.objects.filter(
                text=title
            )
            found.update(received_at=now - datetime.timedelta(days=age))
        Contribution.objects.filter(title="丁").update(
            duplicate_of=Contribution.objects.get(title="甲")
        )

    def setUp(self) -> None:
        self.client.force_login(self.editor)

    def test_the_newest_come_first_and_spam_is_left_out(self) -> None:
        assert headings(self.client) == ["甲", "乙", "丙", "丁"]

    def test_each_filter_keeps_what_it_says(self) -> None:
        day = timezone.localdate() - datetime.timedelta(days=2)
        for query, kept in (
            ({"kind": Kind.TIP}, ["丙"]),
            ({"state": Status.SPAM}, ["戊"]),
            ({"state": Status.REVIEWING}, ["丙"]),
            ({"assignee": "mine"}, ["甲"]),
            ({"assignee": "nobody"}, ["丙", "丁"]),
            ({"assignee": self.other.pk}, ["乙"]),
            ({"marks": "unread"}, ["乙", "丙"]),
            ({"marks": "starred"}, ["乙"]),
            ({"marks": "double"}, ["丁"]),
            ({"marks": ["starred", "double"]}, []),
            ({"received_at_from": day, "received_at_to": day}, ["丙"]),
            ({"kind": "nonsense"}, []),
            ({"assignee": "1 OR 1=1"}, []),
        ):
            with self.subTest(query):
                assert headings(self.client, **query) == kept
                fragment = reverse(
                    "contributions_inbox:index_results",
                    query={**query, "_w_filter_fragment": 1},
                )
                assert self.client.get(fragment).status_code == 200

    def test_the_search_finds_chinese_in_title_text_and_unit(self) -> None:
        assert headings(self.client, q="职工书屋") == ["乙"]
        assert headings(self.client, q="建德") == ["甲"]
        assert headings(self.client, q="建德 书屋") == []

    def test_a_search_of_very_many_words_keeps_to_the_first(self) -> None:
        assert headings(self.client, q="书屋 临安 " * 400) == ["乙"]
        assert headings(self.client, q="书屋 建德 " * 400) == []

    def test_what_nobody_can_type_is_found_nowhere(self) -> None:
        answer = self.client.get(index(q="书屋\0"))

        assert headings(self.client, q="书屋\0") == []
        self.assertContains(answer, "没有符合条件的来稿。")

    def test_no_date_is_too_early_or_too_late(self) -> None:
        for day in ("0001-01-01", "9999-12-31"):
            for end in ("from", "to"):
                assert self.client.get(index(**{f"received_at_{end}": day})).status_code == 200

    def test_a_search_keeps_to_the_filters(self) -> None:
        assert headings(self.client, q="书屋", kind=Kind.TIP) == []

    def test_columns_sort(self) -> None:
        for key in ("title", "kind", "unit", "status", "assignee", "files", "starred"):
            for sign in ("", "-"):
                assert len(headings(self.client, ordering=f"{sign}{key}")) == 4
        assert headings(self.client, ordering="received_at") == ["丁", "丙", "乙", "甲"]
        assert headings(self.client, ordering="phone") == ["甲", "乙", "丙", "丁"]

    def test_pages_follow_each_other_without_overlap(self) -> None:
        for count in range(40):
            make_contribution(title=f"同时{count}", received_at=timezone.now())

        first, second = headings(self.client), headings(self.client, p=2)

        assert (len(first), len(second)) == (30, 14)
        assert set(first).isdisjoint(second)


class GrowthTest(TestCase):
    def test_more_contributions_cost_no_more_queries(self) -> None:
        issue = make_issue(460)
        self.client.force_login(make_user("总编"))
        costs = []
        for _ in range(2):
            for _ in range(8):
                article = make_article(issue, signed=True)
                contribution = make_contribution(
                    article=article, status=Status.ACCEPTED, assignee=make_user("编辑")
                )
                twin = make_contribution(duplicate_of=contribution, printed_before=article)
                make_attachment(twin)
            if not issue.live:
                publish_issue(issue=issue, by=None)
                issue.refresh_from_db()
            self.client.get(index())
            cost = []
            for address in (index(), index(q="劳动"), reverse("wagtailadmin_home")):
                with CaptureQueriesContext(connection) as queries:
                    self.client.get(address)
                cost.append(len(queries))
            costs.append(cost)

        assert costs[0] == costs[1]


class StarTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.contribution = make_contribution()
        cls.address = reverse("contributions_admin:star", args=[cls.contribution.pk])

    def setUp(self) -> None:
        self.client.force_login(make_user("编辑"))

    def test_the_button_sets_the_star_and_comes_back_to_the_list(self) -> None:
        back = index(kind=Kind.MANUSCRIPT)
        page = BeautifulSoup(self.client.get(back).content, "html.parser")
        form = page.select_one("form[data-star]")
        fields = {field["name"]: field["value"] for field in form.select("[name]")}

        answer = self.client.post(form["action"], fields)

        self.assertRedirects(answer, back)
        self.contribution.refresh_from_db()
        assert self.contribution.starred
        assert ModelLogEntry.objects.filter(action="contributions.star").count() == 1

    def test_a_script_gets_no_page(self) -> None:
        answer = self.client.post(
            self.address, {"starred": "1"}, headers={"X-Requested-With": "XMLHttpRequest"}
        )

        assert answer.status_code == 204

    def test_it_leads_to_no_other_site(self) -> None:
        answer = self.client.post(self.address, {"starred": "0", "next": "https://evil.example/"})

        self.assertRedirects(answer, index())

    def test_only_a_post_sets_it(self) -> None:
        assert self.client.get(self.address).status_code == 405


class MenuAndDashboardTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        for count in range(7):
            make_contribution(title=f"第{count}件")
        make_contribution(title="垃圾一件", status=Status.SPAM)

    def home(self, user: User) -> str:
        self.client.force_login(user)
        return self.client.get(reverse("wagtailadmin_home")).content.decode()

    def test_the_menu_counts_the_unread(self) -> None:
        def menu() -> dict[str, str]:
            page = BeautifulSoup(self.home(make_user("编辑")), "html.parser")
            modules = json.loads(page.select_one("#wagtail-sidebar-props").string)
            return attributes_of("来稿", modules)

        assert menu() == {"aria-label": "来稿，7件未读", "data-unread": 7}

        Contribution.objects.update(unread=False)
        assert menu() == {}

    def test_the_first_screen_shows_the_newest_five_unread(self) -> None:
        page = BeautifulSoup(self.home(make_user("编辑")), "html.parser")
        panel = page.select_one("section[aria-labelledby=inbox]")

        assert panel.h2.get_text() == "来稿：7件未读"
        shown = [link.get_text() for link in panel.select("li a")]
        assert shown == [f"第{count}件" for count in (6, 5, 4, 3, 2)]

    def test_the_first_screen_tells_of_mails_that_did_not_go_out(self) -> None:
        contribution = Contribution.objects.first()
        for error in ("", "连接被拒绝 <b>", "连接被拒绝 <b>"):
            Mail.objects.create(
                contribution=contribution, occasion=Mail.Occasion.ARRIVAL, last_error=error
            )

        page = self.home(make_user("编辑"))

        assert "有2项通知没有发出：连接被拒绝 &lt;b&gt;" in page

    def test_who_may_not_read_contributions_sees_nothing_of_them(self) -> None:
        user = outsider()

        Heartbeat.objects.bulk_create(Heartbeat(part=part, at=timezone.now()) for part in PARTS)

        page = self.home(user)

        assert "来稿" not in page


def attributes_of(label: str, data: object) -> dict[str, object]:
    """Return the attributes of the menu item with a label, wherever it stands in the data."""
    if isinstance(data, dict):
        if data.get("label") == label:
            return data["attrs"]
        data = list(data.values())
    found = (attributes_of(label, part) for part in data) if isinstance(data, list) else ()
    return next(filter(None, found), {})


def outsider() -> User:
    """Return someone who may log in to the admin and has nothing to do with contributions."""
    user = make_user()
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    return user


@pytest.fixture
def contribution(db: None) -> Contribution:
    contribution = make_contribution()
    make_attachment(contribution, pk=7, original=b"x")
    return contribution


def every_address(contribution: Contribution) -> list[str]:
    attachment = contribution.attachments.get()
    bulk = [
        reverse("wagtail_bulk_action", args=["contributions", "contribution", act])
        + f"?id={contribution.pk}"
        for act in ("assign", "decline", "spam", "erase")
    ]
    return [
        index(),
        index(export="csv"),
        index(export="xlsx"),
        reverse("contributions_inbox:index_results"),
        reverse("contributions_admin:find"),
        reverse("contributions_admin:detail", args=[contribution.pk]),
        reverse("contributions_admin:convert", args=[contribution.pk]),
        reverse("contributions_admin:file", args=[attachment.pk]),
        reverse("contributions_admin:file", args=[attachment.pk]) + "?original=1",
        reverse("contributions_admin:thumbnail", args=[attachment.pk]),
        reverse("contributions_admin:star", args=[contribution.pk]),
        *bulk,
    ]


def test_a_stranger_is_sent_to_the_login(contribution: Contribution, client: Client) -> None:
    for address in every_address(contribution):
        for answer in (client.get(address), client.post(address)):
            assert answer.status_code == 302, address
            assert answer["Location"].startswith("/admin/login/"), address


def test_the_admin_alone_opens_no_contribution(contribution: Contribution, client: Client) -> None:
    client.force_login(outsider())

    for address in every_address(contribution):
        for answer in (client.get(address), client.post(address)):
            # Wagtail leads to its first screen and says there that this is not allowed.
            assert (answer.status_code, answer.get("Location")) in (
                (302, reverse("wagtailadmin_home")),
                (405, None),
            ), address
    assert ModelLogEntry.objects.filter(action="contributions.download").count() == 0
    contribution.refresh_from_db()
    assert not contribution.starred
    assert contribution.status == Status.RECEIVED


@pytest.mark.parametrize("role", ROLES)
def test_each_role_opens_what_it_may(role: str, contribution: Contribution, client: Client) -> None:
    client.force_login(make_user(role))
    refused = set()
    for address in every_address(contribution):
        answer = client.get(address)
        if answer.streaming:
            b"".join(answer.streaming_content)
        if answer.get("Location") == reverse("wagtailadmin_home"):
            refused.add(address)

    only_for_more = {
        "编辑": {index(export="csv"), index(export="xlsx"), every_address(contribution)[-1]},
        "责任编辑": {index(export="csv"), index(export="xlsx")},
        "总编": set(),
    }
    assert refused == only_for_more[role]


def test_who_may_only_look_changes_nothing(contribution: Contribution, client: Client) -> None:
    group = Group.objects.create(name="只看")
    group.permissions.set(
        Permission.objects.filter(codename__in=["access_admin", "view_contribution"])
    )
    user = make_user()
    user.groups.add(group)
    client.force_login(user)

    page = client.get(index()).content.decode()
    assert "data-star>" not in page
    assert "/admin/bulk/contributions/" not in page
    client.post(reverse("contributions_admin:star", args=[contribution.pk]), {"starred": "1"})
    contribution.refresh_from_db()
    assert not contribution.starred
