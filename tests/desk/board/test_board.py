"""The board shows the whole issue as it is being made, at a price that does not grow."""

from __future__ import annotations

import datetime

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail import hooks
from wagtail.admin.widgets import Button
from wagtail.images.tests.utils import get_test_image_file

from accounts.models import User
from articles.models import ArticlePage, Correction
from desk.board.beginning import begin_next_issue
from desk.proofreading.accepting import accept_alarm, unaccept_alarm
from desk.proofreading.report import report
from desk.review.submitting import submit_article
from issues.models import Folio, IssuePage
from newsroom.models import Imprint, PressPhoto, Section
from tests.factories import make_article, make_issue, make_public_issue, make_user

from .asking import act, board, client_of, found, page_of, row_of, told

pytestmark = pytest.mark.django_db

FEW, MANY, MOST_QUERIES = 4, 40, 30


@pytest.fixture
def issue() -> IssuePage:
    cache.clear()
    issue = make_issue(451, responsible_editor="侯英帅")
    issue.folios = [
        Folio(number=1, name="要闻", responsible_editor="侯英帅"),
        Folio(number=2, name="综合"),
    ]
    issue.save()
    return issue


def test_a_row_tells_all_that_an_editor_composes_by(issue: IssuePage) -> None:
    photo = PressPhoto.objects.create(title="照片", file=get_test_image_file(filename="a.png"))
    value = {"image": photo, "caption": "", "credit": "", "alt": ""}
    article = make_article(
        issue,
        "象棋比赛",
        kicker="市运动会",
        subhead="在建德举行",
        names=("张晓燕", "刘魏"),
        section=Section.objects.create(name="文体", slug="sport"),
        prominence="lead",
        body=[("paragraph", "<p>一二三四五。</p>"), ("photo", value)],
    )
    article.locked, article.locked_by = True, make_user("总编", last_name="钱", first_name="乙")
    article.save()

    row = row_of(board(client_of(make_user("编辑")), issue), article)

    words = row.get_text(" ", strip=True)
    for expected in ("市运动会", "象棋比赛", "在建德举行", "张晓燕 刘魏", "6字", "1图", "草稿"):
        assert expected in words, words
    assert "钱乙锁定" in words
    assert found(row, "[name^=section] option[selected]").text == "文体"
    assert found(row, "[name^=prominence] option[selected]").text == "头条"


def test_folios_stand_one_after_another_with_their_totals(issue: IssuePage) -> None:
    for title, folio in (("甲", 1), ("乙", 2), ("丙", 2), ("丁", 4)):
        make_article(issue, title, folio=folio, text="一二三。")

    page = board(client_of(make_user("编辑")), issue)

    heads = [" ".join(head.stripped_strings) for head in page.select("[data-folio] > header")]
    assert [" ".join(head.split()) for head in heads] == [
        "第1版 要闻 责任编辑：侯英帅 1篇 4字 加一篇",
        "第2版 综合 2篇 8字 加一篇",
        "第4版 1篇 4字 加一篇",
    ]


def test_an_article_in_review_says_for_whom_it_waits(issue: IssuePage) -> None:
    writer = make_user("编辑")
    article = make_article(issue)
    submit_article(article=article, by=writer)

    state = found(row_of(board(client_of(writer), issue), article), ".board-row__state")

    assert state.get_text(" ", strip=True) == "一审 等编辑"


def test_everything_that_can_be_is_submitted_and_the_rest_is_named(issue: IssuePage) -> None:
    writer = make_user("编辑")
    ready = make_article(issue, "写好的")
    make_article(issue, "空的", body=[])

    answer = act(client_of(writer), issue, act="submit-all")

    assert "已提交1篇。另有1篇没有提交：《空的》没有提交：正文还是空的" in told(answer)
    assert ArticlePage.objects.get(pk=ready.pk).workflow_in_progress


