"""A contributor's record: everything they sent and had printed, to be carried away safely."""

from __future__ import annotations

import csv
import datetime
import io

import pytest
from cryptography.fernet import Fernet
from django.contrib.auth.models import Permission
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.log_actions import registry as log_registry

from accounts.models import User
from articles.models import Byline
from contributions.conversion import accept_as_article
from contributions.models import Contribution, Status
from contributions.records import HEADINGS, contributor_of, export_record, record_of
from contributions.triage import TriageRefused
from desk.review.signing import sign_article
from issues.publishing import publish_issue
from newsroom.models import Contributor
from newsroom.tables import inert
from tests.contributions.factories import make_contribution, make_tip
from tests.factories import make_article, make_issue, make_user

pytestmark = pytest.mark.django_db

HOSTILE = ['=HYPERLINK("http://x")', "+1+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1+1"]


@pytest.fixture
def contributor() -> Contributor:
    return Contributor.objects.create(name="张三", unit="杭州某厂")


def sent(**fields: object) -> Contribution:
    return make_contribution(**{"name": "张三", "unit": "杭州某厂", **fields})


def printed(title: str, contributor: Contributor, number: int = 451) -> None:
    issue = make_issue(number)
    article = make_article(issue, title, names=(), signed=False)
    article.bylines = [Byline(name=contributor.name, contributor=contributor)]
    sign_article(article=article, revision=article.save_revision(), by=None)
    publish_issue(issue=issue, by=None)


def url_of(name: str, contributor: Contributor) -> str:
    return reverse(f"contributions_admin:{name}", args=[contributor.pk])


def test_everything_of_one_name_and_unit_is_in_the_record(contributor: Contributor) -> None:
    mine = [sent(title="第一篇"), sent(title="第二篇", status=Status.DECLINED)]
    sent(title="别的单位", unit="宁波某厂")
    sent(title="垃圾", status=Status.SPAM)
    make_tip()

    assert set(record_of(contributor).sent) == set(mine)


def test_those_who_gave_no_name_are_in_nobodys_record() -> None:
    make_tip()

    assert record_of(Contributor.objects.create(name="", unit="")).sent == ()


def test_what_was_sent_under_an_older_key_is_in_the_record(
    contributor: Contributor, settings
) -> None:
    settings.CONTRIBUTIONS_KEYS = [Fernet.generate_key().decode()]
    old = sent(title="旧钥匙")
    settings.CONTRIBUTIONS_KEYS = [Fernet.generate_key().decode(), *settings.CONTRIBUTIONS_KEYS]

    new = sent(title="新钥匙")

    assert record_of(contributor).sent == (new, old)


def test_who_may_not_export_gets_no_table(contributor: Contributor) -> None:
    with pytest.raises(TriageRefused, match="没有导出来稿的权限"):
        export_record(contributor=contributor, form="csv", by=make_user("编辑"))
    assert not log_registry.get_logs_for_instance(contributor).exists()


def test_only_what_readers_get_counts_as_printed(contributor: Contributor) -> None:
    printed("见报的", contributor)
    waiting = make_article(make_issue(452), "没出版的", names=(), signed=True)
    Byline.objects.create(article=waiting, name="张三", contributor=contributor)

    assert [article.title for article in record_of(contributor).printed] == ["见报的"]


def test_the_totals_are_per_year(contributor: Contributor) -> None:
    shanghai = timezone.get_default_timezone()
    for moment in (
        datetime.datetime(2021, 12, 31, 23, 59, tzinfo=shanghai),
        datetime.datetime(2022, 1, 1, 0, 1, tzinfo=shanghai),
        datetime.datetime(2022, 6, 1, tzinfo=shanghai),
    ):
        sent(received_at=moment)
    printed("见报的", contributor)  # of 2022

    years = record_of(contributor).years

    assert [(year.year, year.sent, year.printed) for year in years] == [(2022, 2, 1), (2021, 1, 0)]


def test_the_road_from_a_manuscript_to_the_record(contributor: Contributor) -> None:
    issue = make_issue(451)
    contribution = sent()
    article = accept_as_article(contribution=contribution, issue=issue, by=make_user("编辑"))
    sign_article(article=article, revision=article.get_latest_revision(), by=None)
    publish_issue(issue=issue, by=None)

    record = record_of(contributor)

    assert contributor_of(contribution) == contributor
    assert [each.progress.label for each in record.sent] == ["第451期采用"]
    assert list(record.printed) == [article]


