"""The screens of an issue: publishing it, sharing its preview, and holding an article over."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.admin import messages
from wagtail.admin.widgets import AdminDateTimeInput

from articles.models import ArticlePage

from .models import IssuePage, PreviewLink
from .placing import PlacingRefused, transfer
from .previewing import (
    DAYS,
    PreviewRefused,
    make_preview_link,
    revoke_preview_links,
    token_of,
)
from .publishing import (
    PublishingRefused,
    objections,
    publish_issue,
    published_at,
    schedule_issue,
    signed_versions,
    unpublish_issue,
    unschedule_issue,
)

UNDO_WITHIN = datetime.timedelta(hours=1)


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
    asked = request.POST.get("act", "")
    form = ScheduleForm(request.POST if asked.startswith("schedule") else None)
    if request.method == "POST":
        try:
            if done := _act(request, issue, form):
                issue.refresh_from_db()
                seen_by_readers = [messages.button(issue.url, "到报上看看", new_window=True)]
                messages.success(request, done, buttons=seen_by_readers if issue.live else None)
                return redirect("issue_publish", issue.pk)
        except PublishingRefused as refused:
            messages.error(request, str(refused))
            issue.refresh_from_db()
    return render(request, "issues/admin/publish.html", _facts_to_decide_by(request, issue, form))


def _facts_to_decide_by(
    request: HttpRequest, issue: IssuePage, form: ScheduleForm
) -> dict[str, object]:
    articles = list(
        ArticlePage.objects.child_of(issue)
        .not_withdrawn()
        .in_print_order()
        .with_bylines()
        .defer("body")
    )
    against = objections(issue)
    came_out = published_at(issue)
    return {
        "issue": issue,
        "signed": [article for article in articles if article.live],
        "left_behind": [article for article in articles if not article.live],
        "changed": [a for a in articles if a.live and a.has_unpublished_changes],
        "objections": against,
        "blocking": [each for each in against if not each.waivable],
        "waivable": [each for each in against if each.waivable],
        "seen": issue.latest_revision_id or "",
        "seen_articles": signed_versions(issue),
        "form": form,
        "came_out": came_out,
        "may_undo": came_out is not None and timezone.now() - came_out < UNDO_WITHIN,
        **_facts_of_sharing(request, issue, back="publish"),
    }


def _act(request: HttpRequest, issue: IssuePage, form: ScheduleForm) -> str | None:
    """Do what the pressed button says; return the message, or None for a form to mend."""
    act = request.POST.get("act", "")
    decided = {"issue": issue, "by": request.user}
    seen = {
        "seen": _key(request.POST.get("seen", "")),
        # Of an issue that is out, only the masthead is brought out again.
        "seen_articles": None if issue.live else request.POST.get("seen_articles"),
        "without_unfinished": act.endswith("_without"),
    }
    match act:
        case "publish" | "publish_without":
            publish_issue(**decided, **seen)
            if issue.live:
                return f"{issue}刊头的修改已发布到报上。"
            return f"{issue}已出版，读者现在就能看到。发现不对，可以在下面撤销出版。"
        case "schedule" | "schedule_without" if form.is_valid():
            at = form.cleaned_data["at"]
            schedule_issue(**decided, **seen, at=at)
            return f"{issue}将在{at:%Y-%m-%d %H:%M}自动出版；到时会再核对一遍。"
        case "unschedule":
            unschedule_issue(**decided)
            return f"已取消{issue}的定时出版。"
        case "unpublish":
            unpublish_issue(**decided)
            return f"{issue}已从报上撤下，稿件和定稿都还在；出版以前分享的预览链接也收回了。"
        case "undo":
            unpublish_issue(**decided, undo=True)
            return f"已撤销出版，读者看不到{issue}了；稿件和定稿都还在，改好可以再出版。"
    return None


def _key(posted: str) -> int | None:
    return int(posted) if posted.isdecimal() and len(posted) < 18 else None


@require_safe
def preview(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show the issue as readers would get it, also to those who may no longer change it.

    Wagtail's own view asks whether they may edit: of an issue that is out, or waits for its time,
    only 总编 may.
    """
    issue = get_object_or_404(IssuePage, pk=page_id)
    if not issue.permissions_for_user(request.user).can_see():
        raise PermissionDenied
    latest = issue.get_latest_revision_as_object()
    shown: HttpResponse = latest.make_preview_request(request, latest.default_preview_mode)
    return shown


