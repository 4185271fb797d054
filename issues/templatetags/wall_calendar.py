"""Put a month of the calendar on a page, made once for whatever stands in it."""

from functools import lru_cache

from django import template
from django.conf import settings
from django.template.loader import render_to_string

from issues.wall_calendar import Month

register = template.Library()


@register.simple_tag
def month_table(month: Month, listed: bool = False) -> str:
    """Return ``month`` as a table; ``listed`` where its name leads to its list on the page."""
    render = _render.__wrapped__ if settings.DEBUG else _render
    return render(month, listed)


@lru_cache(maxsize=600)  # fifty years of the archive, some 3 MB
def _render(month: Month, listed: bool) -> str:
    return render_to_string("components/month.html", {"month": month, "listed": listed})
