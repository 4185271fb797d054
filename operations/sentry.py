"""Report errors to a Sentry, where there is one (SENTRY_DSN): where and what class, nothing more.

Everything Sentry gathers by itself of a request, a person or a variable is thrown away before it
leaves the machine; so are the words of an error, which may quote what was sent.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings

from . import request_ids
from .logs import discreet, words_of
from .reporting import Allowance
from .troubles import trouble_of

__all__ = ["begin", "scrubbed"]

KEPT = {
    *("event_id", "timestamp", "platform", "level", "logger", "release", "environment", "sdk"),
    *("exception", "logentry", "tags", "server_name", "modules", "transaction"),
}
KEPT_OF_FRAME = {
    *("filename", "abs_path", "function", "module", "lineno", "in_app"),
    *("pre_context", "context_line", "post_context"),
}

_allowance = Allowance()


def begin(**options: Any) -> None:
    """Have errors reported, if SENTRY_DSN says where."""
    if not settings.SENTRY_DSN:
        return
    import sentry_sdk  # slow, and few have one

    sentry_sdk.init(
        dsn=settings.SENTRY_DSN,
        # What tells of a person (send_default_pii) is off unless asked for.
        max_request_body_size="never",
        include_local_variables=False,
        max_breadcrumbs=0,  # they hold statements and what they were asked with
        traces_sample_rate=0,
        auto_session_tracking=False,
        shutdown_timeout=2,
        before_send=scrubbed,  # type: ignore[arg-type]  # an event is a dict
        **options,
    )


def scrubbed(event: dict[str, Any], hint: dict[str, Any]) -> dict[str, Any] | None:
    """Return what of an event may leave the machine; None for one too many."""
    error = (hint.get("exc_info") or (None, None, None))[1]
    trouble = trouble_of(error)
    # Sentry groups faults by itself; of trouble, which hundreds may meet, it hears now and then.
    if trouble and _allowance.take(f"sentry:{trouble.value}") is None:
        return None
    told = {key: value for key, value in event.items() if key in KEPT}
    told["tags"] = {"request_id": request_ids.current()} | (
        {"trouble": trouble.value} if trouble else {}
    )
    if "transaction" in told:
        told["transaction"] = discreet(str(told["transaction"]))
    if entry := told.get("logentry"):
        words = entry.get("formatted") or entry.get("message") or ""
        told["logentry"] = {"message": discreet(str(words))}
    for each in told.get("exception", {}).get("values", []):
        each["value"] = words_of(error) if error and type(error).__name__ == each["type"] else ""
        for frame in each.get("stacktrace", {}).get("frames", []):
            for key in set(frame) - KEPT_OF_FRAME:
                del frame[key]
    return told