class ShareForm(forms.Form):
    """For how long a colleague may look, and at what."""

    days = forms.TypedChoiceField(
        label="有效期",
        coerce=int,
        choices=[(days, f"{days}天") for days in DAYS],
        initial=3,
        error_messages={
            "required": "请选有效期。",
            "invalid_choice": "请选有效期：1天、3天或7天。",
        },
    )
    with_drafts = forms.TypedChoiceField(
        label="给人看什么",
        coerce=lambda value: value == "yes",
        choices=[
            ("", "定稿的样子：如果现在出版，读者会看到的"),
            ("yes", "连同草稿：每篇都按最后保存的样子"),
        ],
        required=False,
        empty_value=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "请选给人看什么。"},
    )


@never_cache
def share_preview(request: HttpRequest, page_id: int) -> HttpResponse:
    """Make links to the unpublished issue for colleagues without an account, and end them."""
    issue = get_object_or_404(IssuePage, pk=page_id)
    if not issue.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    form = ShareForm(request.POST if request.POST.get("act") == "share" else None)
    if request.method == "POST":
        try:
            if done := _share(request, issue, form):
                messages.success(request, done)
                back = request.POST.get("back") == "publish"
                to = reverse("issue_publish" if back else "issue_share", args=[issue.pk])
                return redirect(f"{to}#preview-links")
        except PreviewRefused as refused:
            messages.error(request, str(refused))
    facts = _facts_of_sharing(request, issue, form=form)
    return render(request, "issues/admin/share.html", {"issue": issue, **facts})


def _share(request: HttpRequest, issue: IssuePage, form: ShareForm) -> str | None:
    """Do what the pressed button says; return the message, or None for a form to mend."""
    match request.POST.get("act"):
        case "share" if form.is_valid():
            link = make_preview_link(issue=issue, by=request.user, **form.cleaned_data)
            until = timezone.localtime(link.until)
            return f"预览链接已做好，有效至{until:%Y-%m-%d %H:%M}。请复制下面的网址发给同事。"
        case "revoke":
            link = _key(request.POST.get("link", ""))
            ended = revoke_preview_links(issue=issue, by=request.user, link=link or 0)
            return "预览链接已收回，打开只会看到“已失效”。" if ended else "这个链接早已失效。"
        case "revoke_all":
            ended = revoke_preview_links(issue=issue, by=request.user)
            return f"{ended}个预览链接都已收回。" if ended else "没有有效的链接，不必收回。"
    return None


def _facts_of_sharing(
    request: HttpRequest, issue: IssuePage, *, form: ShareForm | None = None, back: str = ""
) -> dict[str, object]:
    links = PreviewLink.objects.filter(issue=issue).open().select_related("made_by")
    return {
        "preview_url": reverse("issue_preview", args=[issue.pk]),
        "share_form": form or ShareForm(),
        "links": [(link, _address(request, link)) for link in links.order_by("-pk")],
        "back": back,
    }


def _address(request: HttpRequest, link: PreviewLink) -> str:
    return request.build_absolute_uri(reverse("preview_issue", args=[token_of(link)]))


class IssueField(forms.ModelChoiceField):
    """A choice of an issue; a number that is too long for the database is no issue either."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except OverflowError as error:
            raise forms.ValidationError(self.error_messages["invalid_choice"]) from error


class TransferForm(forms.Form):
    """The issue an article is held over to."""

    issue = IssueField(
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
