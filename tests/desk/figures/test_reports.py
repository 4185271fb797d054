"""The reports show what was printed and nothing else, to those who may, by what they ask for."""

from __future__ import annotations

import csv
import datetime
import io
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import User
from articles.models import ArticlePage
from contributions.models import Contribution
from desk.figures.counting import count_article
from desk.figures.filling import count_signed, read_back
from desk.models import ArticleFigures, FigureSettings
from interchange.pages import dump_issue
from issues.models import IssuePage
from issues.withdrawing import withdraw_article
from newsroom.models import PressPhoto, Section
from tests import factories
from tests.contributions.factories import make_contribution
from tests.desk.figures.factories import make_contributor, make_photo, make_piece, pay, publish
from tests.factories import make_issue, make_user

pytestmark = pytest.mark.django_db

FIGURES = ("desk_authors", "desk_output", "desk_timing")
REPORTS = (*FIGURES, "desk_fees")


@pytest.fixture(scope="module")
def chief(shared_rows: None) -> User:
    return make_user("总编")


@pytest.fixture(autouse=True)
def newsroom(client: Client, chief: User) -> None:
    client.force_login(chief)


def table(client: Client, report: str, /, **query: object) -> list[list[str]]:
    """Return the cells of a report's table, the headings first."""
    answer = client.get(reverse(report, query=query))
    assert answer.status_code == 200
    found = BeautifulSoup(answer.content, "html.parser").select(".figures-table table tr")
    return [[" ".join(cell.text.split()) for cell in row.select("th, td")] for row in found]


def csv_rows(client: Client, report: str, /, **query: object) -> list[list[str]]:
    answer = client.get(reverse(report, query={**query, "export": "csv"}))
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content)))


def sheet(client: Client, report: str, /, **query: object) -> Any:
    answer = client.get(reverse(report, query={**query, "export": "xlsx"}))
    return load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active


def shown(client: Client, report: str, /, **query: object) -> list[str]:
    """Return the first cells of the rows below the headings."""
    return [row[0] for row in table(client, report, **query)[1:]]


# What counts


def test_authors_with_whole_pieces_and_shares(client: Client) -> None:
    issue = make_issue(451)
    wang, li = make_contributor("汪燕盼", "市总工会"), make_contributor("李四", "建德市总工会")
    make_piece(issue, wang, li, characters=300, photos=(make_photo("李四 摄"),))
    make_piece(issue, wang, characters=100)
    publish(issue)

    assert table(client, "desk_authors") == [
        ["作者", "单位", "署名篇数", "折合篇数", "署名稿字数", "折合字数", "图片"],
        ["汪燕盼", "市总工会", "2", "1.50", "400", "250.00", "0"],
        ["李四", "建德市总工会", "1", "0.50", "300", "150.00", "1"],
    ]


def test_units_together(client: Client) -> None:
    issue = make_issue(451)
    make_piece(issue, make_contributor("甲", "市总工会"), make_contributor("乙", "市总工会"))
    make_piece(issue, "无名")
    publish(issue)

    assert table(client, "desk_authors", by="unit")[1:] == [
        ["市总工会", "1", "1.00", "100", "100.00", "0"],
        ["（未填单位）", "1", "1.00", "100", "100.00", "0"],
    ]


def test_issues_and_sections(client: Client) -> None:
    news = Section.objects.create(name="要闻", slug="news")
    for number in (451, 452):
        issue = make_issue(number)
        make_piece(issue, "甲", characters=number, section=news, photos=(make_photo(),))
        make_piece(issue, "乙", characters=50)
        publish(issue)

    assert table(client, "desk_output") == [
        ["期", "出版日期", "篇数", "字数", "图片"],
        ["第452期", "2022-08-16", "2", "502", "1"],
        ["第451期", "2022-08-09", "2", "501", "1"],
    ]
    assert table(client, "desk_output", by="section")[1:] == [
        ["要闻", "2", "903", "2"],
        ["（无栏目）", "2", "100", "0"],
    ]


