"""The screen on which the hot areas of a page are drawn, or written in a table."""

from __future__ import annotations

from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from desk.board.permissions import reason_not_to_place
from desk.board.screen import header, issue_for
from issues.folio_pages import PageOvertaken, PageRefused, set_areas, version_of
from issues.models import Folio, IssuePage

from .areas_form import BLANK_ROWS, AreaRow, areas_of, faults, read_rows, rows_of
from .screen import articles_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def areas(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Show where the articles stand on a page, and keep what an editor has drawn or written."""
    issue = issue_for(request, pk)
    if not issue.permissions_for_user(request.user).holds_change():
        raise PermissionDenied
    folio = Folio.objects.filter(issue=issue, number=number).select_related("page_image").first()
    if folio is None or not folio.page_image_id:
        raise Http404("这一版还没有版面图。")
    if request.method != "POST":
        return _show(request, issue, folio)
    rows = read_rows(request.POST)
    known = [article.number for article in articles_of(issue)]
    if wrong := faults(rows, known):
        return _show(request, issue, folio, rows=rows, refusals=wrong)
    try:
        set_areas(
            issue=issue,
            number=number,
            areas=areas_of(rows),
            by=request.user,
            seen=request.POST.get("seen", ""),
        )
    except PageOvertaken as overtaken:
        return _show(request, issue, folio, refusals=[str(overtaken)], status=HTTPStatus.CONFLICT)
    except PageRefused as refused:
        return _show(request, issue, folio, rows=rows, refusals=[str(refused)])
    messages.success(request, f"第{number}版的热区已保存，共{len(rows)}块。")
    return redirect("desk_folio_areas", issue.pk, number)


def _show(
    request: HttpRequest,
    issue: IssuePage,
    folio: Folio,
    *,
    rows: list[AreaRow] | None = None,
    refusals: list[str] | None = None,
    status: int = HTTPStatus.BAD_REQUEST,
) -> HttpResponse:
    image = folio.page_image
    shown = rows_of(folio.hot_areas) if rows is None else rows
    why_not = reason_not_to_place(issue, request.user)
    blank = [] if why_not else [AreaRow()] * BLANK_ROWS
    context = {
        **header(issue, f"热区：{folio}"),
        "issue": issue,
        "folio": folio,
        "image": image,
        "height": f"{100 * image.height / image.width:.2f}",
        "rows": [*shown, *blank],
        "articles": articles_of(issue),
        # What was refused was written for the page as it was then.
        "seen": version_of(folio) if rows is None else request.POST.get("seen", ""),
        "refusals": refusals or [],
        "why_not": why_not,
        "pages_url": reverse("desk_folios", args=[issue.pk]),
    }
    code = status if refusals else HTTPStatus.OK
    return render(request, "desk/folios/areas.html", context, status=code)
