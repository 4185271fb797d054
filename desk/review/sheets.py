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
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from wagtail.models import PageLogEntry, Revision

from articles.models import ArticlePage
from articles.reading import byline_line

from .progress import progress_of

if TYPE_CHECKING:
    from accounts.models import User

GONE, SYSTEM = "已删除的账号", "系统命令"
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
    signed = None
    for entry in entries:
        if entry.action in (SIGN, RECALL):
            signed = entry if entry.action == SIGN else None
    return Sheet(
        article=article,
        byline=byline_line(article.bylines.all()),
        state=state,
        signed=_step(signed, registry) if signed else None,
        signatures=tuple(_signatures(signed, registry)) if signed else (),
        exceptions=_exceptions(signed) if signed else (),
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


def _signatures(signed: PageLogEntry, registry: _Registry) -> Iterator[Step]:
    for given in _given(signed):
        yield Step(
            done=_text(given.get("stage")) or "审稿",
            by=registry.name(_key(given.get("by")), noted=_text(given.get("name"))),
            at=_moment(_text(given.get("at"))),
            version=registry.version(_key(given.get("revision"))),
            remark=_text(given.get("comment")),
        )


def _exceptions(signed: PageLogEntry) -> tuple[str, ...]:
    """Return where one person did the work of two, as noted when signing."""
    noted = _data(signed).get("exceptions")
    return tuple(filter(None, map(_text, noted))) if isinstance(noted, list) else ()


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
