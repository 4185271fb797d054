"""The page where readers choose how to read, and the style that follows without scripts."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import conditional_page, require_http_methods, require_safe

from .comforts import COMFORTS, read_choice, style_of, written
from .page_facts import page_facts

COOKIE, PATH = "reading", "/reading/"
YEAR = 365 * 24 * 3600
SHEETS = tuple(settings.BASE_DIR / "static/css" / f"{name}.css" for name in ("tokens", "aids"))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def reading(request: HttpRequest) -> HttpResponse:
    """Show what can be chosen, and keep what was chosen in the reader's own browser.

    Readers have no cookie to prove where a form came from; all that another site could do by
    sending it is to make the letters larger, and browsers that tell whence are asked.
    """
    choice = read_choice(request.COOKIES.get(COOKIE, ""))
    if request.method == "POST" and _is_ours(request):
        return _chosen(request, {**choice, **request.POST.dict()})
    response = TemplateResponse(
        request,
        "pages/reading.html",
        {
            **page_facts(request, None, title="阅读设置"),
            "comforts": [(comfort, choice.get(comfort.name, "")) for comfort in COMFORTS],
            "is_elder": "elder" in choice,
            "back": _back(request, request.headers.get("Referer", "")),
        },
    )
    return _own(response)


@require_safe
@conditional_page
def comfort_style(request: HttpRequest) -> HttpResponse:
    """Return the style that was chosen; only browsers without scripts ask for it, on each page."""
    choice = read_choice(request.COOKIES.get(COOKIE, ""))
    response = HttpResponse(style_of(choice, SHEETS), content_type="text/css; charset=utf-8")
    response["X-Robots-Tag"] = "noindex"
    return _own(response)


def _chosen(request: HttpRequest, choice: dict[str, str]) -> HttpResponse:
    """Keep ``choice`` and go back to where the reader came from."""
    back = _back(request, request.POST.get("back", ""))
    response = HttpResponseRedirect(back or PATH, status=303)
    if kept := written(choice):
        # Sent to this page and its style alone: pages stay the same for everybody.
        response.set_cookie(
            COOKIE,
            kept,
            max_age=YEAR,
            path=PATH,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    else:
        response.delete_cookie(COOKIE, path=PATH, samesite="Lax")
    return _own(response)


def _is_ours(request: HttpRequest) -> bool:
    return request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")


def _back(request: HttpRequest, address: str) -> str:
    """Return the page of ours at ``address``, without its host; nothing for any other."""
    if not address.isprintable() or not url_has_allowed_host_and_scheme(
        address, {request.get_host()}
    ):
        return ""
    parts = urlsplit(address)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    if parts.path == PATH or not path.startswith("/") or path.startswith(("//", "/\\")):
        return ""
    return path


def _own(response: HttpResponse) -> HttpResponse:
    """Have each browser ask anew, and nobody between keep it: it is what this reader chose."""
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["Cookie"])
    return response
