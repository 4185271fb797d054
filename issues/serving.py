"""Serve the pages of the paper: Wagtail's way, with one query for the site and its root."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from wagtail import views
from wagtail.models import Site, SiteRootPath

from newsroom.prepared import prepared


def serve(request: HttpRequest, path: str) -> HttpResponseBase:
    """Answer with the page at ``path``.

    Where there is one site, it answers for every host, and its root is the newspaper; with
    several, Wagtail chooses.
    """
    sites = prepared(
        "sites", lambda: Site.objects.select_related("root_page__newspaperpage")
    ).objects()
    if len(sites) == 1 and sites[0].is_default_site:
        site = sites[0]
        root = SiteRootPath(site.pk, site.root_page.url_path, site.root_url, settings.LANGUAGE_CODE)
        # Where Wagtail looks first; the roots it would take from the cache, by way of the network.
        request._wagtail_site = site  # type: ignore[attr-defined]
        request._wagtail_cached_site_root_paths = [root]  # type: ignore[attr-defined]
        site.root_page = getattr(site.root_page, "newspaperpage", site.root_page)
    return views.serve(request, path)
