"""Gather what the board shows of an issue, in as many queries for forty articles as for four."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import OuterRef, Subquery
from wagtail.admin.models import EditingSession
from wagtail.models import PageLogEntry

from articles.models import ArticlePage, Prominence
from articles.permissions import ArticleDoors
from articles.reading import byline_line, plain_paragraphs
from desk.review.progress import Progress, progress_of
from issues.models import IssuePage
from issues.placing import LAST_FOLIO, order_version
from newsroom.cjk import count_characters
from newsroom.models import Section

if TYPE_CHECKING:
    from accounts.models import User

# What an article of these states may be handed in from.
SUBMITTABLE = ("draft", "returned", "changed")


@dataclass(frozen=True, slots=True)
class Row:
    """An article on the board."""

    key: int
    number: int
    folio: int
    place: int  # from 0, among those of its folio
    kicker: str
    title: str
    subhead: str
    byline: str
    section: int | None
    section_name: str
    prominence: str
    prominence_label: str
    characters: int
    pictures: int
    corrections: int
    recording: str  # how long it plays, where there is one
    progress: Progress
    locked_by: str
    edited_by: str
    blocks: int
    warnings: int
    may_submit: bool
    may_correct: bool
    may_withdraw: bool
    is_first: bool
    is_last: bool

    @property
    def version(self) -> str:
        """What tells this state of the row from any other."""
        return _digest(self)


@dataclass(frozen=True, slots=True)
class FolioOnBoard:
    """A folio with its articles, in print order."""

    number: int
    name: str
    responsible_editor: str
    rows: tuple[Row, ...]

    @property
    def characters(self) -> int:
        """The characters of all its articles."""
        return sum(row.characters for row in self.rows)

    @property
    def pictures(self) -> int:
        """The pictures of all its articles."""
        return sum(row.pictures for row in self.rows)


@dataclass(frozen=True, slots=True)
class Board:
    """An issue as its editors compose it."""

    folios: tuple[FolioOnBoard, ...]
    order: str
    last_entry: int  # of the log, by which what happens from now on is known
    may_place: bool
    may_add: bool
    sections: tuple[Section, ...]
    issue_state: str = ""
    others: tuple[Any, ...] = field(default=())

    @property
    def rows(self) -> tuple[Row, ...]:
        """All articles in print order."""
        return tuple(row for folio in self.folios for row in folio.rows)

    @property
    def characters(self) -> int:
        """The characters of the whole issue."""
        return sum(folio.characters for folio in self.folios)

    @property
    def pictures(self) -> int:
        """The pictures of the whole issue."""
        return sum(folio.pictures for folio in self.folios)

    @property
    def submittable(self) -> int:
        """How many articles could be handed in now."""
        return sum(row.may_submit for row in self.rows)

    @property
    def next_folio(self) -> int | None:
        """The number of the folio that an article could open."""
        following = max((folio.number for folio in self.folios), default=0) + 1
        return following if following <= LAST_FOLIO else None

    @property
    def version(self) -> str:
        """What tells this state of the board from any other."""
        return _digest(self)

    @property
    def look(self) -> str:
        """What tells one look of the front page from any other."""
        rows = self.rows
        copy = [(row.key, row.kicker, row.title, row.subhead, row.byline) for row in rows]
        size = [(row.section_name, row.prominence, row.characters, row.pictures) for row in rows]
        codes = [row.progress.code for row in rows]
        return _digest((self.order, self.issue_state, copy, size, codes))


def articles_of(issue: IssuePage) -> list[Any]:
    """Return the articles of ``issue`` in print order with what the board tells of them."""
    newest = PageLogEntry.objects.filter(page=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    return list(
        ArticlePage.objects.child_of(issue)
        .in_print_order()
        .with_bylines()
        .with_corrections()
        .select_related("section", "issue", "locked_by", "owner", "recording")
        .annotate(last_entry=Subquery(newest))
    )


def board_of(
    issue: IssuePage,
    articles: list[Any],
    *,
    user: User,
    alarms: dict[int, tuple[int, int]] | None = None,
    others: tuple[Any, ...] = (),
    empty_folios: Iterable[int] = (),
) -> Board:
    """Return the board of ``issue`` with its ``articles_of``, as ``user`` may see and use it.

    ``alarms`` are how many of each article block printing and how many only warn, by its key;
    ``others`` is what else is shown and shall be seen to change; ``empty_folios`` are offered
    though neither the issue nor an article names them.
    """
    keys = [article.pk for article in articles]
    progress = progress_of(articles, user=user)
    writing = _who_is_writing(keys, besides=user)
    allowed = issue.permissions_for_user(user)
    may_edit = allowed.holds_change()
    described = {folio.number: folio for folio in issue.folios.all()}
    printed = {number: list(rows) for number, rows in groupby(articles, lambda a: a.folio)}
    folios = []
    numbers = sorted({*described, *printed, *empty_folios} or {1})
    for number in numbers:
        head = described.get(number)
        rows = tuple(
            _row(
                article,
                place=place,
                progress=progress[article.pk],
                alarms=(alarms or {}).get(article.pk, (0, 0)),
                edited_by=writing.get(article.pk, ""),
                may_edit=may_edit,
                allowed=article.permissions_for_user(user),
                ends=(
                    article is articles[0] and number == numbers[0],
                    article is articles[-1] and number == numbers[-1],
                ),
            )
            for place, article in enumerate(printed.get(number, ()))
        )
        folios.append(
            FolioOnBoard(
                number,
                head.name if head else "",
                head.responsible_editor if head else "",
                rows,
            )
        )
    return Board(
        folios=tuple(folios),
        order=order_version((article.pk, article.folio) for article in articles),
        last_entry=max((article.last_entry or 0 for article in articles), default=0),
        may_place=allowed.can_reorder_children(),
        may_add=allowed.can_add_subpage(),
        sections=tuple(Section.objects.all()),
        issue_state=f"{issue.status_string}{issue.latest_revision_id}",
        others=others,
    )


def _row(
    article: ArticlePage,
    *,
    place: int,
    progress: Progress,
    alarms: tuple[int, int],
    edited_by: str,
    may_edit: bool,
    allowed: ArticleDoors,
    ends: tuple[bool, bool],
) -> Row:
    blocks, warnings = alarms
    return Row(
        key=article.pk,
        number=article.number,
        folio=article.folio,
        place=place,
        kicker=article.kicker,
        title=article.title,
        subhead=article.subhead,
        byline=byline_line(article.bylines.all()),
        section=article.section_id,
        section_name=article.section.name if article.section else "",
        prominence=article.prominence,
        prominence_label=Prominence(article.prominence).label,
        characters=sum(map(count_characters, plain_paragraphs(article))),
        pictures=count_pictures(article),
        corrections=len(article.corrections.all()),
        recording=article.recording.length if article.recording else "",
        progress=progress,
        locked_by=str(article.locked_by or "管理员") if article.locked else "",
        edited_by=edited_by,
        blocks=blocks,
        warnings=warnings,
        may_submit=may_edit and progress.code in SUBMITTABLE,
        may_correct=allowed.can_correct(),
        may_withdraw=allowed.can_withdraw() or allowed.can_reinstate(),
        is_first=ends[0],
        is_last=ends[1],
    )


def count_pictures(article: ArticlePage) -> int:
    """Count the pictures in the body, from what is stored: asking each would be a query each."""
    count = 0
    for child in article.body.raw_data:
        if child["type"] == "photo":
            count += bool(child["value"].get("image"))
        elif child["type"] == "gallery":
            count += sum(bool(item.get("value", item).get("image")) for item in child["value"])
    return count


def _who_is_writing(keys: list[int], *, besides: User) -> dict[int, str]:
    """Return who has which article open in the editor right now, by the article's key."""
    sessions = (
        EditingSession.objects.available()
        .filter(
            content_type=ContentType.objects.get_for_model(ArticlePage),
            object_id__in=[str(key) for key in keys],
        )
        .exclude(user=besides)
        .select_related("user")
        .order_by("pk")
    )
    return {int(session.object_id): str(session.user) for session in sessions}


def _digest(state: object) -> str:
    return sha256(repr(state).encode()).hexdigest()[:16]
