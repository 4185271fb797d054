"""The screen on which the printed pages of an issue are kept (版面)."""

from __future__ import annotations

from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages

from desk.board.forms import number
from desk.board.permissions import reason_not_to_place
from desk.board.screen import header, issue_for
from issues.folio_pages import PageRefused, remove_page
from issues.models import Folio, IssuePage

from .models import PageUpload
from .receiving import drop_upload, read_again, receive_page, try_again
from .screen import pages_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pages(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the pages of an issue, and do what a button says."""
    issue = issue_for(request, pk)
    if not issue.permissions_for_user(request.user).holds_change():
        raise PermissionDenied
    if request.method != "POST":
        return _show(request, issue)
    try:
        told = _act(request, issue)
    except PageRefused as refused:
        return _show(request, issue, refusal=str(refused), status=HTTPStatus.BAD_REQUEST)
    if told:
        messages.success(request, told)
    return redirect("desk_folios", issue.pk)


@require_safe
def pdf(request: HttpRequest, pk: int, folio: int) -> HttpResponseBase:
    """Hand out the PDF that is kept of a page, also before the issue is out."""
    issue = issue_for(request, pk)
    kept = Folio.objects.filter(issue=issue, number=folio).exclude(page_pdf="").first()
    if kept is None:
        raise Http404("没有这一版的PDF。")
    answer = FileResponse(
        kept.page_pdf.open("rb"),
        filename=f"{issue.title}第{folio}版.pdf",
        content_type="application/pdf",
    )
    answer["Cache-Control"] = "private, no-store"
    return answer


def _act(request: HttpRequest, issue: IssuePage) -> str:
    """Do what was asked for; return what to say. Raises PageRefused."""
    act, _, value = request.POST.get("act", "").partition("-")
    key = number(value) or 0
    match act:
        case "page" | "whole":
            return _receive(request, issue)
        case "reread":
            read_again(issue=issue, folio=key, by=request.user)
            return f"正在照第{key}版的PDF重新找热区，稍等就好。"
        case "again":
            try_again(upload=_upload(issue, key), by=request.user)
            return "正在重新处理。"
        case "drop":
            drop_upload(upload=_upload(issue, key), by=request.user)
            return "这个文件已撤回，原来的版面没有动。"
        case "remove":
            seen = request.POST.get(f"seen-{key}")
            remove_page(issue=issue, number=key, by=request.user, seen=seen)
            return f"第{key}版的版面图已撤下，热区也一起撤了。"
    raise PageRefused("没有看懂要做什么，什么都没有改。请再点一次。")


def _receive(request: HttpRequest, issue: IssuePage) -> str:
    """Take every file that was chosen, by whichever button: all of them came with it."""
    chosen = [
        (number(name.removeprefix("file-")) or 0, file, False)
        for name, file in request.FILES.items()
        if name.startswith("file-")
    ]
    if whole := request.FILES.get("whole"):
        chosen.insert(0, (number(request.POST.get("first")) or 1, whole, True))
    if not chosen:
        raise PageRefused("还没有选文件。")
    received, refusals = [], []
    for folio, file, is_whole in chosen:
        try:
            upload = receive_page(
                issue=issue, folio=folio, file=file, by=request.user, is_whole=is_whole
            )
        except PageRefused as refused:
            refusals.append(str(refused))
        else:
            received.append(f"“{upload.name}”")
    told = f"{'、'.join(received)}已收到，正在处理。不必等在这里。" if received else ""
    if refusals:
        raise PageRefused("".join([*refusals, told]))
    return told


def _upload(issue: IssuePage, key: int) -> PageUpload:
    found = PageUpload.objects.select_related("issue").filter(issue=issue, pk=key).first()
    if found is None:
        raise PageRefused("这个文件已经处理好了，或有人撤回了它。")
    return found


def _show(
    request: HttpRequest, issue: IssuePage, *, refusal: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    folios = list(issue.get_latest_revision_as_object().folios.all())
    shown = pages_of(issue, folios)
    context = {
        **header(issue, "版面"),
        "issue": issue,
        "pages": shown,
        "is_under_way": any(page.is_under_way for page in shown),
        "why_not": reason_not_to_place(issue, request.user),
        "refusal": refusal,
        "public_url": issue.url if issue.live else "",
        "board_url": reverse("desk_board", args=[issue.pk]),
    }
    return render(request, "desk/folios/pages.html", context, status=status)
