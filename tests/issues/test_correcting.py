"""Corrections: said of a printed article later, seen by readers, and the article left as it was."""

from __future__ import annotations

import datetime

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import registry
from wagtail.models import PageLogEntry, PageViewRestriction

from articles.models import ArticlePage, Correction
from desk.review.signing import sign_article
from issues.correcting import (
    CorrectingRefused,
    Wording,
    add_correction,
    change_correction,
    note_printed,
    printed_corrections,
    recent_corrections,
    remove_correction,
    take_in_correction,
    version_of,
)
from issues.models import IssuePage
from issues.publishing import unpublish_issue
from issues.withdrawing import withdraw_article
from tests import forms
from tests.factories import make_article, make_issue, make_public_issue, make_user

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2022, 8, 9)
SAID = "昨日第1版的日期有误，特此更正。"


@pytest.fixture(scope="module")
def made(shared_rows: None) -> IssuePage:
    return make_public_issue(450, articles=3)


@pytest.fixture
def article(made: IssuePage) -> ArticlePage:
    return ArticlePage.objects.get(issue=made, number=2)


@pytest.fixture
def reviewer():
    return make_user("责任编辑")


def wording(text: str = SAID, **fields) -> Wording:
    return Wording(**{"text": text, "date": timezone.localdate(), **fields})


def correct(article: ArticlePage, text: str = SAID, **fields) -> Correction:
    """Add a correction as the operator; ``needs_printing`` and the fields of a wording."""
    needs_printing = fields.pop("needs_printing", True)
    return add_correction(
        article=article, wording=wording(text, **fields), by=None, needs_printing=needs_printing
    )


def soup(client: Client, address: str) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return BeautifulSoup(answer.content, "html.parser")


def logged(action: str) -> list[dict]:
    return list(PageLogEntry.objects.filter(action=action).values_list("data", flat=True))


# What readers see.


def test_a_correction_stands_dated_at_the_head_of_the_article(article, client):
    correct(article, wrong="7月27日,比赛在建德开赛", right="7月28日,比赛在建德开赛")

    page = soup(client, "/450/2/")
    head = page.find(id="corrections")

    assert SAID in head.get_text()
    assert head.find("time")["datetime"] == timezone.localdate().isoformat()
    assert [tag.get_text() for tag in head.find_all(["dt", "dd"])] == [
        *("原文", "7月27日，比赛在建德开赛"),
        *("更正为", "7月28日，比赛在建德开赛"),
    ]
    before_copy = str(page).index('id="corrections"') < str(page).index('class="copy"')
    assert before_copy


def test_the_article_keeps_its_wording_its_revision_and_its_signature(article, client):
    before = ArticlePage.objects.values().get(pk=article.pk)
    words = soup(client, "/450/2/").find(class_="copy").get_text()

    correct(article, wrong="7月27日", right="7月28日")

    assert ArticlePage.objects.values().get(pk=article.pk) == before
    assert soup(client, "/450/2/").find(class_="copy").get_text() == words


def test_a_correction_stays_when_another_version_is_signed_or_brought_back(article, client):
    first = article.get_latest_revision()
    correct(article)
    article.title = "改过的标题"
    sign_article(article=article, revision=article.save_revision(), by=None)
    assert SAID in soup(client, "/450/2/").get_text()

    sign_article(article=article, revision=first.as_object().save_revision(), by=None)
    assert SAID in soup(client, "/450/2/").get_text()


def test_the_front_page_marks_the_article_and_lists_the_correction(article, client):
    assert soup(client, "/450/").select(".corrected, .issue-corrections") == []

    correction = correct(article)
    page = soup(client, "/450/")

    assert len(page.select(".story .corrected")) == 1
    assert len(page.select(".contents .corrected")) == 1
    listed = page.find(class_="issue-corrections")
    assert SAID in listed.get_text()
    assert listed.find("a")["href"] == f"/450/2/#correction-{correction.pk}"
    assert soup(client, "/450/2/").find(id=f"correction-{correction.pk}") is not None


