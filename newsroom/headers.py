"""Tell browsers what a page of ours may do: one policy for readers, one for the admin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

__all__ = ["SECURITY_HEADERS", "ContentPolicy", "security_headers"]

# What no page of a newspaper needs of a browser, for it and for whatever may get into it.
UNUSED = (
    *("accelerometer", "browsing-topics", "camera", "display-capture"),
    *("encrypted-media", "geolocation", "gyroscope", "hid", "magnetometer", "microphone", "midi"),
    *("payment", "picture-in-picture", "publickey-credentials-get", "screen-wake-lock", "serial"),
    *("usb", "xr-spatial-tracking"),
)
# On every response there is: also on errors, and on what middleware answers before a view is asked.
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": settings.X_FRAME_OPTIONS,
    "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in UNUSED),
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
}


def security_headers(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: put the headers on that a view has not set itself."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name, value in SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cross-Origin-Resource-Policy", _who_may_embed(response))
        if is_admin(request):
            response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
            response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response

    return respond


def _who_may_embed(response: HttpResponseBase) -> str:
    """Pictures and what the API tells may stand in other people's pages; nothing else may."""
    open_to_all = response.headers.get("Access-Control-Allow-Origin") == "*"
    picture = response.headers.get("Content-Type", "").startswith("image/")
    return "cross-origin" if open_to_all or picture else "same-origin"


def is_admin(request: HttpRequest) -> bool:
    """Whether somebody of the newsroom is asking, and no reader."""
    return request.path_info.startswith("/admin/")


class ContentPolicy(CSPMiddleware):
    """The Content-Security-Policy of each part of the site (settings.CONTENT_POLICIES)."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """Take the policy whose prefix the address begins with, or that of readers."""
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and parts.config is None:
            parts.config = self._policy_at(request.path_info)
        return parts

    def _policy_at(self, path: str) -> dict[str, Any] | None:
        policies: dict[str, Any] = settings.CONTENT_POLICIES
        return next((policies[prefix] for prefix in policies if path.startswith(prefix)), None)
