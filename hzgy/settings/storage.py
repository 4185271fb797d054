"""Where files are: the site's own, uploads, what is sent in; in folders or in buckets."""

from typing import Any

from .environment import BASE_DIR, VAR_DIR, env

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env("STATIC_ROOT", default=str(VAR_DIR / "static"))
MEDIA_URL = env("MEDIA_URL", default="/media/")
MEDIA_ROOT = env("MEDIA_ROOT", default=str(VAR_DIR / "media"))
FILE_UPLOAD_PERMISSIONS = 0o644
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024  # an article of 200,000 characters, as rich text
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000


def private_folder(location: str) -> dict[str, Any]:
    """Return a storage in a folder that only this program reads."""
    return {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": location,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    }


STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    # Issues as files: handed out by interchange.views as long as the issue is public.
    "editions": private_folder(env("EDITIONS_ROOT", default=str(VAR_DIR / "editions"))),
    # Pictures that came with copy which nobody has decided on yet (desk.importing).
    "imports": private_folder(env("IMPORTS_ROOT", default=str(VAR_DIR / "imports"))),
    # What people send in: no address leads there (contributions.vault).
    "contributions": {
        "BACKEND": "contributions.vault.VaultStorage",
        "OPTIONS": {
            "location": env("CONTRIBUTIONS_ROOT", default=str(VAR_DIR / "contributions")),
        },
    },
}


def private_bucket(name: str, *, endpoint: str | None, folder: str = "") -> dict[str, Any]:
    """Return a storage in the bucket ``name`` of S3, or of what speaks like it at ``endpoint``.

    Credentials come from the variables that boto3 itself reads (AWS_ACCESS_KEY_ID, …).
    """
    from botocore.config import Config  # slow to import, and few need it

    patience = Config(connect_timeout=5, read_timeout=20, retries={"total_max_attempts": 2})
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "client_config": patience,
            "bucket_name": name,
            "endpoint_url": endpoint,
            "default_acl": "private",
            "file_overwrite": False,
            "location": folder,
        },
    }


def media_bucket(name: str, *, endpoint: str | None) -> dict[str, Any]:
    """Return a storage in a bucket that everybody may read by its policy; nobody may list it."""
    return {
        "BACKEND": "operations.media_bucket.MediaBucket",
        "OPTIONS": {
            "bucket_name": name,
            "endpoint_url": endpoint,
            "file_overwrite": False,
            "object_parameters": {"CacheControl": "public, max-age=31536000, immutable"},
        },
    }


if bucket := env("CONTRIBUTIONS_BUCKET", default=""):
    STORAGES["contributions"] = private_bucket(
        bucket, endpoint=env("CONTRIBUTIONS_BUCKET_ENDPOINT", default=None)
    )

BUCKET_ENDPOINT = env("BUCKET_ENDPOINT", default=None)
if bucket := env("MEDIA_BUCKET", default=""):
    STORAGES["default"] = media_bucket(bucket, endpoint=BUCKET_ENDPOINT)
if bucket := env("PRIVATE_BUCKET", default=""):
    for alias in ("editions", "imports"):
        STORAGES[alias] = private_bucket(bucket, endpoint=BUCKET_ENDPOINT, folder=alias)
