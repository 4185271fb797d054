"""A private bucket instead of the folder: the same vault, at a (simulated) S3."""

from __future__ import annotations

import io
from collections.abc import Iterator

import boto3
import pytest
from django.core.files.base import ContentFile
from moto import mock_aws
from storages.backends.s3 import S3Storage

from contributions import vault
from hzgy.settings.storage import private_bucket

BUCKET = "paper-contributions"


@pytest.fixture
def bucket(settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have the vault lie in a bucket, as CONTRIBUTIONS_BUCKET does."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "for-tests")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        boto3.client("s3").create_bucket(Bucket=BUCKET)
        settings.STORAGES = settings.STORAGES | {
            "contributions": private_bucket(BUCKET, endpoint=None)
        }
        yield


def test_files_are_put_found_and_removed_in_a_bucket(bucket: None) -> None:
    name = vault.put(ContentFile(b"secret"))

    assert isinstance(vault.vault(), S3Storage)
    with vault.vault().open(name) as file:
        assert file.read() == b"secret"
    assert list(vault.names_in_vault()) == [name]
    vault.discard(name)
    assert list(vault.names_in_vault()) == []


def test_what_lies_in_the_bucket_is_private(bucket: None) -> None:
    name = vault.put(ContentFile(io.BytesIO(b"secret").read()))
    granted = boto3.client("s3").get_object_acl(Bucket=BUCKET, Key=name)["Grants"]
    assert [grant["Grantee"]["Type"] for grant in granted] == ["CanonicalUser"]