def test_the_page_of_corrections_lists_all_issues_newest_first(article, client):
    later = ArticlePage.objects.get(issue=make_public_issue(451))
    correct(article, "较早的", date=TODAY)
    correct(later, "较晚的", date=datetime.date(2022, 8, 16))

    page = soup(client, "/corrections/")

    texts = [tag.get_text() for tag in page.select(".correction__text")]
    assert texts == ["较晚的", "较早的"]
    assert "第451期" in page.get_text()
    assert "/corrections/" in [a["href"] for a in soup(client, "/").select("footer a")]


def test_the_page_of_corrections_without_any_says_so(client):
    assert "还没有更正" in soup(client, "/corrections/").get_text()


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 10_000, "\0", "2' OR 1", ""])
def test_a_garbled_page_number_shows_some_page(article, client, page):
    for n in range(21):
        correct(article, f"更正{n}")
    assert client.get("/corrections/", {"page": page}).status_code == 200


def test_a_long_list_of_corrections_goes_on_on_further_pages(article, client):
    for n in range(41):
        correct(article, f"第{n}条。")

    shown = [
        tag.get_text()
        for number in (1, 2, 3)
        for tag in soup(client, f"/corrections/?page={number}").select(".correction__text")
    ]

    assert shown == [f"第{n}条。" for n in range(40, -1, -1)]
    head = soup(client, "/corrections/?page=2").head
    assert head.find("link", rel="canonical")["href"].endswith("/corrections/?page=2")


def test_corrections_of_what_readers_do_not_have_are_on_no_page(article, client):
    correct(article)
    addresses = ("/", "/450/", "/corrections/")
    hidden = [
        lambda: withdraw_article(article=article, reason="有误", by=None),
        lambda: PageViewRestriction.objects.create(
            page=article.issue, restriction_type=PageViewRestriction.LOGIN
        ),
        lambda: unpublish_issue(issue=IssuePage.objects.get(number=450), by=make_user("总编")),
    ]
    for hide in hidden:
        hide()
        for address in addresses:
            assert SAID not in client.get(address).content.decode(), address


def test_what_is_typed_is_shown_as_text(article, client):
    correct(article, "<script>alert(1)</script>&amp;", wrong="<b>错</b>", right="</del>对")

    for address in ("/450/", "/450/2/", "/corrections/"):
        html = client.get(address).content.decode()
        assert "<script>alert" not in html
        assert "&lt;b&gt;错" in html
        assert "&amp;amp;" in html


def test_corrections_cost_no_more_queries_however_many(article, client):
    correct(article)
    addresses = ("/", "/450/", "/450/2/", "/450/1/", "/corrections/")

    def costs() -> list[int]:
        found = []
        for address in addresses:
            client.get(address)
            with CaptureQueriesContext(connection) as captured:
                client.get(address)
            found.append(len(captured))
        return found

    few = costs()
    other = make_public_issue(449, articles=2)
    for one in (*ArticlePage.objects.child_of(article.issue), *ArticlePage.objects.child_of(other)):
        for n in range(3):
            correct(one, f"第{n}条")
    assert costs() == few


# The verbs.


def test_a_responsible_editor_corrects_and_the_log_has_the_words(article, reviewer):
    correction = add_correction(
        article=article, wording=wording(wrong="甲", right="乙"), by=reviewer
    )

    assert correction.by == reviewer
    (data,) = logged("issues.correct")
    assert (data["after"]["text"], data["after"]["wrong"]) == (SAID, "甲")


def test_a_change_keeps_the_old_words_in_the_log(article, reviewer):
    correction = correct(article, "原来的说法")
    change_correction(
        correction=correction, wording=wording("新的说法"), by=reviewer, needs_printing=True
    )

    (data,) = logged("issues.change_correction")
    assert (data["before"]["text"], data["after"]["text"]) == ("原来的说法", "新的说法")
    assert Correction.objects.get().text == "新的说法"


def test_removing_keeps_the_words_in_the_log(article, reviewer, client):
    remove_correction(correction=correct(article), by=reviewer)

    assert logged("issues.remove_correction")[0]["before"]["text"] == SAID
    assert SAID not in client.get("/450/2/").content.decode()


