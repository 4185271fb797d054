"""How a page looks today."""

from __future__ import annotations

from django import template
from django.template import Context

from ..dressing import look_now
from ..looks import Look

register = template.Library()

# On the root element of a page (static/css/looks.css).
CLASSES = {Look.GREY: "is-mourning", Look.RED: "is-festive"}


@register.simple_tag(takes_context=True)
def look_class(context: Context) -> str:
    """Return the class of a page that is grey or red, or nothing; it may belong to ``issue``."""
    number = getattr(context.get("issue"), "number", None)
    return CLASSES.get(look_now(number if isinstance(number, int) else None), "")
