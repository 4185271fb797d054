"""A colleague without an account reads an unpublished issue by a link, and nothing else."""

from __future__ import annotations

import datetime
import random
import re

import pytest
from bs4 import BeautifulSoup
from django.core import signing
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageLogEntry, PageViewRestriction

from articles.models import ArticlePage
from desk.review.signing import sign_article
from issues import previewing
from issues.models import IssuePage, PreviewLink
from issues.previewing import (
    MOST_OPEN,
    LinkEnded,
    NoSuchLink,
    PreviewRefused,
    link_of,
    make_preview_link,
    revoke_preview_links,
    token_of,
)
from issues.publishing import publish_issue, schedule_issue, unpublish_issue
from tests import factories
from tests.factories import make_article, make_issue, make_public_issue, make_user

pytestmark = pytest.mark.django_db

SECRET = "还不能给人看的话"


@pytest.fixture(scope="module")
def made(shared_rows: None) -> IssuePage:
    """Two signed articles, the second with a newer draft, and a third that is not signed."""
    issue = make_issue(451, responsible_editor="董 辉")
    make_article(issue, "头一篇", signed=True)
    changed = make_article(issue, "第二篇", text="定稿的正文。", signed=True)
    changed.title, changed.kicker = "第二篇改了题", "新引题"
    changed.body = [("paragraph", "<p>改过的正文。</p>")]
    changed.bylines = [*changed.bylines.all()][:0]
    changed.bylines.create(name="新作者")
    changed.save_revision()
    make_article(issue, "第三篇草稿", text="草稿的正文。")
    return issue


@pytest.fixture(autouse=True)
def issue(made: IssuePage) -> IssuePage:
    return factories.fresh(made)


def link_to(issue: IssuePage, **fields: object) -> PreviewLink:
    facts = {"days": 3, "by": make_user("编辑"), **fields}
    return make_preview_link(issue=issue, **facts)


def address(link: PreviewLink, number: int | None = None) -> str:
    token = token_of(link)
    if number is None:
        return reverse("preview_issue", args=[token])
    return reverse("preview_article", args=[token, number])


def get(link: PreviewLink, number: int | None = None) -> HttpResponse:
    return Client().get(address(link, number))


def words(answer: HttpResponse) -> str:
    soup = BeautifulSoup(answer.content, "html.parser")
    for name in soup.select("[translate=no]"):  # not parted from what it is
        name.unwrap()
    soup.smooth()
    return soup.get_text(" ", strip=True)


def links_in(answer: HttpResponse) -> list[str]:
    soup = BeautifulSoup(answer.content, "html.parser")
    return [str(a["href"]) for a in soup.find_all(["a", "link"], href=True)]


# What is seen through it.


def test_as_signed_it_shows_what_publishing_now_would_bring_out(issue: IssuePage) -> None:
    link = link_to(issue)
    front = get(link)

    assert [story.headline for story in front.context["front"].stories] == ["头一篇", "第二篇"]
    assert "责任编辑：董 辉" in words(front)
    assert "定稿的正文。" in words(get(link, 2))
    assert get(link, 3).status_code == 404
    assert front.content.count(b"state-label") == 0
    for answer in (front, get(link, 1), get(link, 2), get(link, 3)):
        assert "改过的" not in words(answer)
        assert "草稿" not in words(answer)

    publish_issue(issue=issue, by=None, without_unfinished=True)
    public = Client().get("/451/")
    told = [(story.headline, story.opening) for story in front.context["front"].stories]
    assert told == [(s.headline, s.opening) for s in public.context["front"].stories]


def test_with_drafts_it_shows_everything_as_last_saved(issue: IssuePage) -> None:
    link = link_to(issue, with_drafts=True)

    headlines = [story.headline for story in get(link).context["front"].stories]
    assert headlines == ["头一篇", "第二篇改了题", "第三篇草稿"]
    second, third = words(get(link, 2)), words(get(link, 3))
    assert "改过的正文。" in second
    assert "新引题" in second
    assert "（ 新作者 ）" in second or "（新作者）" in second
    assert "定稿的正文。" not in second
    assert "草稿的正文。" in third
    assert "未定稿" in third


