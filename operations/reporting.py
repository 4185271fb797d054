"""Report errors to those who run the paper: where, how often and under which number; no more.

A storm of errors sends a few mails: one for each place an error comes from in a while, and not
many in an hour in all. Nothing that anybody sent, and no word of an error that could quote it,
leaves the machine.
"""

from __future__ import annotations

import logging
import socket
import threading
import time
from dataclasses import dataclass, field
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMessage, get_connection

from . import request_ids
from .logs import discreet, frames_of, name_of
from .troubles import error_chain, trouble_of

__all__ = ["Allowance", "ErrorMails", "fingerprint_of"]

PAUSE = 600  # seconds in which the same error is reported once, by whichever process
HOUR = 3600.0
MOST_IN_AN_HOUR = 10  # of one process
PATIENCE = 15  # seconds with each step of the mail server


def fingerprint_of(record: logging.LogRecord) -> str:
    """Return what is the same in errors of one kind: what is in trouble, or where it failed."""
    error = record.exc_info[1] if record.exc_info else None
    if error is None:
        return f"{record.name}:{record.pathname}:{record.lineno}"
    if trouble := trouble_of(error):
        return trouble.value
    return f"{type(error).__name__}:{''.join(frames_of(error)[-1:])}"


@dataclass
class Allowance:
    """How much one process may still report within the hour."""

    left_out: int = 0
    _sent: list[float] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, fingerprint: str) -> int | None:
        """Return how many were left out since the last one; None where this one is too."""
        with self._lock:
            now = time.monotonic()
            self._sent = [moment for moment in self._sent if now - moment < HOUR]
            if len(self._sent) >= MOST_IN_AN_HOUR or not self._is_first(fingerprint):
                self.left_out += 1
                return None
            self._sent.append(now)
            left_out, self.left_out = self.left_out, 0
            return left_out

    def _is_first(self, fingerprint: str) -> bool:
        try:
            key = f"reported:{sha256(fingerprint.encode()).hexdigest()}"
            return bool(cache.add(key, 1, timeout=PAUSE))
        except Exception:
            return True  # the allowance of the hour still holds


class ErrorMails(logging.Handler):
    """Mail errors to ERRORS_TO, in a thread: nobody who met one waits for a mail server too."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.allowance = Allowance()

    def emit(self, record: logging.LogRecord) -> None:
        """Report an error, if somebody wants to know and it is not one too many."""
        try:
            if not settings.ADMINS or _is_nobodys_error(record):
                return
            left_out = self.allowance.take(fingerprint_of(record))
            if left_out is None:
                return
            message = EmailMessage(
                f"[{settings.WAGTAIL_SITE_NAME}] {_summary(record)}",
                _text(record, left_out),
                to=[address for _, address in settings.ADMINS],
                headers={"Auto-Submitted": "auto-generated"},
            )
            threading.Thread(target=_send, args=(message,), name="error mail", daemon=True).start()
        except Exception:
            self.handleError(record)


def _is_nobodys_error(record: logging.LogRecord) -> bool:
    """Whether a scanner sent something, or a view said 503 of its own accord and why."""
    return record.name.startswith("django.security") or (
        record.name == "django.request" and not record.exc_info
    )


def _send(message: EmailMessage) -> None:
    try:
        message.connection = get_connection(timeout=PATIENCE)
        message.send()
    except Exception as error:
        # No error: it would be mailed.
        logging.getLogger(__name__).warning("an error was not reported: %s", type(error).__name__)


def _summary(record: logging.LogRecord) -> str:
    error = record.exc_info[1] if record.exc_info else None
    trouble = trouble_of(error)
    told = trouble.value if trouble else type(error).__name__ if error else record.getMessage()
    return discreet(" ".join(told.split()))[:120]


def _text(record: logging.LogRecord, left_out: int) -> str:
    lines = [
        f"{record.levelname} {record.name}: {discreet(record.getMessage())}",
        f"编号：{request_ids.current() or '无'}",
        f"机器：{socket.gethostname()}",
    ]
    if left_out:
        lines.append(f"上一封以后另有{left_out}个错误没有另发邮件，都在服务器的日志里。")
    for error in error_chain(record.exc_info[1] if record.exc_info else None):
        lines += ["", name_of(error), *(f"  {frame}" for frame in frames_of(error))]
    lines += ["", "邮件里没有提交的内容，也没有个人信息。按编号可以在日志里查到这一次请求。"]
    return "\n".join(lines)
