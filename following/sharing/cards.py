"""Say what stands on the card of an issue, and on that of an article."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from wagtail.images.models import SourceImageIOError

from articles.models import ArticlePage
from articles.reading import plain_paragraphs, shown
from articles.story import weigh
from interchange.writers.card import Card
from issues.folio_pages import SIZES
from issues.models import Folio, IssuePage
from newsroom.cjk import opening
from newsroom.dressing import look_now
from newsroom.looks import Look
from newsroom.models import Imprint

__all__ = ["alt_of_article", "alt_of_issue", "card_of_article", "card_of_issue"]

OPENING = 74  # characters: two lines of a card


def alt_of_article(issue: IssuePage, headline: str) -> str:
    """Say in words what the card of an article shows."""
    return f"《{_name(issue.imprint)}》{issue.title}：{headline}"


def alt_of_issue(issue: IssuePage) -> str:
    """Say in words what the card of an issue shows."""
    return f"《{_name(issue.imprint)}》{issue.title}，{issue.printed_date}"


def card_of_article(article: ArticlePage, issue: IssuePage) -> Card:
    """Return what stands on the card of an article, as readers have it."""
    show = shown(article)
    folio = f"第{article.folio}版 {issue.folio_name(article.folio)}".rstrip()
    lead_in = article.standfirst or opening(plain_paragraphs(article), OPENING)
    return Card(
        **_head(issue),
        headline=show(article.title),
        kicker=show(article.kicker),
        subhead=show(article.subhead),
        opening=show(opening([lead_in], OPENING)),
        foot=(
            article.section.name if article.section else folio,
            _address(f"/{issue.number}/{article.number}/"),
        ),
    )


def card_of_issue(issue: IssuePage, articles: list[ArticlePage]) -> Card:
    """Return what stands on the card of an issue with ``articles``, in print order."""
    weights = weigh([article.prominence for article in articles])
    first = weights.index("lead") if "lead" in weights else 0
    lead = articles[first] if articles else None
    others = [article for article in articles if article is not lead]
    return Card(
        **_head(issue),
        headline=shown(lead)(lead.title) if lead else issue.title,
        kicker=shown(lead)(lead.kicker) if lead else "",
        others=tuple(shown(article)(article.title) for article in others),
        is_issue=True,
        page=_first_page(issue),
        foot=(issue.imprint.publisher if issue.imprint else "", _address(f"/{issue.number}/")),
    )


def _head(issue: IssuePage) -> dict[str, Any]:
    """Return what stands at the head of every card of an issue."""
    lunar = f"农历{issue.lunar_date}" if issue.lunar_date else ""
    dates = (issue.printed_date, issue.weekday, lunar, issue.title)
    look = look_now(issue.number)
    return {
        "name": _name(issue.imprint),
        "dates": tuple(filter(None, dates)),
        "plate": _plate(issue.imprint),
        "grey": look is Look.GREY,
        "red": look is Look.RED,
    }


def _name(imprint: Imprint | None) -> str:
    return imprint.name if imprint else "数字报"


def _plate(imprint: Imprint | None) -> bytes | None:
    """Return the nameplate if it is a picture, and its file is there."""
    if imprint is None or imprint.nameplate is None:
        return None
    try:
        with imprint.nameplate.open_file() as file:
            content: bytes = file.read()
    except (SourceImageIOError, OSError):
        return None
    return content


def _first_page(issue: IssuePage) -> bytes | None:
    """Return the picture of the first page as printed, if it is kept."""
    printed = Folio.objects.filter(issue=issue, page_image__isnull=False)
    first = printed.select_related("page_image").order_by("number").first()
    if first is None:
        return None
    try:
        with first.page_image.get_rendition(SIZES[0]).file.open("rb") as file:
            content: bytes = file.read()
    except (SourceImageIOError, OSError):
        return None
    return content


def _address(path: str) -> str:
    """Return an address as it is written on paper: without https:// and the last stroke."""
    host = urlsplit(settings.WAGTAILADMIN_BASE_URL).netloc
    return f"{host}{path}".rstrip("/")
