"""Answer browsers that install the paper, and readers who look what their device has kept."""

from __future__ import annotations

import json
from hashlib import sha256

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from issues.models import IssuePage
from newsroom.models import Imprint
from newsroom.page_facts import page_facts

from ..metadata.gathering import paper_facts
from .taking import taken

HOUR = 3600
ICONS = (
    ("img/icon-192.png", "192x192", "any"),
    ("img/icon-512.png", "512x512", "any"),
    ("img/icon-maskable-512.png", "512x512", "maskable"),
    ("img/favicon.svg", "any", "any"),
)
# What is kept from the first: for the page that is shown where nothing else was kept, and for
# articles and folios that came along unopened, whose style sheets nobody has asked for yet.
SHELL = (
    *("css/tokens.css", "css/base.css", "css/components.css", "css/print.css", "css/offline.css"),
    *("css/reading_tools.css", "css/calendar.css", "css/aids.css"),
    *("js/comfort.js", "js/reading_tools.js", "js/folio.js"),
    *("js/offline.js", "js/kept.js", "img/favicon.svg"),
)


@require_safe
@conditional_page
@cache_control(public=True, max_age=HOUR)
def web_manifest(request: HttpRequest) -> HttpResponse:
    """Describe the paper as a program that can be installed (W3C Web App Manifest)."""
    name = paper_facts(Imprint.objects.current(), request).name
    told = {
        "id": "/",
        "name": name,
        "short_name": name[:6],
        "lang": "zh-Hans",
        "dir": "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "minimal-ui",
        "background_color": "#fffefa",
        "theme_color": "#fffefa",
        "categories": ["news"],
        "icons": [
            {
                "src": static(file),
                "sizes": sizes,
                "type": "image/svg+xml" if file.endswith("svg") else "image/png",
                "purpose": purpose,
            }
            for file, sizes, purpose in ICONS
        ],
        "shortcuts": [
            {"name": "往期", "url": "/archive/"},
            {"name": "存在手机里的报纸", "url": reverse("offline")},
        ],
    }
    return HttpResponse(
        json.dumps(told, ensure_ascii=False),
        content_type="application/manifest+json; charset=utf-8",
    )


@require_safe
@conditional_page
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """Hand out the service worker; where OFFLINE is off, one that clears up and goes.

    Its text changes whenever what it keeps from the first does: then browsers take the new one.
    """
    shell = [reverse("offline"), *map(static, SHELL)]
    script = render_to_string(
        "following/offline/worker.js" if settings.OFFLINE else "following/offline/leave.js",
        {
            "static": json.dumps(settings.STATIC_URL),
            "shell": json.dumps(shell),
            "version": sha256(" ".join(shell).encode()).hexdigest()[:12],
        },
    )
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=HOUR)
def kept_issues(request: HttpRequest) -> TemplateResponse:
    """Show what this device has kept: the page's own script looks, the server does not know."""
    return TemplateResponse(
        request,
        "following/offline/kept.html",
        {**page_facts(request, None, title="离线阅读"), "is_offered": settings.OFFLINE},
    )


@require_safe
@conditional_page
@cache_control(public=True, max_age=HOUR)
def issue(request: HttpRequest, number: str) -> JsonResponse:
    """List what a device has to fetch to keep an issue whole."""
    found = (
        IssuePage.objects.published().filter(number=number).first() if settings.OFFLINE else None
    )
    if found is None:
        raise Http404("没有这一期。")
    listed = taken(found, request)
    return JsonResponse(
        {
            "number": found.number,
            "title": found.title,
            "date": found.printed_date,
            "size": listed.size,
            "pages": listed.pages,
            "pictures": listed.pictures,
        },
        json_dumps_params={"ensure_ascii": False},
    )
