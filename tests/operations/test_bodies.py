"""A body that is shorter than announced is refused everywhere, and nothing of it is kept."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from PIL import Image

from accounts.models import User
from following.mail.models import Subscription
from newsroom.models import PressPhoto

from ..factories import make_user

pytestmark = pytest.mark.django_db


def send(
    client: Client, path: str, body: bytes, kind: str, *, missing: int, **extra: str
) -> HttpResponse:
    """Announce all of ``body``, and break off before its end."""
    stream = BytesIO(body[: len(body) - missing])
    return client.generic("POST", path, body, kind, **{"wsgi.input": stream}, **extra)


def words(content: bytes) -> str:
    return re.sub(r"<[^>]+>|\s+", "", content.decode())


def photo() -> SimpleUploadedFile:
    buffer = BytesIO()
    Image.effect_noise((200, 200), 50).convert("RGB").save(buffer, "JPEG")
    return SimpleUploadedFile("photo.jpg", buffer.getvalue(), "image/jpeg")


@pytest.fixture
def editor() -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(make_user(is_superuser=True))
    return client


@pytest.mark.parametrize("missing", [1, 60, 500, 5000])
def test_a_photo_that_was_cut_is_not_stored(editor: Client, missing: int) -> None:
    body = encode_multipart(BOUNDARY, {"title": "照片", "files[]": photo()})

    answer = send(editor, "/admin/images/multiple/add/", body, MULTIPART_CONTENT, missing=missing)

    assert answer.status_code == 400
    assert "没有传完" in words(answer.content)
    assert not PressPhoto.objects.exists()


def test_the_same_photo_that_came_whole_is_stored(editor: Client) -> None:
    body = encode_multipart(BOUNDARY, {"title": "照片", "files[]": photo()})

    answer = send(
        editor,
        "/admin/images/multiple/add/",
        body,
        MULTIPART_CONTENT,
        missing=0,
        HTTP_X_REQUESTED_WITH="XMLHttpRequest",
    )

    assert answer.status_code == 200
    assert PressPhoto.objects.count() == 1


def test_a_cut_body_passes_no_view_whose_token_came_in_a_header() -> None:
    """CSRF takes a body that it cannot read for an empty one, and looks into the headers."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(make_user(is_superuser=True))
    page = client.get("/admin/account/")
    token = client.cookies["csrftoken"].value
    assert page.status_code == 200
    body = b"name_email-first_name=" + "新".encode() * 50

    answer = send(
        client,
        "/admin/account/",
        body,
        "application/x-www-form-urlencoded",
        missing=10,
        HTTP_X_CSRFTOKEN=token,
    )

    assert answer.status_code == 400
    assert not User.objects.filter(first_name__contains="新").exists()


def test_an_address_that_was_cut_is_not_subscribed() -> None:
    client = Client(raise_request_exception=False)
    body = b"email=reader%40example.org.cn"

    answer = send(client, "/subscribe/", body, "application/x-www-form-urlencoded", missing=3)

    assert answer.status_code == 400
    assert not Subscription.objects.exists()


def test_the_form_for_senders_shows_again_what_came_of_the_text() -> None:
    client = Client(raise_request_exception=False)
    body = encode_multipart(
        BOUNDARY, {"kind": "manuscript", "text": "正文在这里", "files": photo()}
    )

    answer = send(client, "/contribute/", body, MULTIPART_CONTENT, missing=400)

    assert answer.status_code == 400
    assert "正文在这里" in answer.content.decode()


@pytest.mark.parametrize("length", ["x", "-5", "1e3", "٣", "9" * 20, "1, 1"])
def test_a_length_that_is_none_is_a_bad_request(length: str) -> None:
    client = Client(raise_request_exception=False)

    answer = client.generic("POST", "/subscribe/", b"", "text/plain", CONTENT_LENGTH=length)

    assert answer.status_code == 400
    assert "请求有误" in words(answer.content)


def test_a_body_of_no_known_length_is_refused() -> None:
    client = Client(raise_request_exception=False)

    answer = client.generic(
        "POST", "/subscribe/", b"", CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked"
    )

    assert answer.status_code == 411