def test_one_article_is_submitted_from_its_row(issue: IssuePage) -> None:
    article = make_article(issue, "写好的")

    answer = act(client_of(make_user("编辑")), issue, act=f"submit-{article.pk}")

    assert told(answer) == "《写好的》已提交审核。"
    assert ArticlePage.objects.get(pk=article.pk).workflow_in_progress


def test_alarms_are_counted_on_the_row_and_listed_below(issue: IssuePage) -> None:
    article = make_article(issue, "没有署名的", names=())

    page = board(client_of(make_user("编辑")), issue)

    assert "无署名" in row_of(page, article).text
    assert row_of(page, article).select_one(".board-row__alarms") is not None
    assert found(page, "#alarms").select(".alarms__row")


def test_corrections_that_wait_for_print_are_reminded_of(issue: IssuePage) -> None:
    printed = make_public_issue(450)
    Correction.objects.create(
        article=ArticlePage.objects.child_of(printed).get(), text="“8817家”应为“8818家”。"
    )

    page = board(client_of(make_user("编辑")), issue)

    assert "“8817家”应为“8818家”。" in found(page, "[data-part=corrections]").text


def test_the_menu_leads_to_the_issue_that_comes_out_next(issue: IssuePage) -> None:
    make_public_issue(450)
    make_issue(460)

    answer = client_of(make_user("编辑")).get(reverse("desk_current"))

    assert answer.headers["Location"] == reverse("desk_board", args=[issue.pk])


def test_explorer_and_dashboard_lead_to_the_board(issue: IssuePage) -> None:
    make_article(issue)
    client = client_of(make_user("编辑"))
    address = reverse("desk_board", args=[issue.pk])

    for screen in (
        reverse("wagtailadmin_home"),
        reverse("wagtailadmin_explore", args=[issue.pk]),
        reverse("wagtailadmin_explore", args=[issue.get_parent().pk]),
        reverse("wagtailadmin_pages:edit", args=[issue.pk]),
    ):
        assert f'href="{address}"' in client.get(screen).content.decode(), screen


# The next issue.


def test_where_nothing_is_in_the_making_the_next_issue_is_one_click_away() -> None:
    last = make_next_to_last()
    client = client_of(make_user("编辑"))
    assert "新建下一期" in client.get(reverse("desk_current")).content.decode()

    answer = client.post(reverse("desk_next_issue"))

    issue = IssuePage.objects.get(number=452)
    assert answer.headers["Location"] == reverse("desk_board", args=[issue.pk])
    assert issue.date == last.date + datetime.timedelta(days=7)
    assert (issue.responsible_editor, issue.imprint) == ("侯英帅", last.imprint)
    assert [(f.number, f.name, f.responsible_editor) for f in issue.folios.all()] == [
        (1, "要闻", "王丽"),
        (2, "副刊", ""),
    ]
    assert not issue.live
    assert not ArticlePage.objects.child_of(issue).exists()
    assert issue.get_latest_revision_as_object().folios.count() == 2


def test_an_empty_issue_shows_how_the_last_one_was_built() -> None:
    last = make_next_to_last()
    sections = [Section.objects.create(name=f"栏目{n}", slug=f"s{n}") for n in (1, 2)]
    for folio, section in ((1, None), (1, sections[0]), (1, sections[0]), (2, sections[1])):
        make_article(last, "一篇", folio=folio, section=section, signed=True)
    editor = make_user("编辑")
    issue, _ = begin_next_issue(by=editor)

    page = board(client_of(editor), issue)

    runs = [" ".join(run.text.split()) for run in page.select(".board-skeleton__run")]
    assert runs == [
        "上期：第1版 不设栏目 2篇 在此加一篇",
        "上期：第1版 栏目“栏目1” 2篇 在此加一篇",
        "上期：第2版 栏目“栏目2” 1篇 在此加一篇",
    ]
    preset = page.select(".board-skeleton__run a")[1]["href"]
    page = board_at(client_of(editor), issue, preset)
    assert found(page, "#add-folio option[selected]")["value"] == "1"
    assert found(page, "#add-section option[selected]").text == "栏目1"


