"""Lead from a page to the same one in the other characters."""

from __future__ import annotations

from typing import NamedTuple

from django import template
from django.template import Context

from ..hant import is_hant
from ..hant_addresses import twin

register = template.Library()


class Other(NamedTuple):
    """Where the page is in the other characters, and what they are called in them."""

    address: str
    language: str
    label: str


@register.simple_tag(takes_context=True)
def other_characters(context: Context) -> Other | None:
    """Tell where the page that is asked for is in the other characters, if it is."""
    request = getattr(context, "request", None)
    # Whoever is turned away is told nothing of what is where.
    if request is None or hasattr(request, "is_turned_away"):
        return None
    address = request.get_full_path()
    if is_hant(request):
        return Other(address, "zh-Hans", "简体")
    in_traditional = twin(address)
    return Other(in_traditional, "zh-Hant", "繁體") if in_traditional else None
