"""An article with a recording: heard by readers once it is signed and out, and no longer."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse
from lxml import etree, html
from wagtail.models import PageViewRestriction

from articles.models import ArticlePage
from desk.review.comparing import differences_since_signed
from desk.review.signatures import same_copy
from desk.review.signing import sign_article
from interchange.pages import dump_issue, load_issue
from issues.models import IssuePage
from issues.previewing import make_preview_link, token_of
from issues.publishing import publish_issue, unpublish_issue
from issues.withdrawing import reinstate_article, withdraw_article
from newsroom.circulation import Extent
from newsroom.models import CirculationSettings, Recording
from tests.factories import make_article, make_issue, make_user
from tests.forms import edit_form, edit_url
from tests.sounds import make_recording, silence

pytestmark = pytest.mark.django_db

FILE, PAGE = "/451/1.mp3", "/451/1/"
SOUND = silence(200)


@pytest.fixture
def article(db: None) -> ArticlePage:
    issue = make_issue(451)
    made = make_article(issue, signed=True, recording=make_recording(200))
    publish_issue(issue=issue, by=None)
    return ArticlePage.objects.get(pk=made.pk)


def sign(article: ArticlePage, recording: Recording | None) -> None:
    article = ArticlePage.objects.get(pk=article.pk)
    article.recording = recording
    sign_article(article=article, revision=article.save_revision(), by=None)


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_readers_hear_it_in_the_place_of_the_devices_voice(article, client) -> None:
    page = html.fromstring(client.get(PAGE).content.decode())
    [sound] = page.iter("audio")
    assert dict(sound.attrib) == {
        "class": "recording__sound",
        "controls": "",
        "preload": "none",
        "src": FILE,
        "aria-label": "本文录音",
    }
    [told] = page.find_class("recording__told")
    assert told.text_content() == "本文录音3分20秒，195.3\xa0KB"
    assert not page.find_class("player")
    assert not page.find_class("tools__listen")
    scripts = [script.get("src") for script in page.iter("script")]
    assert "/static/js/recording.js" in scripts
    assert "/static/js/listen.js" not in scripts

    answer = client.get(FILE)
    assert body(answer) == SOUND
    assert answer["Content-Type"] == "audio/mpeg"
    assert answer["Content-Length"] == str(len(SOUND))
    assert answer["Accept-Ranges"] == "bytes"
    assert answer["Cache-Control"] == "public, no-cache"
    assert "%E7%AC%AC451%E6%9C%9F%E7%AC%AC1%E7%AF%87.mp3" in answer["Content-Disposition"]


def test_the_others_are_read_out_as_before(article, client) -> None:
    make_article(article.issue.issuepage, signed=True)
    page = client.get("/451/2/").content.decode()
    assert "listen.js" in page
    assert 'class="player"' in page
    assert "recording" not in page
    assert client.get("/451/2.mp3").status_code == 404


def test_a_part_is_handed_out_to_a_player_that_asks_for_one(article, client) -> None:
    whole = client.get(FILE)
    assert body(whole) == SOUND
    answer = client.get(FILE, HTTP_RANGE="bytes=0-1")
    assert (answer.status_code, body(answer)) == (206, SOUND[:2])
    assert answer["Content-Range"] == f"bytes 0-1/{len(SOUND)}"
    assert (answer["Content-Length"], answer["Content-Type"]) == ("2", "audio/mpeg")
    answer = client.get(FILE, HTTP_RANGE="bytes=150000-", HTTP_IF_RANGE=whole["ETag"])
    assert (answer.status_code, body(answer)) == (206, SOUND[150000:])
    assert body(client.get(FILE, HTTP_RANGE="bytes=5-", HTTP_IF_RANGE='"another"')) == SOUND
    assert body(client.get(FILE, HTTP_RANGE="bytes=0-1,4-5")) == SOUND
    answer = client.get(FILE, HTTP_RANGE=f"bytes={len(SOUND)}-")
    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{len(SOUND)}")
    assert client.get(FILE, HTTP_IF_NONE_MATCH=whole["ETag"]).status_code == 304
    head = client.head(FILE, HTTP_RANGE="bytes=0-1")
    assert (head.status_code, head["Content-Length"]) == (200, str(len(SOUND)))
    head.close()
    assert client.post(FILE).status_code == 405


@pytest.mark.parametrize("headers", [{}, {"Range": "bytes=0-99"}])
def test_one_whose_file_is_lost_is_not_found(article, client, headers) -> None:
    """Not a 500: nginx would ask for it again and again."""
    article.recording.file.storage.delete(article.recording.file.name)
    assert client.get(FILE, headers=headers).status_code == 404
    assert client.get(PAGE).status_code == 200


def test_it_is_public_as_long_as_its_article_is(article, client) -> None:
    chief = make_user("总编")
    issue = IssuePage.objects.get()

    def assert_gone() -> None:
        assert client.get(FILE).status_code == 404
        assert client.get(FILE, HTTP_RANGE="bytes=0-1").status_code == 404

    withdraw_article(article=article, by=chief, reason="有误。")
    assert_gone()
    reinstate_article(article=article, by=chief)
    assert body(client.get(FILE)) == SOUND
    unpublish_issue(issue=issue, by=chief)
    assert_gone()
    publish_issue(issue=issue, by=chief)
    assert body(client.get(FILE)) == SOUND
    login = PageViewRestriction.LOGIN
    shut = PageViewRestriction.objects.create(page=issue, restriction_type=login)
    assert_gone()
    shut.delete()
    assert body(client.get(FILE)) == SOUND


@pytest.mark.parametrize("kind", [PageViewRestriction.LOGIN, PageViewRestriction.PASSWORD])
def test_who_is_let_in_hears_what_the_page_offers(article, client, kind) -> None:
    shut = PageViewRestriction.objects.create(
        page=IssuePage.objects.get(), restriction_type=kind, password="工会"
    )
    assert client.get(FILE).status_code == 404
    if kind == PageViewRestriction.LOGIN:
        client.force_login(make_user())
    else:
        door = reverse("wagtailcore_authenticate_with_password", args=[shut.pk, article.pk])
        client.post(door, {"password": "工会", "return_url": PAGE})
    assert f'src="{FILE}"' in client.get(PAGE).content.decode()
    for asked in ({}, {"HTTP_RANGE": "bytes=0-1"}):
        answer = client.get(FILE, HTTP_X_PAPER_KEEP="1", **asked)
        assert body(answer) == SOUND[: 2 if asked else None]
        assert answer["Cache-Control"] == "private, no-store"
        assert "X-Accel-Expires" not in answer
    assert Client().get(FILE).status_code == 404


def test_one_that_is_not_signed_is_no_part_of_the_paper(article, client) -> None:
    later = make_recording(9)
    article.recording = later
    article.save_revision()
    assert body(client.get(FILE)) == SOUND
    sign(article, later)
    assert body(client.get(FILE)) == silence(9)
    sign(article, None)
    assert client.get(FILE).status_code == 404
    assert "recording" not in client.get(PAGE).content.decode()

    draft = make_issue(452)
    make_article(draft, signed=True, recording=later)
    assert client.get("/452/1.mp3").status_code == 404


def test_a_closed_paper_keeps_it_inside(article, client) -> None:
    CirculationSettings.objects.create(extent=Extent.EVERYTHING, networks="10.0.0.0/8")
    assert client.get(FILE, REMOTE_ADDR="203.0.113.9").status_code == 403
    inside = client.get(FILE, REMOTE_ADDR="10.1.2.3", HTTP_RANGE="bytes=0-1")
    assert (inside.status_code, inside["Cache-Control"]) == (206, "private, no-store")
    assert body(inside) == SOUND[:2]
    at = f"/media/{Recording.objects.get().file.name}"
    for address in ("203.0.113.9", "10.1.2.3"):
        assert client.get(at, REMOTE_ADDR=address).status_code in (403, 404)


def test_another_recording_is_another_text_to_be_signed(article) -> None:
    before = article.get_latest_revision()
    article.recording = make_recording(9, "另一段")
    after = article.save_revision()
    assert not same_copy(before, after)
    [part] = [p for p in differences_since_signed(article).parts if p.label == "录音"]
    [row] = part.rows
    assert (row.state.label, part.changed) == ("改动", True)
    assert row.lines[0].pieces[0].text.startswith("《另一段》（9秒")
    assert row.words[0].startswith("原来是《第3篇录音》（3分20秒")


def test_an_editor_attaches_it_and_hears_it_before_anybody(client) -> None:
    article = make_article(make_issue(451), recording=None)
    client.force_login(make_user("编辑"))
    recording = make_recording(200)
    form = edit_form(client, article)
    page = html.fromstring(client.get(edit_url(article)).content.decode())
    [panel] = page.xpath("//section[contains(@id, '-recording-')]")
    assert "collapsed" not in panel.get("class")
    assert client.post(edit_url(article), {**form, "recording": recording.pk}).status_code == 302
    assert ArticlePage.objects.get().get_latest_revision_as_object().recording == recording
    draft = client.get(f"/admin/pages/{article.pk}/view_draft/").content.decode()
    assert f'src="{recording.url}"' in draft
    board = client.get(reverse("desk_board", args=[article.issue_id])).content.decode()
    assert "<li>录音3分20秒</li>" in board

    by, issue = make_user("总编"), article.issue.issuepage
    link = make_preview_link(issue=issue, by=by, days=7, with_drafts=True)
    shared = Client().get(f"/preview/{token_of(link)}/1/").content.decode()
    assert "出版以后可以听" in shared
    assert "<audio" not in shared


def test_a_shared_preview_with_drafts_shows_the_drafts_recording(article) -> None:
    unpublish_issue(issue=IssuePage.objects.get(), by=None)
    article = ArticlePage.objects.get()
    later = make_recording(9)
    link = make_preview_link(
        issue=IssuePage.objects.get(), by=make_user("总编"), days=7, with_drafts=True
    )

    def told() -> str:
        return Client().get(f"/preview/{token_of(link)}/1/").content.decode()

    article.recording = later
    article.save_revision()
    assert "9秒" in told()
    Recording.objects.filter(pk=later.pk).delete()
    assert "本文录音" not in told()


def test_who_follows_is_told_of_the_file(article, client) -> None:
    address = f"http://testserver{FILE}"
    rss = etree.fromstring(client.get("/feed.xml").content)
    [enclosure] = rss.iter("enclosure")
    assert dict(enclosure.attrib) == {
        "url": address,
        "length": str(len(SOUND)),
        "type": "audio/mpeg",
    }
    atom = etree.fromstring(client.get("/feed/").content)
    [link] = [each for each in atom.iter("{*}link") if each.get("type") == "audio/mpeg"]
    assert (link.get("rel"), link.get("href")) == ("enclosure", address)
    assert link.get("length") == str(len(SOUND))
    [item] = json.loads(client.get("/feed.json").content)["items"]
    assert item["attachments"] == [
        {
            "url": address,
            "mime_type": "audio/mpeg",
            "title": "本文录音",
            "size_in_bytes": len(SOUND),
            "duration_in_seconds": 200,
        }
    ]
    page = html.fromstring(client.get(PAGE).content.decode())
    [data] = page.xpath("//script[@type='application/ld+json']")
    assert json.loads(data.text)["@graph"][0]["audio"] == {
        "@type": "AudioObject",
        "contentUrl": address,
        "encodingFormat": "audio/mpeg",
        "duration": "PT3M20S",
        "contentSize": str(len(SOUND)),
        "inLanguage": "zh-Hans",
    }


def test_an_issue_that_is_taken_in_again_keeps_its_recordings(article) -> None:
    def no_picture(name: str) -> bytes:
        raise AssertionError(name)

    folder = dump_issue(article.issue.issuepage)
    report = load_issue(issue=folder, picture=no_picture)
    assert report.changes == []
    article.title = "改过的标题"
    article.save_revision()
    load_issue(issue=folder, picture=no_picture)
    latest = ArticlePage.objects.get().get_latest_revision_as_object()
    assert (latest.title, latest.recording) == (folder.articles[0].title, article.recording)


def test_one_article_more_with_a_recording_asks_no_more(article, client, django_assert_num_queries):
    client.get(PAGE)
    sign(article, None)
    with django_assert_num_queries(9):
        client.get(PAGE)
    sign(article, make_recording())
    with django_assert_num_queries(9):
        client.get(PAGE)
