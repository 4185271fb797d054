"""Keep uploads in a bucket, under the addresses they have in a folder."""

from __future__ import annotations

from urllib.parse import urljoin

from django.conf import settings
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage


class MediaBucket(S3Storage):
    """A bucket that everybody may read, at MEDIA_URL: its own address, or one that nginx passes."""

    def url(
        self,
        name: str,
        parameters: object = None,
        expire: object = None,
        http_method: object = None,
    ) -> str:
        """Return the address of a file, the same for everybody and for ever."""
        return urljoin(settings.MEDIA_URL, filepath_to_uri(name).lstrip("/"))