def test_the_history_tells_every_act_in_chinese_with_its_words(article, reviewer, client):
    correction = correct(article, "原来的说法", wrong="甲", right="乙")
    changed = change_correction(
        correction=correction, wording=wording("新的说法"), by=reviewer, needs_printing=True
    )
    note_printed(correction=changed, issue=make_issue(451), by=reviewer)
    remove_correction(correction=changed, by=reviewer)
    client.force_login(reviewer)

    told = soup(client, reverse("wagtailadmin_pages:history", args=[article.pk])).get_text()

    for words in (
        "登了更正",
        "改了更正",
        "第451期刊登更正",
        "删了更正",
        "原来的说法",
        "（原文：甲）",
    ):
        assert words in told
    assert {"issues.correct", "issues.print_correction"} <= {
        action for action, _ in registry.get_choices()
    }


def test_a_change_over_somebody_elses_is_refused_and_loses_nothing(article, reviewer):
    correction = correct(article)
    seen = version_of(correction)
    change_correction(
        correction=correction, wording=wording("同事改的"), by=reviewer, needs_printing=True
    )
    with pytest.raises(CorrectingRefused, match="别人改过"):
        change_correction(
            correction=correction,
            wording=wording("我改的"),
            by=reviewer,
            needs_printing=True,
            seen=seen,
        )
    assert Correction.objects.get().text == "同事改的"


def test_a_correction_that_is_gone_cannot_be_changed_or_removed_again(article, reviewer):
    correction = correct(article)
    remove_correction(correction=Correction.objects.get(), by=reviewer)

    with pytest.raises(CorrectingRefused, match="已经删除"):
        remove_correction(correction=correction, by=reviewer)
    with pytest.raises(CorrectingRefused, match="已经删除"):
        change_correction(
            correction=correction, wording=wording(), by=reviewer, needs_printing=True
        )


@pytest.mark.parametrize("role", ["编辑", ""])
def test_who_may_not_correct_is_refused_by_every_verb(article, role):
    user, correction = make_user(role), correct(article)
    verbs = [
        lambda: add_correction(article=article, wording=wording(), by=user),
        lambda: take_in_correction(article=article, wording=wording("新的"), by=user),
        lambda: change_correction(
            correction=correction, wording=wording("改"), by=user, needs_printing=True
        ),
        lambda: remove_correction(correction=correction, by=user),
        lambda: note_printed(correction=correction, issue=None, by=user),
    ]
    for verb in verbs:
        with pytest.raises(CorrectingRefused, match="没有登更正的权限"):
            verb()
    assert Correction.objects.get().text == SAID


def test_only_what_readers_have_is_corrected(article):
    draft = make_article(article.issue.specific)
    signed = make_article(make_issue(452), signed=True)
    for unseen in (draft, signed):
        with pytest.raises(CorrectingRefused, match="还没有见报"):
            correct(unseen)
    withdraw_article(article=article, reason="有误", by=None)
    with pytest.raises(CorrectingRefused, match="已经撤稿"):
        correct(article)
    assert not Correction.objects.exists()


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"text": " \n\u3000\n"}, "更正内容"),
        ({"text": "字" * 1001}, "更正内容"),
        ({"wrong": "字" * 301}, "原文"),
        ({"right": "应为"}, "原文"),
        ({"wrong": "同", "right": "同"}, "一模一样"),
        ({"kind": "erratum"}, "类别"),
        ({"date": datetime.date(2022, 8, 1)}, "早于出版日期"),
        ({"date": datetime.date(2999, 1, 1)}, "还没有到"),
    ],
)
def test_a_wording_that_cannot_stand_is_refused(article, fields, reason):
    with pytest.raises(CorrectingRefused, match=reason):
        add_correction(article=article, wording=wording(**fields), by=None)
    assert not Correction.objects.exists()


def test_an_issue_dated_ahead_can_be_corrected_today():
    ahead = make_public_issue(460, date=timezone.localdate() + datetime.timedelta(days=3))
    assert correct(ArticlePage.objects.get(issue=ahead)).date == timezone.localdate()


def test_what_pasting_brings_along_is_taken_out(article):
    correction = correct(
        article, "  第一段\u200b\r\n\r\n\u3000第二段 ", wrong="甲\n乙", right="丙\t"
    )

    assert correction.text == "第一段\n第二段"
    assert (correction.wrong, correction.right) == ("甲 乙", "丙")


# What the next issue is reminded of.