def test_the_masthead_is_the_one_last_saved(issue: IssuePage) -> None:
    draft = issue.get_latest_revision_as_object()
    draft.responsible_editor = "新责编"
    draft.save_revision()
    link = link_to(issue)

    assert "责任编辑：新责编" in words(get(link))
    assert "责任编辑：新责编" in words(get(link, 1))


@pytest.mark.parametrize("with_drafts", [False, True])
def test_every_way_on_stays_within_the_preview(issue: IssuePage, with_drafts: bool) -> None:
    link = link_to(issue, with_drafts=with_drafts)
    home = address(link)
    numbers = (1, 2, 3) if with_drafts else (1, 2)
    for number in (None, *numbers):
        answer = get(link, number)
        assert answer.status_code == 200
        inside = [href for href in links_in(answer) if href.startswith("/")]
        assert [
            href
            for href in inside
            if not href.startswith((home, "/static/")) and href != "/contribute/"
        ] == []
        for each in numbers:
            assert address(link, each) in inside
        if number:
            assert home in inside
    first, last = get(link, 1).context, get(link, numbers[-1]).context
    assert (first["previous"], first["next"].url) == (None, address(link, 2))
    assert (last["next"], last["previous"].url) == (None, address(link, numbers[-2]))


@pytest.mark.parametrize("number", [None, 1])
def test_it_says_what_it_is_and_is_kept_by_nobody(issue: IssuePage, number: int | None) -> None:
    link = link_to(issue)
    answer = get(link, number)
    until = timezone.localtime(link.until)

    assert "未出版，仅供审阅，请勿转发" in words(answer)
    assert f"有效至{until.month}月{until.day}日{until:%H:%M}" in words(answer)
    assert_kept_private(answer)
    assert 'name="robots" content="noindex' in answer.content.decode()
    assert "canonical" not in answer.content.decode()
    assert "/admin/" not in answer.content.decode()


def assert_kept_private(answer: HttpResponse) -> None:
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer["X-Robots-Tag"]
    assert not answer.cookies


def test_remarks_and_other_issues_stay_out(issue: IssuePage) -> None:
    make_public_issue(450)
    make_public_issue(452)
    other = make_issue(453)
    make_article(other, SECRET, signed=True)
    article = ArticlePage.objects.get(title="头一篇")
    article.remarks.create(kind="proof", text=SECRET)
    sign_article(article=article, revision=article.save_revision(), by=None)
    link = link_to(issue, with_drafts=True)
    everything = "".join(get(link, number).content.decode() for number in (None, 1, 2, 3))

    assert SECRET not in everything
    assert not re.search("第45[023]期", everything)
    assert "/450/" not in everything
    assert get(link, 99).status_code == 404


def test_a_withdrawn_article_is_not_shown(issue: IssuePage) -> None:
    ArticlePage.objects.filter(title="头一篇").update(withdrawn_at=timezone.now())
    for with_drafts in (False, True):
        link = link_to(issue, with_drafts=with_drafts)
        assert "头一篇" not in words(get(link))
        assert "头一篇" not in words(get(link, 2))
        assert get(link, 1).status_code == 404


def test_it_costs_the_same_however_many_articles_and_drafts(issue: IssuePage) -> None:
    links = [link_to(issue), link_to(issue, with_drafts=True)]

    def costs() -> list[int]:
        counts = []
        for link in links:
            for number in (None, 2):
                get(link, number)
                with CaptureQueriesContext(connection) as captured:
                    assert get(link, number).status_code == 200
                counts.append(len(captured))
        return counts

    few = costs()
    for count in range(12):
        article = make_article(issue, f"又一篇{count}", signed=True)
        article.title += "改"
        article.save_revision()
        make_article(issue, f"草稿{count}")

    assert costs() == few


