"""The screens of an issue: publishing it, and holding an article over to another one."""

from __future__ import annotations

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from wagtail.admin import messages
from wagtail.admin.widgets import AdminDateTimeInput

from articles.models import ArticlePage

from .models import IssuePage
from .placing import PlacingRefused, transfer
from .publishing import (
    PublishingRefused,
    objections,
    publish_issue,
    schedule_issue,
    unpublish_issue,
    unschedule_issue,
)


class ScheduleForm(forms.Form):
    """The time at which the timer is to publish."""

    at = forms.DateTimeField(
        label="出版时间",
        widget=AdminDateTimeInput,
        error_messages={
            "required": "请填写出版时间。",
            "invalid": "时间的写法应是 2022-08-02 08:00。",
        },
    )


def publish(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show what publishing would bring out, and do what 总编 decides."""
    issue = get_object_or_404(IssuePage, pk=page_id)
    if not issue.permissions_for_user(request.user).can_publish_issue():
        raise PermissionDenied
    form = ScheduleForm(request.POST if request.POST.get("act") == "schedule" else None)
    if request.method == "POST":
        try:
            if done := _act(request, issue, form):
                messages.success(
                    request,
                    done,
                    buttons=[messages.button(issue.url, "到报上看看", new_window=True)],
                )
                return redirect("wagtailadmin_explore", issue.pk)
        except PublishingRefused as refused:
            messages.error(request, str(refused))
            issue.refresh_from_db()
    articles = ArticlePage.objects.child_of(issue).in_print_order().with_bylines()
    return render(
        request,
        "issues/admin/publish.html",
        {
            "issue": issue,
            "signed": [article for article in articles if article.live],
            "left_behind": [article for article in articles if not article.live],
            "changed": [a for a in articles if a.live and a.has_unpublished_changes],
            "objections": objections(issue),
            "form": form,
            "preview_url": reverse("wagtailadmin_pages:view_draft", args=[issue.pk]),
        },
    )


def _act(request: HttpRequest, issue: IssuePage, form: ScheduleForm) -> str | None:
    """Do what the pressed button says; return the message, or None for a form to mend."""
    match request.POST.get("act"):
        case "publish":
            seen = request.POST.get("seen", "")
            publish_issue(
                issue=issue, by=request.user, seen=int(seen) if seen.isdecimal() else None
            )
            return f"{issue}已出版，读者现在就能看到。"
        case "schedule" if form.is_valid():
            at = form.cleaned_data["at"]
            schedule_issue(issue=issue, by=request.user, at=at)
            return f"{issue}将在{at:%Y-%m-%d %H:%M}自动出版；到时会再核对一遍。"
        case "unschedule":
            unschedule_issue(issue=issue, by=request.user)
            return f"已取消{issue}的定时出版。"
        case "unpublish":
            unpublish_issue(issue=issue, by=request.user)
            return f"{issue}已从报上撤下，稿件和定稿都还在。"
    return None


class TransferForm(forms.Form):
    """The issue an article is held over to."""

    issue = forms.ModelChoiceField(
        label="移到",
        queryset=IssuePage.objects.none(),
        empty_label=None,
        error_messages={"required": "请选一期。", "invalid_choice": "这一期不能移入，请另选一期。"},
    )


def hold_over(request: HttpRequest, page_id: int) -> HttpResponse:
    """Ask which unpublished issue an unsigned article goes to, and move it there."""
    article = get_object_or_404(ArticlePage, pk=page_id)
    if not article.permissions_for_user(request.user).can_place():
        raise PermissionDenied
    source = article.get_parent()
    form = TransferForm(request.POST or None)
    form.fields["issue"].queryset = (
        IssuePage.objects.not_live().exclude(pk=source.pk).newest_first()
    )
    if form.is_valid():
        issue = form.cleaned_data["issue"]
        try:
            transfer(article=article, issue=issue, by=request.user)
        except PlacingRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(
                request, f"《{article.draft_title}》已移到{issue}，编为第{article.number}篇。"
            )
            return redirect("wagtailadmin_explore", issue.pk)
    return render(
        request,
        "issues/admin/hold_over.html",
        {"article": article, "source": source, "form": form},
    )