def test_the_screen_shows_the_record(contributor: Contributor, client: Client) -> None:
    sent(title="投来的<script>", received_at=timezone.now())
    printed("见报的", contributor)
    client.force_login(make_user("编辑"))

    page = client.get(url_of("record", contributor)).content.decode()

    assert "投来的&lt;script&gt;" in page
    assert "见报的" in page
    assert url_of("export_record", contributor) not in page


def test_looking_at_the_record_is_noted_once(contributor: Contributor, client: Client) -> None:
    editor = make_user("编辑")
    client.force_login(editor)

    for _ in range(2):
        client.get(url_of("record", contributor))

    entry = log_registry.get_logs_for_instance(contributor).get()
    assert (entry.action, entry.user) == ("contributions.record", editor)


def test_the_screen_asks_no_more_for_a_longer_record(
    contributor: Contributor, client: Client
) -> None:
    client.force_login(make_user("总编"))

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url_of("record", contributor)).status_code == 200
        return len(asked)

    sent()
    printed("一", contributor, 451)
    queries()
    before = queries()
    for number in range(452, 455):
        sent()
        printed("又一", contributor, number)
    assert queries() == before


def exported(client: Client, contributor: Contributor, form: str) -> list[list[str]]:
    answer = client.get(url_of("export_record", contributor), {"format": form})
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    return rows_of(answer, form)


def rows_of(answer: HttpResponse, form: str) -> list[list[str]]:
    if form == "csv":
        return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
    assert all(cell.quotePrefix for row in sheet.iter_rows() for cell in row)
    return [[cell or "" for cell in row] for row in sheet.values]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_record_can_be_carried_away(
    contributor: Contributor, client: Client, form: str
) -> None:
    sent(title="投来的", received_at=datetime.datetime(2026, 5, 4, tzinfo=datetime.UTC))
    printed("见报的", contributor)
    chief = make_user("总编")
    client.force_login(chief)

    assert exported(client, contributor, form) == [
        list(HEADINGS),
        ["来稿", "2026-05-04", "投来的", "稿件", "已收到", "", ""],
        ["见报", "2022-08-09", "见报的", "稿件", "已见报", "第451期", "1"],
    ]
    entry = log_registry.get_logs_for_instance(contributor).get()
    assert (entry.action, entry.user) == ("contributions.export", chief)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_cell_is_a_formula(contributor: Contributor, client: Client, form: str) -> None:
    for title in HOSTILE:
        sent(title=title)
    sent(title="控制\x01字符\x0b和\u202e方向")
    client.force_login(make_user("总编"))

    titles = {row[2] for row in exported(client, contributor, form)[1:]}

    assert "控制字符 和方向" in titles
    if form == "csv":
        assert all(title.startswith("'") for title in titles if "控制" not in title)
    assert len(titles) > 5


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_spreadsheet_would_reckon_with_gets_an_apostrophe(text: str) -> None:
    assert inert(text).startswith("'")


@pytest.mark.parametrize("text", ["", "标题", "第1-2期", "a=b", "2026-05-04"])
def test_ordinary_words_stay_as_they_are(text: str) -> None:
    assert inert(text) == text


def reader(*codenames: str) -> User:
    user = make_user(username="reader")
    user.user_permissions.add(*Permission.objects.filter(codename__in=["access_admin", *codenames]))
    return user


@pytest.mark.parametrize(
    ("screen", "held"),
    [
        ("record", []),
        ("export_record", []),
        ("export_record", ["view_contribution"]),
        ("export_record", ["view_contribution", "change_contribution"]),
        ("export_record", ["export_contribution"]),
    ],
)
def test_the_record_is_shut_to_others(
    contributor: Contributor, client: Client, screen: str, held: list[str]
) -> None:
    client.force_login(reader(*held))

    answer = client.get(url_of(screen, contributor))

    assert answer.headers["Location"] == reverse("wagtailadmin_home")
    assert not log_registry.get_logs_for_instance(contributor).exists()


def test_nobody_has_no_record(client: Client) -> None:
    client.force_login(make_user("总编"))

    url = reverse("contributions_admin:record", args=[999_999])
    assert client.get(url).status_code == 404
