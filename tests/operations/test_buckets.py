"""Uploads, editions and imports in (simulated) buckets, and a set of copies made of them."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.core.files.storage import storages
from django.test import Client
from moto import mock_aws
from PIL import Image

from hzgy.settings.storage import media_bucket, private_bucket
from newsroom.models import PressPhoto
from operations.backup.places import chunks_of, names_in, stamp_of, storage_of

BUCKETS = {"media": "paper-media", "private": "paper-private", "letters": "paper-letters"}


@pytest.fixture
def buckets(settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have everything lie in buckets, as the settings do."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "for-tests")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        for name in BUCKETS.values():
            boto3.client("s3").create_bucket(Bucket=name)
        settings.STORAGES = settings.STORAGES | {
            "default": media_bucket(BUCKETS["media"], endpoint=None),
            "contributions": private_bucket(BUCKETS["letters"], endpoint=None),
            **{
                alias: private_bucket(BUCKETS["private"], endpoint=None, folder=alias)
                for alias in ("editions", "imports")
            },
        }
        yield


def keys(bucket: str) -> list[str]:
    found = boto3.client("s3").list_objects_v2(Bucket=BUCKETS[bucket])
    return [each["Key"] for each in found.get("Contents", ())]


@pytest.mark.django_db
def test_photos_and_renditions_lie_in_the_bucket_at_lasting_addresses(
    buckets: None, settings
) -> None:
    content = BytesIO()
    Image.new("RGB", (800, 600), "red").save(content, "JPEG")
    photo = PressPhoto(title="赛场", file=ImageFile(BytesIO(content.getvalue()), name="race.jpg"))
    photo.save()
    smaller = photo.get_rendition("width-400")

    assert keys("media") == sorted([smaller.file.name, photo.file.name])
    assert smaller.url == f"/media/{smaller.file.name}"  # no signature: for every reader the same
    settings.MEDIA_URL = "https://media.paper.example/"
    assert smaller.url == f"https://media.paper.example/{smaller.file.name}"
    told = boto3.client("s3").head_object(Bucket=BUCKETS["media"], Key=smaller.file.name)
    assert told["CacheControl"] == "public, max-age=31536000, immutable"
    assert told["ContentType"] == "image/jpeg"


def test_editions_and_imports_do_not_mix_and_are_private(buckets: None) -> None:
    for alias in ("editions", "imports"):
        storages[alias].save("1/a", ContentFile(b"content"))
    assert keys("private") == ["editions/1/a", "imports/1/a"]
    for key in keys("private"):
        grants = boto3.client("s3").get_object_acl(Bucket=BUCKETS["private"], Key=key)["Grants"]
        assert [grant["Grantee"]["Type"] for grant in grants] == ["CanonicalUser"]


@pytest.mark.django_db
def test_nothing_private_has_an_address_of_the_paper(buckets: None) -> None:
    storages["contributions"].save("ab/letter", ContentFile(b"secret"))
    for path in ("/media/ab/letter", "/media/contributions/ab/letter"):
        assert Client().get(path).status_code == 404


def test_what_lies_in_buckets_is_found_and_read_for_a_copy(buckets: None) -> None:
    storages["default"].save("original_images/照片.jpg", ContentFile(b"picture"))
    storages["default"].save("a.jpg", ContentFile(b"another"))
    media = storage_of("media")
    assert list(names_in(media)) == ["a.jpg", "original_images/照片.jpg"]
    assert b"".join(chunks_of(media, "original_images/照片.jpg")) == b"picture"
    assert stamp_of(media, "a.jpg").startswith("7 ")
    with pytest.raises(FileNotFoundError):
        list(chunks_of(media, "gone.jpg"))
    with pytest.raises(FileNotFoundError):
        stamp_of(media, "gone.jpg")