def test_what_no_reader_gets_is_in_no_figure(client: Client) -> None:
    pay()
    out, draft = make_issue(451), make_issue(452)
    make_piece(out, "见报")
    withdrawn = make_piece(out, "撤稿")
    make_piece(out, "草稿", signed=False)
    make_piece(draft, "未出版")
    publish(out, without_unfinished=True)
    withdraw_article(article=withdrawn, reason="内容有误", by=None)

    assert shown(client, "desk_authors") == ["见报"]
    assert table(client, "desk_output")[1:] == [["第451期", "2022-08-09", "1", "100", "0"]]
    assert len(shown(client, "desk_timing")) == 1
    assert shown(client, "desk_fees", by="person", month="2022-08") == ["见报"]


def test_the_custom_is_the_settings(client: Client) -> None:
    issue = make_issue(451)
    make_piece(issue, "甲", title="三个字", photos=(make_photo(caption="图说。"),))
    publish(issue)
    counts = []
    for custom in (
        {},
        {"punctuation": False},
        {"headline": True},
        {"captions": False},
    ):
        FigureSettings.objects.all().delete()
        FigureSettings.objects.create(**custom)
        counts.append(table(client, "desk_output")[1][3])

    assert counts == ["103", "102", "106", "100"]


def test_a_newly_signed_version_is_counted_anew(client: Client) -> None:
    issue = make_issue(451)
    article = make_piece(issue, "甲", characters=100)
    publish(issue)
    assert table(client, "desk_output")[1][3] == "100"

    article.body = [("paragraph", "<p>只有六个字。</p>")]
    changed = article.save_revision()
    assert table(client, "desk_output")[1][3] == "100"
    factories.sign_article(article=article, revision=changed, by=None)

    assert table(client, "desk_output")[1][3] == "6"
    assert ArticleFigures.objects.count() == 1


def test_every_kind_of_block_is_read_as_it_is_stored(client: Client) -> None:
    """The bulk reader and the blocks tell the same of the printed sample."""
    issue = factories.publish_sample(folder=factories.SAMPLE)
    assert count_signed() == 4
    assert count_signed() == 0

    plain = {article.number: article for article in dump_issue(issue).articles}
    for article in ArticlePage.objects.child_of(issue):
        assert read_back(article.figures.parts) == count_article(plain[article.number])


def test_a_picture_that_is_gone_was_printed_all_the_same(client: Client) -> None:
    issue = make_issue(451)
    photo = make_photo("甲 摄")
    make_piece(issue, "甲", photos=(photo, make_photo()))
    publish(issue)
    PressPhoto.objects.filter(pk=photo.pk).delete()

    assert table(client, "desk_output")[1][4] == "2"


# Filters


@pytest.fixture
def three_issues() -> None:
    news = Section.objects.create(name="要闻", slug="news")
    for number, date, name, unit in (
        (450, "2022-08-02", "甲", "市总工会"),
        (451, "2022-12-30", "乙", "建德市总工会"),
        (452, "2023-01-06", "丙", ""),
    ):
        issue = make_issue(number, date=datetime.date.fromisoformat(date))
        section = news if number == 451 else None
        make_piece(
            issue,
            make_contributor(name, unit),
            roles=("correspondent",) if name == "甲" else (),
            section=section,
        )
        publish(issue)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, {"甲", "乙", "丙"}),
        ({"year": "2022"}, {"甲", "乙"}),
        ({"date_from": "2022-12-30"}, {"乙", "丙"}),
        ({"date_to": "2022-12-30"}, {"甲", "乙"}),
        ({"date_from": "2022-08-03", "date_to": "2022-12-31"}, {"乙"}),
        ({"issues_min": "451"}, {"乙", "丙"}),
        ({"issues_min": "450", "issues_max": "450"}, {"甲"}),
        ({"unit": "建德"}, {"乙"}),
        ({"name": "丙"}, {"丙"}),
        ({"role": "correspondent"}, {"甲"}),
        ({"unit": "没有这个单位"}, set()),
    ],
)
def test_authors_are_picked_by_period_unit_name_and_role(
    query: dict[str, str], names: set[str], three_issues: None, client: Client
) -> None:
    assert set(shown(client, "desk_authors", **query)) == names
    assert {row[0] for row in csv_rows(client, "desk_authors", **query)[1:]} == names


