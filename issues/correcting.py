"""Correct what was printed: what is said of an article later, with the article left as it was."""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.search.index import insert_or_update_object

from articles.models import ArticlePage, Correction
from newsroom.cjk import clean_line, clean_text, full_width

from .locking import lock_article
from .models import IssuePage

if TYPE_CHECKING:
    from accounts.models import User


class CorrectingRefused(PermissionDenied):
    """Nothing was corrected; the message says why and what to do, in Chinese."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a correction says. ``wrong`` and ``right`` are the words as printed, and as they should
    have been; without them ``text`` alone says it.
    """

    text: str
    date: datetime.date
    kind: str = Correction.Kind.CORRECTION.value
    wrong: str = ""
    right: str = ""

    @property
    def cleaned(self) -> Wording:
        """The same without what pasting brings along."""
        lines = (line.strip() for line in clean_text(self.text).split("\n"))
        return Wording(
            text="\n".join(filter(None, lines)),
            date=self.date,
            kind=self.kind,
            wrong=clean_line(self.wrong),
            right=clean_line(self.right),
        )


def wording_of(correction: Correction) -> Wording:
    """Return what ``correction`` says."""
    return Wording(
        text=correction.text,
        date=correction.date,
        kind=correction.kind,
        wrong=correction.wrong,
        right=correction.right,
    )


@transaction.atomic
def add_correction(
    *, article: ArticlePage, wording: Wording, by: User | None, needs_printing: bool = True
) -> Correction:
    """Add a correction to a printed article; readers see it at once.

    ``needs_printing`` has the next issue's desk remind of it. ``by`` None is the operator's
    command. Raises CorrectingRefused when ``by`` may not, when readers do not have the article,
    or for a wording that cannot stand.
    """
    issue, article = lock_article(article.pk)
    _check_role(article, by)
    _check_public(article)
    _check_day(wording, issue)
    return _add(article, wording.cleaned, by, needs_printing=needs_printing)


@transaction.atomic
def take_in_correction(
    *, article: ArticlePage, wording: Wording, by: User | None
) -> Correction | None:
    """Take in a correction that an issue folder tells of; None if the article has it already.

    It was printed, or not, long ago: nobody is reminded. The article need not be out yet, and the
    words are kept as they come, so that an export gives them back. Raises CorrectingRefused.
    """
    _, article = lock_article(article.pk)
    _check_role(article, by)
    if wording in {wording_of(known) for known in article.corrections.all()}:
        return None
    return _add(article, wording, by, needs_printing=False)


@transaction.atomic
def change_correction(
    *,
    correction: Correction,
    wording: Wording,
    by: User,
    needs_printing: bool,
    seen: str | None = None,
) -> Correction:
    """Word a correction anew; the log keeps how it was worded before.

    ``seen`` is the ``version_of`` the correction that ``by`` had before them: a newer one is not
    overwritten. Raises CorrectingRefused.
    """
    issue, article, current = _lock(correction, by)
    _check_public(article)
    _check_day(wording, issue)
    if seen is not None and seen != version_of(current):
        raise CorrectingRefused(
            "没有保存：您打开之后，别人改过这条更正。什么都没有丢；"
            "请先把您写的复制出来，重新打开，看过别人的改动再改。"
        )
    before = wording_of(current)
    _fill(current, wording.cleaned)
    current.needs_printing = needs_printing
    _save(current)
    if before != wording_of(current):
        _log(article, "issues.change_correction", by, after=wording_of(current), before=before)
    insert_or_update_object(article)
    return current


@transaction.atomic
def remove_correction(*, correction: Correction, by: User) -> None:
    """Take a correction away from the readers; the log keeps its words.

    Raises CorrectingRefused.
    """
    _, article, current = _lock(correction, by)
    before = wording_of(current)
    current.delete()
    _log(article, "issues.remove_correction", by, before=before)
    insert_or_update_object(article)


@transaction.atomic
def note_printed(*, correction: Correction, issue: IssuePage | None, by: User) -> None:
    """Note that ``issue`` prints the correction, or with None that it is still to be printed.

    Raises CorrectingRefused, also for an issue that came out before the corrected article.
    """
    _, article, current = _lock(correction, by)
    if issue is not None:
        own = IssuePage.objects.get(pk=article.issue_id)
        if not IssuePage.objects.after(own).filter(pk=issue.pk).exists():
            raise CorrectingRefused(f"更正只能登在{own}之后的一期，请另选一期。")
    current.printed_in = issue
    current.save(update_fields=["printed_in"])
    told = {"issue": issue.number if issue else None, **_words(wording_of(current))}
    log(instance=article, action="issues.print_correction", user=by, data=told)


