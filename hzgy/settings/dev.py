"""`make run`: one machine, one SQLite file, no key to set (docs/configuration.md)."""

import os
from collections.abc import Callable
from pathlib import Path

import environ
from cryptography.fernet import Fernet
from django.core.management.utils import get_random_secret_key

# First, since the base settings take from the environment while they are loaded.
environ.Env.read_env(Path(__file__).resolve().parents[2] / ".env")

from .base import *  # noqa: E402
from .environment import VAR_DIR, env  # noqa: E402


def kept(name: str, make: Callable[[], str]) -> str:
    """Return this machine's own key, made at the first start and kept in the ignored folder."""
    file = VAR_DIR / name
    VAR_DIR.mkdir(exist_ok=True)
    try:
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
            new.write(make())
    except FileExistsError:
        pass
    return file.read_text()


SECRET_KEY = env("SECRET_KEY", default="") or kept("secret_key", get_random_secret_key)
CONTRIBUTIONS_KEYS = env.list("CONTRIBUTIONS_KEYS", default=[]) or [
    kept("contributions_key", lambda: Fernet.generate_key().decode())
]
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])

# Files are served from where they lie: nothing has to be collected.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
