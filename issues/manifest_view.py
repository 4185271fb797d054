"""Hand out the manifest of an issue's printed pages."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe
from wagtail.images.shortcuts import get_rendition_or_not_found

from newsroom.models import PressPhoto

from .folio_pages import THUMBNAIL, ZOOMED
from .manifest import IssueTold, PageTold, Picture, manifest_of
from .models import Folio, IssuePage

HOUR = 3600


@require_safe
def manifest(request: HttpRequest, number: str) -> JsonResponse:
    """Describe the pages of a public issue that is open to everybody; 404 where none is kept.

    Viewers on other people's sites read it, so its header lets them.
    """
    issues = IssuePage.objects.published().select_related("imprint")
    issue = issues.filter(number=int(number)).first()
    kept = Folio.objects.filter(issue=issue).exclude(page_image=None)
    folios = list(kept.order_by("number", "pk")) if issue else []
    if issue is None or not folios:
        raise Http404("没有这一期的版面。")
    pages = _pages(request, issue, folios)
    answer = JsonResponse(
        manifest_of(_issue(request, issue), pages),
        json_dumps_params={"ensure_ascii": False},
        content_type='application/ld+json;profile="http://iiif.io/api/presentation/3/context.json"',
    )
    answer["Access-Control-Allow-Origin"] = "*"
    patch_cache_control(answer, public=True, max_age=HOUR)
    return answer


def _issue(request: HttpRequest, issue: IssuePage) -> IssueTold:
    home = request.build_absolute_uri(issue.get_url(request))
    midnight = datetime.datetime.combine(issue.date, datetime.time())
    return IssueTold(
        url=home,
        manifest=f"{home}manifest.json",
        paper=issue.imprint.name,
        title=issue.title,
        date_line=issue.printed_line,
        moment=timezone.make_aware(midnight).isoformat(),
        publisher=issue.imprint.publisher,
    )


def _pages(request: HttpRequest, issue: IssuePage, folios: list[Folio]) -> list[PageTold]:
    """Return the pages; two queries however many there are, once their pictures are made."""
    images = PressPhoto.objects.prefetch_renditions(ZOOMED, THUMBNAIL).in_bulk(
        [folio.page_image_id for folio in folios]
    )
    home = request.build_absolute_uri(issue.get_url(request))

    def picture(image: Any, size: str) -> Picture:
        rendition = get_rendition_or_not_found(image, size)
        return Picture(request.build_absolute_uri(rendition.url), rendition.width, rendition.height)

    return [
        PageTold(
            url=f"{home}folio-{folio.number}/",
            title=str(folio),
            image=picture(images[folio.page_image_id], ZOOMED),
            thumbnail=picture(images[folio.page_image_id], THUMBNAIL),
            pdf=f"{home}folio-{folio.number}.pdf" if folio.page_pdf else "",
        )
        for folio in folios
    ]
