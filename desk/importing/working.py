"""Begin an import, decide on it step by step, take a step back, give it up, make articles of it.

Every verb locks the import and asks for the step that was on the screen: who decides on an older
one than the last is told so, and nothing is done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from articles.crediting import remember
from articles.models import ArticlePage
from desk.board.adding import AddingRefused, add_draft
from desk.board.permissions import may_begin
from interchange.composing import compose, compose_articles
from interchange.files import ImportRefused, KeptFiles
from interchange.galley import Galley, GalleyError, unaccounted
from interchange.galley_data import to_data
from interchange.pages import fill_article, load_issue, plain_imprint
from interchange.rules import faults
from interchange.schema import Article, SchemaError
from issues.models import IssuePage

from .models import Import, ImportPicture, ImportStep

if TYPE_CHECKING:
    from accounts.models import User

__all__ = [
    "ImportingRefused",
    "Overtaken",
    "begin_import",
    "decide",
    "give_up",
    "take_back",
    "take_in",
    "take_in_as_issue",
]

MOST_STEPS_BACK = 30
LABELS = {
    "kicker": "引题",
    "title": "主题",
    "subhead": "副题",
    "standfirst": "提要",
    "section": "栏目",
    "bylines": "署名",
    "remarks": "注记",
}


class ImportingRefused(Exception):
    """Nothing was done; the message says why, in Chinese."""


class Overtaken(ImportingRefused):
    """Somebody else has decided something since the screen was shown."""


@transaction.atomic
def begin_import(
    *,
    issue: IssuePage,
    by: User,
    galley: Galley,
    title: str,
    source: str = "",
    pictures: Mapping[str, bytes] | None = None,
) -> Import:
    """Keep what was read until somebody has decided on it.

    ``pictures`` are the contents of those that the galley names. Raises PermissionDenied, and
    ImportingRefused for a galley without words.
    """
    _check_may_write(issue, by)
    if not galley.articles:
        raise ImportingRefused("没有读到稿件：里面没有文字。请换一份再试。")
    begun = Import.objects.create(
        issue=issue, title=title[:200], source=source, begun_by=by, begun_at=timezone.now()
    )
    for name, content in (pictures or {}).items():
        picture = ImportPicture(importing=begun, name=name)
        picture.file.save(name, ContentFile(content), save=False)
        picture.save()
    _add_step(begun, 1, galley, "读入", by)
    return begun


@transaction.atomic
def decide(
    *, importing: Import, seen: int, by: User, told: str, change: Callable[[Galley], Galley]
) -> ImportStep:
    """Do one thing with the galley.

    Raises GalleyError as ``change`` does, Overtaken, PermissionDenied.
    """
    last = _last_step(importing, seen, by)
    step = _add_step(importing, last.number + 1, change(last.galley), told, by)
    importing.steps.filter(number__lt=step.number - MOST_STEPS_BACK).delete()
    return step


@transaction.atomic
def take_back(*, importing: Import, seen: int, by: User) -> None:
    """Take the last step back. Raises ImportingRefused where there is none left to take back."""
    last = _last_step(importing, seen, by)
    if not importing.steps.filter(number__lt=last.number).exists():
        raise ImportingRefused("已经退到最早能退的一步，不能再退了。")
    last.delete()


@transaction.atomic
def give_up(*, importing: Import, by: User) -> None:
    """Remove an import with its pictures; articles are not touched."""
    _check_may_write(importing.issue, by)
    _remove(importing)


@transaction.atomic
def take_in(*, importing: Import, seen: int, by: User, folio: int = 1) -> list[ArticlePage]:
    """Make drafts of the articles, at the end of a folio of the issue, and remove the import.

    What nobody has decided goes along as remarks. All or nothing; raises ImportingRefused.
    """
    galley = _last_step(importing, seen, by).galley
    _check_conserved(importing, galley)
    files = KeptFiles(_pictures(importing))
    added = []
    try:
        for article in _sound(compose_articles(galley)):
            page = ArticlePage(folio=folio)
            fill_article(page, article, files)
            added.append(add_draft(page, importing.issue, by))
            remember(names=(byline.name for byline in article.bylines))
    except (AddingRefused, GalleyError, ImportRefused) as refused:
        raise ImportingRefused(f"没有建稿件：{refused}") from refused
    log(
        instance=importing.issue,
        action="desk.import",
        user=by,
        data={"source": importing.title, "articles": [page.number for page in added]},
    )
    _remove(importing)
    return added


@transaction.atomic
def take_in_as_issue(*, importing: Import, seen: int, by: User) -> IssuePage:
    """Make the issue that the text is a page of, its articles drafts, and remove the import.

    For back issues. Raises ImportingRefused, also if the database has this issue already.
    """
    galley = _last_step(importing, seen, by).galley
    _check_conserved(importing, galley)
    if not may_begin(by):
        raise PermissionDenied
    try:
        issue = compose(galley, imprint=plain_imprint(importing.issue))
        if IssuePage.objects.filter(number=issue.number).exists():
            raise ImportingRefused(
                f"没有建：第{issue.number}期已经有了。请改放进那一期，或核对期号。"
            )
        report = load_issue(issue=issue, picture=_pictures(importing), by=by)
    except (GalleyError, ImportRefused, SchemaError) as refused:
        raise ImportingRefused(f"没有建：{refused}") from refused
    log(
        instance=report.issue,
        action="desk.import",
        user=by,
        data={"source": importing.title, "articles": [each.number for each in issue.articles]},
    )
    _remove(importing)
    return report.issue


def _last_step(importing: Import, seen: int, by: User) -> ImportStep:
    """Lock the import and return its last step, if that is the one that ``by`` has seen."""
    locked = Import.objects.select_for_update(of=("self",)).filter(pk=importing.pk).first()
    if locked is None:
        raise Overtaken("这次导入已经结束了：有人已建成稿件，或放弃了它。")
    _check_may_write(importing.issue, by)
    last = importing.steps.select_related("by").last()
    assert last is not None  # noqa: S101  # the first step is made with the import
    if last.number != seen:
        who = f"{last.by.get_full_name() or last.by.get_username()}" if last.by else "别人"
        raise Overtaken(
            f"您打开之后，{who}已改到下一步（{last.told}）。您刚才点的没有做，下面是现在的样子。"
        )
    return last


def _check_may_write(issue: IssuePage, by: User) -> None:
    if not issue.permissions_for_user(by).can_add_subpage():
        raise PermissionDenied


def _check_conserved(importing: Import, galley: Galley) -> None:
    """Refuse a galley that has lost something of its source; that would be a fault of ours."""
    if lost := unaccounted(galley, importing.source):
        raise ImportingRefused(f"没有建：原文里的“{lost[:20]}”不见了。请放弃这次导入，重新粘贴。")


def _sound(articles: tuple[Article, ...]) -> tuple[Article, ...]:
    """Return the articles, or say of which one something does not fit."""
    for article in articles:
        for place, reason in faults(article):
            what = LABELS.get(str(place[0]), "正文")
            raise ImportingRefused(f"没有建稿件：《{article.title[:20]}》的{what}{reason}。")
    return articles


def _pictures(importing: Import) -> Callable[[str], bytes]:
    def picture(name: str) -> bytes:
        kept = importing.pictures.filter(name=name).first()
        if kept is None:
            raise ImportRefused(f"图片 {name} 不见了。请放弃这次导入，重新上传。")
        with kept.file.open("rb") as file:
            return bytes(file.read())

    return picture


def _add_step(importing: Import, number: int, galley: Galley, told: str, by: User) -> ImportStep:
    return ImportStep.objects.create(
        importing=importing,
        number=number,
        told=told[:200],
        by=by,
        at=timezone.now(),
        data=to_data(galley),
    )


def _remove(importing: Import) -> None:
    """Remove the rows now, and the files once nothing can bring the rows back."""
    for picture in importing.pictures.all():
        delete = partial(picture.file.storage.delete, str(picture.file.name))
        transaction.on_commit(delete, robust=True)
    importing.delete()
