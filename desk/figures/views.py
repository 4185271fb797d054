"""Screens on which fees are decided and a month's sheet is read, closed and opened again."""

from __future__ import annotations

import datetime
from calendar import monthrange

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages

from articles.models import ArticlePage
from newsroom.models import Imprint

from .deciding import FeesRefused, close_month, decide_fee, line_of, month_of, reopen_month
from .filters import first_of
from .forms import CloseForm, FeeForm, ReopenForm
from .ledger import by_payee, by_unit, mark_of, total
from .models import ArticleFee, FeeSheet
from .months import closed_sheet, ledger_of
from .permissions import may_manage_fees


def fee(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show what an article earns, and take a decision on it."""
    _check(request)
    article = get_object_or_404(ArticlePage.objects.select_related("issue"), pk=page_id)
    month = month_of(article)
    if month is not None and (sheet := closed_sheet(month)) is not None:
        messages.error(request, f"{sheet}已经关账。要改《{article.title}》的稿费，请先重开这个月。")
        return redirect("desk_fee_sheet", f"{month:%Y-%m}")
    line = line_of(article)
    if month is None or line is None:
        messages.error(request, f"《{article.title}》没有见报（或已撤稿），不计稿费。")
        return redirect("desk_fees")
    decided = ArticleFee.objects.filter(article=article).first()
    form = FeeForm(line, decided, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            decide_fee(article=article, by=request.user, **form.decision())
        except FeesRefused as refused:
            messages.error(request, str(refused))
            if mark_of([line]) != form.cleaned_data["seen"]:
                return redirect("desk_fee", article.pk)
        else:
            messages.success(request, f"《{article.title}》的稿费已核定。")
            return redirect(_ledger_url(month))
    elif request.method == "POST":
        messages.error(request, "没有保存：有填得不对的地方，见下。原来的核定都还在。")
    return TemplateResponse(
        request,
        "desk/figures/fee.html",
        {
            "article": article,
            "line": line,
            "form": form,
            "month_url": _ledger_url(month),
            "breadcrumbs_items": _breadcrumbs(month, "核定稿费", article.title),
            "header_title": f"核定稿费：{article.title}",
            "header_icon": "table",
        },
    )


@require_safe
def sheet(request: HttpRequest, month: str) -> HttpResponse:
    """Show the sheet of a month, to print, to sign and to close."""
    _check(request)
    day = first_of(month)
    ledger = ledger_of(day)
    people = by_payee(ledger.lines)
    return TemplateResponse(
        request,
        "desk/figures/sheet.html",
        {
            "ledger": ledger,
            "paper_name": getattr(Imprint.objects.current(_last_of(day)), "name", ""),
            "people": people,
            "units": by_unit(ledger.lines),
            "lines": ledger.lines,
            "total": total(people),
            "unready": [line for line in ledger.lines if not line.is_ready],
            "doubtful": [line for line in ledger.lines if line.doubts],
            "earlier": FeeSheet.objects.filter(month=day).exclude(reopened_at=None),
            "seen": mark_of(ledger.lines),
            "reopen": ReopenForm(),
            "month": month,
            "month_url": _ledger_url(day),
            "breadcrumbs_items": _breadcrumbs(day, f"{ledger.name}稿费表"),
            "header_title": f"{ledger.name}稿费表",
            "header_icon": "table",
        },
    )


@require_POST
def close(request: HttpRequest, month: str) -> HttpResponse:
    """Close a month."""
    _check(request)
    form = CloseForm(request.POST)
    seen = form.cleaned_data["seen"] if form.is_valid() else ""
    try:
        closed = close_month(month=first_of(month), seen=seen, by=request.user)
    except FeesRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{closed}已关账，从此不随等级、稿件的改动而变。")
    return redirect("desk_fee_sheet", month)


@require_POST
def reopen(request: HttpRequest, month: str) -> HttpResponse:
    """Open a month again."""
    _check(request)
    form = ReopenForm(request.POST)
    if not form.is_valid():
        messages.error(request, "没有重开：请写明原因（最多200个字），会留在记录里。")
        return redirect("desk_fee_sheet", month)
    try:
        reopen_month(month=first_of(month), reason=form.cleaned_data["reason"], by=request.user)
    except FeesRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "已重开：这个月的稿费重新按现在的等级和稿件计算；原表留作记录。")
    return redirect("desk_fee_sheet", month)


def _check(request: HttpRequest) -> None:
    if not may_manage_fees(request.user):
        raise PermissionDenied


def _last_of(month: datetime.date) -> datetime.date:
    return month.replace(day=monthrange(month.year, month.month)[1])


def _ledger_url(month: datetime.date) -> str:
    return reverse("desk_fees", query={"month": f"{month:%Y-%m}"})


def _breadcrumbs(month: datetime.date, label: str, sublabel: str = "") -> list[dict[str, str]]:
    return [
        {"url": reverse("wagtailadmin_home"), "label": "首页"},
        {"url": _ledger_url(month), "label": "稿费"},
        {"url": "", "label": label, "sublabel": sublabel},
    ]
