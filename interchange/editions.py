"""Make the files that readers take an issue along in, keep them, and make them again in time.

What a file was made of is summed up in a digest: whoever asks for it gets the kept one if that is
current, and otherwise one that is made then and there. So that nobody has to wait, they are also
made in the background whenever something happened to a public issue. A file that cannot be made is
tried again with growing pauses; the row says why it failed.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache, partial
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django_tasks import task
from wagtail.models import PageLogEntry

from issues.models import IssuePage
from newsroom.dressing import look_in_print
from newsroom.looks import Look, Period

from .files import FileNames
from .formats import FORMATS, Format
from .models import Edition
from .pages import public_form
from .schema import Issue, SchemaError
from .typesetting.press import TypesettingFailed
from .writers.illustrations import IllustrationRefused

__all__ = [
    "EditionFailed",
    "edition_of",
    "failing",
    "make_editions",
    "note_change",
    "note_looks",
    "owe_editions",
    "queue_again",
    "remove_file",
]

logger = logging.getLogger(__name__)

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360))
CLAIM = timedelta(minutes=10)  # longer than making all of an issue takes
# Said while one is made, so that it stands there when the program is ended in the midst of it.
CUT_SHORT = "做到一半，程序停了（多半是内存不够），详情在服务器的日志里。"
# What is done to a page without changing what readers get of it.
SILENT = ("wagtail.edit", "wagtail.lock", "wagtail.unlock")
# The code that a file comes out of: its writers, and the rules by which the site shows the same.
WRITTEN_BY = (
    "interchange",
    "interchange/writers",
    "interchange/typesetting",
    "issues",
    "articles",
    "newsroom",
    "static/css",
)
EXPECTED = (
    TypesettingFailed,
    IllustrationRefused,
    SchemaError,
)  # say in Chinese what an editor can do


class EditionFailed(Exception):
    """The file cannot be made; the message says why, in Chinese."""

    def __init__(self, reason: str, next_try: datetime) -> None:
        super().__init__(reason)
        self.next_try = next_try


def edition_of(issue: IssuePage, format: Format, *, at: datetime | None = None) -> Edition:
    """Return a public issue in one form, current, made if need be.

    What failed a while ago is not tried for every reader again. Raises EditionFailed.
    """
    at = at or timezone.now()
    form, names = public_form(issue)
    look = look_in_print(issue.number, issue.date) if format.dressed else Look.PLAIN
    digest = _digest(form, names, look)
    row, _ = Edition.objects.get_or_create(issue=issue, format=format.file)
    if row.digest == digest and row.file.storage.exists(str(row.file.name)):
        return row
    if row.failed_digest == digest and row.next_try and row.next_try > at:
        raise EditionFailed(row.last_error, row.next_try)
    return _make(row, format, form, names, look, digest, at)


def owe_editions(issue: IssuePage) -> None:
    """Note that something happened to ``issue``, and have its files made anew.

    What is owed already is not queued once more: whoever makes it sees that there is news.
    """
    rows = [Edition(issue=issue, format=file) for file in FORMATS]
    Edition.objects.bulk_create(rows, ignore_conflicts=True)
    owed = Edition.objects.filter(issue=issue)
    begun = ("", CUT_SHORT)
    queued = owed.filter(next_try__gt=timezone.now(), last_error__in=begun).exists()
    owed.update(next_try=timezone.now() + CLAIM, tries=0, failed_digest="", last_error="")
    if not queued:
        make_editions.enqueue(issue.pk)


def note_change(instance: PageLogEntry, created: bool, **kwargs: Any) -> None:
    """Have files made anew after what the log tells of an issue or of its articles."""
    if created and instance.action not in SILENT:
        transaction.on_commit(partial(_owe_after, instance.page_id), robust=True)


def note_looks(periods: Sequence[Period]) -> None:
    """Have the files made anew of what is printed otherwise: an issue, or those of some days."""
    wanted = Q(number__in=[each.issue for each in periods if each.issue is not None])
    for each in periods:
        if each.issue is None:
            wanted |= Q(date__gte=each.since, date__lte=each.until)
    for issue in IssuePage.objects.live().filter(wanted):
        transaction.on_commit(partial(owe_editions, issue), robust=True)


def remove_file(instance: Edition, **kwargs: Any) -> None:
    """Remove the file of an edition whose issue is gone."""
    if instance.file:
        storage, name = instance.file.storage, str(instance.file.name)
        transaction.on_commit(partial(storage.delete, name), robust=True)


def _owe_after(page: int) -> None:
    for issue in IssuePage.objects.live().filter(Q(pk=page) | Q(articles=page)).distinct():
        owe_editions(issue)


@task(backend="editions")
def make_editions(key: int) -> None:
    """Make every file of an issue that is owed; nothing is raised, the rows say what failed."""
    for row in Edition.objects.filter(issue=key, next_try__isnull=False).select_related("issue"):
        if not row.issue.live or row.format not in FORMATS:
            Edition.objects.filter(pk=row.pk).update(next_try=None)
            continue
        if row.last_error and row.next_try and row.next_try > timezone.now():
            continue  # it failed a while ago, or others make it
        until = _begin(row)
        try:
            edition_of(row.issue, FORMATS[row.format])
        except EditionFailed:
            continue
        # Unless it is owed again since: that task is skipped, but the news is not lost.
        made = Edition.objects.filter(pk=row.pk, next_try=until)
        if not made.update(next_try=None, tries=0, last_error=""):
            make_editions.enqueue(key)
            return


def _begin(row: Edition) -> datetime:
    """Note that ``row`` is being made, and return when it is owed again unless it was made.

    One that ends the program is begun with growing pauses, and not by every start of it.
    """
    tries = row.tries + (row.last_error == CUT_SHORT)
    until = timezone.now() + max(CLAIM, _pause(tries))
    as_found = Edition.objects.filter(pk=row.pk, next_try=row.next_try)
    as_found.update(tries=tries, last_error=CUT_SHORT, next_try=until)
    return until


def queue_again(*, at: datetime | None = None) -> int:
    """Queue what is due, since it failed or the queue lost it; return of how many issues."""
    due = Edition.objects.filter(next_try__lte=at or timezone.now())
    issues = set(due.values_list("issue", flat=True))
    for key in issues:
        make_editions.enqueue(key)
    return len(issues)


def failing() -> QuerySet[Edition]:
    """Return what could not be made of public issues, the newest issue first."""
    return (
        Edition.objects.filter(issue__live=True)
        .exclude(last_error="")
        .exclude(last_error=CUT_SHORT, tries=0)  # most are being made
        .select_related("issue")
        .order_by("-issue__date", "-issue__number", "format")
    )


def _make(
    row: Edition,
    format: Format,
    form: Issue,
    names: FileNames,
    look: Look,
    digest: str,
    at: datetime,
) -> Edition:
    try:
        picture = names.picture if format.full_size else names.for_reading
        content = format.write(form, picture, settings.WAGTAILADMIN_BASE_URL, look)
    except Exception as error:
        raise _failed(row, format, error, digest, at) from error
    old = row.file.name
    row.digest = digest
    row.file.save(format.file, ContentFile(content), save=False)
    row.size, row.made_at = len(content), at
    row.tries, row.failed_digest, row.last_error = 0, "", ""
    # next_try stays: whether anything is owed besides is for make_editions to say.
    row.save(
        update_fields=["digest", "file", "size", "made_at", "tries", "failed_digest", "last_error"]
    )
    if old and old != row.file.name:
        storage = row.file.storage
        transaction.on_commit(partial(storage.delete, old), robust=True)
    return row


def _failed(
    row: Edition, format: Format, error: Exception, digest: str, at: datetime
) -> EditionFailed:
    if isinstance(error, EXPECTED):
        reason = str(error)[:300]
    else:
        logger.error("making %s failed", row, exc_info=error)
        reason = f"出了故障（{type(error).__name__}），详情在服务器的日志里。"
    pause = _pause(row.tries)
    Edition.objects.filter(pk=row.pk).update(
        tries=row.tries + 1, failed_digest=digest, last_error=reason, next_try=at + pause
    )
    return EditionFailed(reason, at + pause)


def _pause(tries: int) -> timedelta:
    return PAUSES[min(tries, len(PAUSES) - 1)]


def _digest(form: Issue, names: FileNames, look: Look) -> str:
    """Sum up all that a file is made of: words, files (a changed one lies elsewhere), writers."""
    told = repr((form, sorted(names.stored.items()), settings.WAGTAILADMIN_BASE_URL, look))
    return sha256(_writers() + told.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _writers() -> bytes:
    """Sum up the code that writes, so that a new version of it makes every file anew."""
    summed = sha256()
    for folder in WRITTEN_BY:
        for path in sorted((settings.BASE_DIR / folder).iterdir()):
            if path.suffix in (".py", ".typ", ".css"):
                summed.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return summed.digest()
