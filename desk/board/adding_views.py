"""Put articles into an issue from its board, and begin the next issue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages

from articles.models import ArticlePage
from contributions.detail_forms import TEXT_SOURCE, sources_of
from contributions.models import Contribution, Status
from contributions.permissions import may_read, may_work
from issues.models import IssuePage
from newsroom.cjk import count_characters
from newsroom.models import Section

from .adding import add_article, add_contribution, add_pasted
from .beginning import BeginningRefused, begin_next_issue
from .forms import PastedForm, Unreadable, number, pasted_form, where
from .screen import Told, answer, asks_by_script, header, issue_for
from .views import issue_in_the_making, show_next

MOST_CONTRIBUTIONS = 50


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Begin the next issue and lead to its board; offer to, where nothing is posted."""
    if request.method != "POST":
        return show_next(request, "新建下一期", current=issue_in_the_making())
    try:
        issue, is_new = begin_next_issue(by=request.user)
    except BeginningRefused as refused:
        messages.error(request, str(refused))
        return redirect("desk_current")
    if is_new:
        messages.success(
            request,
            f"{issue}（{issue.printed_date}）已建好：期号、日期、版面、责任编辑、出版信息都接着上一期，"
            "要改请点“刊头”。",
        )
    else:
        messages.info(request, f"{issue}早已建好，还没有稿件，就在这里编。")
    return redirect("desk_board", issue.pk)


