"""Take in page files, keep them until they were read, and have that done in the background."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from interchange.readers.page_pdf import LARGEST, PDF_START, START_WITHIN
from issues.folio_pages import PageRefused
from issues.models import Folio, IssuePage
from issues.placing import LAST_FOLIO, why_not_place
from newsroom.cjk import clean_line

from .models import PageUpload
from .reading import read_upload

if TYPE_CHECKING:
    from accounts.models import User

__all__ = ["PICTURES", "drop_upload", "read_again", "receive_page", "try_again"]

MB = 1_000_000
LARGEST_PICTURE = 40 * MB
# How the pictures begin that can be a page; what they really hold is seen when they are redrawn.
PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")
MOST_WAITING = 40  # of an issue
LONGEST_NAME = 200


@transaction.atomic
def receive_page(
    *, issue: IssuePage, folio: int, file: UploadedFile[Any], by: User, is_whole: bool = False
) -> PageUpload:
    """Keep a page file of ``issue`` and have it read; in the place of one that failed before.

    ``is_whole``: the pages of a PDF become this folio and those after it. Raises PageRefused.
    """
    _check_may(issue, by)
    if not 1 <= folio <= LAST_FOLIO:
        raise PageRefused(f"版次从1到{LAST_FOLIO}，请改版次。")
    name = clean_line(file.name or "")[-LONGEST_NAME:] or "版面"
    _check_kind(file, name, is_whole)
    _check_not_too_many(issue)
    PageUpload.objects.filter(issue=issue, folio=folio, state=PageUpload.State.FAILED).delete()
    now = timezone.now()
    upload = PageUpload(
        issue=issue, folio=folio, name=name, is_whole=is_whole, by=by, at=now, changed_at=now
    )
    upload.file.save(name, file, save=False)
    upload.save()
    transaction.on_commit(partial(read_upload.enqueue, upload.pk))
    return upload


@transaction.atomic
def read_again(*, issue: IssuePage, folio: int, by: User) -> PageUpload:
    """Have the areas of a page found anew in the PDF that is kept of it. Raises PageRefused."""
    _check_may(issue, by)
    if not Folio.objects.filter(issue=issue, number=folio).exclude(page_pdf="").exists():
        raise PageRefused("这一版没有PDF，找不出热区，请用手画。")
    _check_not_too_many(issue)
    # A file that failed stays: it may be tried again.
    PageUpload.objects.filter(
        issue=issue, folio=folio, file="", state=PageUpload.State.FAILED
    ).delete()
    now = timezone.now()
    upload = PageUpload.objects.create(issue=issue, folio=folio, by=by, at=now, changed_at=now)
    transaction.on_commit(partial(read_upload.enqueue, upload.pk))
    return upload


@transaction.atomic
def try_again(*, upload: PageUpload, by: User) -> None:
    """Have a file read once more that failed, or whose reader is gone."""
    _check_may(upload.issue, by)
    again = PageUpload.objects.select_for_update().filter(pk=upload.pk).first()
    if again is None or again.is_under_way:
        return
    again.state, again.reason, again.changed_at = PageUpload.State.WAITING, "", timezone.now()
    again.save(update_fields=["state", "reason", "changed_at"])
    transaction.on_commit(partial(read_upload.enqueue, again.pk))


@transaction.atomic
def drop_upload(*, upload: PageUpload, by: User) -> None:
    """Forget a file that was not read, or stop waiting for it; pages that there are stay."""
    _check_may(upload.issue, by)
    kept = PageUpload.objects.select_for_update().filter(pk=upload.pk).first()
    if kept is not None:
        kept.delete()


def _check_may(issue: IssuePage, by: User) -> None:
    if not issue.permissions_for_user(by).can_reorder_children():
        raise PageRefused(why_not_place(issue))


def _check_not_too_many(issue: IssuePage) -> None:
    waiting = PageUpload.objects.filter(issue=issue).exclude(state=PageUpload.State.FAILED)
    if waiting.count() >= MOST_WAITING:
        raise PageRefused("这一期等着处理的版面太多了，请等它们做完再试。")


def _check_kind(file: UploadedFile[Any], name: str, is_whole: bool) -> None:
    """Refuse by its beginning and size what can be no page; the rest is seen when it is read."""
    start = file.read(START_WITHIN)
    file.seek(0)
    size = file.size or 0
    if not size:
        raise PageRefused(f"“{name}”是空的，请重新导出再传。")
    if PDF_START in start:
        if size > LARGEST:
            raise PageRefused(f"“{name}”太大，PDF最多{LARGEST // MB}MB。请压缩图片后重新导出。")
        return
    if is_whole:
        raise PageRefused(f"“{name}”不是PDF。整份的版面要用PDF，图片请一版一版传。")
    if not start.startswith(PICTURES):
        raise PageRefused(f"“{name}”不能作版面。请用PDF，或JPG、PNG、WebP图片。")
    if size > LARGEST_PICTURE:
        raise PageRefused(f"“{name}”太大，图片最多{LARGEST_PICTURE // MB}MB。请另存为JPG再传。")
