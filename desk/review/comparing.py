"""Show what differs between two versions of an article, and who made them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from wagtail.admin.views.pages.revisions import RevisionsCompareView
from wagtail.admin.widgets.button import HeaderButton
from wagtail.models import PageLogEntry, Revision, TaskState

from articles.models import ArticlePage
from interchange.pages import LostPhoto, copy_of
from newsroom.models import PressPhoto

from .differences import Differences, compare
from .signatures import copy_of as signed_copy_of

if TYPE_CHECKING:
    from accounts.models import User

MOST_LISTED = 60
LONGEST_KEY = 18
GONE, SYSTEM = "已删除的账号", "系统"
# What ``signatures.copy_of`` tells apart, in its order.
TOLD = ("主题", "引题", "副题", "提要", "标点显示", "正文", "署名", "录音")


@dataclass(frozen=True, slots=True)
class Version:
    """A saved version of an article: by whom, when, and what it changed in the one before."""

    key: int
    at: datetime
    by: str
    changed: tuple[str, ...] = ()
    previous: int | None = None
    is_latest: bool = False
    is_signed: bool = False


def differences_between(
    article: ArticlePage, old: Revision | None, new: Revision | None
) -> Differences:
    """Return what differs between two versions; None stands for the article as it is stored."""
    versions = [revision.as_object() if revision else article for revision in (old, new)]
    before, after = (copy_of(version, _photo_name) for version in versions)
    return compare(before, after, *(_recording_name(version) for version in versions))


def differences_since(article: ArticlePage, old: Revision | None) -> Differences:
    """Return what changed since a version; without one, the latest text unmarked."""
    latest = _edge(article, last=True)
    return differences_between(article, old or latest, latest)


def differences_since_signed(article: ArticlePage) -> Differences:
    """Return what changed since the last signature; before the first one, the text unmarked."""
    return differences_since(article, last_signed(article))


def last_read(article: ArticlePage, reader: User) -> Revision | None:
    """Return the version that ``reader`` last approved or returned, if they ever did.

    Whoever sends an article back wants to see what became of it, whoever has signed it since.
    """
    decided = TaskState.objects.filter(
        workflow_state__in=article.workflow_states,
        finished_by=reader,
        status__in=(TaskState.STATUS_APPROVED, TaskState.STATUS_REJECTED),
        revision__isnull=False,
    )
    last = decided.select_related("revision").order_by("-finished_at", "-pk").first()
    return last.revision if last else None


def last_signed(article: ArticlePage) -> Revision | None:
    """Return the version that was last signed off, else last approved, if any was."""
    signed = (
        PageLogEntry.objects.filter(page=article.pk, action="desk.sign", revision__isnull=False)
        .order_by("-timestamp", "-pk")
        .values_list("revision_id", flat=True)
    )
    approved = (
        TaskState.objects.filter(
            workflow_state__in=article.workflow_states, status=TaskState.STATUS_APPROVED
        )
        .exclude(revision=None)
        .order_by("-finished_at", "-pk")
        .values_list("revision_id", flat=True)
    )
    for keys in (signed, approved):
        # The log names versions that may be gone.
        found = article.revisions.in_bulk(list(keys[:MOST_LISTED]))
        for key in keys[:MOST_LISTED]:
            if key in found:
                return found[key]
    return None


def changes(request: HttpRequest, page_id: int) -> HttpResponse:
    """Compare the versions ``a`` and ``b`` of an article: the signed and the latest by default."""
    article = _article(request, page_id)
    a, b = request.GET.get("a", ""), request.GET.get("b", "")
    old = _named(article, a) if a else last_signed(article) or _edge(article)
    return _page(request, article, old, _named(article, b or "latest"))


class ArticleCompareView(RevisionsCompareView):
    """Wagtail's comparison of two revisions, told as ours: its own marks a whole run of Chinese."""

    def get_object(self, queryset: Any = None) -> ArticlePage:
        """Return the article if the user may see its history."""
        return _article(self.request, self.pk)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer with our page; the names of versions are Wagtail's."""
        old, new = (_named(self.object, name) for name in (self.revision_id_a, self.revision_id_b))
        return _page(request, self.object, old, new)


def _article(request: HttpRequest, key: Any) -> ArticlePage:
    article = get_object_or_404(ArticlePage.objects.select_related("issue"), id=key)
    doors = article.permissions_for_user(request.user)
    task = article.current_workflow_task
    if not (
        doors.can_edit()
        or doors.can_publish()
        or (task is not None and task.user_can_access_editor(article, request.user))
    ):
        raise PermissionDenied
    return article


def _named(article: ArticlePage, name: str) -> Revision | None:
    """Return a version by its key or by Wagtail's names; None is the article as it is stored."""
    if name == "live":
        return article.live_revision
    if name in ("earliest", "latest"):
        return _edge(article, last=name == "latest")
    if not (name.isascii() and name.isdecimal() and len(name) <= LONGEST_KEY):
        raise Http404
    return get_object_or_404(article.revisions, pk=int(name))