def test_the_next_issue_is_reminded_until_an_issue_prints_it(article, reviewer):
    next_one, after_next = make_issue(451), make_issue(452)
    correction = correct(article)
    correct(article, "网上改过就行", needs_printing=False)
    assert list(recent_corrections(next_one)) == [correction]
    assert list(recent_corrections(after_next)) == [correction]

    note_printed(correction=correction, issue=next_one, by=reviewer)
    assert list(recent_corrections(next_one)) == []
    assert list(printed_corrections(next_one)) == [correction]

    note_printed(correction=correction, issue=None, by=reviewer)
    assert list(recent_corrections(next_one)) == [correction]


def test_an_issue_is_reminded_neither_of_itself_nor_of_what_came_later(article):
    correct(article)
    assert list(recent_corrections(IssuePage.objects.get(number=450))) == []
    assert list(recent_corrections(make_issue(449))) == []


def test_an_issue_that_is_out_reminds_of_nothing(article):
    correct(article)
    assert list(recent_corrections(make_public_issue(451))) == []


def test_a_withdrawn_article_reminds_of_nothing(article):
    correct(article)
    withdraw_article(article=article, reason="有误", by=None)
    assert list(recent_corrections(make_issue(451))) == []


def test_an_earlier_issue_cannot_have_printed_it(article, reviewer):
    correction = correct(article)
    for issue in (make_issue(449), IssuePage.objects.get(number=450)):
        with pytest.raises(CorrectingRefused, match="之后的一期"):
            note_printed(correction=correction, issue=issue, by=reviewer)


def test_the_reminder_costs_no_more_queries_however_many(article):
    issue = make_issue(451)

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert all(c.article.title and c.article.issue.title for c in recent_corrections(issue))
        return len(captured)

    correct(article)
    few = cost()
    for n in range(5):
        correct(ArticlePage.objects.get(issue=article.issue, number=1), f"第{n}条")
    assert cost() == few


def test_the_reminder_shows_the_words_and_the_click_only_to_whom_it_is_open(article):
    correction, issue = correct(article, "<b>更正</b>"), make_issue(451)

    def shown(may_correct: bool) -> str:
        return render_to_string(
            "issues/admin/corrections_reminder.html",
            {
                "corrections": recent_corrections(issue),
                "issue": issue,
                "next": "/admin/",
                "may_correct": may_correct,
            },
        )

    assert "&lt;b&gt;更正" in shown(True)
    assert reverse("correction_printed", args=[correction.pk]) in shown(True)
    assert f'value="{issue.pk}"' in shown(True)
    assert "<form" not in shown(False)


# The screens.


def posted(**fields: str) -> dict[str, str]:
    return {
        "kind": "correction",
        "wrong": "",
        "right": "",
        "text": SAID,
        "date": timezone.localdate().isoformat(),
        "needs_printing": "on",
        **fields,
    }


def test_a_correction_is_added_changed_and_removed_on_the_screens(article, reviewer, client):
    client.force_login(reviewer)
    screen = reverse("article_correct", args=[article.pk])
    assert "登一条更正" in client.get(screen).content.decode()

    answer = client.post(screen, posted(wrong="建德开赛", right="桐庐开赛"), follow=True)
    assert "已登出" in answer.content.decode()
    assert "没有找到" not in answer.content.decode()
    correction = Correction.objects.get()

    change = reverse("correction_change", args=[correction.pk])
    seen = soup(client, change).find("input", {"name": "seen"})["value"]
    client.post(change, posted(text="改过的更正", seen=seen))
    assert Correction.objects.get().text == "改过的更正"

    remove = reverse("correction_remove", args=[correction.pk])
    assert "改过的更正" in client.get(remove).content.decode()
    assert Correction.objects.exists()
    client.post(remove)
    assert not Correction.objects.exists()


def test_words_that_do_not_stand_in_the_article_are_doubted_but_kept(article, reviewer, client):
    client.force_login(reviewer)
    answer = client.post(
        reverse("article_correct", args=[article.pk]), posted(wrong="文中没有的话"), follow=True
    )
    assert "没有找到" in answer.content.decode()
    assert Correction.objects.get().wrong == "文中没有的话"


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"text": "x\0y"},
        {"text": "字" * 10_000, "wrong": "字" * 10_000},
        {"kind": "'; --", "date": "不是日期"},
        {"date": "9999999-99-99", "needs_printing": "\0"},
        {"right": "只有更正为"},
    ],
)
def test_a_garbled_form_is_shown_again_and_writes_nothing(article, reviewer, client, fields):
    client.force_login(reviewer)
    correction = correct(article, "已有的")
    data = posted(**fields) if fields else {}
    for name, key in (("article_correct", article.pk), ("correction_change", correction.pk)):
        assert client.post(reverse(name, args=[key]), data).status_code == 200
    assert [c.text for c in Correction.objects.all()] == ["已有的"]


