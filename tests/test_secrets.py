"""No secret stands in the repository, and everything that is installed is pinned with a hash."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import re
from importlib.metadata import PackageNotFoundError, distribution
from types import ModuleType

import pytest
from django.conf import settings
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

SECRETS = re.compile(
    r"""-----BEGIN\ [A-Z ]*PRIVATE\ KEY
      | \bAKIA[0-9A-Z]{16}\b | \bghp_\w{36}\b | \bglpat-[\w-]{20}\b | \bxox[abp]-\w+-\w+
      | \bLTAI[0-9A-Za-z]{16,}\b
      | (?:SECRET_KEY|PASSWORD|CONTRIBUTIONS_KEYS?|AWS_SECRET_ACCESS_KEY)
        \s*=\s*["'][^"'{}$]{12,}["']
      | \w+://[\w.-]+:(?!password@|secret@)[^@\s/"'{}$]{6,}@""",
    re.VERBOSE,
)
LEFT_OUT = {
    *(".git", ".venv", "var", "__pycache__", ".hypothesis"),
    *(".mypy_cache", ".pytest_cache", ".ruff_cache", ".import_linter_cache"),
}
# Made for tests, and saying so.
MADE_UP = ("only-for-tests", "b25seS1mb3ItdGVzdHMt")


def audit() -> ModuleType:
    path = str(settings.BASE_DIR / "bin" / "audit")
    loader = importlib.machinery.SourceFileLoader("audit", path)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("audit", loader))
    loader.exec_module(module)
    return module


def files() -> list[str]:
    """Return what would be handed on: all but what git ignores."""
    base = settings.BASE_DIR
    paths = (path.relative_to(base) for path in base.rglob("*") if path.is_file())
    return [str(p) for p in paths if p.name != ".env" and LEFT_OUT.isdisjoint(p.parts)]


def secrets_in(text: str) -> list[str]:
    return [
        found[0]
        for found in SECRETS.finditer(text)
        if not any(word in found[0] for word in MADE_UP)
    ]


def test_no_file_of_the_repository_holds_a_secret() -> None:
    found = {}
    for name in files():
        path = settings.BASE_DIR / name
        if path.is_file() and path.suffix not in {".png", ".woff2", ".mo"}:
            text = path.read_text("utf-8", errors="ignore")
            if secrets := [s for s in secrets_in(text) if name != "tests/test_secrets.py"]:
                found[name] = secrets
    assert found == {}
    assert not {name for name in files() if name.endswith((".pem", ".key"))}


@pytest.mark.parametrize(
    "secret",
    [
        "-----BEGIN RSA PRIVATE KEY-----",
        "SECRET_KEY = 'django-insecure-abcdefgh'",
        "postgres://paper:Tr0ub4dor@db/paper",
        "AKIAABCDEFGHIJKLMNOP",
    ],
)
def test_a_secret_would_be_found(secret: str) -> None:
    assert secrets_in(secret)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_everything_installed_is_pinned_with_a_hash(name: str) -> None:
    pinned = audit().pins((settings.BASE_DIR / name).read_text())
    assert len(pinned) > 20
    assert [package for package, hashed in pinned.items() if not hashed] == []
    assert audit().pins("a==1 \\\n    --hash=sha256:00\nb==2\n") == {"a": True, "b": False}


@pytest.mark.parametrize(
    ("licence", "fits"),
    [
        ("MIT", True),
        ("Mozilla Public License 2.0 (MPL 2.0)", True),
        ("GNU Library or Lesser General Public License (LGPL)", True),
        ("LGPL-3.0-or-later", True),
        ("GNU General Public License v3 (GPLv3)", False),
        ("GPL-2.0-only", False),
        ("AGPL-3.0", False),
        ("GNU Affero General Public License v3", False),
        ("LGPL-2.1; GNU General Public License (GPL)", False),
    ],
)
def test_a_licence_that_asks_for_more_than_its_own_source_does_not_fit(
    licence: str, fits: bool
) -> None:
    assert audit().fits(licence) is fits


def test_what_is_pinned_is_whole_for_the_python_of_debian_12() -> None:
    """Pinned with a newer one, something that only the older needs would be missing there."""
    debian = {"python_full_version": "3.11.2", "python_version": "3.11", "extra": ""}
    pinned = {
        *map(canonicalize_name, audit().pins((settings.BASE_DIR / "requirements.txt").read_text()))
    }
    wanting = []
    for name in sorted(pinned):
        try:
            package = distribution(name)
        except PackageNotFoundError:
            continue
        if not SpecifierSet(package.metadata["Requires-Python"] or "").contains("3.11.2"):
            wanting.append(f"{name} is for another Python")
        for needed in map(Requirement, package.requires or ()):
            is_asked = needed.marker is None or needed.marker.evaluate(debian)
            if is_asked and canonicalize_name(needed.name) not in pinned:
                wanting.append(f"{name} needs {needed}")
    assert wanting == []


def test_pip_is_told_to_insist_on_the_hashes() -> None:
    assert "--require-hashes" in (settings.BASE_DIR / "bin" / "environment").read_text()
