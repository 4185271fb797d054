"""Hand one mail to the mail server, and tell apart how that can go wrong."""

from __future__ import annotations

import smtplib
from contextlib import suppress

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from newsroom.mail_trouble import PATIENCE, reason_of

__all__ = ["AddressRefused", "MailRefused", "ServerTrouble", "Uncertain", "post"]


class MailRefused(Exception):
    """The server did not take this mail; it may later. The message is for the admin."""


class AddressRefused(MailRefused):
    """The server will never take mail for this address."""


class ServerTrouble(MailRefused):
    """The server takes no mail at all now; this one was not sent."""


class Uncertain(MailRefused):
    """The server went away while it had the mail: nobody knows whether it was sent."""


def post(message: EmailMessage) -> None:
    """Send ``message``, which has one recipient; raise a MailRefused where it was not sent.

    A connection of its own for each, so that what fails before the mail is handed over is known
    to have failed.
    """
    message.message()  # what cannot be written fails here, before the server is asked
    connection = get_connection(timeout=settings.EMAIL_TIMEOUT or PATIENCE)
    try:
        connection.open()
    except Exception as error:
        raise ServerTrouble(reason_of(error)) from None
    try:
        connection.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        kind = AddressRefused if all(500 <= code < 600 for code in codes) else MailRefused
        raise kind(reason_of(error)) from None
    except smtplib.SMTPDataError as error:
        raise MailRefused(reason_of(error)) from None
    except smtplib.SMTPResponseException as error:
        raise ServerTrouble(reason_of(error)) from None
    except Exception as error:
        raise Uncertain(reason_of(error)) from None
    finally:
        with suppress(Exception):
            connection.close()
