"""Say to the person in front of a page for senders why something is not taken or shown now."""

from __future__ import annotations


class Refused(Exception):
    """``message`` is for that person, in Chinese; the rest is how HTTP says it.

    ``retry_after`` is in seconds, where waiting helps.
    """

    def __init__(self, message: str, *, status: int = 400, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.retry_after = retry_after