@pytest.mark.parametrize(
    ("query", "issues"),
    [
        ({}, {"第450期", "第451期", "第452期"}),
        ({"year": "2023"}, {"第452期"}),
        ({"unit": "总工会"}, {"第450期", "第451期"}),
        ({"name": "甲"}, {"第450期"}),
        ({"section": "news"}, {"第451期"}),
    ],
)
def test_issues_are_picked_by_period_section_and_byline(
    query: dict[str, str], issues: set[str], three_issues: None, client: Client
) -> None:
    assert set(shown(client, "desk_output", **query)) == issues


def test_another_persons_work_stays_out_of_a_persons_figures(client: Client) -> None:
    issue = make_issue(451)
    make_piece(issue, make_contributor("甲"), make_contributor("乙"), characters=200)
    publish(issue)

    assert table(client, "desk_authors", name="甲")[1:] == [
        ["甲", "", "1", "0.50", "200", "100.00", "0"]
    ]


HOSTILE = [
    *({"year": value} for value in ("x", "0", "99999999999", "\0")),
    *({"date_from": value} for value in ("x", "0001-01-01", "9999-12-31", "2022-13-45", "\0")),
    *({"date_to": value} for value in ("0001-01-01", "9999-12-31")),
    *({"issues_min": value} for value in ("x", "-1", "1e999999999", "NaN", "9" * 5000, "\0")),
    *({"unit": value} for value in ("\0", "%", "_", "'", "汉" * 10_000)),
    *({"name": value} for value in ("\0", "\\", '"', "汉" * 10_000)),
    *({"role": value} for value in ("x", "\0")),
    *({"section": value} for value in ("x", "\0")),
    *({"by": value} for value in ("x", "\0")),
    *({"source": value} for value in ("x", "\0")),
    *({"month": value} for value in ("x", "2022-13", "0000-00", "\0", "99999-01")),
    *({"p": value} for value in ("x", "-1", "0", "99999999999999999999", "\0")),
    *({"ordering": value} for value in ("x", "-x", "\0", "pk", "--name")),
    *({"export": value} for value in ("x", "\0")),
]


@pytest.mark.parametrize("name", REPORTS)
def test_nonsense_in_the_address_is_answered(name: str, client: Client) -> None:
    issue = make_issue(451)
    make_piece(issue, "甲")
    publish(issue)

    for query in HOSTILE:
        for screen in (name, f"{name}_results"):
            for asked in (query, {"export": "csv", **query}):
                assert client.get(reverse(screen, query=asked)).status_code == 200, asked


def test_what_cannot_be_understood_shows_nothing_instead_of_all(
    three_issues: None, client: Client
) -> None:
    for query, wrong in (
        ({"date_from": "x"}, "出版日期"),
        ({"date_from": "2023-01-06", "date_to": "2022-08-02"}, "出版日期：起止颠倒了，请对调。"),
        ({"issues_min": "452", "issues_max": "450"}, "期号：起止颠倒了，请对调。"),
        ({"year": "1"}, "年份"),
    ):
        assert table(client, "desk_output", **query) == []
        assert len(csv_rows(client, "desk_output", **query)) == 1
        page = client.get(reverse("desk_output", query=query)).content.decode()
        assert f"筛选条件填错了，没有列出什么。{wrong}" in page


def test_where_there_is_nothing_a_report_says_so(client: Client) -> None:
    for name in FIGURES:
        assert "还没有见报的稿件。" in client.get(reverse(name)).content.decode()
        answer = client.get(reverse(name, query={"unit": "没有这个单位"}))
        assert "没有符合条件的见报稿件。" in answer.content.decode()


