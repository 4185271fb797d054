"""Hand out feeds, and say cheaply that there is nothing new."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from ..xml_text import legible
from .entries import entries_of
from .formats import Channel, Format
from .sources import Source

QUARTER = 900  # seconds in which caches may keep a feed: so late may it tell of an issue
NEVER = datetime.datetime.fromtimestamp(0, datetime.UTC)


@require_safe
def feed(
    request: HttpRequest, of: Callable[..., Source], form: Format, **which: str
) -> HttpResponse:
    """Hand out one feed in one form, the same bytes for everybody, with validators.

    Whoever has it already costs a few short queries, and no article is read.
    """
    source = of(**which)
    changed = source.changed or NEVER
    stamp = int(changed.timestamp())
    tag = f'"{source.digest[:32]}-{form.media_type.split("/")[1]}"'
    answer = get_conditional_response(request, etag=tag, last_modified=stamp)
    if answer is None:
        entries = entries_of(source, request)
        channel = Channel(
            id=source.identify(f"feed/{source.key}"),
            title=legible(source.title),
            description=legible(source.description),
            home=request.build_absolute_uri(source.home),
            address=request.build_absolute_uri(request.path),
            author=legible(source.author),
            # An empty feed is the same whatever else comes out, since nginx keeps it.
            updated=max((entry.updated for entry in entries), default=NEVER),
            hub=settings.WEBSUB_HUB if source.has_hub else "",
            entries=entries,
        )
        content_type = f"{form.media_type}; charset=utf-8"
        answer = HttpResponse(form.write(channel), content_type=content_type)
    answer["ETag"], answer["Last-Modified"] = tag, http_date(stamp)
    patch_cache_control(answer, public=True, max_age=QUARTER)
    return answer
