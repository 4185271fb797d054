"""The pages of search: results, help, and suggestions while typing."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from newsroom.limits import TooMany, address_of, count
from newsroom.page_facts import page_facts

from .asking import Asked, read_query
from .direct import articles_named, issues_named
from .examples import examples
from .finding import MOST_TERMS, Found, bounded, find_articles, find_corrections
from .narrowing import Choice
from .nothing import help_for
from .suggestions import suggestions
from .wish import Wish

KEPT_SECONDS = 60  # by caches: what is withdrawn must not be found for long
SUGGESTED_SECONDS = 300


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Answer a search: what was found, or help, or how to search."""
    wish = Wish.read(request.GET)
    asked, dropped = bounded(read_query(wish.q))
    wish = replace(wish, q=asked.text)
    if asked.text and (refused := _too_many("search", request)):
        return _refusal(request, asked, wish, refused)
    facts = page_facts(request, None, title=f"{asked.text} - 检索" if asked.text else "检索")
    context = {
        **facts,
        "asked": asked,
        "wish": wish,
        "dropped": dropped,
        "most_terms": MOST_TERMS,
        "direct": articles_named(asked.text, request) + issues_named(asked.text, request),
    }
    template, found = _answer(asked, wish, request)
    response = TemplateResponse(request, template, {**context, **found})
    # What somebody looks for is told to nobody: to no other site, nor to logs that keep from where
    # a page was reached.
    response.headers["Referrer-Policy"] = "no-referrer"
    return _kept(response, request, KEPT_SECONDS)


def _too_many(action: str, request: HttpRequest) -> TooMany | None:
    """Count one search of whoever asks; return what is said when it is one too many."""
    from_one, in_all = settings.SEARCH_LIMITS[action]
    try:
        count(action, address_of(request), from_one=from_one, in_all=in_all)
    except TooMany as refused:
        return refused
    return None


def _refusal(request: HttpRequest, asked: Asked, wish: Wish, refused: TooMany) -> HttpResponse:
    """Ask somebody to wait; what they typed stays in the field."""
    context = {
        **page_facts(request, None, title="检索"),
        "asked": asked,
        "wish": wish,
        "minutes": -(-refused.seconds_left // 60),
    }
    response = TemplateResponse(
        request, "search/too_many.html", context, status=HTTPStatus.TOO_MANY_REQUESTS
    )
    response["Retry-After"] = str(refused.seconds_left)
    response["Referrer-Policy"] = "no-referrer"
    patch_cache_control(response, no_store=True)
    return response


def _answer(asked: Asked, wish: Wish, request: HttpRequest) -> tuple[str, dict[str, Any]]:
    """Return which template shows the answer, and with what."""
    if asked.is_empty:
        return "search/how_to.html", {"examples": examples(request)}
    find = find_corrections if wish.corrections else find_articles
    found = find(asked, wish, request)
    if not found.total:
        return "search/nothing.html", {"help": help_for(asked, wish, request)}
    return "search/results.html", {
        "found": found,
        "kinds": _kinds(found, wish),
        "orders": () if wish.corrections else _orders(wish),
    }


def _kinds(found: Found, wish: Wish) -> tuple[Choice, ...]:
    """Return articles and corrections to choose between, where there are corrections."""
    if not found.corrections:
        return ()
    plainly = Wish(wish.q)
    return (
        Choice("文章", found.articles, plainly.address(), not wish.corrections),
        Choice("更正", found.corrections, plainly.address(corrections=True), wish.corrections),
    )


def _orders(wish: Wish) -> tuple[Choice, ...]:
    return (
        Choice("标题有的在前", None, wish.address(newest=False), not wish.newest),
        Choice("新的在前", None, wish.address(newest=True), wish.newest),
    )


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Answer while somebody types."""
    if _too_many("suggest", request):
        answer = JsonResponse({"suggestions": []})  # the form goes on working without
        patch_cache_control(answer, no_store=True)
        return answer
    found = suggestions(request.GET.get("q", ""), request)
    response = JsonResponse({"suggestions": found}, json_dumps_params={"ensure_ascii": False})
    response.headers["X-Robots-Tag"] = "noindex"
    return _kept(response, request, SUGGESTED_SECONDS)


def _kept(response: HttpResponse, request: HttpRequest, seconds: int) -> HttpResponse:
    """Let caches keep the answer, unless it depends on who asks (``PaperQuerySet.open_to``)."""
    if request.session.accessed:
        patch_cache_control(response, private=True)
    else:
        patch_cache_control(response, public=True, max_age=seconds)
    return response
