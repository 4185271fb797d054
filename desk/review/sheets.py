"""Draw up the 审稿单: who signed an article, when and with which words, from the log alone.

The log outlives accounts, steps and revisions; what it no longer knows is said so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from wagtail.admin.widgets.button import HeaderButton
from wagtail.models import PageLogEntry, Revision
from wagtail.permission_policies.pages import PagePermissionPolicy

from articles.models import ArticlePage
from articles.reading import byline_line
from issues.models import IssuePage

from .progress import progress_of

if TYPE_CHECKING:
    from accounts.models import User

GONE, SYSTEM = "已删除的账号", "系统命令"
LOADED = "由系统命令载入，没有经过审稿。"
SIGN, RECALL, SEND_BACK = "desk.sign", "desk.recall", "desk.send_back"
PROOF, UNPROOF = "desk.proof", "desk.unproof"
START, RESUME, CANCEL, APPROVE, REJECT = (
    f"wagtail.workflow.{name}" for name in ("start", "resume", "cancel", "approve", "reject")
)
ACTIONS = (SIGN, RECALL, SEND_BACK, PROOF, UNPROOF, START, RESUME, CANCEL, APPROVE, REJECT)
ROUNDS = {1: "一校", 2: "二校", 3: "三校"}


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the sheet: what was done, by whom, when, to which version, with which words."""

    done: str
    by: str
    at: datetime | None
    version: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sign-off sheet of one article."""

    article: ArticlePage
    byline: str
    state: str
    signed: Step | None
    signatures: tuple[Step, ...]
    exceptions: tuple[str, ...]
    proofs: tuple[Step, ...]
    steps: tuple[Step, ...]


def sheets_of(articles: Iterable[ArticlePage], *, user: Any) -> list[Sheet]:
    """Return the sheet of each article, in a number of queries that does not grow."""
    articles = list(articles)
    entries = list(
        PageLogEntry.objects.filter(
            page__in=[article.pk for article in articles], action__in=ACTIONS
        ).order_by("timestamp", "pk")
    )
    registry = _Registry(entries)
    by_article: dict[int, list[PageLogEntry]] = defaultdict(list)
    for entry in entries:
        by_article[entry.page_id].append(entry)
    progress = progress_of(articles, user=user)
    return [
        _sheet(article, by_article[article.pk], registry, state=progress[article.pk].label)
        for article in articles
    ]


def _sheet(
    article: ArticlePage, entries: Sequence[PageLogEntry], registry: _Registry, *, state: str
) -> Sheet:
    last = max((place for place, entry in enumerate(entries) if entry.action == SIGN), default=None)
    recalled = last is not None and any(entry.action == RECALL for entry in entries[last:])
    signed = None if last is None or recalled else entries[last]
    signatures: tuple[Step, ...] = ()
    exceptions: tuple[str, ...] = ()
    if signed is not None and last is not None:
        approvals = _approvals(entries[:last])
        signatures = tuple(_signatures(signed, approvals, registry))
        exceptions = tuple(_exceptions(article, signed, approvals, registry))
    return Sheet(
        article=article,
        byline=byline_line(article.bylines.all()),
        state=state,
        signed=_step(signed, registry) if signed else None,
        signatures=signatures,
        exceptions=exceptions,
        proofs=tuple(_proofs(entries, registry)),
        steps=tuple(_step(entry, registry) for entry in entries),
    )


class _Registry:
    """The names and versions that the log points to, each asked for once."""

    def __init__(self, entries: Sequence[PageLogEntry]) -> None:
        users = {entry.user_id for entry in entries}
        revisions = {entry.revision_id for entry in entries}
        for entry in entries:
            for given in _given(entry):
                users.add(_key(given.get("by")))
                revisions.add(_key(given.get("revision")))
        self._users: dict[Any, User] = get_user_model().objects.in_bulk(users - {None})
        self._saved = dict(
            Revision.objects.filter(pk__in=revisions - {None}).values_list("pk", "created_at")
        )

    def name(self, key: int | None, *, noted: str = "") -> str:
        """Return a person's name: as noted at the time, else today's."""
        if noted:
            return noted
        if key is None:
            return SYSTEM
        return str(self._users[key]) if key in self._users else GONE

    def version(self, key: int | None) -> str:
        """Return a version as people know it: by when it was saved."""
        if key is None:
            return ""
        if key not in self._saved:
            return "那一稿已不在"
        return f"{timezone.localtime(self._saved[key]):%m-%d %H:%M}稿"


def _step(entry: PageLogEntry, registry: _Registry) -> Step:
    data = _data(entry)
    stage = _stage(entry)
    remark = _text(data.get("reason") if entry.action == SEND_BACK else data.get("comment"))
    proof = ROUNDS.get(_key(data.get("round")) or 0, "校对")
    done = {
        START: "提交审稿",
        RESUME: "改好再交",
        CANCEL: "撤出审稿",
        APPROVE: f"{stage}通过",
        REJECT: f"{stage}退回",
        SEND_BACK: "退回重审",
        SIGN: "定稿",
        RECALL: "撤回定稿",
        PROOF: f"{proof}完成",
        UNPROOF: f"取消{proof}",
    }[entry.action]
    return Step(
        done=done,
        by=registry.name(entry.user_id),
        at=entry.timestamp,
        version=registry.version(entry.revision_id),
        remark=remark,
    )


def _approvals(entries: Sequence[PageLogEntry]) -> list[PageLogEntry]:
    """Return the last approval of each stage before a signature that noted none itself."""
    started = max(
        (place for place, entry in enumerate(entries) if entry.action in (START, SIGN, RECALL)),
        default=-1,
    )
    by_stage = {_stage(entry): entry for entry in entries[started + 1 :] if entry.action == APPROVE}
    return list(by_stage.values())


def _signatures(
    signed: PageLogEntry, approvals: Sequence[PageLogEntry], registry: _Registry
) -> Iterator[Step]:
    if "signatures" not in _data(signed):
        for entry in approvals:
            yield _step(entry, registry)
        return
    for given in _given(signed):
        at = _text(given.get("at"))
        yield Step(
            done=_text(given.get("stage")) or "审稿",
            by=registry.name(_key(given.get("by")), noted=_text(given.get("name"))),
            at=_moment(at),
            version=registry.version(_key(given.get("revision"))),
            remark=_text(given.get("comment")),
        )


def _exceptions(
    article: ArticlePage,
    signed: PageLogEntry,
    approvals: Sequence[PageLogEntry],
    registry: _Registry,
) -> Iterator[str]:
    """Yield where one person did the work of two: as noted when signing, else from the log."""
    noted = _data(signed).get("exceptions")
    if isinstance(noted, list):
        yield from filter(None, map(_text, noted))
        return
    if signed.user_id is None:
        yield LOADED
        return
    signers = [entry.user_id for entry in approvals] or [signed.user_id]
    for key in dict.fromkeys(signers):
        name = registry.name(key)
        stages = [_stage(entry) for entry in approvals if entry.user_id == key]
        if len(stages) > 1:
            yield f"{'、'.join(stages)}由{name}一人签字。"
        if key is not None and key == article.owner_id:
            yield f"{name}审了自己建的稿件。"


def _proofs(entries: Iterable[PageLogEntry], registry: _Registry) -> Iterator[Step]:
    """Yield the three rounds as they stand: ticked, or still open."""
    ticked: dict[int, PageLogEntry] = {}
    for entry in entries:
        number = _key(_data(entry).get("round")) or 0
        if entry.action == PROOF:
            ticked[number] = entry
        elif entry.action == UNPROOF:
            ticked.pop(number, None)
    for number, name in ROUNDS.items():
        found = ticked.get(number)
        yield Step(
            done=name,
            by=registry.name(found.user_id) if found else "",
            at=found.timestamp if found else None,
        )


# What an entry noted; entries of before, or of other hands, may note anything.


def _data(entry: PageLogEntry) -> Mapping[str, Any]:
    return entry.data if isinstance(entry.data, dict) else {}


def _stage(entry: PageLogEntry) -> str:
    review = _data(entry).get("workflow")
    task = review.get("task") if isinstance(review, dict) else None
    return (_text(task.get("title")) if isinstance(task, dict) else "") or "审稿"


def _given(entry: PageLogEntry) -> list[dict[str, Any]]:
    noted = _data(entry).get("signatures")
    return [given for given in noted if isinstance(given, dict)] if isinstance(noted, list) else []


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _key(value: object) -> int | None:
    return value if isinstance(value, int) and 0 < value < 2**31 else None


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    if moment is not None and timezone.is_naive(moment):
        return timezone.make_aware(moment)
    return moment


# The screens


def article_sheet(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show the sheet of one article, to be printed."""
    article = get_object_or_404(ArticlePage.objects.with_bylines(), id=page_id)
    issue = get_object_or_404(IssuePage.objects.select_related("imprint"), pk=article.issue_id)
    _check(request, issue)
    steps = [
        {"url": reverse("wagtailadmin_explore", args=[issue.pk]), "label": issue.title},
        {
            "url": reverse("wagtailadmin_pages:edit", args=[article.pk]),
            "label": article.draft_title,
        },
    ]
    buttons = [
        HeaderButton("改了什么", reverse("desk_changes", args=[article.pk]), icon_name="history"),
        HeaderButton(
            "全期审稿单",
            reverse("desk_issue_sheet", args=[issue.pk]),
            icon_name="clipboard-list",
        ),
    ]
    if not article.permissions_for_user(request.user).can_edit():
        del buttons[0]
    return _page(request, issue, [article], steps, buttons)


