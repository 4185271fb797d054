"""Settings: every variable is explained, and production does not start without what it needs."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings

SETTINGS = settings.BASE_DIR / "hzgy" / "settings"
READ = re.compile(r'(?:env(?:\.\w+)?|switch)\(\s*"([A-Z_]+)"')
NEEDED = {
    "SECRET_KEY": "x" * 60,
    "ALLOWED_HOSTS": "paper.example",
    "BASE_URL": "https://paper.example",
    "CONTRIBUTIONS_KEYS": "b25seS1mb3ItdGVzdHMtLW9ubHktZm9yLXRlc3RzLS0=",
}


def variables() -> set[str]:
    return {
        name
        for file in SETTINGS.glob("*.py")
        for name in READ.findall(file.read_text())
        if file.name != "test.py"
    }


def start(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=settings.BASE_DIR,
        env={**kept, "DJANGO_SETTINGS_MODULE": "hzgy.settings.production", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("place", ["docs/configuration.md", ".env.example"])
def test_every_variable_the_settings_read_is_explained(place: str) -> None:
    text = (settings.BASE_DIR / place).read_text()
    assert {name for name in variables() if name not in text} == set()


def test_production_starts_with_what_it_needs() -> None:
    started = start(NEEDED)
    assert started.returncode == 0, started.stderr


def test_nginx_is_not_told_of_changes_unless_it_can_be_shut() -> None:
    front = {"FRONT": "http://127.0.0.1:8001"}
    assert "FRONT_SHUT" in start({**NEEDED, **front}).stderr
    assert start({**NEEDED, **front, "FRONT_SHUT": "/srv/paper/shut"}).returncode == 0


@pytest.mark.parametrize("missing", sorted(NEEDED))
def test_production_does_not_start_without(missing: str) -> None:
    environment = {name: value for name, value in NEEDED.items() if name != missing}
    started = start(environment)
    assert started.returncode != 0
    assert missing in started.stderr