@pytest.mark.parametrize("column", ["name", "pieces", "characters", "share", "pictures"])
def test_a_table_is_sorted_by_a_click(column: str, client: Client) -> None:
    issue = make_issue(451)
    make_piece(issue, "甲", characters=30, photos=(make_photo("乙 摄"),))
    make_piece(issue, "乙", characters=20)
    make_piece(issue, "乙", "丙", characters=60)
    publish(issue)
    place = ["name", "unit", "pieces", "share", "characters", "characters_share", "pictures"].index(
        column
    )

    up = [row[place] for row in table(client, "desk_authors", ordering=column)[1:]]
    down = [row[place] for row in table(client, "desk_authors", ordering=f"-{column}")[1:]]

    assert up == sorted(up, key=lambda cell: (float(cell) if cell[0].isdigit() else 0, cell))
    assert down == up[::-1]
    assert up != down


# How long it took


def test_the_way_of_a_piece_is_measured(client: Client) -> None:
    noon = datetime.datetime(2022, 8, 9, 12, tzinfo=datetime.UTC)
    issue = make_issue(451)
    pieces = [make_piece(issue, "甲", title=f"稿{days}") for days in (1, 4, 10)]
    make_piece(issue, "乙", title="自采")
    publish(issue)
    IssuePage.objects.filter(pk=issue.pk).update(first_published_at=noon)
    for piece, days in zip(pieces, (1, 4, 10), strict=True):
        received = noon - datetime.timedelta(days=days)
        make_contribution(article=piece, received_at=received)
        ArticlePage.objects.filter(pk=piece.pk).update(
            first_published_at=noon - datetime.timedelta(hours=12)
        )
        revision = piece.latest_revision
        revision.user, revision.created_at = make_user(), noon - datetime.timedelta(hours=36)
        revision.save()

    rows = table(client, "desk_timing")
    page = client.get(reverse("desk_timing")).content.decode()
    text = BeautifulSoup(page, "html.parser").select_one(".figures-facts").get_text(" ", strip=True)

    assert [(row[0], row[6], row[7]) for row in rows[1:]] == [
        ("稿10", "10.00", "1.00"),
        ("稿4", "4.00", "1.00"),
        ("稿1", "1.00", "1.00"),
        ("自采", "", ""),
    ]
    assert "来稿到见报，中位数（3篇） 4天 来稿到见报，最慢 10天" in text
    assert "初稿到定稿，中位数（3篇） 1天" in text
    assert shown(client, "desk_timing", source="own") == ["自采"]
    assert shown(client, "desk_timing", source="sent") == ["稿10", "稿4", "稿1"]
    assert Contribution.objects.count() == 3


# Permissions


@pytest.mark.parametrize(
    ("role", "figures", "fees"),
    [("总编", True, True), ("责任编辑", True, False), ("编辑", False, False), ("", False, False)],
)
def test_each_role_sees_what_it_may(role: str, figures: bool, fees: bool, client: Client) -> None:
    client.force_login(make_user(role))

    for names, may in ((FIGURES, figures), (("desk_fees",), fees)):
        for name in names:
            for screen in (name, f"{name}_results"):
                for query in ({}, {"export": "csv"}, {"export": "xlsx"}):
                    answer = client.get(reverse(screen, query=query))
                    assert (answer.status_code == 200) == may, (role, screen, query)
    if role:
        home = client.get(reverse("wagtailadmin_home")).content.decode()
        for names, may in ((FIGURES, figures), (("desk_fees",), fees)):
            assert all((reverse(name) in home) == may for name in names)


def test_nobody_sees_figures_without_an_account(client: Client) -> None:
    client.logout()

    for name in REPORTS:
        answer = client.get(reverse(name))
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("wagtailadmin_login"))