def issue_sheet(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show the sheets of all articles of an issue, in print order, to be printed."""
    issue = get_object_or_404(IssuePage.objects.select_related("imprint"), id=page_id)
    _check(request, issue)
    steps = [{"url": reverse("wagtailadmin_explore", args=[issue.pk]), "label": issue.title}]
    articles = (
        ArticlePage.objects.child_of(issue)
        .in_print_order()
        .with_bylines()
        .select_related("issue", "owner")
        .prefetch_workflow_states()
        .defer("body")
    )
    return _page(request, issue, articles, steps, [])


def _check(request: HttpRequest, issue: IssuePage) -> None:
    """Let in whoever finds the issue in the explorer."""
    policy = PagePermissionPolicy()
    if not policy.explorable_instances(request.user).filter(pk=issue.pk).exists():
        raise PermissionDenied


def _page(
    request: HttpRequest,
    issue: IssuePage,
    articles: Iterable[ArticlePage],
    steps: list[dict[str, str]],
    buttons: list[HeaderButton],
) -> HttpResponse:
    sheets = sheets_of(articles, user=request.user)
    return render(
        request,
        "desk/review/sheet.html",
        {
            "issue": issue,
            "sheets": sheets,
            "signed": sum(sheet.signed is not None for sheet in sheets),
            "with_exceptions": sum(bool(sheet.exceptions) for sheet in sheets),
            "printed_at": timezone.localtime(),
            "header_title": f"{issue.title}审稿单",
            "header_icon": "clipboard-list",
            "header_buttons": buttons,
            "breadcrumbs_items": [*steps, {"url": "", "label": "审稿单"}],
        },
    )
