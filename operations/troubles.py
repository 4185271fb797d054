"""Tell what of the machine is in trouble, by the error that came of it.

Trouble of the machine is nobody's mistake: whoever meets it is asked to wait (503), and one line
in the log says so. Everything else is a fault of the program (500).
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from enum import Enum

__all__ = ["Trouble", "error_chain", "is_odd_value", "trouble_of"]

DEEPEST = 5  # causes of an error


class Trouble(Enum):
    """What is in trouble."""

    DATABASE_AWAY = "database away"
    DATABASE_BUSY = "database busy"
    DISK_FULL = "disk full"
    FILES_AWAY = "storage of files away"


FULL = (errno.ENOSPC, errno.EDQUOT)

# https://www.sqlite.org/rescode.html: the low byte. What is not here ("no such table") is a fault.
SQLITE = {
    5: Trouble.DATABASE_BUSY,  # BUSY
    6: Trouble.DATABASE_BUSY,  # LOCKED
    8: Trouble.DATABASE_AWAY,  # READONLY
    10: Trouble.DATABASE_AWAY,  # IOERR
    13: Trouble.DISK_FULL,  # FULL
    14: Trouble.DATABASE_AWAY,  # CANTOPEN
}
# https://www.postgresql.org/docs/15/errcodes-appendix.html: the code, else its class.
POSTGRES = {
    "08": Trouble.DATABASE_AWAY,  # connection exception
    "53": Trouble.DATABASE_BUSY,  # too many connections, out of memory
    "53100": Trouble.DISK_FULL,
    "57": Trouble.DATABASE_AWAY,  # shut down, crashed, not started yet
    "57014": Trouble.DATABASE_BUSY,  # a statement took longer than statement_timeout
    "58": Trouble.DATABASE_AWAY,  # an error of its system
    "40": Trouble.DATABASE_BUSY,  # deadlock, serialization
    "55P03": Trouble.DATABASE_BUSY,  # a lock is held
    "25006": Trouble.DATABASE_AWAY,  # it stands by, read-only
}
CONNECTION_LOST = ("OperationalError", "InterfaceError")
BUCKET_AWAY = ("HTTPClientError", "ConnectionError", "NoCredentialsError")


def error_chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error, what caused it, and so on."""
    for _ in range(DEEPEST):
        if error is None:
            return
        yield error
        suppressed = error.__suppress_context__ or error.__cause__ is not None
        error = error.__cause__ if suppressed else error.__context__


def trouble_of(error: BaseException | None) -> Trouble | None:
    """Return what is in trouble; None if that is no trouble of the machine."""
    return next(filter(None, map(_trouble, error_chain(error))), None)


def _trouble(error: BaseException) -> Trouble | None:
    """Judge one error of a chain: the database's own, which Django's stands on, a file's."""
    kind = type(error)
    package = kind.__module__.partition(".")[0]
    if package == "sqlite3":
        code = getattr(error, "sqlite_errorcode", None)
        return SQLITE.get(code & 0xFF) if isinstance(code, int) else None
    if package == "psycopg2":
        state = getattr(error, "pgcode", None)
        if state:
            return POSTGRES.get(state) or POSTGRES.get(state[:2])
        # Without a code the server did not say it: there was none to speak to.
        return Trouble.DATABASE_AWAY if _is_any(kind, CONNECTION_LOST) else None
    if package == "django" and kind.__name__ == "InterfaceError":
        return Trouble.DATABASE_AWAY  # "connection already closed", raised by Django itself
    if package == "botocore" and _is_any(kind, BUCKET_AWAY):
        return Trouble.FILES_AWAY
    if isinstance(error, OSError) and error.errno in FULL:
        return Trouble.DISK_FULL
    return None


def _is_any(kind: type, names: tuple[str, ...]) -> bool:
    return any(parent.__name__ in names for parent in kind.__mro__)


# What Django and the two databases say of a value that no column can hold.
ODD_VALUE = re.compile(
    r"Field '\w+' expected a |NUL \(0x00\) character|int too large to convert to SQLite"
    r"|surrogates not allowed|is not a valid UUID|has an invalid (?:date )?format"
)


def is_odd_value(error: BaseException | None) -> bool:
    """Whether the database was asked for what it cannot even hold: a request was odd.

    Our own views let no such value through; some of Wagtail's hand on what stands in the address.
    """
    return any(
        type(each).__name__ == "DataError" or ODD_VALUE.search(str(each)) is not None
        for each in error_chain(error)
        if isinstance(each, ValueError | OverflowError) or _is_djangos(each)
    )


def _is_djangos(error: BaseException) -> bool:
    kind = type(error)
    return kind.__module__.startswith("django.") and kind.__name__ in (
        "DataError",
        "ValidationError",
    )
