"""Find where an old address leads: in one step, to what readers get, and never in a circle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Site

from issues.models import IssuePage
from newsroom.circulating import outside_of

from .spellings import asked_for, spellings

__all__ = ["Lead", "lead_from"]

MOST_STEPS = 5


@dataclass(frozen=True, slots=True)
class Lead:
    """Where an old address leads, and whether for good."""

    address: str
    permanent: bool


def lead_from(request: HttpRequest) -> Lead | None:
    """Return where the address asked for leads; None for one that leads nowhere.

    What leads to an address that leads on is led there at once. A page that readers do not get,
    and the way back to where one came from, lead nowhere.
    """
    asked = asked_for(request)
    seen: set[str] = set()
    permanent = True
    for _ in range(MOST_STEPS):
        forms = spellings(asked)
        if seen.intersection(forms):
            return None
        row, rest = _row(request, asked, forms)
        if row is None:
            return Lead(asked, permanent) if seen else None
        # Only the exact forms are where one came from; /news/ may lead to /news.
        seen.update(forms[:1])
        permanent = permanent and row.is_permanent
        target = _target(row)
        if target is None:
            return None
        asked = target + rest
        try:
            own = _own_path(request, asked)
        except ValueError:  # somebody had it lead to what is no address
            return None
        if own is None:
            return Lead(asked, permanent)
        asked = own
    return None


def _row(request: HttpRequest, asked: str, forms: list[str]) -> tuple[Redirect | None, str]:
    """Return what is stored for the most exact form; one of this site before one of all.

    What an issue has besides its articles (folios, files) goes along with it to its new number.
    """
    if "\x00" in "".join(forms):
        return None, ""
    first, _, rest = asked.removeprefix("/").partition("/")
    issue = f"/{first}" if rest and first.isdecimal() else ""
    found: dict[str, Redirect] = {}
    rows: Any = Redirect.get_for_site(Site.find_for_request(request))
    for row in rows.filter(old_path__in=[*forms, *filter(None, [issue])]).select_related(
        "redirect_page"
    ):
        if row.site_id or row.old_path not in found:
            found[row.old_path] = row
    for form in forms:
        if form in found:
            return found[form], ""
    moved = found.get(issue)
    if moved is not None and isinstance(_page(moved), IssuePage):
        return moved, rest
    return None, ""


def _page(row: Redirect) -> Any:
    return row.redirect_page.specific if row.redirect_page else None


def _target(row: Redirect) -> str | None:
    page = _page(row)
    if page is None:
        return row.redirect_link or None
    # The address of a withdrawn article tells why.
    is_there = getattr(page, "is_out", None) or getattr(page, "is_public", page.live)
    circulation = outside_of()
    if circulation is not None and circulation.covers(page.issue_date):
        return None
    return row.link if is_there else None


def _own_path(request: HttpRequest, address: str) -> str | None:
    """Return the path of an address of this site; None for one of another."""
    parts = urlsplit(address)
    own = {"", request.get_host(), urlsplit(settings.WAGTAILADMIN_BASE_URL).netloc}
    if parts.scheme not in ("", "http", "https") or parts.netloc not in own:
        return None
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
