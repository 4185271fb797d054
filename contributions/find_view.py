"""Find a contribution by the receipt code that its sender reads out on the telephone."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from . import intake
from .detail_forms import FindForm
from .detail_views import inbox_step
from .permissions import may_read


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Ask for a code, and lead to what it is the receipt of; the code is in no address."""
    if not may_read(request.user):
        raise PermissionDenied
    form = FindForm(request.POST or None)
    if form.is_valid():
        contribution = intake.find(form.cleaned_data["code"])
        if contribution is not None:
            return redirect("contributions_admin:detail", contribution.pk)
        form.add_error("code", "没有这个回执码的来稿。请再核对一遍；来稿也可能已到期清除。")
    return render(
        request,
        "contributions/admin/find.html",
        {
            "form": form,
            "header_title": "按回执码查找",
            "header_icon": "key",
            "breadcrumbs_items": [inbox_step(), {"url": "", "label": "按回执码查找"}],
        },
    )
