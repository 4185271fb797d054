"""Say what colleagues did to the order of an issue while somebody had its board open."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from wagtail.models import PageLogEntry

from articles.models import ArticlePage, Prominence

if TYPE_CHECKING:
    from accounts.models import User

MOST_NEWS = 5
MOVED = ("wagtail.reorder", "wagtail.move")
TOLD = ("issues.place", "wagtail.create", *MOVED)


def news_since(entry: int, *, articles: Iterable[int], user: User) -> list[str]:
    """Tell what others did to ``articles`` after an entry of the log, the last things first."""
    entries = (
        PageLogEntry.objects.filter(pk__gt=entry, page__in=list(articles), action__in=TOLD)
        .exclude(user=user)
        .select_related("user")
        .order_by("-pk")[: 2 * MOST_NEWS]
    )
    told: dict[tuple[int, int | None], str] = {}
    for each in entries:
        about = (each.page_id, each.user_id)
        what = _what(each)
        # A new folio and the move to it are two entries of one act; the first says where to.
        if what and (about not in told or each.action not in MOVED):
            told[about] = f"{_who(each)}{what}"
    return list(told.values())[:MOST_NEWS]


def last_mover(articles: Iterable[int]) -> str:
    """Return who placed one of ``articles`` last, by name, or nothing where nobody did."""
    entry = (
        PageLogEntry.objects.filter(page__in=list(articles), action__in=TOLD)
        .select_related("user")
        .order_by("-pk")
        .first()
    )
    return _who(entry) if entry else ""


def _who(entry: PageLogEntry) -> str:
    if entry.user_id is None:
        return "系统"
    return str(entry.user) if entry.user else "已离开的同事"


def _what(entry: PageLogEntry) -> str:
    title = f"《{entry.label}》"
    if entry.action == "wagtail.create":
        return f"加了{title}"
    if entry.action in MOVED:
        return f"移动了{title}"
    data = entry.data or {}
    changes = []
    if "folio" in data:
        changes.append(f"移到了第{data['folio']}版")
    if "section" in data:
        changes.append(f"归到栏目“{data['section']}”" if data["section"] else "移出了栏目")
    if "prominence" in data:
        labels = dict(Prominence.choices)
        changes.append(f"改为{labels.get(data['prominence'], data['prominence'])}")
    return f"把{title}{'，'.join(changes)}" if changes else ""


def titles_of(articles: Iterable[ArticlePage]) -> str:
    """Name articles by their headlines, as a list in a sentence."""
    return "".join(f"《{article.draft_title or article.title}》" for article in articles)