def test_beginning_twice_makes_one_issue() -> None:
    make_next_to_last()
    editor = make_user("编辑")

    first, is_new = begin_next_issue(by=editor)
    second, is_new_again = begin_next_issue(by=editor)

    assert first.pk == second.pk
    assert (is_new, is_new_again) == (True, False)


def test_without_an_imprint_no_issue_is_begun() -> None:
    assert not Imprint.objects.exists()

    answer = client_of(make_user("编辑")).post(reverse("desk_next_issue"), follow=True)

    assert "还没有出版信息" in answer.content.decode()
    assert not IssuePage.objects.exists()


def make_next_to_last() -> IssuePage:
    last = make_public_issue(451, responsible_editor="侯英帅")
    last.folios = [
        Folio(number=1, name="要闻", responsible_editor="王丽"),
        Folio(number=2, name="副刊"),
    ]
    last.save()
    return last


def board_at(client: object, issue: IssuePage, query: str) -> object:
    return page_of(client.get(reverse("desk_board", args=[issue.pk]) + query))


# What it costs.


def test_forty_articles_cost_no_more_queries_than_four(issue: IssuePage) -> None:
    writer = make_user("编辑")
    sections = [Section.objects.create(name=f"栏目{n}", slug=f"s{n}") for n in range(3)]
    fill(issue, 0, FEW, sections, writer)
    few = costs(issue, writer)
    fill(issue, FEW, MANY, sections, writer)
    many = costs(issue, writer)

    assert few == many
    assert max(many) <= MOST_QUERIES, many


def fill(issue: IssuePage, start: int, end: int, sections: list[Section], writer: object) -> None:
    for n in range(start, end):
        article = make_article(
            issue, f"第{n}条", folio=1 + n // 15, section=sections[n % 3], signed=n % 4 == 3
        )
        if n % 4 == 1:
            submit_article(article=article, by=writer)


def costs(issue: IssuePage, user: object) -> list[int]:
    """Count the queries of the screen and of its changing part, asked a second time."""
    client = client_of(user)
    counted = []
    for name in ("desk_board", "desk_board_rows"):
        client.get(reverse(name, args=[issue.pk]))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(name, args=[issue.pk])).status_code == 200
        counted.append(len(captured))
    return counted


def test_an_alarm_that_was_accepted_or_taken_back_shows_at_once(issue: IssuePage) -> None:
    make_article(issue, "没有署名的", names=())
    chief = make_user("总编")
    client = client_of(chief)
    before = board(client, issue).select_one("#alarms summary").text
    standing = report(issue).warnings[0]
    article = ArticlePage.objects.filter(pk=standing.article_pk).first()

    accept_alarm(issue=issue, article=article, key=standing.alarm.key, by=chief)
    accepted = board(client, issue)
    unaccept_alarm(issue=issue, article=article, key=standing.alarm.key, by=chief)

    assert accepted.select_one("#alarms summary").text != before
    assert accepted.select_one(".alarms__accepted") is not None
    assert board(client, issue).select_one("#alarms summary").text == before


def test_a_new_issue_offers_the_folios_that_the_last_one_had(issue: IssuePage) -> None:
    make_article(issue, "三版的", folio=3, signed=True)
    following, _ = begin_next_issue(by=make_user("编辑"))

    page = board(client_of(make_user("编辑")), following)

    assert [folio["data-folio"] for folio in page.select("[data-folio]")] == ["1", "2", "3"]
    offered = [option["value"] for option in page.select("#add-folio option")]
    assert offered == ["1", "2", "3", "4"]