def test_it_costs_no_session_and_takes_nothing(issue: IssuePage) -> None:
    link = link_to(issue)
    for number in (None, 1):
        for method in ("post", "put", "patch", "delete"):
            answer = getattr(Client(), method)(address(link, number))
            assert answer.status_code == 405
            assert_kept_private(answer)
        assert Client().head(address(link, number)).status_code == 200
    editor = Client()
    editor.force_login(make_user("编辑"))
    answer = editor.get(address(link))
    assert not answer.cookies
    assert "/admin/" not in answer.content.decode()


# When it is over.


def assert_nothing_told(answer: HttpResponse, status: int, issue: IssuePage) -> None:
    assert answer.status_code == status
    assert_kept_private(answer)
    assert re.search("[一-鿿]", words(answer))
    assert "451" not in answer.content.decode().replace(answer.wsgi_request.path, "")
    assert "头一篇" not in answer.content.decode()


@pytest.mark.parametrize("days", [1, 3, 7])
def test_it_ends_by_itself(issue: IssuePage, days: int) -> None:
    link = link_to(issue, days=days)
    almost = link.made_at + datetime.timedelta(days=days, seconds=-1)

    assert link_of(token_of(link), at=almost) == link
    with pytest.raises(LinkEnded):
        link_of(token_of(link), at=link.until)


def test_what_ran_out_or_was_taken_back_says_so_and_no_more(issue: IssuePage) -> None:
    over, revoked = link_to(issue), link_to(issue)
    old = address(over)
    PreviewLink.objects.filter(pk=over.pk).update(until=timezone.now())
    revoke_preview_links(issue=issue, by=make_user("编辑"), link=revoked.pk)
    for answer in (Client().get(old), get(revoked), get(revoked, 1), get(revoked, 99)):
        assert_nothing_told(answer, 410, issue)
        assert "预览链接已失效" in words(answer)


def test_revoking_ends_one_or_all_at_once(issue: IssuePage) -> None:
    editor = make_user("编辑")
    links = [link_to(issue) for _ in range(3)]
    elsewhere = link_to(make_issue(452))

    assert revoke_preview_links(issue=issue, by=editor, link=links[0].pk) == 1
    assert revoke_preview_links(issue=issue, by=editor, link=elsewhere.pk) == 0
    assert [get(link).status_code for link in (*links, elsewhere)] == [410, 200, 200, 200]
    assert revoke_preview_links(issue=issue, by=editor) == 2
    assert [get(link).status_code for link in (*links, elsewhere)] == [410, 410, 410, 200]
    assert revoke_preview_links(issue=issue, by=editor) == 0


def test_a_deleted_issue_or_link_is_a_calm_404(issue: IssuePage) -> None:
    link = link_to(issue)
    token_address = address(link)
    IssuePage.objects.get(pk=issue.pk).delete()

    assert_nothing_told(Client().get(token_address), 404, issue)


def test_a_restored_backup_does_not_make_an_old_link_open_a_new_one(issue: IssuePage) -> None:
    link = link_to(issue)
    old = token_of(link)
    PreviewLink.objects.filter(pk=link.pk).update(nonce="another")

    with pytest.raises(NoSuchLink):
        link_of(old)


def test_when_the_issue_is_out_it_leads_to_the_paper(issue: IssuePage) -> None:
    link = link_to(issue, with_drafts=True)
    publish_issue(issue=issue, by=None, without_unfinished=True)

    front, second, third = get(link), get(link, 2), get(link, 3)
    assert (front.status_code, front["Location"]) == (302, "/451/")
    assert (second.status_code, second["Location"]) == (302, "/451/2/")
    assert_nothing_told(third, 404, issue)
    for answer in (front, second):
        assert_kept_private(answer)


@pytest.mark.parametrize("undo", [False, True])
def test_what_was_taken_from_the_readers_is_not_shown_by_an_old_link(
    issue: IssuePage, undo: bool
) -> None:
    chief = make_user("总编")
    old = link_to(issue, with_drafts=True)
    publish_issue(issue=issue, by=None, without_unfinished=True)
    unpublish_issue(issue=issue, by=chief, undo=undo)

    assert_nothing_told(get(old), 410, issue)
    assert_nothing_told(get(old, 2), 410, issue)
    entry = PageLogEntry.objects.get(page=issue.pk, action="issues.revoke_preview")
    assert (entry.user, entry.data["links"]) == (chief, [old.pk])
    issue.refresh_from_db()
    assert get(link_to(issue, with_drafts=True)).status_code == 200


