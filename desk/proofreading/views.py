"""The screens of proofreading, and what the editor asks while somebody writes."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request

from articles.models import ArticlePage
from issues.models import IssuePage

from . import checking
from .accepting import AcceptingRefused, accept_alarm, may_accept, unaccept_alarm
from .alarms import Alarm, Level
from .drafts import UnreadableForm, read_draft
from .facts import Facts
from .gathering import Copy, header_of, issue_data
from .house_lists import house_on
from .keeping import KeepingRefused, add_word_rules, preview_word_rules
from .link_checking import CheckingRefused, order_link_check
from .lists import State
from .models import AcceptedAlarm, LinkCheck, ProofreadingSettings
from .report import report

UNREADABLE = "这次没有校对：发来的表单不完整。文字还在编辑页里，没有丢；请刷新页面后再试。"
NOT_YOURS = "不能校对：您没有编辑这篇稿件的权限。"
LONGEST_PASTE = 200_000  # characters


@require_POST
def check(request: HttpRequest, page_id: int) -> JsonResponse:
    """Check an article as it stands on the screen; store nothing."""
    article = get_object_or_404(ArticlePage, pk=page_id).get_latest_revision_as_object()
    if not article.permissions_for_user(request.user).can_edit():
        return JsonResponse({"error": NOT_YOURS}, status=403)
    issue = get_object_or_404(IssuePage, pk=article.issue_id)
    return _answer(request, issue, article)


@require_POST
def check_new(request: HttpRequest, page_id: int) -> JsonResponse:
    """Check an article that was never saved; store nothing."""
    issue = get_object_or_404(IssuePage, pk=page_id)
    if not issue.permissions_for_user(request.user).can_add_subpage():
        return JsonResponse({"error": NOT_YOURS}, status=403)
    return _answer(request, issue, ArticlePage(issue=issue))


@require_POST
def accept(request: HttpRequest, page_id: int) -> HttpResponse:
    """Accept an alarm as it stands, or take that back; from a screen or from the editor."""
    issue = get_object_or_404(IssuePage, pk=page_id)
    posted = request.POST
    wants_data = not request.accepts("text/html")
    key = posted.get("alarm_key", "").replace("\0", "")
    article = _article_of(issue, posted.get("alarm_article", ""))
    try:
        if posted.get("alarm_act") == "take_back":
            unaccept_alarm(issue=issue, article=article, key=key, by=request.user)
            done = "已撤销认可，这条提示恢复了。"
        else:
            accept_alarm(
                issue=issue,
                article=article,
                key=key,
                by=request.user,
                reason=posted.get("alarm_reason", ""),
                among=_alarms_on_screen(request, issue, article)
                if "body-count" in posted
                else None,
            )
            done = "已认可为“原文如此”，不再提示；在“已接受”里可以撤销。"
    except AcceptingRefused as refused:
        if wants_data:
            return JsonResponse({"error": str(refused)}, status=403)
        messages.error(request, str(refused))
    except UnreadableForm:
        return JsonResponse({"error": UNREADABLE}, status=400)
    else:
        if wants_data:
            return JsonResponse({"done": done})
        messages.success(request, done)
    back = get_valid_next_url_from_request(request)
    known = back if back.startswith("/") else reverse("desk_checks", args=[issue.pk])
    return HttpResponseRedirect(known)


def checks(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show all alarms of an issue, or those of a level or an article."""
    issue = get_object_or_404(IssuePage, pk=page_id)
    _refuse_strangers(request, issue)
    signed = request.GET.get("version") == "signed"
    whole = report(issue, signed=signed)
    level = request.GET.get("level", "")
    article = request.GET.get("article", "")
    shown = whole
    if level in set(Level):
        shown = type(whole)(tuple(s for s in shown.standings if s.alarm.level == level))
    if article:
        key = int(article) if article.isdecimal() and len(article) < 10 else None
        shown = shown.of_article(key)
    tried = LinkCheck.objects.filter(issue=issue)
    return render(
        request,
        "desk/proofreading/checks.html",
        {
            "issue": issue,
            "whole": whole,
            "report": shown,
            "signed": signed,
            "level": level,
            "levels": [(one.value, one.label) for one in Level],
            "article": article,
            "articles": _articles_in(whole),
            "is_filtered": shown is not whole,
            "tests_links": ProofreadingSettings.current().test_links,
            "links": tried,
            "links_tried_at": tried.values_list("at", flat=True).first(),
            "next": request.get_full_path(),
        },
    )


