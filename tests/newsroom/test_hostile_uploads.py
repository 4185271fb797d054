"""What is uploaded in the admin is a picture and nothing else, and tells nothing of who took it."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from wagtail.documents import get_document_model

from newsroom.models import PressPhoto
from newsroom.photo_form import bare
from tests.factories import make_user

pytestmark = pytest.mark.django_db

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
SECRET = b"<script>13812345678</script>"


def png_of(width: int, height: int) -> bytes:
    """A small file that claims, and would unpack to, a huge picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(10_000_000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def frames(kind: str, number: int) -> bytes:
    file = BytesIO()
    images = [Image.new("RGB", (60, 40), (n * 9, 0, 0)) for n in range(number)]
    images[0].save(file, kind, save_all=True, append_images=images[1:])
    return file.getvalue()


def photo(kind: str = "JPEG", hung_on: bytes = b"") -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = SECRET.decode()
    exif.get_ifd(0x8825)[2] = (30.0, 15.0, 0.0)
    file = BytesIO()
    Image.new("RGB", (60, 40), "brown").save(file, kind, exif=exif)
    return file.getvalue() + hung_on


@pytest.fixture
def editor(db: None, client: Client) -> Client:
    client.force_login(make_user("编辑"))
    return client


def upload(client: Client, name: str, content: bytes, kind: str = "image/jpeg"):
    return client.post(
        "/admin/images/add/",
        {"title": "图", "file": SimpleUploadedFile(name, content, kind), "collection": 1},
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.svg", SVG),
        ("a.jpg", SVG),
        ("a.html", HTML),
        ("a.jpg", HTML),
        ("a.jpg.html", photo()),
        ("a.png", photo()),
        ("a.jpg", b"GIF89a" + HTML),
        ("bomb.png", png_of(60_000, 60_000)),
        ("a.heic", b"\0\0\0\x18ftypheic"),
        ("a.jpg", photo()[:200]),
    ],
)
def test_what_is_no_picture_or_too_much_of_one_is_refused(
    name: str, content: bytes, editor: Client
) -> None:
    answer = upload(editor, name, content)
    assert answer.status_code == 200
    assert answer.context["form"].errors["file"]
    assert not PressPhoto.objects.exists()


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])  # of PNG none is taken that moves
def test_all_pictures_of_an_animation_count(kind: str, editor: Client, settings) -> None:
    settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS = 4 * 60 * 40
    assert upload(editor, f"a.{kind.lower()}", frames(kind, 4)).status_code == 302
    answer = upload(editor, f"b.{kind.lower()}", frames(kind, 5))
    assert "动图太大" in str(answer.context["form"].errors["file"])
    assert PressPhoto.objects.count() == 1


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_keeps_its_picture_and_loses_where_it_was_taken(kind: str, editor: Client) -> None:
    sent = photo(kind, hung_on=HTML)
    assert upload(editor, f"a.{'jpg' if kind == 'JPEG' else kind.lower()}", sent).status_code == 302
    with default_storage.open(PressPhoto.objects.get().file.name) as file:
        kept = file.read()
    assert SECRET not in kept
    assert HTML not in kept
    with Image.open(BytesIO(kept)) as image:
        assert dict(image.getexif()) == {0x0112: 6}
        assert image.size == (60, 40)


def test_what_a_telephone_hung_behind_a_photo_goes_and_the_photo_stays_as_it_was(
    editor: Client,
) -> None:
    picture, sent = Image.effect_noise((120, 80), 60).convert("RGB"), BytesIO()
    second = Image.new("RGB", (60, 40), "brown")
    picture.save(sent, "MPO", save_all=True, append_images=[second], quality=92)
    assert upload(editor, "a.jpg", sent.getvalue()).status_code == 302
    with (
        default_storage.open(PressPhoto.objects.get().file.name) as file,
        Image.open(file) as kept,
        Image.open(sent) as before,
    ):
        assert kept.format == "JPEG"
        assert kept.quantization == before.quantization
        assert "mp" not in kept.info
    bare_again = bare(SimpleUploadedFile("a.jpg", sent.getvalue()))
    assert bare_again.content_type == "image/jpeg"


def test_an_animation_stays_one(editor: Client) -> None:
    assert upload(editor, "a.gif", frames("GIF", 3)).status_code == 302
    with (
        default_storage.open(PressPhoto.objects.get().file.name) as file,
        Image.open(file) as image,
    ):
        assert image.n_frames == 3


@pytest.mark.parametrize(
    ("name", "content"), [("a.html", HTML), ("a.svg", SVG), ("a.js", b"alert(1)")]
)
@pytest.mark.parametrize("role", ["编辑", "总编", "admin"])
def test_no_document_that_runs_is_taken(
    name: str, content: bytes, role: str, client: Client
) -> None:
    client.force_login(make_user("", is_superuser=True) if role == "admin" else make_user(role))
    client.post(
        "/admin/documents/add/", {"title": "文件", "file": SimpleUploadedFile(name, content)}
    )
    assert not get_document_model().objects.exists()


def test_nobody_has_a_picture_of_oneself(editor: Client) -> None:
    page = editor.get("/admin/account/").content.decode()
    assert "avatar-avatar" not in page


def test_an_upload_runs_nothing_even_when_opened_by_itself(editor: Client) -> None:
    upload(editor, "a.jpg", photo())
    answer = editor.get(PressPhoto.objects.get().file.url)
    answer.close()
    policy = answer.headers["Content-Security-Policy"]
    assert set(policy.split("; ")) == {"sandbox", "default-src 'none'"}
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