def test_what_is_closed_to_part_of_the_readers_is_not_widened(issue: IssuePage) -> None:
    link = link_to(issue, with_drafts=True)
    article = ArticlePage.objects.get(title="头一篇")
    for kind in ("login", "password"):
        restriction = PageViewRestriction.objects.create(
            page=article, restriction_type=kind, password="x"
        )
        assert "头一篇" not in words(get(link))
        assert get(link, 1).status_code == 404
        restriction.delete()
    for page in (issue, issue.get_parent()):
        restriction = PageViewRestriction.objects.create(page=page, restriction_type="login")
        assert_nothing_told(get(link), 404, issue)
        assert_nothing_told(get(link, 2), 404, issue)
        with pytest.raises(PreviewRefused, match="阅读权限"):
            link_to(issue)
        restriction.delete()
    assert get(link).status_code == 200


# Hostile tokens.


def test_a_token_changed_in_any_place_opens_nothing(issue: IssuePage) -> None:
    token = token_of(link_to(issue))
    chance = random.Random(4)
    changed = {
        token[:-1],
        token[1:],
        token + "A",
        token.upper(),
        token.replace(".", ":"),
        token[::-1],
    }
    for _ in range(150):
        place = chance.randrange(len(token))
        character = chance.choice("abcXYZ0189-_.=\0中")
        changed.add(token[:place] + character + token[place + 1 :])
    for garbled in changed - {token}:
        # The last character of a signature has bits that mean nothing, in base64 alone.
        with pytest.raises(NoSuchLink):
            link_of(garbled)


@pytest.mark.parametrize(
    "garbled",
    [
        *("x", ".", "...", "1.2.3", "1.2.3.4", "%00", "%0d%0aSet-Cookie:x", "中文", "..%2f..%2f"),
        *("a" * 10_000, "9" * 10_000 + ".1.1.x", "1:2:3", "%ff", "-1.9999999999.x.y", "a/b/c"),
        *("' OR 1=1 --", "<script>alert(1)</script>"),
    ],
)
def test_a_garbled_address_is_a_calm_404(issue: IssuePage, garbled: str) -> None:
    reader = Client(raise_request_exception=False)
    for rest in ("", "1/", "0/", "01/", f"{'9' * 10_000}/", "x/", "1/2/"):
        answer = reader.get(f"/preview/{garbled}/{rest}")
        assert answer.status_code == 404
        assert_kept_private(answer)
        assert b"<script>alert" not in answer.content


def test_a_number_that_is_none_is_a_calm_404(issue: IssuePage) -> None:
    link = link_to(issue)
    for number in ("0", "01", "99", "9" * 30, "9" * 5000, "-1", "x", "%00", "１"):
        answer = Client(raise_request_exception=False).get(f"{address(link)}{number}/")
        assert answer.status_code == 404, number
        assert_kept_private(answer)


@pytest.mark.parametrize("value", ["1", "1.2", "x.9999999999.y", "1.x.y", "1.9999999999.y.z"])
def test_what_was_signed_for_another_purpose_opens_nothing(issue: IssuePage, value: str) -> None:
    """Whoever gets us to sign something of theirs has no link by that."""
    for signer in (signing.Signer(), signing.Signer(salt="issues.previewing", sep=":")):
        with pytest.raises(NoSuchLink):
            link_of(signer.sign(value))
    with pytest.raises(NoSuchLink):
        link_of(previewing._signer.sign(value))


# Who makes one.


