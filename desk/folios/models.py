"""Page files on their way to becoming the printed pages of an issue."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar

from django.core.files.storage import Storage, storages
from django.db import models, transaction
from django.utils import timezone

from issues.models import IssuePage

__all__ = ["PageUpload", "forget_failed", "remove_file"]

# Longer than the limits let any file take (interchange.readers.page_pdf, .pictures).
GIVEN_UP = timedelta(minutes=5)
# Long enough to be seen after a holiday; the file is still with whoever sent it.
KEEP_FAILED = timedelta(days=14)


def uploads_storage() -> Storage:
    """Return where page files wait: a folder that no address leads to."""
    return storages["imports"]


def upload_path(upload: PageUpload, filename: str) -> str:
    """Return the name of a page file in its storage; ``filename`` may be anything."""
    return f"pages/{upload.issue_id}/page"


class PageUpload(models.Model):
    """What an editor sent as page ``folio``, or, of several pages, as that one and those after it.

    Without a file, the PDF that is kept is to be read again for its areas. The row goes when the
    pages are there; one that could not be read stays and says why.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "等着处理"
        WORKING = "working", "正在处理"
        FAILED = "failed", "没有做成"

    issue = models.ForeignKey(
        IssuePage, verbose_name="期", on_delete=models.CASCADE, related_name="page_uploads"
    )
    folio = models.PositiveSmallIntegerField("版次")
    name = models.CharField("文件名", max_length=200, blank=True)
    file = models.FileField("文件", storage=uploads_storage, upload_to=upload_path, blank=True)
    is_whole = models.BooleanField("整份，依次放到以后各版", default=False)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField("没有做成的原因", max_length=300, blank=True)
    by = models.ForeignKey(
        "accounts.User",
        verbose_name="上传人",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    at = models.DateTimeField("上传时间")
    changed_at = models.DateTimeField("状态改变的时间")

    class Meta:
        verbose_name = "上传的版面"
        verbose_name_plural = "上传的版面"
        ordering: ClassVar[list[str]] = ["folio", "pk"]

    def __str__(self) -> str:
        return f"{self.issue}第{self.folio}版：{self.name or '重新找热区'}"

    @property
    def is_under_way(self) -> bool:
        """Whether something is still to come of it by itself."""
        return self.state != self.State.FAILED and not self.is_stuck()

    def is_stuck(self, at: datetime | None = None) -> bool:
        """Whether whoever worked on it is gone."""
        return (
            self.state != self.State.FAILED and self.changed_at < (at or timezone.now()) - GIVEN_UP
        )


def remove_file(instance: PageUpload, **kwargs: Any) -> None:
    """Remove the file of an upload whose row is gone, also with its issue."""
    if instance.file:
        delete = partial(instance.file.storage.delete, str(instance.file.name))
        transaction.on_commit(delete, robust=True)


def forget_failed(*, at: datetime | None = None) -> int:
    """Remove the uploads that failed long ago, with their files; return how many."""
    before = (at or timezone.now()) - KEEP_FAILED
    old = PageUpload.objects.filter(state=PageUpload.State.FAILED, changed_at__lt=before)
    return old.delete()[0]