def test_what_is_in_print_is_corrected_and_withdrawn_from_its_row() -> None:
    out = make_public_issue(451)
    article = make_article(out, "见报的", signed=True)
    draft = make_article(out, "没定稿的")
    correct = reverse("article_correct", args=[article.pk])
    withdraw = reverse("article_withdraw", args=[article.pk])

    links = {
        role: {
            link["href"]
            for link in row_of(board(client_of(make_user(role)), out), article).select("a[href]")
        }
        for role in ("编辑", "责任编辑", "总编")
    }
    of_draft = row_of(board(client_of(make_user("总编")), out), draft)

    assert not {correct, withdraw} & links["编辑"]
    assert {correct, withdraw} & links["责任编辑"] == {correct}
    assert {correct, withdraw} <= links["总编"]
    assert not of_draft.select(f"[href='{reverse('article_correct', args=[draft.pk])}']")


def test_who_opens_an_article_from_the_board_comes_back_to_it(issue: IssuePage) -> None:
    article = make_article(issue)

    row = row_of(board(client_of(make_user("编辑")), issue), article)

    home = reverse("desk_board", args=[issue.pk])
    opening = row.select("a[href*='/edit/']")
    assert opening
    assert all(link["href"].endswith(f"/edit/?next={home}") for link in opening)


def test_the_front_page_is_shown_beside_an_issue_that_only_the_chief_may_change(
    issue: IssuePage,
) -> None:
    editor, stranger = client_of(make_user("编辑")), client_of(make_user(username="stranger"))
    make_article(issue, "头条新闻", signed=True)
    address = reverse("issue_preview", args=[issue.pk])

    for change in ({"publish_at": timezone.now() + datetime.timedelta(days=1)}, {"live": True}):
        IssuePage.objects.filter(pk=issue.pk).update(**change)
        page = board(editor, issue)
        answer = editor.get(address)

        assert found(page, "[data-preview] iframe")["data-src"] == address
        assert answer.status_code == 200
        assert "头条新闻" in answer.content.decode()
        assert stranger.get(address).status_code == 302


def test_the_dashboard_and_the_list_of_issues_begin_the_next_one_as_the_menu_does() -> None:
    make_public_issue(450)
    editor = client_of(make_user("编辑"))
    begin = reverse("desk_next_issue")

    panel = page_of(editor.get(reverse("wagtailadmin_home")))
    form = found(panel, f"form[action='{begin}']")
    paper = IssuePage.objects.get().get_parent()
    listing = page_of(editor.get(reverse("wagtailadmin_explore", args=[paper.pk])))
    offer = page_of(editor.get(begin))

    assert found(form, "[name=csrfmiddlewaretoken]")["value"]
    assert found(listing, f"a[href='{begin}']").get_text(strip=True) == "新建下一期"
    assert not IssuePage.objects.filter(number=451).exists()  # asking makes nothing
    assert found(offer, f"form[action='{begin}'] button").text == "新建下一期"
    by_hand = found(offer, "a[href*='/pages/add/issues/']")
    assert editor.get(by_hand["href"]).status_code == 200


def test_after_printing_the_way_back_to_the_issue_is_offered() -> None:
    out = make_public_issue(450)
    editor = client_of(make_user("编辑"))
    home = reverse("desk_board", args=[out.pk])

    for address in (reverse("desk_current"), reverse("wagtailadmin_home")):
        assert page_of(editor.get(address)).select(f"a[href='{home}']"), address


def test_another_app_adds_its_way_into_the_issue_beside_pasting(issue: IssuePage) -> None:
    editor = make_user("编辑")

    def offer(of: IssuePage, user: User) -> Button | None:
        return Button("约稿", f"/order/{of.pk}/", priority=20) if user == editor else None

    with hooks.register_temporarily("register_board_entrance", offer):
        bars = [
            found(board(client_of(user), issue), "[data-add]")
            for user in (editor, make_user("总编"))
        ]

    ways = [[link.get_text(strip=True) for link in bar.select("a")] for bar in bars]
    assert ways == [["粘贴稿件", "从来稿选", "导入…", "约稿"], ["粘贴稿件", "从来稿选", "导入…"]]