@pytest.mark.parametrize("role", ["编辑", "责任编辑", "总编"])
def test_whoever_edits_the_issue_shares_and_revokes_on_one_screen(
    issue: IssuePage, client: Client, role: str
) -> None:
    client.force_login(make_user(role))
    screen = reverse("issue_share", args=[issue.pk])

    made = client.post(screen, {"act": "share", "days": "1", "with_drafts": "yes"}, follow=True)
    link = PreviewLink.objects.get()
    assert f"http://testserver{address(link)}" in made.content.decode()
    assert link.with_drafts
    assert link.until - link.made_at == datetime.timedelta(days=1)
    client.post(screen, {"act": "revoke", "link": link.pk})
    assert get(link).status_code == 410
    entries = PageLogEntry.objects.filter(page=issue, action__contains="preview").order_by("pk")
    assert [entry.action for entry in entries] == ["issues.share_preview", "issues.revoke_preview"]
    assert {entry.user for entry in entries} == {link.made_by}


@pytest.mark.parametrize("role", [None, ""])
def test_nobody_else_does(issue: IssuePage, client: Client, role: str | None) -> None:
    link = link_to(issue)
    if role is not None:
        client.force_login(make_user(role))
    screen = reverse("issue_share", args=[issue.pk])

    assert client.get(screen).status_code in (302, 403)
    client.post(screen, {"act": "share", "days": "1"})
    client.post(screen, {"act": "revoke_all"})
    assert list(PreviewLink.objects.open()) == [link]
    with pytest.raises(PreviewRefused):
        link_to(issue, by=make_user(""))
    with pytest.raises(PreviewRefused):
        revoke_preview_links(issue=issue, by=make_user(""))


def test_while_the_issue_waits_for_its_time_the_chief_editor_alone_shares(issue: IssuePage) -> None:
    chief = make_user("总编")
    schedule_issue(
        issue=issue,
        by=chief,
        at=timezone.now() + datetime.timedelta(hours=1),
        without_unfinished=True,
    )
    waiting = IssuePage.objects.get(pk=issue.pk)

    with pytest.raises(PreviewRefused, match="请找总编"):
        link_to(waiting, by=make_user("编辑"))
    assert link_to(waiting, by=chief).pk


def test_a_public_issue_is_not_shared_so(client: Client) -> None:
    public = make_public_issue(450)
    with pytest.raises(PreviewRefused, match="已经出版"):
        link_to(public, by=make_user("总编"))
    client.force_login(make_user("总编"))
    screen = client.get(reverse("issue_share", args=[public.pk]))
    assert "已经出版" in words(screen)


def test_links_are_not_made_without_end(issue: IssuePage) -> None:
    editor = make_user("编辑")
    for _ in range(MOST_OPEN):
        link_to(issue, by=editor)
    with pytest.raises(PreviewRefused, match="请先收回"):
        link_to(issue, by=editor)


@pytest.mark.parametrize(
    "data",
    [
        {"act": "share"},
        {"act": "share", "days": "365"},
        {"act": "share", "days": "\0", "with_drafts": "\0"},
        {"act": "share", "days": "1", "with_drafts": "x" * 10_000},
        {"act": "revoke"},
        {"act": "revoke", "link": "9" * 10_000},
        {"act": "revoke", "link": "\0"},
        {"act": "x" * 10_000},
        {},
    ],
)
def test_a_garbled_form_changes_nothing(
    issue: IssuePage, client: Client, data: dict[str, str]
) -> None:
    link = link_to(issue)
    client.force_login(make_user("编辑"))

    answer = client.post(reverse("issue_share", args=[issue.pk]), data)

    assert answer.status_code in (200, 302)
    assert list(PreviewLink.objects.open()) == [link]


# Editors at their desk.


def test_in_the_admins_preview_each_article_leads_to_its_draft(
    issue: IssuePage, client: Client
) -> None:
    client.force_login(make_user("编辑"))
    draft = {
        article.number: reverse("wagtailadmin_pages:view_draft", args=[article.pk])
        for article in ArticlePage.objects.child_of(issue)
    }
    home = reverse("wagtailadmin_pages:view_draft", args=[issue.pk])

    front = client.get(home)
    assert [story.url for story in front.context["front"].stories] == list(draft.values())
    second = client.get(draft[2])
    assert second.context["previous"].url == draft[1]
    assert second.context["next"].url == draft[3]
    assert home in links_in(second)
    assert "改过的正文。" in words(second)