@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a draft with the headline typed on the board, and lead on into the editor."""
    issue = issue_for(request, pk)
    try:
        folio, section = where(request.POST)
        article = add_article(
            issue=issue,
            by=request.user,
            title=request.POST.get("title", ""),
            folio=folio,
            section=section,
        )
    except (PermissionDenied, Unreadable) as refused:
        return answer(request, issue, _refused(refused))
    messages.success(request, f"《{article.title}》已放进{issue}第{article.folio}版，请接着写。")
    return redirect("wagtailadmin_pages:edit", article.pk)


# Pasted text


@require_http_methods(["GET", "HEAD", "POST"])
def paste(request: HttpRequest, pk: int) -> HttpResponse:
    """Take in one pasted article: show what its lines are taken for, then make it a draft."""
    issue = issue_for(request, pk)
    if not issue.permissions_for_user(request.user).can_add_subpage():
        raise PermissionDenied
    if request.method != "POST":
        return _show_paste(request, issue, request.GET)
    try:
        form = pasted_form(request.POST)
    except Unreadable as unreadable:
        return _show_paste(request, issue, request.POST, told=_refused(unreadable))
    act = request.POST.get("act")
    if act == "read":
        if asks_by_script(request):
            return render(request, "desk/board/_lines.html", {"form": form})
        return _show_paste(request, issue, request.POST, form=form)
    if form.has_changed:
        told = Told("文字改过了，下面是按新的文字重新认的。请看一眼，再点“放进本期”。", "warning")
        return _show_paste(request, issue, request.POST, form=form, told=told)
    try:
        article = _add_pasted(request, issue, form)
    except (PermissionDenied, Unreadable) as refused:
        return _show_paste(request, issue, request.POST, form=form, told=_refused(refused))
    told = Told(f"《{article.title}》已放进{issue}第{article.folio}版。")
    if act == "add-more":
        return _show_paste(request, issue, request.POST, told=told)
    return answer(request, issue, told, anchor=f"#row-{article.pk}")


def _add_pasted(request: HttpRequest, issue: IssuePage, form: PastedForm) -> ArticlePage:
    folio, section = where(request.POST)
    return add_pasted(
        issue=issue,
        by=request.user,
        galley=form.galley,
        folio=folio,
        section=section,
    )


def _show_paste(
    request: HttpRequest,
    issue: IssuePage,
    data: Any,
    *,
    form: PastedForm | None = None,
    told: Told | None = None,
) -> HttpResponse:
    """Show the place to paste into; empty after an article was taken in."""
    is_kept = told is None or told.level != "success"
    context = {
        **_where_context(issue, data),
        "issue": issue,
        "form": form,
        "text": data.get("text", "") if is_kept and request.method == "POST" else "",
        "told": told,
    }
    status = told.status if told else 200
    if asks_by_script(request):
        return render(request, "desk/board/_paste.html", context, status=status)
    return render(
        request, "desk/board/paste.html", {**context, **header(issue, "粘贴稿件")}, status=status
    )


# Contributions


@dataclass(frozen=True, slots=True)
class Offer:
    """A contribution that may become an article, and where its words can come from."""

    contribution: Contribution
    characters: int
    sources: Sequence[tuple[str, str]]
    source: str


@require_http_methods(["GET", "HEAD", "POST"])
def contributions(request: HttpRequest, pk: int) -> HttpResponse:
    """List the contributions that are to be used, and make an article here of the chosen one."""
    issue = issue_for(request, pk)
    if not (may_read(request.user) and may_work(request.user)):
        raise PermissionDenied
    if request.method != "POST":
        return _show_contributions(request, issue, request.GET)
    key = number(request.POST.get("contribution"))
    contribution = Contribution.objects.filter(pk=key).first() if key is not None else None
    if contribution is None:
        told = Told("这件来稿已经不在了，请另选一件。", "error", 409)
        return _show_contributions(request, issue, request.POST, told=told)
    source = request.POST.get(f"source-{key}", "")
    try:
        folio, section = where(request.POST)
        article = add_contribution(
            contribution=contribution,
            issue=issue,
            by=request.user,
            source=_source(contribution, source),
            folio=folio,
            section=section,
        )
    except (PermissionDenied, Unreadable) as refused:
        return _show_contributions(request, issue, request.POST, told=_refused(refused))
    told = Told(f"来稿《{article.title}》已放进{issue}第{article.folio}版，投稿人会看到“拟用”。")
    return answer(request, issue, told, anchor=f"#row-{article.pk}")


def _source(contribution: Contribution, chosen: str) -> Any:
    """Return where the words come from, as chosen or as proposed. Raises Unreadable."""
    choices, proposed = sources_of(contribution)
    chosen = chosen or proposed
    if chosen not in dict(choices):
        raise Unreadable("没有转成稿件：没有找到所选的正文，请重新选。")
    return TEXT_SOURCE if chosen == TEXT_SOURCE else int(chosen)


def _show_contributions(
    request: HttpRequest, issue: IssuePage, data: Any, *, told: Told | None = None
) -> HttpResponse:
    waiting = (
        Contribution.objects.filter(
            status__in=[Status.ACCEPTED, Status.REVIEWING], article__isnull=True
        )
        .newest_first()
        .prefetch_related("attachments")[:MOST_CONTRIBUTIONS]
    )
    offers = []
    for contribution in waiting:
        sources, source = sources_of(contribution)
        characters = count_characters(contribution.text)
        offers.append(Offer(contribution, characters, sources, source))
    context = {**_where_context(issue, data), "issue": issue, "offers": offers, "told": told}
    status = told.status if told else 200
    if asks_by_script(request):
        return render(request, "desk/board/_contributions.html", context, status=status)
    return render(
        request,
        "desk/board/contributions.html",
        {**context, **header(issue, "从来稿选")},
        status=status,
    )


def _where_context(issue: IssuePage, data: Any) -> dict[str, Any]:
    """Return the choices of folio and section, with what was chosen before."""
    folio = number(data.get("folio")) or 1
    named = {each.number: each.name for each in issue.folios.all()}
    used = ArticlePage.objects.child_of(issue).order_by().values_list("folio", flat=True)
    numbers = sorted({1, folio, *named, *used.distinct()})
    return {
        "folios": [(each, named.get(each, "")) for each in numbers],
        "sections": Section.objects.all(),
        "chosen_folio": folio,
        "chosen_section": number(data.get("section")),
    }


def _refused(refusal: Exception) -> Told:
    return Told(str(refusal), "error", 403 if isinstance(refusal, PermissionDenied) else 400)