# Export


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("desk_authors", {}),
        ("desk_authors", {"by": "unit"}),
        ("desk_output", {}),
        ("desk_output", {"by": "section"}),
        ("desk_timing", {}),
        ("desk_fees", {"month": "2022-08"}),
        ("desk_fees", {"month": "2022-08", "by": "shares"}),
        ("desk_fees", {"month": "2022-08", "by": "person"}),
        ("desk_fees", {"month": "2022-08", "by": "unit"}),
    ],
)
def test_an_export_holds_the_table(name: str, query: dict[str, str], client: Client) -> None:
    pay(picture_fee=15)
    issue = make_issue(451)
    wang = make_contributor("汪燕盼", "市总工会")
    make_piece(issue, wang, "李四", characters=1234, photos=(make_photo("汪燕盼摄"),))
    make_piece(issue, "李四", characters=77, title="另一篇")
    publish(issue)

    on_screen = [[cell.replace(",", "") for cell in row] for row in table(client, name, **query)]
    in_csv = csv_rows(client, name, **query)
    in_xlsx = [
        [
            "" if cell.value is None
            else f"{cell.value:.2f}" if isinstance(cell.value, float)
            else str(cell.value)
            for cell in row
        ]
        for row in sheet(client, name, **query)
    ]  # fmt: skip

    def numbers_alike(rows: list[list[str]]) -> list[list[object]]:
        return [[float(c) if c.replace(".", "").isdigit() else c for c in row] for row in rows]

    assert len(in_csv) == 1 + max(1, len(on_screen) - 1)
    assert numbers_alike(in_csv) == numbers_alike(in_xlsx)
    on_screen = [[cell.replace(" ", "") for cell in row] for row in on_screen]
    in_csv = [[cell.replace(" ", "").replace("；", "") for cell in row] for row in in_csv]
    assert numbers_alike(in_csv) == numbers_alike(
        [[cell.replace("；", "") for cell in row] for row in on_screen]
    )


ORDERS = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "＝1+1", "=cmd|'/c calc'!A1")


@pytest.mark.parametrize("order", ORDERS)
def test_no_cell_gives_orders(order: str, client: Client) -> None:
    pay()
    issue = make_issue(451)
    make_piece(issue, make_contributor(order, order), title=order)
    publish(issue)

    for name, query in (
        ("desk_authors", {}),
        ("desk_timing", {}),
        ("desk_fees", {"month": "2022-08", "by": "shares"}),
    ):
        row = csv_rows(client, name, **query)[1]
        assert not any(cell.startswith(tuple("=+-@\t＝")) for cell in row)
        assert any(cell.startswith("'") for cell in row)
        cells = [cell for line in sheet(client, name, **query) for cell in line]
        assert {cell.data_type for cell in cells if cell.value is not None} <= {"s", "n"}
        assert any(cell.quotePrefix for cell in cells)


def test_numbers_can_be_reckoned_with(client: Client) -> None:
    pay()
    issue = make_issue(451)
    make_piece(issue, "甲", characters=1234)
    publish(issue)

    cells = dict(
        zip(
            *([c.value for c in row] for row in sheet(client, "desk_fees", month="2022-08")),
            strict=True,
        )
    )

    assert cells["字数"] == 1234
    assert cells["实发（元）"] == pytest.approx(123.4)


def test_an_export_is_kept_in_no_cache_and_has_a_chinese_name(client: Client) -> None:
    answer: HttpResponse = client.get(reverse("desk_authors", query={"export": "csv"}))

    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "filename*=utf-8''%E4%BD%9C%E8%80%85" in answer["Content-Disposition"]


# The plot


def test_a_plot_has_words_for_who_does_not_see_it_and_no_style_of_its_own(client: Client) -> None:
    issue = make_issue(451)
    make_piece(issue, "<b>甲</b>", characters=50)
    make_piece(issue, "乙", characters=150)
    publish(issue)

    page = BeautifulSoup(client.get(reverse("desk_authors")).content, "html.parser")
    plot = page.select_one(".figures-plot svg")

    assert plot["role"] == "img"
    assert plot.select_one("desc").text == "从多到少：乙150字；<b>甲</b>50字。"
    assert not plot.select("[style], script, b")


# What it costs


@pytest.mark.parametrize("name", REPORTS)
def test_more_articles_cost_no_more_queries(name: str, client: Client) -> None:
    pay()
    issue = make_issue(451)
    photo = make_photo("甲1 摄")
    costs = []
    for many in (2, 12):
        for count in range(many):
            make_piece(issue, make_contributor(f"甲{count}"), "乙", photos=(photo,))
        if many == 2:
            publish(issue)
        client.get(reverse(name))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(name)).status_code == 200
        costs.append(len(queries))

    assert costs[0] == costs[1]
