"""Put a month on a page, as a calendar or as a list, made once for whatever stands in it."""

from functools import lru_cache

from django import template
from django.conf import settings
from django.template.loader import render_to_string

from issues.archive import IssueRow
from issues.wall_calendar import Month

register = template.Library()


@register.simple_tag
def month_table(month: Month, listed: bool = False) -> str:
    """Return ``month`` as a table; ``listed`` where its name leads to its list on the page."""
    render = _table.__wrapped__ if settings.DEBUG else _table
    return render(month, listed)


@register.simple_tag
def issue_rows(issues: tuple[IssueRow, ...]) -> str:
    """Return ``issues`` as lines of a list."""
    render = _rows.__wrapped__ if settings.DEBUG else _rows
    return render(issues)


@lru_cache(maxsize=600)  # fifty years of the archive, some 3 MB
def _table(month: Month, listed: bool) -> str:
    return render_to_string("components/month.html", {"month": month, "listed": listed})


@lru_cache(maxsize=240)  # twenty years, some 3 MB
def _rows(issues: tuple[IssueRow, ...]) -> str:
    return render_to_string("components/issue_rows.html", {"issues": issues})
