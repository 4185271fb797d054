"""Register the parts that following adds to Wagtail's admin."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest
from django.urls import path
from wagtail import hooks

from .addresses import admin_views as addresses
from .counts import report as counts
from .mail import report as mail
from .mail.log_actions import register_actions
from .mail.permissions import may_see


@hooks.register("register_admin_urls")
def register_address_urls():
    return [
        path("reports/broken-addresses/", addresses.report, name="broken_addresses"),
        path(
            "reports/broken-addresses/results/",
            addresses.results,
            name="broken_addresses_results",
        ),
        path("reports/broken-addresses/lead-on/", addresses.lead_on, name="lead_on"),
        # Before Wagtail's own of the same address, to which its list of redirects leads.
        path("redirects/import/", addresses.import_table, name="import_addresses"),
    ]


@hooks.register("register_admin_urls")
def register_reads_urls():
    return counts.urlpatterns


@hooks.register("register_admin_urls")
def register_subscription_urls():
    return mail.urlpatterns


hooks.register("register_reports_menu_item", addresses.BrokenAddressesItem)
hooks.register("register_reports_menu_item", mail.ReportItem)
for order, report in enumerate(counts.REPORTS, start=110):
    hooks.register("register_reports_menu_item", partial(counts.menu_item, report, order))


@hooks.register("construct_homepage_panels")
def show_failing_sendings(request: HttpRequest, panels: list) -> None:
    if may_see(request.user):
        panels.append(mail.FailingSendingsPanel())


@hooks.register("register_log_actions")
def register_address_actions(actions: Any) -> None:
    actions.register_action("following.import_addresses", "导入旧网址", "导入了一批旧网址")


hooks.register("register_log_actions", register_actions)
