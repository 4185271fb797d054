"""Count requests and how long they took, in files that the processes of gunicorn share.

What is counted is the kind of a page, the method and the status: nobody's address, no words.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from prometheus_client import Counter, Histogram

from .kinds import kind_of

__all__ = ["counted"]

METHODS = ("GET", "HEAD", "POST")
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

REQUESTS = Counter("paper_requests", "Requests that reached Python.", ["kind", "method", "status"])
DURATION = Histogram(
    "paper_request_seconds", "Seconds until the answer was ready.", ["kind"], buckets=SECONDS
)


def counted(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: count each request, where METRICS_DIR says into which files."""
    if not settings.METRICS_DIR:
        raise MiddlewareNotUsed

    def respond(request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = get_response(request)
        kind = kind_of(request.path_info)
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(kind, method, response.status_code).inc()
        DURATION.labels(kind).observe(time.perf_counter() - began)
        return response

    return respond
