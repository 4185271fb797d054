"""Tell the office how many get the paper by e-mail, and how the last issues went out."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from . import subscribing
from .forms import RemoveForm
from .models import Sending, Subscription
from .permissions import may_remove, may_see
from .sending import failing

LAST = 10  # issues

TITLE = "邮件订阅"


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Show the numbers, no address; and take an address off the list for a reader who asks."""
    if not may_see(request.user):
        raise PermissionDenied
    form = RemoveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if subscribing.remove(address=form.cleaned_data["email"], by=request.user):
            messages.success(request, "已经退订，地址也已删除。")
        else:
            messages.warning(request, "没有找到这个邮箱的订阅。请再核对一遍；也可能已经退订。")
        return redirect("subscriptions_report")
    untaken = Q(deliveries__taken_at=None, deliveries__isnull=False)
    cut_off = Q(deliveries__taken_at__isnull=False)
    sendings = Sending.objects.select_related("issue").annotate(
        waiting=Count("deliveries", filter=untaken), uncertain=Count("deliveries", filter=cut_off)
    )
    confirmed = Subscription.objects.filter(confirmed_at__isnull=False)
    return render(
        request,
        "following/admin/report.html",
        {
            "confirmed": confirmed.count(),
            "unconfirmed": Subscription.objects.filter(confirmed_at=None).count(),
            "sendings": sendings[:LAST],
            "form": form if may_remove(request.user) else None,
            "header_title": TITLE,
            "header_icon": "mail",
            "breadcrumbs_items": [{"url": "", "label": TITLE}],
        },
    )


urlpatterns = [path("reports/subscriptions/", report, name="subscriptions_report")]


class ReportItem(MenuItem):
    """The way to the report, for those who may see it."""

    def __init__(self) -> None:
        super().__init__(TITLE, reverse("subscriptions_report"), icon_name="mail", order=850)

    def is_shown(self, request: HttpRequest) -> bool:
        """Offer it to those who may see it."""
        return may_see(request.user)


class FailingSendingsPanel(Component):
    """Issues that do not reach their subscribers, on the first screen of the admin."""

    order = 32
    template_name = "following/admin/failing_sendings.html"

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        """Name them."""
        return {"failing": failing()[:3]}
