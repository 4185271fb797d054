"""The pages for subscribers; what they say never tells whether an address is known.

They set no cookie, and a mail client that unsubscribes with one click (RFC 8058) has none: that
the form was sent from a page of ours, the browser tells (_is_from_elsewhere). A link that is
merely opened changes nothing, since mail servers open every link to look for viruses.
"""

from __future__ import annotations

import math
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from newsroom import limits
from newsroom.page_facts import page_facts

from . import subscribing
from .forms import SubscribeForm

HONEYPOT = "website"  # the name of a field that people do not see, and robots fill in
TRAPPED = (
    "有一个应当留空的隐藏栏被填上了，可能是浏览器自动填写的。您填的邮箱还在，请再按一次“订阅”。"
)
ELSEWHERE = (
    "为了防止别的网站冒用您的邮箱，只收从本站这一页提交的订阅，刚才的没有收下。"
    "您填的邮箱还在，请再按一次“订阅”。"
)
GET_OR_POST = ["GET", "HEAD", "POST"]


@csrf_exempt
@sensitive_post_parameters()
@require_http_methods(GET_OR_POST)
def subscribe(request: HttpRequest) -> HttpResponse:
    """Say how the paper can be followed, and take an address."""
    if request.method != "POST":
        return _page(request, "subscribe", "订阅", form=SubscribeForm())
    form = SubscribeForm(request.POST)
    if not form.is_valid():
        return _private(_page(request, "subscribe", "订阅", form=form, status=400))
    if _is_from_elsewhere(request):
        answer = _page(request, "subscribe", "订阅", form=form, problem=ELSEWHERE, status=403)
        return _private(answer)
    if request.POST.get(HONEYPOT):
        answer = _page(request, "subscribe", "订阅", form=form, problem=TRAPPED, status=400)
        return _private(answer)
    from_one, in_all = settings.SUBSCRIPTIONS_LIMITS
    try:
        address = limits.address_of(request)
        limits.count("subscribe", address, from_one=from_one, in_all=in_all)
    except limits.TooMany as refused:
        minutes = math.ceil(refused.seconds_left / 60)
        problem = f"这一小时内订阅的次数太多了。您填的邮箱还在，请过{minutes}分钟再按一次“订阅”。"
        answer = _page(request, "subscribe", "订阅", form=form, problem=problem, status=429)
        answer["Retry-After"] = str(refused.seconds_left)
        return _private(answer)
    subscribing.subscribe(form.cleaned_data["email"])
    return _private(_page(request, "asked", "请查收邮件"))


@csrf_exempt
@require_http_methods(GET_OR_POST)
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for the one click that begins a subscription, and take it."""
    if request.method == "POST":
        done, known = True, subscribing.confirm(token)
    else:
        done, known = False, subscribing.is_open(token)
    title = "已经订阅" if known and done else "确认订阅" if known else "链接已失效"
    status = 200 if known else 404
    return _secret(_page(request, "confirm", title, known=known, done=done, status=status))


@csrf_exempt
@require_http_methods(GET_OR_POST)
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for the one click that ends a subscription, and take it, also from a mail client."""
    done = request.method == "POST"
    if done:
        subscribing.unsubscribe(token)
    return _secret(_page(request, "unsubscribe", "已经退订" if done else "退订", done=done))


def _is_from_elsewhere(request: HttpRequest) -> bool:
    """Whether a page of another site sent the form; browsers that do not tell are believed."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    ours = (request.get_host(), urlsplit(settings.WAGTAILADMIN_BASE_URL).netloc)
    return origin is not None and origin.partition("://")[2] not in ours


def _page(
    request: HttpRequest, name: str, title: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    facts = page_facts(request, None, title=title)
    if name != "subscribe":
        facts["canonical_url"] = ""  # no address with a token is for print or for a robot
    context = {**facts, "honeypot": HONEYPOT, "problem": "", **context}
    return render(request, f"following/{name}.html", context, status=status)


def _private(response: HttpResponse) -> HttpResponse:
    """Keep a page out of every cache and list."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _secret(response: HttpResponse) -> HttpResponse:
    """Keep the address of a page out of every Referer, too.

    Not that of the form: it would be sent with "Origin: null", as if from elsewhere.
    """
    response["Referrer-Policy"] = "no-referrer"
    return _private(response)
