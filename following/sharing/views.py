"""Hand out the cards by which links to the paper are known."""

from __future__ import annotations

from http import HTTPStatus
from threading import BoundedSemaphore

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from articles.models import ArticlePage
from interchange.writers.card import Card, draw_card
from issues.models import IssuePage

from .cards import card_of_article, card_of_issue

HOUR = 3600
# Of a process; the others who ask wait so many seconds for one that takes a few hundredths.
AT_ONCE = 1
PATIENCE = 5
AGAIN = 10

_drawing = BoundedSemaphore(AT_ONCE)


@require_safe
@conditional_page
@cache_control(public=True, max_age=HOUR)
def issue_card(request: HttpRequest, number: str) -> HttpResponse:
    """Hand out the card of an issue that everybody may read."""
    issue = (
        IssuePage.objects.published()
        .filter(number=number)
        .select_related("imprint__nameplate")
        .first()
    )
    if issue is None:
        raise Http404("没有这一期。")
    articles = ArticlePage.objects.child_of(issue).published().in_print_order().for_contents()
    return _drawn(card_of_issue(issue, list(articles)))


@require_safe
@conditional_page
@cache_control(public=True, max_age=HOUR)
def article_card(request: HttpRequest, number: str, article: str) -> HttpResponse:
    """Hand out the card of an article that everybody may read; of a withdrawn one, 410."""
    asked = ArticlePage.objects.live().filter(
        issue__live=True, issue__issuepage__number=number, number=article
    )
    found = (
        asked.open_to()
        .select_related("section", "issue__issuepage__imprint__nameplate")
        .first()
    )
    if found is None:
        raise Http404("没有这篇文章。")
    if found.is_withdrawn:
        return HttpResponse("", status=HTTPStatus.GONE, content_type="text/plain; charset=utf-8")
    return _drawn(card_of_article(found, found.issue.issuepage))


def _drawn(card: Card) -> HttpResponse:
    """Draw a card; where too many are wanted at once, say when to ask again."""
    if not _drawing.acquire(timeout=PATIENCE):
        answer = HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE)
        answer["Retry-After"] = str(AGAIN)
        patch_cache_control(answer, no_store=True)
        return answer
    try:
        return HttpResponse(draw_card(card), content_type="image/png")
    finally:
        _drawing.release()
