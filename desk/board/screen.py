"""Put the board of an issue on the screen: whole, or the part of it that changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from wagtail.admin import messages

from articles.models import Prominence
from issues.correcting import recent_corrections
from issues.models import IssuePage

from .beginning import skeleton_for
from .checked import checked, with_accepted_alarms
from .entrances import entrances
from .files import files_of
from .forms import number
from .overview import articles_of, board_of
from .permissions import add_by_hand_url, reason_not_to_place

# A script of ours asks, which wants a part of the page and not the whole.
BY_SCRIPT = "X-Board"


@dataclass(frozen=True, slots=True)
class Told:
    """What the screen tells of what was done, or why it was not."""

    message: str
    level: str = "success"  # success, warning, error
    status: int = 200


def issue_for(request: HttpRequest, pk: int) -> IssuePage:
    """Return the issue, or raise Http404 or PermissionDenied."""
    issues = with_accepted_alarms(IssuePage.objects.prefetch_related("folios"))
    issue: IssuePage = get_object_or_404(issues, pk=number(str(pk)))  # a longer number is no key
    if not issue.permissions_for_user(request.user).can_see():
        raise PermissionDenied
    return issue


def asks_by_script(request: HttpRequest) -> bool:
    """Whether only the changing part of the screen is wanted."""
    return BY_SCRIPT in request.headers


def show_board(
    request: HttpRequest, issue: IssuePage, told: Told | None = None, news: Sequence[str] = ()
) -> HttpResponse:
    """Show the board, or for a script its changing part."""
    context = {**changing(request, issue), "told": told, "news": news}
    status = told.status if told else 200
    if asks_by_script(request):
        return render(request, "desk/board/_changing.html", context, status=status)
    return render(
        request, "desk/board/board.html", {**context, **standing(request, issue)}, status=status
    )


def answer(request: HttpRequest, issue: IssuePage, told: Told, *, anchor: str = "") -> HttpResponse:
    """Tell how an act ended: to a script in place, to a form on the next screen."""
    if asks_by_script(request) or told.status != 200:
        return show_board(request, issue, told)
    getattr(messages, told.level)(request, told.message)
    return redirect(reverse("desk_board", args=[issue.pk]) + anchor)


def changing(request: HttpRequest, issue: IssuePage) -> dict[str, Any]:
    """Return what the changing part of the screen shows."""
    articles = articles_of(issue)
    may_add = issue.permissions_for_user(request.user).can_add_subpage()
    skeleton = skeleton_for(issue) if may_add and not articles else None
    report = checked(issue, articles)
    corrections = list(recent_corrections(issue))
    alarms = {
        key: (counts.blocks, counts.warnings)
        for key, counts in report.count_by_article.items()
        if key is not None
    }
    seen_to_change = (
        *((standing.alarm.key, standing.is_accepted) for standing in report.standings),
        *((correction.pk, correction.changed_at) for correction in corrections),
    )
    board = board_of(
        issue,
        articles,
        user=request.user,
        alarms=alarms,
        others=seen_to_change,
        empty_folios=[run.folio for run in skeleton.runs] if skeleton else (),
    )
    return {
        "issue": issue,
        "board": board,
        "report": report,
        "corrections": corrections,
        "skeleton": skeleton,
        "prominences": Prominence.choices,
        "why_not_place": reason_not_to_place(issue, request.user),
    }


def standing(request: HttpRequest, issue: IssuePage) -> dict[str, Any]:
    """Return what stands around it: header, buttons, the bar for a new article."""
    allowed = issue.permissions_for_user(request.user)
    return {
        **header(issue),
        "may_publish": allowed.can_publish_issue(),
        "may_edit_masthead": allowed.can_edit(),
        "may_keep_pages": allowed.holds_change(),
        "may_begin": bool(add_by_hand_url(request.user)),
        "may_share": not issue.live and allowed.can_edit(),
        "may_read_contributions": request.user.has_perms(
            ["contributions.view_contribution", "contributions.change_contribution"]
        ),
        "entrances": entrances(issue, request.user),
        "files": files_of(issue) if allowed.holds_change() else (),
        "chosen_folio": number(request.GET.get("folio")),
        "chosen_section": number(request.GET.get("section")),
    }


def header(issue: IssuePage, step: str = "") -> dict[str, Any]:
    """Return what Wagtail's header shows: the way here."""
    board = reverse("desk_board", args=[issue.pk])
    steps = [
        {"url": reverse("wagtailadmin_explore_root"), "label": "各期"},
        {"url": reverse("wagtailadmin_explore", args=[issue.pk]), "label": issue.title},
        {"url": board if step else "", "label": "组版台"},
    ]
    if step:
        steps.append({"url": "", "label": step})
    return {
        "header_title": f"{step or '组版台'}：{issue.title}",
        "header_icon": "grid",
        "breadcrumbs_items": steps,
    }
