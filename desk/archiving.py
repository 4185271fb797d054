"""Take in back issues, each whole or not at all; what is there already is not overwritten."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

from articles.models import ArticlePage
from interchange.files import ImportRefused
from interchange.pages import ExportRefused, Report, dump_issue, imprint_in_force, load_issue
from interchange.readers.archive import ArchivedIssue, Entry, EntryRefused, read_entry
from interchange.schema import Imprint, SchemaError
from issues.models import IssuePage
from issues.publishing import publish_issue

from .review.signing import sign_article

__all__ = ["Fate", "Outcome", "take_in_entry"]


class Fate(StrEnum):
    """What became of an issue of the archive."""

    TAKEN = "新收"
    CHANGED = "有改动"
    UNCHANGED = "没有改动"
    KEPT = "已有，未动"
    REFUSED = "没有收"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an entry, and what the operator should know of it."""

    name: str
    fate: Fate
    number: int | None = None
    remarks: tuple[str, ...] = field(default=())
    is_public: bool = False


def imprint_for_want_of_one(day: date) -> Imprint:
    """Return what an issue of a day is printed under that tells no imprint: never a later one."""
    return imprint_in_force(day) or Imprint(name=settings.WAGTAIL_SITE_NAME)


def take_in_entry(entry: Entry, *, publish: bool = False, dry_run: bool = False) -> Outcome:
    """Take in an issue of an archive, or say why not; nothing of a refused one is kept.

    An issue folder updates an issue of its number as ``import_issue`` does. Of anything else, which
    had to be guessed at, an issue that is there already is left as it is.
    """
    if entry.folder is None and entry.number and _is_there(entry.number):
        return Outcome(entry.name, Fate.KEPT, entry.number)
    try:
        archived = read_entry(entry, imprint=imprint_for_want_of_one)
        number = archived.issue.number
        if entry.folder is None and _is_there(number):
            return Outcome(entry.name, Fate.KEPT, number)
        if dry_run:
            return Outcome(entry.name, _fate(archived), number, archived.remarks)
        with transaction.atomic():
            return _taken_in(entry, archived, publish=publish)
    except (EntryRefused, ImportRefused, SchemaError) as refused:
        return Outcome(entry.name, Fate.REFUSED, entry.number, (str(refused),))


def _is_there(number: int) -> bool:
    return IssuePage.objects.filter(number=number).exists()


def _fate(archived: ArchivedIssue) -> Fate:
    """Return what would become of an issue."""
    page = IssuePage.objects.filter(number=archived.issue.number).first()
    if page is None:
        return Fate.TAKEN
    try:
        return Fate.UNCHANGED if dump_issue(page) == archived.issue else Fate.CHANGED
    except ExportRefused:
        return Fate.CHANGED


def _taken_in(entry: Entry, archived: ArchivedIssue, *, publish: bool) -> Outcome:
    is_new = not _is_there(archived.issue.number)
    report = load_issue(issue=archived.issue, picture=archived.picture)
    remarks = list(archived.remarks)
    if not is_new:
        remarks += report.changes
    if publish:
        remarks += _published(report)
    fate = Fate.TAKEN if is_new else Fate.CHANGED if report.changes else Fate.UNCHANGED
    is_public = IssuePage.objects.filter(pk=report.issue.pk, live=True).exists()
    return Outcome(entry.name, fate, archived.issue.number, tuple(remarks), is_public)


def _published(report: Report) -> list[str]:
    """Bring an issue out that was printed long ago; say why, where that is refused."""
    issue = IssuePage.objects.get(pk=report.issue.pk)
    if issue.live:
        return ["这一期已经出版，改动存为草稿"] if report.touched else []
    try:
        with transaction.atomic():
            for article in ArticlePage.objects.child_of(issue).filter(live=False).not_withdrawn():
                sign_article(article=article, revision=article.get_latest_revision(), by=None)
            publish_issue(issue=issue, by=None)
    except PermissionDenied as refused:  # of signing or publishing, with the reason
        return [f"收为草稿，没有出版：{refused}"]
    return []
