"""The description of the API: a document for programs, a page for people."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from newsroom.page_facts import page_facts

from . import description, schemas


def openapi(request: HttpRequest) -> JsonResponse:
    """Describe the API to programs (OpenAPI 3.1)."""
    return JsonResponse(
        description.openapi(request), json_dumps_params={"ensure_ascii": False, "indent": 1}
    )


@require_safe
def about(request: HttpRequest) -> TemplateResponse:
    """Describe the API to people."""
    return TemplateResponse(
        request,
        "following/api.html",
        {
            **page_facts(request, None, title="开放接口", description="读取本报各期内容的接口"),
            "endpoints": description.endpoints(request),
            "limit": settings.API_LIMITS[0],
            "most": schemas.MOST_ON_A_PAGE,
            "last_offset": schemas.LAST_OFFSET,
        },
    )