def test_one_click_notes_that_this_issue_prints_it_and_comes_back(article, reviewer, client):
    client.force_login(reviewer)
    correction, issue = correct(article), make_issue(451)
    address = reverse("correction_printed", args=[correction.pk])

    assert client.get(address).status_code == 405
    answer = client.post(address, {"issue": issue.pk, "next": "/admin/"})
    assert answer.headers["Location"] == "/admin/"
    assert Correction.objects.get().printed_in_id == issue.pk

    answer = client.post(address, {"issue": "", "next": "//evil.example/"})
    assert answer.headers["Location"] == reverse("article_correct", args=[article.pk])
    assert Correction.objects.get().printed_in is None


@pytest.mark.parametrize("issue", ["x", "9" * 10_000, "-1", "0", "\0", "²"])
def test_a_garbled_issue_prints_nothing(article, reviewer, client, issue):
    client.force_login(reviewer)
    correction = correct(article)
    answer = client.post(
        reverse("correction_printed", args=[correction.pk]), {"issue": issue}, follow=True
    )
    assert "没有这一期" in answer.content.decode()
    assert Correction.objects.get().printed_in is None


@pytest.mark.parametrize("role", ["编辑", "", None])
def test_the_screens_are_shut_to_those_who_may_not_correct(article, client, role):
    correction = correct(article)
    if role is not None:
        user = make_user(role)
        # As an account of the house without the permission: Wagtail itself lets nobody else in.
        if not role:
            user.groups.add(Group.objects.create(name="无权限"))
        client.force_login(user)
    for name, key in (
        ("article_correct", article.pk),
        ("correction_change", correction.pk),
        ("correction_remove", correction.pk),
        ("correction_printed", correction.pk),
    ):
        address = reverse(name, args=[key])
        for answer in (client.get(address), client.post(address, posted(text="闯进来的"))):
            assert answer.status_code in (302, 403, 405)
            assert "闯进来的" not in answer.content.decode()
    assert [c.text for c in Correction.objects.all()] == [SAID]


def test_what_is_not_there_is_not_found(reviewer, client):
    client.force_login(reviewer)
    for name in ("article_correct", "correction_change", "correction_remove"):
        assert client.get(reverse(name, args=[999_999])).status_code == 404


def test_the_way_to_correcting_is_offered_to_whom_it_is_open(article, reviewer, client):
    address = reverse("article_correct", args=[article.pk])
    editor = make_user("编辑")
    listing = reverse("wagtailadmin_explore", args=[article.issue_id])
    edit = reverse("wagtailadmin_pages:edit", args=[article.pk])
    for user, offered in ((reviewer, True), (editor, False)):
        client.force_login(user)
        for screen in (listing, edit):
            assert (address in client.get(screen).content.decode()) is offered, (user, screen)


def test_a_draft_offers_no_correcting_and_its_screen_leads_to_editing(reviewer, client):
    client.force_login(reviewer)
    draft = make_article(make_issue(451))
    screen = client.get(reverse("article_correct", args=[draft.pk])).content.decode()

    assert "直接改稿" in screen
    assert "登一条更正" not in screen
    listing = client.get(reverse("wagtailadmin_explore", args=[draft.issue_id]))
    assert reverse("article_correct", args=[draft.pk]) not in listing.content.decode()


def test_deleting_an_article_takes_its_corrections_along(article):
    correct(article)
    article.delete()
    assert not Correction.objects.exists()


def test_a_new_article_can_be_previewed_before_it_is_saved(reviewer, client):
    client.force_login(reviewer)
    kind = ("articles", "articlepage", make_issue(451).pk)
    client.post(reverse("wagtailadmin_pages:preview_on_add", args=kind), forms.new_article("新稿"))
    answer = client.get(reverse("wagtailadmin_pages:preview_on_add", args=kind), {"mode": ""})
    assert "新稿" in answer.content.decode()
