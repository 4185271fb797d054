"""The reviewer's page: the text as readers will get it, what changed, and the signature."""

from __future__ import annotations

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.models import TaskState

from accounts.models import User
from articles.models import ArticlePage
from desk.proofreading.report import report
from issues.models import IssuePage

from .approving import LONGEST_COMMENT, approve, return_to_writer
from .comparing import differences_since, last_read, last_signed
from .models import ProofMark
from .progress import progress_of
from .proofs import ProofRefused, tick_proof, untick_proof
from .queue import waiting_for
from .refusals import SigningRefused
from .signatures import digest_of, hindrance_now, signatures
from .submitting import SubmittingRefused, may_submit, next_up, submit_article
from .views import tell_refusal


class VerdictForm(forms.Form):
    """What a reviewer says: passed or returned, with words."""

    seen = forms.CharField(widget=forms.HiddenInput, min_length=64, max_length=64)
    verdict = forms.ChoiceField(choices=[("approve", "通过"), ("return", "退回修改")])
    comment = forms.CharField(
        label="留言",
        required=False,
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="通过时可以不写；退回时请写明理由，作者会看到。",
        error_messages={"max_length": f"留言请不超过{LONGEST_COMMENT}字。"},
    )


def review(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show an article to its reviewer, and take the verdict."""
    article = _article(request, page_id)
    form = VerdictForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            done = _judge(article, request.user, form.cleaned_data)
        except SigningRefused as refused:
            tell_refusal(request, article, refused)
            return redirect("desk_review", article.pk)
        after = ArticlePage.objects.get(pk=article.pk)
        messages.success(request, f"《{after.draft_title}》{done}。现在：{next_up(after)}。")
        following = next(iter(waiting_for(request.user)), None)
        if following is None:
            return redirect("desk_board", after.issue_id)
        return redirect("desk_review", following.article.pk)
    if request.method == "POST" and set(form.errors) - {"comment"}:
        messages.error(request, "没有签字：这个页面太旧了。什么都没有丢，请看过最新的文字再签。")
        return redirect("desk_review", article.pk)
    return render(request, "desk/review/review.html", _context(request, article, form))


def _judge(article: ArticlePage, by: User, said: dict[str, str]) -> str:
    """Do what the pressed button says; return it in words."""
    waiting = article.current_workflow_task_state
    if waiting is None or waiting.status != TaskState.STATUS_IN_PROGRESS:
        raise SigningRefused("这篇稿件现在不在审稿中，没有签字。")
    if said["verdict"] == "return":
        return_to_writer(task_state=waiting, by=by, reason=said["comment"])
        return "已退回"
    approve(task_state=waiting, by=by, comment=said["comment"], seen=said["seen"])
    return f"{waiting.task.name}已签字"


def _context(request: HttpRequest, article: ArticlePage, form: VerdictForm) -> dict[str, object]:
    progress = progress_of([article], user=request.user)[article.pk]
    state = article.current_workflow_state
    waiting = article.current_workflow_task_state
    latest = article.get_latest_revision()
    marks = {mark.round: mark for mark in article.proof_marks.select_related("by")}
    rounds = ProofMark.Round
    issue = IssuePage.objects.get(pk=article.issue_id)
    read = last_read(article, request.user)
    return {
        "article": article,
        "issue": issue,
        "alarms": report(issue).count_by_article.get(article.pk),
        "progress": progress,
        "state": state,
        "waiting": waiting,
        "latest": latest,
        "seen": digest_of(latest) if latest else "",
        "signatures": signatures(state, latest=latest) if state and latest else [],
        "hindrance": hindrance_now(article=article, task_state=waiting, user=request.user)
        if progress.code == "review" and waiting
        else "",
        "next_up": next_up(article),
        "differences": differences_since(article, read or last_signed(article)) if latest else None,
        "has_read_it": read is not None,
        "may_edit": article.permissions_for_user(request.user).can_edit(),
        "may_submit": progress.code != "review" and may_submit(article=article, by=request.user),
        "proofs": [(number, rounds(number).label, marks.get(number)) for number in rounds.values],
        "preview_url": reverse("wagtailadmin_pages:view_draft", args=[article.pk]),
        "form": form,
    }


@require_POST
def submit(request: HttpRequest, page_id: int) -> HttpResponse:
    """Hand an article in from the reviewer's page."""
    article = _article(request, page_id)
    try:
        submit_article(article=article, by=request.user)
    except (SubmittingRefused, SigningRefused) as refused:
        messages.error(request, str(refused))
    else:
        after = ArticlePage.objects.get(pk=article.pk)
        messages.success(request, f"《{after.draft_title}》已提交审核。现在：{next_up(after)}。")
    return redirect("desk_review", article.pk)


@require_POST
def proof(request: HttpRequest, page_id: int) -> HttpResponse:
    """Tick a round of proof-reading, or take the tick back (``undo``)."""
    article = _article(request, page_id)
    number = request.POST.get("round", "")
    verb = untick_proof if "undo" in request.POST else tick_proof
    try:
        verb(
            article=article,
            round=int(number) if number.isascii() and number.isdecimal() else 0,
            by=request.user,
        )
    except ProofRefused as refused:
        messages.error(request, str(refused))
    return redirect("desk_review", article.pk)


def _article(request: HttpRequest, page_id: int) -> ArticlePage:
    """Return the article if the user works on it, or reviews it."""
    article = get_object_or_404(ArticlePage.objects.select_related("issue"), pk=page_id)
    task = article.current_workflow_task
    reviewer = task is not None and task.user_can_access_editor(article, request.user)
    if not (reviewer or article.permissions_for_user(request.user).can_edit()):
        raise PermissionDenied
    return article
