"""The files that readers take an issue along in, made once and kept."""

from __future__ import annotations

from django.core.files.storage import Storage, storages
from django.db import models

from issues.models import IssuePage

__all__ = ["Edition"]


def edition_storage() -> Storage:
    """Return where editions are kept: a folder that no address leads to."""
    return storages["editions"]


def edition_path(edition: Edition, filename: str) -> str:
    """Return the name of an edition in its storage."""
    return f"{edition.issue_id}/{edition.digest[:16]}-{edition.format}"


class Edition(models.Model):
    """An issue in one of the forms of ``interchange.formats``.

    ``digest`` is of all that the file was made of, writers included, so that whoever asks knows
    whether it is current. While ``next_try`` is set, the file is owed: it is being made, or it
    failed and is tried again then.
    """

    issue = models.ForeignKey(
        IssuePage, verbose_name="期", on_delete=models.CASCADE, related_name="editions"
    )
    format = models.CharField("形式", max_length=20)
    file = models.FileField("文件", storage=edition_storage, upload_to=edition_path, blank=True)
    digest = models.CharField("内容指纹", max_length=64, blank=True)
    size = models.PositiveIntegerField("字节数", default=0)
    made_at = models.DateTimeField("制作时间", null=True, blank=True)
    tries = models.PositiveSmallIntegerField("失败次数", default=0)
    next_try = models.DateTimeField("下次制作", null=True, blank=True, db_index=True)
    failed_digest = models.CharField("没有做成的内容", max_length=64, blank=True)
    last_error = models.CharField("上次没有做成的原因", max_length=300, blank=True)

    class Meta:
        verbose_name = "下载文件"
        verbose_name_plural = "下载文件"
        constraints = [
            models.UniqueConstraint(fields=["issue", "format"], name="edition_once_per_format")
        ]

    def __str__(self) -> str:
        return f"{self.issue}：{self.format}"
