"""Have Wagtail's widgets start without scripts in the page, so that the admin forbids those.

Each of Wagtail's inline scripts does one thing: call a function, or make an object, with an id and
options. Written as data, static/js/start_widgets.js does the same. Choosers are seen to here, dates
and inline panels in templates/wagtailadmin/.
"""

from __future__ import annotations

import re
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from wagtail.admin.widgets import BaseChooser

CALL = re.compile(r"(?:new )?(\w+)\((.*)\);</script>\s*", re.DOTALL)


def starting_as_data(html: str) -> SafeString:
    """Return a widget whose last element says as data what its script would have called."""
    widget, script, call = html.rpartition("<script>")
    found = CALL.fullmatch(call)
    if not script or not found:
        return mark_safe(html)  # noqa: S308  # as Wagtail made it
    return format_html(
        '{}<span hidden data-start="{}" data-with="[{}]"></span>',
        mark_safe(widget),  # noqa: S308  # as Wagtail made it
        *found.groups(),
    )


def forbid_inline_scripts() -> None:
    """Let every chooser say what to start, once, when the apps are ready."""
    render = BaseChooser.render

    def rendered(self: Any, *args: Any, **kwargs: Any) -> SafeString:
        return starting_as_data(render(self, *args, **kwargs))

    BaseChooser.render = rendered
