"""Take in that an article was read, and show what is read most."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from newsroom import limits
from newsroom.page_facts import page_facts

from . import counting
from .models import Span
from .popular import most_read, most_read_lately

# From one address within an hour: of one article, and in all. A whole office may stand behind one.
OF_ONE_ARTICLE, OF_ALL = 20, 600
IN_ALL = 200_000
SHOWN = 30

ROBOT = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|headless|phantom|lighthouse|preview|monitor|scan|fetch|archiv"
    r"|python|java/|curl|wget|okhttp|go-http|axios|libwww|scrapy|^$",
    re.IGNORECASE,
)


# Nobody is logged in here and nothing is changed but a number that anybody may raise, by reading:
# there is nothing that a forged request could do in somebody's name, and no cookie to prove one by.
@csrf_exempt
@require_POST
def count(request: HttpRequest, issue: str, number: str) -> HttpResponse:
    """Count that an article was read, which ``static/js/count.js`` tells; answer nothing.

    Neither robots nor those who ask not to be followed are counted, nor what another site sends.
    """
    if _counts(request):
        address = limits.address_of(request)
        try:
            limits.count("reads", address, from_one=OF_ALL, in_all=IN_ALL)
            limits.count(f"reads:{issue}/{number}", address, from_one=OF_ONE_ARTICLE, in_all=IN_ALL)
        except limits.TooMany:
            pass
        else:
            counting.READS.add((int(issue), int(number)))
    return HttpResponse(status=204, headers={"Cache-Control": "no-store"})


def _counts(request: HttpRequest) -> bool:
    asks_not_to = "1" in (request.headers.get("DNT"), request.headers.get("Sec-GPC"))
    from_here = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    return from_here and not (
        asks_not_to or ROBOT.search(request.headers.get("User-Agent", "").strip())
    )


@require_safe
def popular(request: HttpRequest) -> TemplateResponse:
    """List what is read most, of the span asked for or the shortest of which something is known."""
    asked = request.GET.get("span")
    facts = page_facts(request, None, title="热门文章", description="读者看得最多的文章")
    if asked in Span.values:
        span = Span(asked)
        articles = most_read(request, span, SHOWN)
        facts["canonical_url"] += f"?span={span}"
    else:
        span, articles = most_read_lately(request, SHOWN)
    return TemplateResponse(
        request,
        "following/popular.html",
        {
            **facts,
            "spans": [(each.value, each.label, each is span) for each in Span],
            "span": span.label,
            "articles": articles,
        },
    )
