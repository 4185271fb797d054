"""Put a new article into an issue from its board: empty, from pasted text, from a contribution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from django.core.exceptions import PermissionDenied
from django.db import transaction

from articles.crediting import remember
from articles.models import ArticlePage, Byline, Remark
from contributions.conversion import accept_as_article
from interchange.bodies import blocks_of
from interchange.composing import compose_article
from interchange.galley import COPY, Galley
from interchange.readers.pasted import ARTICLE
from interchange.schema import Crosshead
from issues.locking import lock_issues
from issues.models import IssuePage
from issues.placing import LAST_FOLIO, place
from newsroom.cjk import clean_line
from newsroom.models import PressPhoto, Section

if TYPE_CHECKING:
    from accounts.models import User
    from contributions.models import Contribution

LONGEST_CROSSHEAD = 100  # articles.blocks.BodyBlock.crosshead
MOST_NAMES = 40


class AddingRefused(PermissionDenied):
    """The article is not added; the message says why, in Chinese."""


@transaction.atomic
def add_article(
    *, issue: IssuePage, by: User, title: str, folio: int = 1, section: Section | None = None
) -> ArticlePage:
    """Add a draft that has a headline and nothing else yet.

    Raises AddingRefused without a headline, and when ``by`` may not write in this issue.
    """
    title = clean_line(title)
    if not title:
        raise AddingRefused("没有加稿件：请先写标题（主题），再点“写这一篇”。")
    article = ArticlePage(title=title, folio=folio, section=section)
    return add_draft(article, issue, by)


@transaction.atomic
def add_pasted(
    *,
    issue: IssuePage,
    by: User,
    galley: Galley,
    folio: int = 1,
    section: Section | None = None,
) -> ArticlePage:
    """Add a draft of pasted lines whose parts are decided; open doubts go along as remarks.

    Without a headline the first words of the text stand in for it. Raises AddingRefused when there
    is no word in it, when a line is too long for its part, and when ``by`` may not write in this
    issue.
    """
    if not any(block.part in COPY for block in galley.blocks):
        raise AddingRefused("没有加稿件：没有可用的文字。请先粘贴一篇稿件的文字。")
    pasted = compose_article(galley, ARTICLE)
    article = ArticlePage(
        kicker=pasted.kicker,
        title=pasted.title,
        subhead=pasted.subhead,
        folio=folio,
        section=section,
        body=blocks_of(pasted.body, _no_photo),
    )
    for name in ("kicker", "title", "subhead"):
        _check_length(article, name)
    for passage in pasted.body:
        if isinstance(passage, Crosshead) and len(passage.text) > LONGEST_CROSSHEAD:
            raise AddingRefused(
                f"没有加稿件：小标题“{passage.text[:20]}…”太长，最多{LONGEST_CROSSHEAD}字。"
                "请把这一行改为“正文”。"
            )
    longest = Byline._meta.get_field("name").max_length or 0
    if len(pasted.bylines) > MOST_NAMES or any(len(s.name) > longest for s in pasted.bylines):
        raise AddingRefused("没有加稿件：署名那一行太长，不像姓名。请把它改为“正文”。")
    article.bylines = [
        Byline(sort_order=order, name=signed.name, role=signed.role.value)
        for order, signed in enumerate(pasted.bylines)
    ]
    article.remarks = [
        Remark(sort_order=order, kind=doubt.kind.value, text=doubt.text)
        for order, doubt in enumerate(galley.open_doubts)
    ]
    added = add_draft(article, issue, by)
    remember(names=(signed.name for signed in pasted.bylines))
    return added


def add_contribution(
    *,
    contribution: Contribution,
    issue: IssuePage,
    by: User,
    source: Literal["text"] | int = "text",
    folio: int = 1,
    section: Section | None = None,
) -> ArticlePage:
    """Make an article of a contribution and place it on a folio.

    Raises ConversionRefused as ``accept_as_article`` does, and AddingRefused for a folio that no
    paper has.
    """
    _check_folio(folio)
    return accept_as_article(
        contribution=contribution,
        issue=issue,
        by=by,
        source=source,
        folio=folio,
        section=section,
    )


def add_draft(article: ArticlePage, issue: IssuePage, by: User) -> ArticlePage:
    """Take ``article`` into the tree as a draft at the end of its folio. Raises AddingRefused."""
    _check_length(article, "title")
    _check_folio(article.folio)
    locked = lock_issues(issue.pk).get(issue.pk)
    if locked is None:
        raise AddingRefused("没有加稿件：这一期已经不在了。")
    if not locked.permissions_for_user(by).can_add_subpage():
        raise AddingRefused(f"没有加稿件：您没有在{locked}里写稿的权限。")
    article.live = False
    article.owner = by
    locked.add_child(instance=article)
    article.save_revision(user=by, log_action=True)
    place(article=article, by=by)
    return article


def _check_folio(folio: int) -> None:
    if not 1 <= folio <= LAST_FOLIO:
        raise AddingRefused(f"没有加稿件：版次从1到{LAST_FOLIO}，请另选一版。")


def _check_length(article: ArticlePage, name: str) -> None:
    column = article._meta.get_field(name)
    words = getattr(article, name)
    if column.max_length and len(words) > column.max_length:
        label = "主题" if name == "title" else column.verbose_name
        raise AddingRefused(
            f"没有加稿件：{label}有{len(words)}字，最多{column.max_length}字。"
            "文字都还在，请改短，或把这一行改为“正文”。"
        )


def _no_photo(file: str) -> PressPhoto:
    raise LookupError(file)  # pasted text has no pictures
