"""Say what each feed follows, and what has to change before it reads differently."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import takewhile
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.http import Http404
from django.shortcuts import get_object_or_404
from wagtail.models import Page, ReferenceIndex

from articles.models import ArticlePage, Correction
from articles.querysets import ArticleQuerySet, CorrectionQuerySet
from following.changes import last_change
from issues.models import NewspaperPage
from newsroom.models import Contributor, Imprint, PressPhoto, Section

__all__ = ["Source", "contributor", "corrections", "paper", "section"]

# Whoever looks once a week is to miss nothing: an issue with more articles is given whole.
USUALLY, AT_MOST = 30, 200
ROW = (
    *("pk", "live_revision", "last_published_at", "folio", "section__name"),
    *("issue__issuepage__number", "issue__issuepage__date", "issue__issuepage__imprint__name"),
    *("issue__first_published_at", "issue__last_published_at"),
)


@dataclass(frozen=True, slots=True)
class Source:
    """One feed: ``key`` and ``home`` are its own, ``articles`` or ``corrections`` what is in it.

    ``changed`` is when something was last done that readers may see, anywhere in the paper;
    ``digest`` sums up what this feed is made of.
    """

    namespace: uuid.UUID
    key: str
    title: str
    description: str
    home: str
    author: str
    articles: ArticleQuerySet
    corrections: CorrectionQuerySet[Correction]
    changed: datetime | None
    digest: str
    has_hub: bool = False

    def identify(self, name: str) -> str:
        """Return what something of the paper is known by, whatever becomes of its address.

        Made of the paper's own key, which goes with the database, and of a name that lasts.
        """
        return uuid.uuid5(self.namespace, name).urn


def paper() -> Source:
    """Follow the paper: the articles of the newest issues."""
    about = "最近出版的各期文章，全文"
    return _source("", "", about, "/", _newest(ArticlePage.objects.published()), has_hub=True)


def section(slug: str) -> Source:
    """Follow a section (栏目); 404 until readers have an article of it."""
    of = get_object_or_404(Section, slug=slug)
    articles = _some(ArticlePage.objects.published().filter(section=of))
    about = f"“{of.name}”栏目的文章，全文"
    return _source(f"section/{slug}", of.name, about, f"/sections/{slug}/", articles)


def contributor(key: str) -> Source:
    """Follow somebody who writes for the paper; 404 until readers have an article of theirs."""
    of = get_object_or_404(Contributor, pk=int(key))
    articles = _some(ArticlePage.objects.published().signed_by(of))
    about = f"{of.name}的文章，全文"
    return _source(f"contributor/{of.pk}", of.name, about, f"/contributors/{of.pk}/", articles)


def corrections() -> Source:
    """Follow what the paper corrects (更正)."""
    newest = Correction.objects.published().newest_first().with_articles()
    keys = list(newest.values_list("pk", flat=True)[:USUALLY])
    found = newest.filter(pk__in=keys)
    none = ArticlePage.objects.none()
    about = "见报之后的更正、补充说明和致歉"
    return _source("corrections", "更正", about, "/corrections/", none, found, has_hub=True)


def _some(articles: ArticleQuerySet) -> ArticleQuerySet:
    newest = _newest(articles)
    if not newest.exists():
        raise Http404("还没有见报的文章。")
    return newest


def _newest(articles: ArticleQuerySet) -> ArticleQuerySet:
    """Keep the newest thirty, and in any case the whole of the newest issue."""
    rows = list(articles.newest_first().values_list("pk", "issue")[:AT_MOST])
    latest = len(list(takewhile(lambda row: row[1] == rows[0][1], rows)))
    keys = [pk for pk, _ in rows[: max(USUALLY, latest)]]
    return articles.filter(pk__in=keys).newest_first().with_issues()


def _source(
    key: str,
    name: str,
    description: str,
    home: str,
    articles: ArticleQuerySet,
    found: CorrectionQuerySet[Correction] | None = None,
    *,
    has_hub: bool = False,
) -> Source:
    imprint = Imprint.objects.current()
    author = imprint.name if imprint else settings.WAGTAIL_SITE_NAME
    namespace = NewspaperPage.objects.values_list("translation_key", flat=True).first()
    if namespace is None:
        raise Http404("还没有建立报纸。")
    rows = list(articles.values_list(*ROW))
    shown = found
    if shown is None:
        shown = Correction.objects.filter(article__in=[row[0] for row in rows])
    noted = list(shown.values_list("pk", "changed_at", "article__live_revision"))
    told = (key, author, name, settings.WEBSUB_HUB, rows, noted, _photos(rows))
    return Source(
        namespace=namespace,
        key=key,
        title=f"{author}：{name}" if name else author,
        description=f"《{author}》{description}",
        home=home,
        author=author,
        articles=articles,
        corrections=shown,
        changed=last_change(),
        digest=sha256(repr(told).encode()).hexdigest(),
        has_hub=has_hub,
    )


def _photos(rows: list[Any]) -> list[Any]:
    """Return the files of the photos in these articles: one that is replaced lies elsewhere."""
    of = ContentType.objects.get_for_model
    used = ReferenceIndex.objects.filter(
        base_content_type=of(Page),
        object_id__in=[str(row[0]) for row in rows],
        to_content_type=of(PressPhoto),
    ).values_list("to_object_id", flat=True)
    files = PressPhoto.objects.filter(pk__in={int(key) for key in used})
    return list(files.order_by("pk").values_list("pk", "file"))
