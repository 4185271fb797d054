"""A table carried out of the inbox holds what the filters left, and gives no orders."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

from accounts.models import User
from contributions.exports import note_export
from contributions.models import Contribution, Status
from issues.publishing import publish_issue
from tests.contributions.factories import make_contribution, make_tip
from tests.factories import make_article, make_issue, make_user

pytestmark = pytest.mark.django_db

ORDERS = (
    *("=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", " =1+1", "\u3000=1+1"),
    *("＝1+1", "＋1", "－1", "＠SUM(A1)", "\u200b=1+1", "\u202e=1+1"),
    "=cmd|'/c calc'!A1",
)
SIGNS = tuple("=+-@\t\r＝＋－＠")


@pytest.fixture(scope="module")
def chief(shared_rows: None) -> User:
    return make_user("总编")


@pytest.fixture(autouse=True)
def newsroom(client: Client, chief: User) -> None:
    client.force_login(chief)


def export(client: Client, form: str, **query: object):
    return client.get(reverse("contributions_inbox:index", query={"export": form, **query}))


def csv_rows(client: Client, **query: object) -> list[list[str]]:
    content = b"".join(export(client, "csv", **query).streaming_content)
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def sheet(client: Client, **query: object):
    content = b"".join(export(client, "xlsx", **query).streaming_content)
    return load_workbook(io.BytesIO(content)).active


def test_a_table_has_what_an_editor_needs_to_write_and_to_pay(client: Client) -> None:
    issue = make_issue(460)
    make_contribution(
        title="象棋赛",
        unit="建德市总工会",
        name="汪燕盼",
        phone="0571 8716 0990",
        email="wang@example.com",
        article=make_article(issue, signed=True),
        status=Status.ACCEPTED,
        assignee=make_user("编辑"),
    )
    publish_issue(issue=issue, by=None)

    headings, row = csv_rows(client)
    received = timezone.localtime(Contribution.objects.get().received_at)

    assert dict(zip(headings, row, strict=True)) == {
        "类别": "稿件",
        "收到时间": f"{received:%Y-%m-%d %H:%M}",
        "标题": "象棋赛",
        "单位": "建德市总工会",
        "姓名": "汪燕盼",
        "电话": "0571 8716 0990",
        "邮箱": "wang@example.com",
        "进展": "第460期采用",
        "见报期号": "第460期",
        "经办人": "王某",
    }
    assert [[cell.value or "" for cell in line] for line in sheet(client)] == [headings, row]


@pytest.mark.parametrize("order", ORDERS)
def test_no_cell_of_csv_is_a_formula(order: str, client: Client) -> None:
    make_contribution(title=order, unit=order, name=order, phone=order, email=order)

    _, row = csv_rows(client)

    assert not any(cell.startswith(SIGNS) for cell in row)
    assert sum(cell.startswith("'") for cell in row) == 5


@pytest.mark.parametrize("order", ORDERS)
def test_every_cell_of_xlsx_is_text(order: str, client: Client) -> None:
    make_contribution(title=order, unit=order, name=order, phone=order, email=order)

    cells = [cell for line in sheet(client) for cell in line if cell.value is not None]

    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells)


def test_what_is_invisible_is_taken_out(client: Client) -> None:
    make_contribution(title="甲\x01乙\x0b丙\u202e丁\u200b戊\u2066己\ud7ff", unit="a\r\nb\tc")

    _, row = csv_rows(client)

    assert row[2].startswith("甲乙 丙丁戊己")
    assert row[3] == "a b c"
    assert sheet(client)["C2"].value == row[2]


def test_excel_knows_csv_for_unicode(client: Client) -> None:
    make_contribution()

    assert b"".join(export(client, "csv").streaming_content).startswith(b"\xef\xbb\xbf")


def test_a_table_holds_what_the_filters_and_the_search_left(client: Client) -> None:
    for count in range(35):
        make_contribution(title=f"稿{count}", unread=False)
    make_tip(text="线索")
    make_contribution(title="垃圾", status=Status.SPAM)

    assert len(csv_rows(client)) == 1 + 36
    assert [row[2] for row in csv_rows(client, kind="tip")[1:]] == ["线索"]
    assert [row[2] for row in csv_rows(client, q="稿34")[1:]] == ["稿34"]
    assert sheet(client, marks="unread").max_row == 2
    assert len(csv_rows(client, kind="nonsense")) == 1


def test_each_exported_contribution_has_it_in_its_history(client: Client) -> None:
    tip, _ = make_tip(), make_contribution()

    export(client, "xlsx")
    export(client, "csv", kind="tip")

    entries = ModelLogEntry.objects.filter(action="contributions.export")
    assert entries.count() == 3
    assert entries.values("uuid").distinct().count() == 2
    assert entries.filter(object_id=str(tip.pk)).count() == 2
    assert all(entry.user is not None and not entry.data for entry in entries)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_table_is_kept_in_no_cache_and_has_a_chinese_name(form: str, client: Client) -> None:
    answer = export(client, form)

    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%E6%9D%A5")
    assert answer["Content-Disposition"].endswith(f".{form}")


@pytest.mark.parametrize("role", ["编辑", "责任编辑"])
def test_only_the_permission_exports(role: str, client: Client) -> None:
    make_contribution(name="汪燕盼")
    client.force_login(make_user(role))

    page = client.get(reverse("contributions_inbox:index")).content.decode()
    assert "export=" not in page
    for screen in ("index", "index_results"):
        for form in ("csv", "xlsx"):
            address = reverse(f"contributions_inbox:{screen}", query={"export": form})
            answer = client.get(address)
            assert answer["Location"] == reverse("wagtailadmin_home")
            headers = {"X-Requested-With": "XMLHttpRequest"}
            assert client.get(address, headers=headers).status_code == 403
    assert not ModelLogEntry.objects.filter(action="contributions.export").exists()


def test_noting_an_export_asks_for_the_permission_too() -> None:
    contribution = make_contribution()

    with pytest.raises(PermissionDenied):
        note_export(contributions=[contribution], by=make_user("责任编辑"))
    assert not ModelLogEntry.objects.exists()


def test_the_chief_editor_finds_the_buttons(client: Client) -> None:
    page = client.get(reverse("contributions_inbox:index")).content.decode()

    assert "export=xlsx" in page
    assert "export=csv" in page


def test_more_contributions_cost_no_more_queries(client: Client) -> None:
    costs = []
    for _ in range(2):
        for count in range(10):
            make_contribution(title=f"稿{count}", assignee=make_user("编辑"))
        b"".join(export(client, "csv").streaming_content)
        with CaptureQueriesContext(connection) as queries:
            b"".join(export(client, "csv").streaming_content)
        costs.append(len(queries))

    assert costs[0] == costs[1]
