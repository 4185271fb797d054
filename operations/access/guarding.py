"""Let nobody on below /admin/ whose session is over, or who has no second factor yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django_otp import DEVICE_ID_SESSION_KEY

from . import second_factor

__all__ = ["guarded"]

BEGAN, SEEN = "began", "seen"
SELDOM = 300  # seconds: not every look at a screen writes to the database
OPEN = (
    "/admin/login/",
    "/admin/logout/",
    "/admin/jsi18n/",
    "/admin/sprite/",
    "/admin/second-step/",
)


def guarded(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: below /admin/, let nobody on whose session is over or who lacks a factor.

    Sessions begin and are prolonged here only; elsewhere they end with the database's own date.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if not path.startswith("/admin/") or path.startswith(OPEN):
            return get_response(request)
        user: Any = request.user
        if user.is_authenticated:
            if _is_over(request) or (
                second_factor.device_of(user) and DEVICE_ID_SESSION_KEY not in request.session
            ):
                logout(request)
                return redirect_to_login(request.get_full_path(), reverse("wagtailadmin_login"))
            home = reverse("second_factor")
            if path != home and second_factor.is_wanted_of(user):
                return redirect(home)
        return get_response(request)

    return respond


def _is_over(request: HttpRequest) -> bool:
    """Tell whether this session is too old; note that it is in use, unless only a script asks."""
    now = int(timezone.now().timestamp())
    session = request.session
    began = session.setdefault(BEGAN, now)
    by_hand = "text/html" in request.headers.get("Accept", "") or (
        request.method == "POST" and "/editing-sessions/" not in request.path_info
    )
    if by_hand and now - session.get(SEEN, 0) > SELDOM:
        session[SEEN] = now
    return now - began > settings.SESSION_HOURS * 3600
