"""The admin's screens for addresses: what leads nowhere, where it is to lead, whole tables."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.redirects.views import CreateView
from wagtail.permissions import policy_registry

from following.exporting import InertTable

from .forms import ImportForm
from .importing import import_addresses
from .models import BrokenAddress

MOST_FAULTS_SHOWN = 200


def may_redirect(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether ``user`` may say where an address leads."""
    return bool(policy_registry.get_by_type(Redirect).user_has_permission(user, "add"))


def may_import(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether ``user`` may take in a table, which also changes where addresses lead already."""
    policy = policy_registry.get_by_type(Redirect)
    return all(policy.user_has_permission(user, action) for action in ("add", "change"))


class BrokenAddressesItem(MenuItem):
    """The way to the report, for whoever can do something about it."""

    def __init__(self) -> None:
        super().__init__("打不开的网址", reverse("broken_addresses"), icon_name="link", order=150)

    def is_shown(self, request: HttpRequest) -> bool:
        return may_redirect(request.user)


def lead_on_url(row: BrokenAddress) -> str:
    """Return where an editor says to what an address is to lead."""
    return f"{reverse('lead_on')}?{urlencode({'path': row.path})}"


class BrokenAddresses(InertTable, ReportView):
    """What readers asked for and did not find, most often asked for first."""

    page_title = "打不开的网址"
    header_icon = "link"
    model = BrokenAddress
    index_url_name = "broken_addresses"
    index_results_url_name = "broken_addresses_results"
    default_ordering = "-count"
    no_results_message = "没有打不开的网址。读者点了却打不开的网址会记在这里。"
    columns = [
        Column("path", label="网址", width="45%"),
        Column("count", label="次数", sort_key="count"),
        Column("referrer", label="从哪个网站来", sort_key="referrer"),
        DateColumn("first_seen", label="第一次", sort_key="first_seen"),
        DateColumn("last_seen", label="最近一次", sort_key="last_seen"),
        TitleColumn("lead_on", label="改到哪里", accessor=lambda row: "改到…", get_url=lead_on_url),
    ]
    list_export = ["path", "count", "referrer", "first_seen", "last_seen"]
    export_headings = {
        "path": "网址",
        "count": "次数",
        "referrer": "从哪个网站来",
        "first_seen": "第一次",
        "last_seen": "最近一次",
    }

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuse before anything is looked up."""
        if not may_redirect(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_filename(self) -> str:
        return self.page_title


class LeadOn(CreateView):
    """Wagtail's form of a redirect, with the old address filled in."""

    add_url_name = "lead_on"

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "old_path": self.request.GET.get("path", "")[:255]}

    def get_success_url(self) -> str:
        return reverse("broken_addresses")


def import_table(request: HttpRequest) -> HttpResponse:
    """Take in a table of old addresses; in the place of Wagtail's own import.

    That one reads UTF-8 alone, leads to whole addresses only, and takes in half a table.
    """
    if not may_import(request.user):
        raise PermissionDenied
    form = ImportForm(request.POST or None, request.FILES or None)
    outcome = None
    if request.method == "POST" and form.is_valid():
        outcome = import_addresses(
            rows=form.cleaned_data["table"],
            by=request.user,
            skip_faulty=form.cleaned_data["skip_faulty"],
            elsewhere=form.cleaned_data["elsewhere"],
        )
        if outcome.is_written:
            messages.success(
                request,
                f"旧网址导入好了：新增{outcome.made}个，改了{outcome.changed}个，"
                f"{outcome.same}个无须改动。",
            )
            if not outcome.faults:
                return redirect("wagtailredirects:index")
    return TemplateResponse(
        request,
        "following/admin/import_addresses.html",
        {
            "form": form,
            "outcome": outcome,
            "faults": outcome.faults[:MOST_FAULTS_SHOWN] if outcome else (),
            "most_shown": MOST_FAULTS_SHOWN,
        },
    )


report = BrokenAddresses.as_view()
results = BrokenAddresses.as_view(results_only=True)
lead_on = LeadOn.as_view()
