"""Know which sections (栏目) readers have seen, so that old issues keep what they printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .models import Section

# Who prints under a section: apps above register a function that returns, as a queryset, what
# stands under it in an issue that came out (newsroom knows no articles).
in_print: list[Callable[[Section], Any]] = []


def is_in_print(section: Section) -> bool:
    """Whether something that readers have seen stands under ``section``."""
    return any(printed(section).exists() for printed in in_print)
