"""What an editor may keep as a recording, and who may hear or delete it before readers do."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection, GroupCollectionPermission

from articles.models import ArticlePage
from desk.founding import set_up
from desk.review.signing import sign_article
from newsroom import mp3
from newsroom.models import Recording
from newsroom.recordings import length_in_words
from tests.factories import make_article, make_issue, make_user
from tests.newsroom.test_mp3 import EXE, HTML
from tests.sounds import SECRET, id3, make_recording, silence

pytestmark = pytest.mark.django_db

ADD = "/admin/documents/add/"


@pytest.fixture
def editor(db: None, client: Client) -> Client:
    client.force_login(make_user("编辑"))
    return client


def upload(client: Client, name: str, content: bytes, at: str = ADD, **more: str):
    file = SimpleUploadedFile(name, content, "audio/mpeg")
    return client.post(at, {"title": "录音", "file": file, "collection": 1, **more})


def test_a_recording_is_its_sound_and_nothing_that_came_with_it(editor: Client) -> None:
    answer = upload(editor, "第3篇.mp3", id3() + silence(200) + b"TAG" + SECRET)
    assert answer.status_code == 302
    kept = Recording.objects.get()
    assert (kept.seconds, kept.length, kept.size) == (200, "3分20秒", len(silence(200)))
    with kept.file.open() as file:
        assert file.read() == silence(200)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.mp3", EXE, mp3.NO_MP3),
        ("a.mp3", HTML, mp3.NO_MP3),
        ("a.mp3", id3(), mp3.NO_SOUND),
        ("a.mp3", silence(0.2), mp3.TOO_SHORT),
        ("a.mp3", b"", "空"),
        ("a.exe", silence(), "mp3"),
        ("a.mp3.html", silence(), "mp3"),
        ("a.pdf", b"%PDF-1.4", mp3.NO_MP3),
        ("a.mp3", silence(1.1) + bytes(1) * 400_000, "文件过大"),
    ],
)
def test_what_is_none_or_too_much_of_one_is_refused(
    name: str, content: bytes, said: str, editor: Client, monkeypatch: pytest.MonkeyPatch, settings
) -> None:
    settings.WAGTAILDOCS_MAX_UPLOAD_SIZE = 300_000
    answer = upload(editor, name, content)
    assert answer.status_code == 200
    [told] = answer.context["form"].errors["file"]
    assert said in told
    assert not Recording.objects.exists()


def test_several_at_once_and_from_an_article_go_through_the_same_form(editor: Client) -> None:
    at_once = {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"}
    for content, is_kept in ((EXE, False), (id3() + silence(), True)):
        file = SimpleUploadedFile("a.mp3", content)
        told = editor.post(
            "/admin/documents/multiple/add/",
            {"title": "录音", "files[]": file, "collection": 1},
            **at_once,
        )
        assert json.loads(told.content)["success"] is is_kept
    chooser = reverse("wagtaildocs_chooser:create")
    for content in (EXE, id3() + silence()):
        file = SimpleUploadedFile("b.mp3", content)
        prefix = "document-chooser-upload"
        fields = {"title": "录音", "file": file, "collection": "1"}
        told = editor.post(chooser, {f"{prefix}-{name}": value for name, value in fields.items()})
        assert told.status_code == 200
    assert [(each.seconds, each.size) for each in Recording.objects.all()] == [
        (3, len(silence()))
    ] * 2


@pytest.mark.parametrize(
    "name",
    [
        '我的"录音".mp3',
        "../../路径/穿越.mp3",
        "a'b;c.mp3",
        "长" * 200 + ".mp3",
        "<b>.mp3",
        "%2e.mp3",
    ],
)
def test_a_file_is_kept_where_nobody_can_guess_whatever_it_is_called(
    name: str, editor: Client
) -> None:
    assert upload(editor, name, silence()).status_code == 302
    path = Recording.objects.get().file.name
    folder, secret, stem = path.split("/")
    assert (folder, len(secret)) == ("recordings", 16)
    assert len(path) <= 100
    assert not {"/", "\\", '"', "<"} & set(stem)
    assert default_storage.exists(path)
    answer = editor.get(Recording.objects.get().url)
    assert b"".join(answer.streaming_content) == silence()
    assert answer["Content-Type"] == "audio/mpeg"
    assert "\n" not in answer["Content-Disposition"]


def test_the_file_of_a_recording_does_not_change(editor: Client) -> None:
    upload(editor, "a.mp3", silence())
    recording = Recording.objects.get()
    answer = editor.get(reverse("wagtaildocs:edit", args=[recording.pk]))
    assert "录音存好后不换文件" in answer.content.decode()
    upload(editor, "b.mp3", silence(9), reverse("wagtaildocs:edit", args=[recording.pk]))
    again = Recording.objects.get()
    assert (again.file.name, again.seconds) == (recording.file.name, 3)


def test_nobody_hears_it_at_the_desk_but_those_who_work_there(editor: Client) -> None:
    url = make_recording().url
    answer = editor.get(url)
    assert b"".join(answer.streaming_content) == silence(200)
    assert answer["Cache-Control"].endswith("private")
    assert editor.post(url).status_code == 405
    assert editor.get(url.replace(".mp3", "9.mp3")).status_code == 404
    for name in ("", "访客"):
        client = Client()
        if name:
            client.force_login(make_user())
        assert client.get(url).status_code == 302


def test_its_file_has_no_address_of_its_own(editor: Client) -> None:
    file = make_recording().file.name
    for path in (file, f"./{file}", f"images/../{file}", f"/{file}", file.replace("/", "//", 1)):
        assert editor.get(f"/media/{path}").status_code == 404, path


def test_what_an_article_plays_is_not_deleted(
    editor: Client, django_capture_on_commit_callbacks: Any
) -> None:
    played, drafted, spare = make_recording(), make_recording(), make_recording()
    signed_before = make_recording()
    make_article(make_issue(450), recording=signed_before, signed=True)
    former = ArticlePage.objects.get()
    former.recording = None
    sign_article(article=former, revision=former.save_revision(), by=None)
    article = make_article(make_issue(), recording=played, signed=True)
    article.recording = drafted
    article.save_revision()
    admin = Client()
    admin.force_login(make_user(is_superuser=True))
    with django_capture_on_commit_callbacks(execute=True):
        for recording in (played, drafted, signed_before, spare):
            admin.post(reverse("wagtaildocs:delete", args=[recording.pk]))
            admin.post(f"/admin/bulk/newsroom/recording/delete/?id={recording.pk}")
    assert set(Recording.objects.all()) == {played, drafted, signed_before}
    assert not default_storage.exists(spare.file.name)


def test_a_paper_that_was_set_up_before_gets_the_permissions_once(editor: Client) -> None:
    assert '"label": "\\u5f55\\u97f3"' in editor.get("/admin/").content.decode()
    given = GroupCollectionPermission.objects.filter(
        permission__content_type__app_label="wagtaildocs"
    )
    assert given.count() == 9
    given.delete()  # as before there were recordings
    assert editor.get(ADD).status_code == 302

    set_up()

    assert given.count() == 9
    assert editor.get(ADD).status_code == 200
    given.filter(permission__codename="add_document", group__name="编辑").delete()
    set_up()
    assert given.count() == 8


def test_a_role_that_is_made_anew_gets_them_too(editor: Client) -> None:
    Group.objects.get(name="责任编辑").delete()
    set_up()
    again = Group.objects.get(name="责任编辑").collection_permissions
    assert again.filter(permission__content_type__app_label="wagtaildocs").count() == 3


def test_a_colleagues_recording_that_no_article_plays_may_be_deleted(editor: Client) -> None:
    upload(editor, "a.mp3", silence())
    chief = Client()
    chief.force_login(make_user("总编"))
    chief.post(reverse("wagtaildocs:delete", args=[Recording.objects.get().pk]))
    assert not Recording.objects.exists()


def test_nobody_is_asked_among_which_pictures_a_recording_belongs(editor: Client) -> None:
    Collection.get_first_root_node().add_child(name="版面图")
    recording = make_recording()
    asking = [
        ADD,
        "/admin/documents/multiple/add/",
        "/admin/documents/",
        reverse("wagtaildocs:edit", args=[recording.pk]),
        reverse("wagtaildocs_chooser:choose"),
    ]
    for address in asking:
        assert "版面图" not in editor.get(address).content.decode(), address
    assert upload(editor, "a.mp3", silence(9)).status_code == 302
    assert Recording.objects.get(seconds=9).collection == Collection.get_first_root_node()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "1秒"),
        (59, "59秒"),
        (60, "1分钟"),
        (200, "3分20秒"),
        (3600, "1小时"),
        (3900, "1小时5分"),
    ],
)
def test_how_long_it_plays_is_said_in_words(seconds: int, words: str) -> None:
    assert length_in_words(seconds) == words
