"""Hand out the cards by which links to the paper are known, and signatures for WeChat."""

from __future__ import annotations

import logging
from http import HTTPStatus
from threading import BoundedSemaphore

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import conditional_page, require_safe

from articles.models import ArticlePage
from interchange.typesetting.press import TypesettingFailed
from interchange.writers.card import Card, draw_card
from issues.models import IssuePage

from . import wechat
from .cards import card_of_article, card_of_issue

logger = logging.getLogger(__name__)

HOUR = 3600
# Of a process; the others who ask wait so many seconds for one that takes a fifth of a second.
AT_ONCE = 1
PATIENCE = 5
AGAIN = 10

_drawing = BoundedSemaphore(AT_ONCE)


@require_safe
@conditional_page
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
def article_card(request: HttpRequest, number: str, article: str) -> HttpResponse:
    """Hand out the card of an article that everybody may read; of a withdrawn one, 410."""
    asked = ArticlePage.objects.live().filter(
        issue__live=True, issue__issuepage__number=number, number=article
    )
    found = (
        asked.open_to().select_related("section", "issue__issuepage__imprint__nameplate").first()
    )
    if found is None:
        raise Http404("没有这篇文章。")
    if found.is_withdrawn:
        gone = HttpResponse(status=HTTPStatus.GONE, content_type="text/plain; charset=utf-8")
        patch_cache_control(gone, no_cache=True)  # it may be given back to the readers
        return gone
    return _drawn(card_of_article(found, found.issue.issuepage))


def _drawn(card: Card) -> HttpResponse:
    """Draw a card; where too many are wanted at once, say when to ask again."""
    if not _drawing.acquire(timeout=PATIENCE):
        answer = HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE)
        answer["Retry-After"] = str(AGAIN)
        patch_cache_control(answer, no_store=True)
        return answer
    try:
        drawn = HttpResponse(draw_card(card), content_type="image/png")
    except TypesettingFailed as failed:
        # Asked again, it would fail again; a link is known without a picture, too.
        logger.error("the card of %s cannot be drawn: %s", card.headline, failed)
        raise Http404("没有分享图。") from failed
    finally:
        _drawing.release()
    patch_cache_control(drawn, public=True, max_age=HOUR)
    return drawn


@require_safe
def wechat_signature(request: HttpRequest) -> HttpResponse:
    """Sign an address of ours for WeChat's script; 204 where that cannot be had now."""
    if not wechat.is_offered():
        raise Http404("没有设置微信。")
    url = request.GET.get("url", "")
    if not wechat.is_ours(url):
        raise Http404("不是本站的网址。")
    told = wechat.signed(url)
    answer = JsonResponse(told) if told else HttpResponse(status=HTTPStatus.NO_CONTENT)
    patch_cache_control(answer, no_store=True)
    return answer
