"""The screens on which a printed article is corrected."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.widgets import AdminDateInput

from articles.models import ArticlePage, Correction
from newsroom.cjk import clean_text

from .correcting import (
    CorrectingRefused,
    Wording,
    add_correction,
    change_correction,
    is_quoted,
    note_printed,
    remove_correction,
    version_of,
)
from .models import IssuePage

LATER_ISSUES = 10


class CorrectionForm(forms.ModelForm):
    """What a correction says, and whether it is to be printed too."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Correction
        fields = ["kind", "wrong", "right", "text", "date", "needs_printing"]
        widgets = {
            "wrong": forms.Textarea(attrs={"rows": 2}),
            "right": forms.Textarea(attrs={"rows": 2}),
            "text": forms.Textarea(attrs={"rows": 4}),
            "date": AdminDateInput,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["seen"] = version_of(self.instance)

    def clean_text(self) -> str:
        """Count a line break as one character, as it is kept."""
        return clean_text(self.cleaned_data["text"])

    def _post_clean(self) -> None:
        """Leave the row alone: the verb fills it."""

    @property
    def wording(self) -> Wording:
        """What was typed."""
        return Wording(**{field.name: self.cleaned_data[field.name] for field in fields(Wording)})


def correct(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show the corrections of an article, and add one."""
    article = get_object_or_404(ArticlePage.objects.select_related("issue"), pk=page_id)
    if not _may_correct(request, article):
        raise PermissionDenied
    form = CorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            correction = add_correction(
                article=article,
                wording=form.wording,
                by=request.user,
                needs_printing=form.cleaned_data["needs_printing"],
            )
        except CorrectingRefused as refused:
            messages.error(request, str(refused))
        else:
            _tell(request, correction, f"《{article.title}》的更正已登出，读者现在就能看到。")
            return redirect("article_correct", article.pk)
    issue = IssuePage.objects.get(pk=article.issue_id)
    return render(
        request,
        "issues/admin/correct.html",
        {
            "article": article,
            "issue": issue,
            "corrections": article.corrections.newest_first().select_related("printed_in", "by"),
            "later": IssuePage.objects.after(issue).newest_first()[:LATER_ISSUES],
            "form": form,
            "may_add": article.is_public,
        },
    )


def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one correction to be worded anew."""
    correction = _correction(request, pk)
    form = CorrectionForm(request.POST or None, instance=correction)
    if request.method == "POST" and form.is_valid():
        try:
            changed = change_correction(
                correction=correction,
                wording=form.wording,
                by=request.user,
                needs_printing=form.cleaned_data["needs_printing"],
                seen=form.cleaned_data["seen"],
            )
        except CorrectingRefused as refused:
            messages.error(request, str(refused))
        else:
            _tell(request, changed, "更正已改好，读者现在看到的是新的。")
            return redirect("article_correct", correction.article_id)
    return render(
        request,
        "issues/admin/correction_change.html",
        {"article": correction.article, "correction": correction, "form": form},
    )


def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whether a correction is to go, and take it away."""
    correction = _correction(request, pk)
    if request.method == "POST":
        try:
            remove_correction(correction=correction, by=request.user)
        except CorrectingRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, "更正已删除，读者看不到了；原来的文字记在稿件的历史里。")
        return redirect("article_correct", correction.article_id)
    return render(
        request,
        "issues/admin/correction_remove.html",
        {"article": correction.article, "correction": correction},
    )


@require_POST
def printed(request: HttpRequest, pk: int) -> HttpResponse:
    """Note which issue prints a correction, or that none does yet."""
    correction = _correction(request, pk)
    chosen = request.POST.get("issue", "")
    issue = None
    if chosen:
        key = int(chosen) if chosen.isdecimal() and len(chosen) < 10 else 0
        issue = IssuePage.objects.filter(pk=key).first()
    try:
        if chosen and issue is None:
            raise CorrectingRefused("没有这一期，请另选一期。什么都没有改。")
        note_printed(correction=correction, issue=issue, by=request.user)
    except CorrectingRefused as refused:
        messages.error(request, str(refused))
    else:
        told = f"已记下：{issue}刊登这条更正。" if issue else "已记下：这条更正还没有刊登。"
        messages.success(request, told)
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        return redirect(back)
    return redirect("article_correct", correction.article_id)


def _may_correct(request: HttpRequest, article: ArticlePage) -> bool:
    return article.permissions_for_user(request.user).holds("articles.correct_article")


def _correction(request: HttpRequest, pk: int) -> Correction:
    """Return a correction to somebody who may correct its article."""
    correction: Correction = get_object_or_404(
        Correction.objects.select_related("article__issue"), pk=pk
    )
    if not _may_correct(request, correction.article):
        raise PermissionDenied
    return correction


def _tell(request: HttpRequest, correction: Correction, done: str) -> None:
    """Say what was done; and that words given as printed were not found, a likely slip."""
    article = correction.article
    address = f"{article.url}#correction-{correction.pk}"
    button = messages.button(address, "到报上看看", new_window=True)
    messages.success(request, done, buttons=[button])
    if correction.wrong and not is_quoted(correction.wrong, article):
        messages.warning(
            request, f"“原文”里的“{correction.wrong}”在这篇文章里没有找到，请核对是否抄错。"
        )
