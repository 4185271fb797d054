"""A file that was sent in leaves the vault only through the door that asks for permission."""

from __future__ import annotations

import io
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from wagtail.models import ModelLogEntry

from contributions import vault
from contributions.models import Attachment, Contribution
from contributions.uploads import FileKind
from tests.contributions.factories import make_attachment, picture
from tests.factories import make_user

pytestmark = pytest.mark.django_db

SECRET = b"%PDF-1.7 what only the newsroom may read"
LOCKS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
}


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_user("编辑"))
    return client


def file_url(attachment: Attachment) -> str:
    return reverse("contributions_admin:file", args=[attachment.pk])


def thumbnail_url(attachment: Attachment) -> str:
    return reverse("contributions_admin:thumbnail", args=[attachment.pk])


def body(answer) -> bytes:
    """Read an answer to its end, which closes the file."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def is_locked_up(answer) -> bool:
    kept_by = {part.strip() for part in answer["Cache-Control"].split(",")}
    return LOCKS.items() <= dict(answer.items()).items() and {"private", "no-store"} <= kept_by


def downloads() -> list[ModelLogEntry]:
    return list(ModelLogEntry.objects.filter(action="contributions.download"))


def test_a_download_is_the_file_under_its_chinese_name(editor: Client) -> None:
    attachment = make_attachment(kind=FileKind.PDF, content=SECRET, name="劳动竞赛 方案.pdf")

    answer = editor.get(file_url(attachment))

    assert body(answer) == SECRET
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == (
        f"attachment; filename*=utf-8''{quote('劳动竞赛 方案.pdf')}"
    )


@pytest.mark.parametrize(
    ("kind", "content", "content_type"),
    [
        (FileKind.PHOTO, picture(), "image/jpeg"),
        (FileKind.PHOTO, picture(kind="PNG"), "image/png"),
        (FileKind.PHOTO, picture(kind="WEBP"), "image/webp"),
        (FileKind.PHOTO, b"<svg onload='alert(1)'></svg>", "application/octet-stream"),
        (FileKind.PDF, SECRET, "application/pdf"),
        (FileKind.PDF, b"<html><script>alert(1)</script>", "application/octet-stream"),
        (
            FileKind.WORD,
            b"PK\x03\x04",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
    ],
)
def test_a_browser_can_do_nothing_with_it_but_keep_it(
    kind: str, content: bytes, content_type: str, editor: Client
) -> None:
    answer = editor.get(file_url(make_attachment(kind=kind, content=content)))
    body(answer)

    assert answer["Content-Type"] == content_type
    assert answer["Content-Disposition"].startswith("attachment")
    assert is_locked_up(answer)


def test_the_original_has_a_name_of_its_own(editor: Client) -> None:
    original = picture(kind="PNG")
    attachment = make_attachment(original=original, name="现场.jpg")

    answer = editor.get(file_url(attachment) + "?original=1")

    assert body(answer) == original
    assert quote("现场（原图）.png") in answer["Content-Disposition"]


def test_an_original_that_was_not_kept_is_not_found(editor: Client) -> None:
    assert editor.get(file_url(make_attachment()) + "?original=1").status_code == 404


def test_each_download_is_logged_and_tells_nothing_of_the_content(editor: Client) -> None:
    attachment = make_attachment(name="举报信.jpg")

    for answer in (
        editor.get(file_url(attachment)),
        editor.head(file_url(attachment)),
        editor.get(thumbnail_url(attachment)),
    ):
        body(answer)

    (entry,) = downloads()
    assert entry.object_id == str(attachment.contribution_id)
    assert entry.user is not None
    assert "举报信" not in f"{entry.label}{entry.data}"


def test_an_infected_file_is_not_handed_out(editor: Client) -> None:
    attachment = make_attachment(scan=Attachment.Scan.INFECTED, original=b"x")

    for address in (file_url(attachment), file_url(attachment) + "?original=1"):
        answer = editor.get(address)
        assert answer.status_code == 403
        assert "病毒" in answer.content.decode()
    assert editor.get(thumbnail_url(attachment)).status_code == 404
    assert downloads() == []


def test_a_file_that_is_gone_is_told_in_chinese(editor: Client) -> None:
    attachment = make_attachment()
    vault.discard(*attachment.stored_names)

    for address in (file_url(attachment), thumbnail_url(attachment)):
        answer = editor.get(address)
        assert answer.status_code == 404
        assert "找不到这个附件的文件" in answer.content.decode()
    assert downloads() == []


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_thumbnail_is_small(kind: str, editor: Client) -> None:
    answer = editor.get(thumbnail_url(make_attachment(content=picture(2000, 900, kind=kind))))

    assert Image.open(io.BytesIO(answer.content)).size == (320, 144)
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"] == "inline"
    assert is_locked_up(answer)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "1", "I;16", "L"])
def test_a_thumbnail_is_made_of_every_kind_of_pixels(mode: str, editor: Client) -> None:
    out = io.BytesIO()
    Image.new(mode, (400, 400)).save(out, "PNG")

    answer = editor.get(thumbnail_url(make_attachment(content=out.getvalue())))

    assert answer.status_code == 200


def test_what_is_no_photo_or_broken_has_no_thumbnail(editor: Client) -> None:
    pdf = make_attachment(kind=FileKind.PDF)
    broken = make_attachment(content=b"\xff\xd8\xff\xe0 broken")

    assert editor.get(thumbnail_url(pdf)).status_code == 404
    assert editor.get(thumbnail_url(broken)).status_code == 404


def test_a_photo_seen_without_opening_the_contribution_is_noted_once(editor: Client) -> None:
    attachment = make_attachment()
    other = make_attachment(attachment.contribution)

    for photo in (attachment, other, attachment):
        assert editor.get(thumbnail_url(photo)).status_code == 200

    (entry,) = ModelLogEntry.objects.all()
    assert entry.action == "contributions.view"
    assert entry.object_id == str(attachment.contribution_id)
    assert Contribution.objects.get().unread  # its words were not seen


def test_the_photos_of_an_open_contribution_are_no_second_visit(editor: Client) -> None:
    attachment = make_attachment()
    editor.get(reverse("contributions_admin:detail", args=[attachment.contribution_id]))

    editor.get(thumbnail_url(attachment))

    assert ModelLogEntry.objects.filter(action="contributions.view").count() == 1


def test_only_reading_is_possible(editor: Client) -> None:
    attachment = make_attachment()

    assert editor.post(file_url(attachment)).status_code == 405
    assert editor.post(thumbnail_url(attachment)).status_code == 405


def test_no_address_hands_a_file_out_without_permission(client: Client) -> None:
    attachment = make_attachment(kind=FileKind.PDF, content=SECRET, original=SECRET)
    name = attachment.file.name
    folder = vault.vault().location.rpartition("/")[2]
    guesses = [
        file_url(attachment),
        file_url(attachment) + "?original=1",
        thumbnail_url(attachment),
        f"{settings.MEDIA_URL}{name}",
        f"{settings.MEDIA_URL}../{folder}/{name}",
        f"{settings.MEDIA_URL}..%2f{folder}%2f{name}",
        f"{settings.MEDIA_URL}contributions/{name}",
        f"{settings.MEDIA_URL}{attachment.name}",
        f"{settings.STATIC_URL}{name}",
        f"{settings.STATIC_URL}../{folder}/{name}",
        f"/contributions/{name}",
        f"/contribute/{name}",
        f"/contribute/{attachment.pk}/",
        f"/contributions/files/{attachment.pk}/",
        f"/contribute/files/{attachment.pk}/",
        f"/var/contributions/{name}",
        f"/{name}",
        f"/documents/{attachment.pk}/{attachment.name}",
    ]

    for user in (None, make_user(), make_user(is_active=False)):
        if user is not None:
            client.force_login(user)
        for address in guesses:
            answer = client.get(address)
            assert answer.status_code in (301, 302, 400, 404), address
            assert SECRET not in body(answer), address


def test_a_stored_file_has_no_address() -> None:
    attachment = make_attachment()

    with pytest.raises(ValueError, match="no address"):
        attachment.file.url  # noqa: B018
    assert not vault.vault().location.startswith(settings.MEDIA_ROOT)


def test_the_vault_may_be_a_storage_that_knows_no_paths(editor: Client, monkeypatch) -> None:
    attachment = make_attachment(kind=FileKind.PDF, content=SECRET)
    storage = vault.vault()
    monkeypatch.setattr(storage, "path", None)
    monkeypatch.setattr(type(storage), "_open", lambda *_: ContentFile(SECRET))

    assert body(editor.get(file_url(attachment))) == SECRET
