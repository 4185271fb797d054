"""Give a paper of its own to a trial: settings, folders, tables."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from cryptography.fernet import Fernet

from .server import ROOT

UNLIMITED = "1000000"
# What the machine says; nothing that a developer set for the real paper comes along.
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "VIRTUAL_ENV")


def environment_at(place: Path, database_url: str) -> dict[str, str]:
    """Return the variables of a paper that keeps everything in ``place`` but its database."""
    folders = {
        "CONTRIBUTIONS_ROOT": place / "vault",
        "MEDIA_ROOT": place / "media",
        "TMPDIR": place / "unfinished",
        "CACHE": place / "cache",
    }
    for folder in folders.values():
        folder.mkdir()
    cache = folders.pop("CACHE")
    return {
        **{name: os.environ[name] for name in KEPT if name in os.environ},
        **{name: str(folder) for name, folder in folders.items()},
        "DJANGO_SETTINGS_MODULE": "hzgy.settings.dev",
        "DATABASE_URL": database_url,
        "CACHE_URL": f"filecache://{cache}",  # one for all workers
        "SECRET_KEY": secrets.token_hex(),
        "CONTRIBUTIONS_KEYS": Fernet.generate_key().decode(),
        "CONTRIBUTIONS_PER_ADDRESS": UNLIMITED,
        "CONTRIBUTIONS_PER_HOUR": UNLIMITED,
        "CONTRIBUTIONS_BUCKET": "",
        "CONTRIBUTIONS_LEAST_FREE_MB": "0",  # the disk is to be full in earnest
        "CONTRIBUTIONS_PROOF_OF_WORK": "0",
        "CLAMAV_URL": "",
        "EMAIL_URL": "dummymail://",
        "DEBUG": "0",
        "ALLOWED_HOSTS": "127.0.0.1",
        "PROXIES": "0",
    }


def found(environment: Mapping[str, str]) -> None:
    """Make the tables and the newsroom."""
    for command in (["migrate", "--verbosity", "0"], ["set_up_newsroom"]):
        subprocess.run(
            [sys.executable, "manage.py", *command],
            check=True,
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
        )
