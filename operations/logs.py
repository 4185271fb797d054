"""Write log records as lines or as JSON, with the request's number and without what is private.

Words of an error may quote what somebody sent; only its class and where it happened are told, and
the words of a few classes that speak of the machine. Addresses that are keys, queries and whoever
asked are left out of messages too.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from datetime import UTC, datetime

from . import request_ids
from .troubles import error_chain, trouble_of

__all__ = ["JsonFormatter", "LineFormatter", "discreet", "frames_of", "name_of", "words_of"]

# In this order: a key in an address is cut before the query behind it.
PRIVATE: tuple[tuple[re.Pattern[str], str], ...] = (
    # Addresses that open something to whoever knows them.
    (re.compile(r"/(preview|unsubscribe|subscribe/confirm|password_reset/confirm)/[^\s?\"'<>]+"),
     r"/\1/…"),
    (re.compile(r"(?<=/)[\w=.:-]{24,}(?=[/?\s\"']|$)"), "…"),
    (re.compile(r"(/[^\s?\"'<>]*)\?[^\s\"'<>]+"), r"\1?…"),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "…@…"),
    (re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}\b", re.IGNORECASE), "…"),  # a receipt code
    (re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"), "…"),  # a mobile telephone
    (re.compile(r"(?<![\d.])(?!127\.)\d{1,3}(?:\.\d{1,3}){3}(?![\d.])"), "…"),
)  # fmt: skip
# Their words tell of the machine and of our code, not of anybody.
HARMLESS = ("OperationalError", "InterfaceError", "ImportError", "ModuleNotFoundError", "NameError")
LONGEST = 2000  # characters of a message


def discreet(text: str) -> str:
    """Return ``text`` without addresses that are keys, queries, and what names a person."""
    for pattern, instead in PRIVATE:
        text = pattern.sub(instead, text)
    return text[:LONGEST]


def words_of(error: BaseException) -> str:
    """Return what an error may be quoted with, or nothing."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror  # without the name of the file
    if type(error).__name__ in HARMLESS:
        return discreet(str(error).strip().partition("\n")[0])
    return ""


def name_of(error: BaseException) -> str:
    """Return the class of an error, and its words where they are harmless."""
    words = words_of(error)
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


def frames_of(error: BaseException) -> list[str]:
    """Return where an error happened, the outermost call first; no value of any variable."""
    return [
        f"{frame.filename}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]


def _error_of(record: logging.LogRecord) -> BaseException | None:
    """Return the error of a record; what scanners send (django.security) is no error of ours."""
    if record.name.startswith("django.security"):
        return None
    return record.exc_info[1] if record.exc_info else None


class LineFormatter(logging.Formatter):
    """One line for people, and the frames of an error below it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record; never the words that another handler may have put in exc_text."""
        number = request_ids.current()
        line = (
            f"{_moment(record)} {record.levelname} {record.name}"
            f"{f' [{number}]' if number else ''}: {discreet(record.getMessage())}"
        )
        error = _error_of(record)
        if trouble := trouble_of(error):
            # Nobody's mistake, and hundreds may meet it: no frames.
            return f"{line} ({trouble.value}: {name_of(error)})" if error else line
        lines = [line]
        for each in error_chain(error):
            lines += [name_of(each), *(f"  {frame}" for frame in frames_of(each))]
        return "\n".join(lines)


class JsonFormatter(logging.Formatter):
    """One JSON object a line, for a collector of logs."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as JSON."""
        told: dict[str, object] = {
            "time": _moment(record),
            "level": record.levelname,
            "logger": record.name,
            "message": discreet(record.getMessage()),
        }
        if number := request_ids.current():
            told["request"] = number
        if status := getattr(record, "status_code", None):
            told["status"] = status
        error = _error_of(record)
        if trouble := trouble_of(error):
            told["trouble"] = trouble.value
        if error:
            told["errors"] = [
                {"error": name_of(each), "frames": [] if trouble else frames_of(each)}
                for each in error_chain(error)
            ]
        return json.dumps(told, ensure_ascii=False)


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
