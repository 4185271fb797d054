"""What docs/restoring.md tells of a restore to the minute is run as it stands there."""

import subprocess

import pytest
from django.conf import settings

pytestmark = pytest.mark.stack


def test_a_destroyed_postgresql_is_restored_to_the_minute() -> None:
    done = subprocess.run(
        ["bin/try-point-in-time"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith(": in the base, before the minute\n")