@require_POST
def check_links(request: HttpRequest, page_id: int) -> HttpResponse:
    """Have the links of an issue tried in the background."""
    issue = get_object_or_404(IssuePage, pk=page_id)
    try:
        count = order_link_check(issue=issue, by=request.user)
    except CheckingRefused as refused:
        messages.error(request, str(refused))
    else:
        if count:
            messages.success(request, f"正在检查{count}个网址，过一会儿刷新本页看结果。")
        else:
            messages.info(request, "这一期的稿件里没有网址，不用检查。")
    return redirect("desk_checks", issue.pk)


def paste_words(request: HttpRequest) -> HttpResponse:
    """Show what would become of a pasted list of words, then take it in."""
    if not request.user.has_perm("desk.add_wordrule"):
        raise PermissionDenied
    text = request.POST.get("text", "")[:LONGEST_PASTE]
    found = None
    if request.method == "POST":
        try:
            if request.POST.get("act") == "add":
                added = add_word_rules(text=text, by=request.user)
                messages.success(request, f"词表里新增了{len(added)}条。")
                return redirect("wordrule:index")
            found = preview_word_rules(text)
        except KeepingRefused as refused:
            messages.error(request, str(refused))
    counted = Counter(rule.state for rule in found or ())
    return render(
        request,
        "desk/proofreading/paste.html",
        {
            "text": text,
            "found": found,
            "new": counted[State.NEW],
            "counts": [(state.label, counted[state]) for state in State if counted[state]],
        },
    )


def _refuse_strangers(request: HttpRequest, issue: IssuePage) -> None:
    if not issue.permissions_for_user(request.user).holds_change():
        raise PermissionDenied


def _article_of(issue: IssuePage, key: str) -> ArticlePage | None:
    if not (key.isdecimal() and len(key) < 10):
        return None
    return ArticlePage.objects.child_of(issue).filter(pk=int(key)).first()


def _articles_in(whole: Any) -> list[dict[str, Any]]:
    """Return each article that has something to tell, with how much, for the filter."""
    counts = whole.count_by_article
    titles = {s.article_pk: s.article_title for s in whole.standings}
    return [
        {"key": key or "issue", "title": title if key else "本期刊头", "counts": counts[key]}
        for key, title in titles.items()
        if key in counts
    ]


def _alarms_on_screen(
    request: HttpRequest, issue: IssuePage, article: ArticlePage | None
) -> list[Alarm]:
    """Return the alarms of the text that came along with the button."""
    if article is None:
        raise AcceptingRefused("没有认可：稿件还没有保存过，请先保存，再按“原文如此”。")
    article = article.get_latest_revision_as_object()
    if not article.permissions_for_user(request.user).can_edit():
        raise AcceptingRefused(NOT_YOURS)
    return _checked(request, issue, article)[1]


def _checked(
    request: HttpRequest, issue: IssuePage, article: ArticlePage
) -> tuple[Copy, list[Alarm]]:
    copy = read_draft(request.POST, article=article, issue=issue, by=request.user)
    header, _ = header_of(issue)
    data = issue_data(issue, header)
    dead = LinkCheck.objects.filter(issue=issue).exclude(fault="")
    facts = Facts(dead_links=dict(dead.values_list("address", "fault")))
    house = house_on(header.date)
    return copy, checking.check_article(copy.article, house, issue=data, facts=facts)


def _answer(request: HttpRequest, issue: IssuePage, article: ArticlePage) -> JsonResponse:
    try:
        copy, alarms = _checked(request, issue, article)
    except UnreadableForm:
        return JsonResponse({"error": UNREADABLE}, status=400)
    accepted = {row.key: row for row in AcceptedAlarm.objects.filter(article=copy.pk)}
    allowed = {
        level: copy.pk is not None and may_accept(request.user, issue, level) for level in Level
    }
    return JsonResponse(
        {
            "alarms": [
                _as_data(alarm, copy, accepted.get(alarm.key), may_accept=allowed[alarm.level])
                for alarm in alarms
            ],
            "article": copy.pk,
        }
    )


def _as_data(
    alarm: Alarm, copy: Copy, accepted: AcceptedAlarm | None, *, may_accept: bool
) -> dict[str, Any]:
    place = alarm.place
    at = place.passage
    return {
        "key": alarm.key,
        "level": alarm.level.value,
        "level_label": alarm.level.label,
        "code": alarm.code,
        "message": alarm.message,
        "quote": place.quote,
        "field": place.field,
        "field_label": place.field_label,
        "passage": at,
        "block": copy.block_ids[at] if at is not None and at < len(copy.block_ids) else "",
        "line": copy.line_of(at) if at is not None else 0,
        "start": place.start,
        "end": place.end,
        "accepted": accepted is not None,
        "accepted_by": accepted.by_name if accepted else "",
        "accepted_at": f"{timezone.localtime(accepted.at):%Y-%m-%d %H:%M}" if accepted else "",
        "may_accept": may_accept,
    }
