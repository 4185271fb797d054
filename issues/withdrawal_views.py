"""The screen on which a printed article is withdrawn, or given back to the readers."""

from __future__ import annotations

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from wagtail.admin import messages

from articles.models import ArticlePage
from newsroom.cjk import clean_text

from .withdrawing import (
    LONGEST_REASON,
    WithdrawingRefused,
    reinstate_article,
    withdraw_article,
)


class WithdrawalForm(forms.Form):
    """What readers are told."""

    reason = forms.CharField(
        label="原因",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="读者打开这篇文章的网址，看到的就是这段话。如：“本文事实有误，现予撤稿，并向读者致歉。”",
        error_messages={"required": "请写明原因，读者打开这篇文章时会看到。"},
    )
    with_title = forms.BooleanField(
        label="标题也不再显示",
        required=False,
        help_text="标题本身就不宜再让人看到时（例如含有个人信息）才勾。",
    )

    def clean_reason(self) -> str:
        """Count a line break as one character, as it is kept."""
        return clean_text(self.cleaned_data["reason"]).strip()


def withdraw(request: HttpRequest, page_id: int) -> HttpResponse:
    """Ask for the reason and withdraw an article; of a withdrawn one, offer to give it back."""
    article = get_object_or_404(ArticlePage.objects.select_related("issue"), pk=page_id)
    if not article.permissions_for_user(request.user).holds("articles.withdraw_article"):
        raise PermissionDenied
    withdrawing = request.method == "POST" and request.POST.get("act") == "withdraw"
    form = WithdrawalForm(request.POST if withdrawing else None)
    try:
        if withdrawing and form.is_valid():
            withdraw_article(article=article, by=request.user, **form.cleaned_data)
            done = f"《{article.title}》已撤稿，读者现在看到的是撤稿说明。"
            return _done(request, article, done)
        if request.method == "POST" and request.POST.get("act") == "reinstate":
            reinstate_article(article=article, by=request.user)
            done = f"《{article.title}》已恢复，读者现在又能看到。"
            return _done(request, article, done if article.issue.live else "已恢复。")
    except WithdrawingRefused as refused:
        messages.error(request, str(refused))
        article.refresh_from_db()
    return render(
        request,
        "issues/admin/withdraw.html",
        {"article": article, "form": form},
    )


def _done(request: HttpRequest, article: ArticlePage, done: str) -> HttpResponse:
    """Say what was done, with the way to see it, and go back to the issue."""
    button = messages.button(article.url, "到报上看看", new_window=True)
    messages.success(request, done, buttons=[button])
    return redirect("desk_board", article.issue_id)