def _edge(article: ArticlePage, *, last: bool = False) -> Revision | None:
    # Not by time: the last is the one that would be signed, also where a clock was put back.
    latest: Revision | None = article.get_latest_revision()
    return latest if last else article.revisions.order_by("pk").first()


def _photo_name(photo: PressPhoto | LostPhoto) -> str:
    if isinstance(photo, LostPhoto):
        return f"已从图片库删除的图片（第{photo.pk}号）"
    return f"《{photo.title}》（图片库第{photo.pk}号）"


def _recording_name(version: ArticlePage) -> str:
    recording = version.recording
    return f"《{recording.title}》（{recording.length}，第{recording.pk}号）" if recording else ""


def _page(
    request: HttpRequest, article: ArticlePage, old: Revision | None, new: Revision | None
) -> HttpResponse:
    versions, unlisted = _versions(article, old, new)
    by_key = {version.key: version for version in versions}
    place = {version.key: number for number, version in enumerate(versions)}
    between: Sequence[Version] = ()
    if old and new:
        between = versions[place[old.pk] + 1 : place[new.pk] + 1]
    edit = reverse("wagtailadmin_pages:edit", args=[article.pk])
    return render(
        request,
        "desk/review/changes.html",
        {
            "article": article,
            "differences": differences_between(article, old, new),
            "old": by_key.get(old.pk) if old else None,
            "new": by_key.get(new.pk) if new else None,
            "choices": [
                ("a", "原来", old.pk if old else None),
                ("b", "后来", new.pk if new else None),
            ],
            "backwards": bool(old and new and place[old.pk] > place[new.pk]),
            "between": between[::-1],
            "versions": versions[::-1],
            "unlisted": unlisted,
            "header_title": "改了什么",
            "header_icon": "history",
            "header_buttons": [
                HeaderButton("编辑稿件", edit, icon_name="edit"),
                HeaderButton(
                    "审稿单",
                    reverse("desk_article_sheet", args=[article.pk]),
                    icon_name="clipboard-list",
                ),
            ],
            "history_url": reverse("wagtailadmin_pages:history", args=[article.pk]),
            "breadcrumbs_items": [
                {
                    "url": reverse("wagtailadmin_explore", args=[article.issue_id]),
                    "label": article.issue.title,
                },
                {"url": edit, "label": article.draft_title},
                {"url": "", "label": "改了什么"},
            ],
        },
    )


def _versions(article: ArticlePage, *chosen: Revision | None) -> tuple[list[Version], int]:
    """Return the newest versions, the chosen among them, oldest first; and how many are unlisted.

    What each changed is told of the neighbours in this list.
    """
    wanted = [revision.pk for revision in chosen if revision]
    newest = list(article.revisions.order_by("-created_at", "-pk")[:MOST_LISTED])
    known = {revision.pk for revision in newest}
    if missing := [key for key in wanted if key not in known]:
        newest += article.revisions.filter(pk__in=missing)
    ordered = sorted(newest, key=lambda revision: (revision.created_at, revision.pk))
    names = _names(article, ordered)
    signed = set(
        PageLogEntry.objects.filter(
            page=article.pk, action="desk.sign", revision_id__in=[r.pk for r in ordered]
        ).values_list("revision_id", flat=True)
    )
    told = [signed_copy_of(revision) for revision in ordered]
    changed: list[tuple[str, ...]] = [("第一次保存",)]
    for before, after in pairwise(told):
        changed.append(
            tuple(label for label, was, now in zip(TOLD, before, after, strict=True) if was != now)
        )
    unlisted = article.revisions.count() - len(ordered)
    return [
        Version(
            key=revision.pk,
            at=revision.created_at,
            by=names[revision.pk],
            changed=changed[place] if place or not unlisted else (),
            previous=ordered[place - 1].pk if place else None,
            is_latest=place == len(ordered) - 1,
            is_signed=revision.pk in signed,
        )
        for place, revision in enumerate(ordered)
    ], unlisted


def _names(article: ArticlePage, revisions: Iterable[Revision]) -> dict[int, str]:
    """Return who saved each version; of an account that is gone the log still knows that it was."""
    revisions = list(revisions)
    people: dict[Any, User] = get_user_model().objects.in_bulk(
        {revision.user_id for revision in revisions if revision.user_id}
    )
    orphans = [revision.pk for revision in revisions if revision.user_id not in people]
    gone = set(
        PageLogEntry.objects.filter(
            page=article.pk, revision_id__in=orphans, user_id__isnull=False
        ).values_list("revision_id", flat=True)
    )
    return {
        revision.pk: str(people[revision.user_id])
        if revision.user_id in people
        else GONE
        if revision.pk in gone
        else SYSTEM
        for revision in revisions
    }
