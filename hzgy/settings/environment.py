"""Where settings come from: the environment, and the folder the program lies in."""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent.parent
# Everything written at run time (database, uploads, collected files) lives in one ignored folder.
VAR_DIR = BASE_DIR / "var"

env = environ.Env()


def switch(name: str, *, default: str) -> bool:
    """Return whether a variable says on or 1; what is neither that nor off or 0 stops the start."""
    said = env.str(name, default=default).lower()
    if said not in ("on", "1", "off", "0"):
        raise ImproperlyConfigured(f"{name}={said}: on or off")
    return said in ("on", "1")
