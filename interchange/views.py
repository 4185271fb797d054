"""Hand out a public issue as a file."""

from __future__ import annotations

from http import HTTPStatus

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from issues.models import IssuePage

from .editions import EditionFailed, edition_of
from .formats import FORMATS, file_name

HOUR = 3600


@require_safe
def download(request: HttpRequest, number: str, file: str) -> HttpResponseBase:
    """Hand out a public issue in one of its forms, with validators, for caches to keep an hour.

    Of an issue that is not public, or not open to everybody, there is none: 404.
    """
    issue = IssuePage.objects.published().filter(number=int(number)).first()
    if issue is None:
        raise Http404("没有这一期。")
    format = FORMATS[file]
    try:
        edition = edition_of(issue, format)
    except EditionFailed as failed:
        return _not_ready(request, issue, format.label, failed)
    tag, made = f'"{edition.digest[:32]}"', int(edition.made_at.timestamp())
    unchanged = get_conditional_response(request, etag=tag, last_modified=made)
    answer: HttpResponseBase = unchanged or FileResponse(
        edition.file.open("rb"),
        as_attachment=not format.opens,
        filename=file_name(issue.imprint.name, issue.number, format),
        content_type=format.media_type,
    )
    answer["ETag"], answer["Last-Modified"] = tag, http_date(made)
    patch_cache_control(answer, public=True, max_age=HOUR)
    return answer


def _not_ready(
    request: HttpRequest, issue: IssuePage, label: str, failed: EditionFailed
) -> HttpResponse:
    """Say why there is no such file, and where the issue can be read instead."""
    answer = render(
        request,
        "interchange/not_ready.html",
        {"issue": issue, "label": label, "reason": str(failed)},
        status=HTTPStatus.SERVICE_UNAVAILABLE,
    )
    wait = (failed.next_try - timezone.now()).total_seconds()
    answer["Retry-After"] = str(max(1, int(wait)))
    patch_cache_control(answer, no_store=True)
    return answer
