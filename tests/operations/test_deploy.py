"""deploy/ is what it says: units systemd takes, commands that exist, settings all there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import call_command, get_commands

DEPLOY = settings.BASE_DIR / "deploy"
UNITS = sorted(file for file in (DEPLOY / "systemd").iterdir() if file.is_file())
EXECUTED = re.compile(r"^Exec\w+=(\S+)(?: (.*))?$", re.MULTILINE)


def listed(name: str) -> list[str]:
    """Return an array of services.sh as bash reads it."""
    return subprocess.check_output(
        ["bash", "-c", f'. "$0"; printf "%s\\n" "${{{name}[@]}}"', DEPLOY / "services.sh"],
        text=True,
    ).split()


def settings_read() -> dict[str, str]:
    """Return each variable that production reads, and how."""
    modules = sorted((settings.BASE_DIR / "hzgy/settings").glob("*.py"))
    text = "".join(file.read_text() for file in modules if file.name not in ("dev.py", "test.py"))
    return dict(re.findall(r'(?:env(?:\.\w+)?|switch)\(\s*"([A-Z_]+)"(.*)', text))


def settings_written() -> set[str]:
    """Return the names in the file of settings that install.sh writes."""
    script = (DEPLOY / "install.sh").read_text()
    written = re.search(r'put "\$ENV_FILE".*?^END$', script, re.DOTALL | re.MULTILINE)
    assert written
    return set(re.findall(r"^([A-Z_]+)='", written[0], re.MULTILINE))


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd-analyze")
def test_systemd_takes_every_unit(tmp_path: Path) -> None:
    # Where the units expect the paper stands what has the same programs.
    (tmp_path / ".venv/bin").mkdir(parents=True)
    for program in ("python", "gunicorn"):
        (tmp_path / ".venv/bin" / program).symlink_to(Path(sys.prefix) / "bin" / program)
    (tmp_path / "deploy").symlink_to(DEPLOY)
    units = tmp_path / "units"
    shutil.copytree(DEPLOY / "systemd", units)
    for file in units.rglob("*.*"):
        if file.is_file():
            file.write_text(file.read_text().replace("/opt/paper/current", str(tmp_path)))
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(units / file.name for file in UNITS)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.parametrize("unit", UNITS, ids=lambda file: file.name)
def test_every_command_of_a_unit_exists(unit: Path) -> None:
    instances = [
        name.partition("@")[2].removesuffix(".service")
        for name in listed("WORKERS")
        if name.startswith(unit.stem)
    ]
    for program, arguments in EXECUTED.findall(unit.read_text()):
        path = program.removeprefix("/opt/paper/current/")
        if path == ".venv/bin/python":
            _, command, *_ = arguments.split()
            names = {command.replace("%i", instance) for instance in instances or [""]}
            assert names <= set(get_commands())
        elif path != ".venv/bin/gunicorn":
            assert os.access(settings.BASE_DIR / path, os.X_OK), program


def test_what_is_enabled_exists_and_nothing_is_forgotten() -> None:
    enabled = {re.sub("@.*[.]", "@.", name) for name in [*listed("WORKERS"), *listed("TIMERS")]}
    enabled |= {"paper.target", "paper-web.socket", "paper-web.service"}
    enabled |= {"paper-metrics.service"}  # by those who want it
    with_install = {file.name for file in UNITS if "[Install]" in file.read_text()}
    assert with_install == enabled


def test_what_is_not_started_again_tells_when_it_fails() -> None:
    for file in UNITS:
        text = file.read_text()
        # What tells does not tell of itself.
        if file.suffix == ".service" and file.name != "paper-failed@.service":
            assert ("OnFailure=paper-failed@%N.service" in text) != ("Restart=" in text), file.name


def test_only_backups_see_backups() -> None:
    for name in ("paper-web.service", *listed("WORKERS")):
        unit = DEPLOY / "systemd" / re.sub("@.*[.]", "@.", name)
        assert "InaccessiblePaths=-/var/lib/paper/backups" in unit.read_text(), name
    assert "InaccessiblePaths" not in (DEPLOY / "systemd/paper-backup.service").read_text()


def test_installing_writes_what_production_needs() -> None:
    # What lies in var/ by default would lie in the program's own folder, which is read only; there
    # is where each version keeps its static files.
    needed = {
        name
        for name, how in settings_read().items()
        if how.startswith(")") or "VAR_DIR" in how or "console" in how or "locmem" in how
    }
    assert {"SECRET_KEY", "MEDIA_ROOT", "DATABASE_URL", "CACHE_URL", "EMAIL_URL"} <= needed
    assert needed - settings_written() == {"STATIC_ROOT"} & needed


def test_installing_writes_nothing_that_nobody_reads() -> None:
    assert settings_written() - {"WEB_CONCURRENCY"} <= set(settings_read())


@pytest.mark.parametrize("script", ["install.sh", "upgrade.sh"])
def test_scripts_explain_themselves_and_refuse_what_they_do_not_know(script: str) -> None:
    helped = subprocess.run([DEPLOY / script, "--help"], capture_output=True, text=True, check=True)
    assert "用法" in helped.stdout
    assert "Usage" in helped.stdout
    refused = subprocess.run(
        [DEPLOY / script, "--no-such-thing"], capture_output=True, text=True, check=False
    )
    assert refused.returncode == 2
    assert "没有这个选项" in refused.stderr


@pytest.mark.parametrize("arguments", [["other.tgz", "--wait", "5"], ["--force", "other.tgz"]])
def test_what_is_no_paper_is_refused_wherever_it_lies(tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "other").mkdir()
    subprocess.run(["tar", "czf", "other.tgz", "other"], cwd=tmp_path, check=True)
    refused = subprocess.run(
        [DEPLOY / "upgrade.sh", *arguments],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PREFIX": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 1
    assert f"{tmp_path}/other.tgz 不是本报的程序包" in refused.stderr


def test_a_failure_is_told_once_in_some_hours_and_says_nothing_of_the_log(
    tmp_path: Path, settings: object
) -> None:
    settings.ADMINS = [("", "it@paper.example")]  # type: ignore[attr-defined]
    for unit in ("paper-backup", "paper-backup", "paper-watch"):
        call_command("tell_failure", unit, remember=tmp_path)
    backup, watch = mail.outbox
    assert "paper-backup" in backup.subject
    assert "journalctl -u paper-backup" in backup.body
    assert "paper-watch" in watch.subject
    assert "docs/operating.md" in watch.body
    assert "不受影响" in backup.body
    assert "不受影响" not in watch.body
    day_ago = (tmp_path / "paper-backup").stat().st_mtime - 86400
    os.utime(tmp_path / "paper-backup", (day_ago, day_ago))
    call_command("tell_failure", "paper-backup", remember=tmp_path)
    assert len(mail.outbox) == 3
