"""Say in Chinese why a mail server did not take a mail, without a word of its own.

What a server says could quote an address.
"""

from __future__ import annotations

import smtplib

__all__ = ["PATIENCE", "is_of_server", "reason_of"]

PATIENCE = 30  # seconds with each step of a slow mail server

REASONS = (
    (smtplib.SMTPAuthenticationError, "邮件服务器不认账号或密码"),
    (smtplib.SMTPRecipientsRefused, "邮件服务器不收这个收件地址"),
    (smtplib.SMTPSenderRefused, "邮件服务器不收这个发件地址（DEFAULT_FROM_EMAIL）"),
    (smtplib.SMTPException, "邮件服务器没有收下"),
    (TimeoutError, "邮件服务器没有及时答复"),
    (OSError, "连不上邮件服务器"),
)


def reason_of(error: Exception) -> str:
    """Return what the admin shows of a failure: no address, nothing a server said."""
    told = next((text for kind, text in REASONS if isinstance(error, kind)), "没有发出")
    return f"{told}（{type(error).__name__}）。"


def is_of_server(reason: str) -> bool:
    """Whether a ``reason_of`` speaks of the mail server, and not of one address."""
    return any(
        reason.startswith(text)
        for kind, text in REASONS
        if kind is not smtplib.SMTPRecipientsRefused
    )