def recent_corrections(issue: IssuePage) -> QuerySet[Correction]:
    """Return the corrections that ``issue`` should still print, for its desk, the oldest first.

    They are to articles that readers have, of issues before this one, and nobody noted yet that an
    issue prints them, or that none needs to. An issue that is out reminds of nothing.
    """
    waiting: QuerySet[Correction] = (
        Correction.objects.published().waiting_for_print().with_articles().order_by("date", "pk")
    )
    if issue.live:
        return waiting.none()
    return waiting.filter(article__issue__in=IssuePage.objects.before(issue))


def printed_corrections(issue: IssuePage) -> QuerySet[Correction]:
    """Return the corrections that ``issue`` prints, the oldest first."""
    printed: QuerySet[Correction] = (
        Correction.objects.published()
        .filter(printed_in=issue)
        .with_articles()
        .order_by("date", "pk")
    )
    return printed


def version_of(correction: Correction) -> str:
    """Return what tells one state of a correction's words from the next."""
    return correction.changed_at.isoformat()


def is_quoted(words: str, article: ArticlePage) -> bool:
    """Whether ``words`` stand in ``article`` as readers see it, in either width of punctuation."""
    lines = [article.kicker, article.title, article.subhead, article.standfirst]
    body = article.body.stream_block.get_searchable_content(article.body)
    names = [byline.name for byline in article.bylines.all()]
    text = "\n".join((*lines, *(str(piece) for piece in body), *names))
    return full_width(words) in full_width(text)


def _lock(correction: Correction, by: User) -> tuple[IssuePage, ArticlePage, Correction]:
    """Lock the article, then the correction; return both, with the issue, as they stand now."""
    issue, article = lock_article(correction.article_id)
    _check_role(article, by)
    current = Correction.objects.select_for_update().filter(pk=correction.pk).first()
    if current is None:
        raise CorrectingRefused("这条更正已经删除了，没有别的改动。")
    return issue, article, current


def _check_role(article: ArticlePage, by: User | None) -> None:
    if by is not None and not article.permissions_for_user(by).holds("articles.correct_article"):
        raise CorrectingRefused("您没有登更正的权限，请找责任编辑或总编。")


def _check_public(article: ArticlePage) -> None:
    if article.is_withdrawn:
        raise CorrectingRefused("这篇稿件已经撤稿，读者看不到它，不用更正。")
    if not article.is_public:
        raise CorrectingRefused("这篇稿件还没有见报，有误请直接改稿。")


def _check_day(wording: Wording, issue: IssuePage) -> None:
    """Refuse a day to come, and one before the issue (unless the issue is dated ahead)."""
    today = timezone.localdate()
    if wording.date > today:
        raise CorrectingRefused("更正的日期还没有到，请填今天或以前的日期。")
    if wording.date < min(issue.date, today):
        raise CorrectingRefused(f"更正的日期早于出版日期（{issue.printed_date}），请核对。")


def _add(
    article: ArticlePage, wording: Wording, by: User | None, *, needs_printing: bool
) -> Correction:
    correction = Correction(article=article, by=by, needs_printing=needs_printing)
    _fill(correction, wording)
    _save(correction)
    _log(article, "issues.correct", by, after=wording_of(correction))
    insert_or_update_object(article)
    return correction


def _fill(correction: Correction, wording: Wording) -> None:
    for name, value in asdict(wording).items():
        setattr(correction, name, value)


def _save(correction: Correction) -> None:
    """Save a correction whose words can stand."""
    if correction.right and not correction.wrong:
        raise CorrectingRefused(
            "填了“更正为”，也请把见报的原文填在“原文”里，读者才知道改的是哪里。"
        )
    if correction.wrong and correction.wrong == correction.right:
        raise CorrectingRefused("“原文”和“更正为”一模一样，请核对。")
    try:
        correction.full_clean()
    except ValidationError as error:
        labels = {field.name: field.verbose_name for field in Correction._meta.concrete_fields}
        told = [f"{labels[name]}：{'、'.join(said)}" for name, said in error.message_dict.items()]
        raise CorrectingRefused("没有保存。" + "；".join(told)) from error
    correction.save()


def _log(
    article: ArticlePage,
    action: str,
    by: User | None,
    *,
    after: Wording | None = None,
    before: Wording | None = None,
) -> None:
    data = {
        name: _words(wording)
        for name, wording in (("after", after), ("before", before))
        if wording is not None
    }
    log(instance=article, action=action, user=by, data=data)


def _words(wording: Wording) -> dict[str, Any]:
    return {**asdict(wording), "date": wording.date.isoformat()}
