"""The screens of an import: where copy comes in, and where an editor decides on it."""

from __future__ import annotations

import mimetypes
from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages

from desk.board.forms import number
from desk.board.permissions import may_begin
from desk.board.screen import asks_by_script, header, issue_for
from interchange.galley import GalleyError
from interchange.readers.uploads import MOST_FILES
from issues.models import IssuePage

from .deciding import Decision, read_decision
from .models import Import
from .receiving import LARGEST_FILE, MB, Received, Refused, receive
from .screen import arrange
from .working import (
    ImportingRefused,
    begin_import,
    decide,
    give_up,
    take_back,
    take_in,
    take_in_as_issue,
)


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Take in pasted text or files, and lead to the screen where they are looked at."""
    issue = issue_for(request, pk)
    if not issue.permissions_for_user(request.user).can_add_subpage():
        raise PermissionDenied
    if request.method != "POST":
        return _show_start(request, issue)
    try:
        received = receive(request.POST.get("text", ""), request.FILES.getlist("files"), issue)
        begun = _begin(request, issue, received)
    except (Refused, ImportingRefused, GalleyError) as refused:
        return _show_start(request, issue, refusal=str(refused), status=HTTPStatus.BAD_REQUEST)
    return redirect("desk_import_review", begun.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what was read beside what it becomes, and do what an editor decides."""
    importing = _importing(request, pk)
    if request.method != "POST":
        return _show_review(request, importing)
    act, seen = request.POST.get("act", ""), number(request.POST.get("seen")) or 0
    try:
        match act:
            case "take-in":
                return _taken_in(request, importing, seen)
            case "take-in-as-issue":
                issue = take_in_as_issue(importing=importing, seen=seen, by=request.user)
                messages.success(request, f"{issue}已建好，稿件都是草稿，请接着编排、送审。")
                return _lead_to(request, reverse("desk_board", args=[issue.pk]))
            case "give-up":
                give_up(importing=importing, by=request.user)
                messages.success(request, "这次导入已放弃。本期的稿件没有改动。")
                return _lead_to(request, reverse("desk_board", args=[importing.issue_id]))
            case "back":
                take_back(importing=importing, seen=seen, by=request.user)
                return _show_review(request, importing)
        # An old step is read as it was; that it is old, ``decide`` finds under the lock.
        step = importing.steps.filter(number=seen).first() or importing.steps.last()
        decision = read_decision(act, step.galley)
        decide(
            importing=importing,
            seen=seen,
            by=request.user,
            told=decision.told,
            change=decision.change,
        )
    except (ImportingRefused, GalleyError) as refused:
        if not Import.objects.filter(pk=importing.pk).exists():
            messages.error(request, str(refused))
            return _lead_to(request, reverse("desk_board", args=[importing.issue_id]))
        return _show_review(request, importing, refusal=str(refused), status=HTTPStatus.CONFLICT)
    return _show_review(request, importing, decision=decision)


@require_safe
def picture(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """Show a picture that waits for the editor's decision."""
    kept = get_object_or_404(_importing(request, pk).pictures, name=name)
    answer = FileResponse(
        kept.file.open("rb"),
        content_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
    )
    answer["Cache-Control"] = "private, no-store"
    return answer


def _begin(request: HttpRequest, issue: IssuePage, received: Received) -> Import:
    return begin_import(
        issue=issue,
        by=request.user,
        galley=received.galley,
        title=received.title,
        source=received.source,
        pictures=received.pictures,
    )


def _taken_in(request: HttpRequest, importing: Import, seen: int) -> HttpResponse:
    added = take_in(
        importing=importing,
        seen=seen,
        by=request.user,
        folio=number(request.POST.get("folio")) or 1,
    )
    messages.success(
        request,
        f"{len(added)}篇稿件已放进{importing.issue}，都是草稿："
        + "".join(f"《{page.title}》" for page in added[:8])
        + ("等。" if len(added) > 8 else "。"),
    )
    anchor = f"#row-{added[0].pk}" if added else ""
    return _lead_to(request, reverse("desk_board", args=[importing.issue_id]) + anchor)


def _importing(request: HttpRequest, pk: int) -> Import:
    """Return the import, to whoever may write in its issue; Http404, PermissionDenied."""
    key = number(str(pk)) or 0  # a longer number is no key
    found = Import.objects.select_related("issue", "begun_by").filter(pk=key).first()
    if found is None:
        raise Http404("这次导入已经结束：有人已建成稿件，或放弃了它。")
    if not found.issue.permissions_for_user(request.user).can_add_subpage():
        raise PermissionDenied
    return found


def _show_start(
    request: HttpRequest, issue: IssuePage, *, refusal: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {
        **header(issue, "导入"),
        "issue": issue,
        "refusal": refusal,
        "text": request.POST.get("text", ""),
        "most_files": MOST_FILES,
        "largest_mb": LARGEST_FILE // MB,
        "unfinished": issue.imports.select_related("begun_by").order_by("-begun_at"),
    }
    return render(request, "desk/importing/start.html", context, status=status)


def _show_review(
    request: HttpRequest,
    importing: Import,
    *,
    decision: Decision | None = None,
    refusal: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    by_script = asks_by_script(request)
    issue = importing.issue
    last = importing.steps.last()
    opened = number(request.GET.get("block")) if request.method != "POST" else None
    screen = arrange(last.galley, issue, opened=opened)
    block = decision.block if decision else opened
    if decision and decision.is_answer and screen.open_doubts:
        block = screen.doubt_from(block)
    if request.method == "POST" and not by_script and not refusal:
        anchor = f"#b{block}" if block is not None else ""
        return redirect(reverse("desk_import_review", args=[importing.pk]) + anchor)
    named = {folio.number: folio.name for folio in issue.folios.all()}
    context = {
        **header(issue, "导入"),
        "issue": issue,
        "importing": importing,
        "screen": screen,
        "step": last,
        "may_go_back": importing.steps.filter(number__lt=last.number).exists(),
        "may_make_issue": screen.number is not None
        and may_begin(request.user)
        and not IssuePage.objects.filter(number=screen.number).exists(),
        "folios": [(each, named.get(each, "")) for each in sorted({1, *named})],
        "refusal": refusal,
        "here": block,
        "masthead_is_open": screen.opens_masthead(block),
        "next_doubt": screen.doubt_from(block),
    }
    template = "_review.html" if by_script else "review.html"
    return render(request, f"desk/importing/{template}", context, status=status)


def _lead_to(request: HttpRequest, url: str) -> HttpResponse:
    """Lead on: a script is told where to, since it would follow a redirect without being seen."""
    if asks_by_script(request):
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"X-Lead-To": url})
    return redirect(url)
