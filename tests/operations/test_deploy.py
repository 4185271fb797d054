"""deploy/ is what it says: units systemd takes, commands that exist, settings all there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import call_command, get_commands

from bench.nginx import NGINX
from operations.health.checks import ALL, SERVING

DEPLOY = settings.BASE_DIR / "deploy"
UNITS = sorted(file for file in (DEPLOY / "systemd").iterdir() if file.is_file())
NGINX_UNIT = Path("/lib/systemd/system/nginx.service")
EXECUTED = re.compile(r"^Exec\w+=(\S+)(?: (.*))?$", re.MULTILINE)


def listed(name: str, script: str = "services.sh") -> list[str]:
    """Return an array of a script as bash reads it."""
    return subprocess.check_output(
        ["bash", "-c", f'. "$0"; printf "%s\\n" "${{{name}[@]}}"', DEPLOY / script],
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
    (tmp_path / ".venv/bin/gunicorn").symlink_to(Path(sys.prefix) / "bin/gunicorn")
    (tmp_path / "deploy").symlink_to(DEPLOY)
    units = tmp_path / "units"
    shutil.copytree(DEPLOY / "systemd", units)
    for file in units.rglob("*.*"):
        if file.is_file():
            file.write_text(file.read_text().replace("/opt/paper/current", str(tmp_path)))
    files = [units / file.name for file in UNITS]
    if NGINX_UNIT.exists():  # what is added to it is read with it
        files.append(Path(shutil.copy(NGINX_UNIT, units)))
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *files],
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
        path = program.removeprefix("+").removeprefix("/opt/paper/current/")
        if path == "deploy/manage":
            command, *_ = arguments.split()
            names = {command.replace("%i", instance) for instance in instances or [""]}
            assert names <= set(get_commands())
        if path != ".venv/bin/gunicorn":
            assert os.access(settings.BASE_DIR / path, os.X_OK), program


@pytest.mark.parametrize("unit", UNITS, ids=lambda file: file.name)
def test_no_service_imports_from_the_version_that_takes_its_place(
    unit: Path, tmp_path: Path
) -> None:
    # gunicorn's first line names the environment itself.
    environment, current = tmp_path / "environments/1/.venv", tmp_path / "current"
    (environment / "bin").mkdir(parents=True)
    (environment / "bin/python").write_text('#!/bin/sh\necho "$0" "$@"\n')
    (environment / "bin/python").chmod(0o755)
    release = tmp_path / "releases/1"
    release.mkdir(parents=True)
    (release / ".venv").symlink_to(environment)
    (release / "deploy").symlink_to(DEPLOY)
    current.symlink_to(release)
    for program, arguments in EXECUTED.findall(unit.read_text()):
        if not re.search("python|manage", program):
            continue
        started = [program.replace("/opt/paper/current", str(current)), *arguments.split()]
        said = subprocess.check_output(started, cwd=current, text=True)
        assert said.startswith(f"{environment}/bin/python manage.py ")


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


def test_an_upgrade_needs_what_serving_needs_and_room() -> None:
    assert set(listed("NEEDED", "release.sh")) == {*SERVING, "disk"} <= set(ALL)


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


def have_installed(prefix: Path) -> None:
    """Have what upgrade.sh asks for before it looks at the new version."""
    for folder in ("opt/paper", "etc/paper"):
        (prefix / folder).mkdir(parents=True)
    (prefix / "etc/paper/paper.env").touch()


def test_a_packed_version_runs_where_programs_may(tmp_path: Path) -> None:
    have_installed(tmp_path)
    script = tmp_path / "paper-2/deploy/upgrade.sh"
    script.parent.mkdir(parents=True)
    script.write_text('#!/bin/sh\necho "$0"\n')
    script.chmod(0o755)
    (tmp_path / "paper-2/manage.py").touch()
    subprocess.run(["tar", "czf", "paper-2.tgz", "paper-2"], cwd=tmp_path, check=True)
    said = subprocess.check_output(
        [DEPLOY / "upgrade.sh", tmp_path / "paper-2.tgz"],
        env={"PATH": os.environ["PATH"], "PREFIX": str(tmp_path)},
        text=True,
    )
    assert Path(said).is_relative_to(tmp_path / "opt/paper")
    assert not list((tmp_path / "opt/paper").iterdir())  # nor does anything stay


def test_a_root_without_the_programs_of_root_finds_them() -> None:
    path = subprocess.check_output(
        ["bash", "-c", ". deploy/ground.sh; printf %s $PATH"],
        cwd=settings.BASE_DIR,
        env={"PATH": "/usr/bin:/bin"},
        text=True,
    )
    assert path.split(":")[:2] == ["/usr/bin", "/bin"]
    assert "/usr/sbin" in path.split(":")


def test_services_begin_after_the_folders_of_the_paper_are_there() -> None:
    common = (DEPLOY / "systemd/paper-.service.d/common.conf").read_text()
    backup = (DEPLOY / "systemd/paper-backup.service").read_text()
    roots = re.findall(r"^[A-Z]+_ROOT='\$DATA/(\w+)'$", (DEPLOY / "install.sh").read_text(), re.M)
    assert "media" in roots
    for folder in (*roots, "backups"):
        assert f" var-lib-paper-{folder}.mount" in common.replace("=", " "), folder
        assert f" /var/lib/paper/{folder}" in backup.replace("=", " "), folder


@pytest.mark.parametrize("arguments", [["other.tgz", "--wait", "5"], ["--force", "other.tgz"]])
def test_what_is_no_paper_is_refused_wherever_it_lies(tmp_path: Path, arguments: list[str]) -> None:
    have_installed(tmp_path)
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
    assert not list((tmp_path / "opt/paper").iterdir())


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


def test_what_turns_the_logs_over_is_installed() -> None:
    assert "/etc/logrotate.d/" in (DEPLOY / "install.sh").read_text()
    assert "logrotate" in (DEPLOY / "packages").read_text().splitlines()


@pytest.mark.parametrize(("answer", "said"), [("no", True), ("yes", False), ("", False)])
def test_a_clock_that_nobody_sets_is_told_of(tmp_path: Path, answer: str, said: bool) -> None:
    timedatectl = tmp_path / "timedatectl"
    timedatectl.write_text(f"#!/bin/sh\necho {answer}\n" if answer else "#!/bin/sh\nexit 1\n")
    timedatectl.chmod(0o755)
    function = re.search(
        r"^look_at_clock\(\) .*?^}$", (DEPLOY / "install.sh").read_text(), re.DOTALL | re.MULTILINE
    )
    assert function
    told = subprocess.run(
        ["bash", "-c", f". deploy/ground.sh\n{function[0]}\nlook_at_clock"],
        cwd=settings.BASE_DIR,
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ("机器的时间没有与时间服务器对上" in told.stdout) == said


def test_units_of_other_versions_go_and_the_administrators_own_stay(tmp_path: Path) -> None:
    releases, units = tmp_path / "opt/paper/releases", tmp_path / "etc/systemd/system"
    version = releases / "2/deploy/systemd"
    shutil.copytree(DEPLOY / "systemd", version)
    shutil.copytree(DEPLOY / "systemd", releases / "1/deploy/systemd")
    (releases / "1/deploy/systemd/paper-of-old.timer").touch()
    units.mkdir(parents=True)
    own = {"paper-offsite.timer", "paper-offsite.service", "paper-web.service.d"}
    (units / "paper-web.service.d").mkdir()
    for name in ("paper-offsite.timer", "paper-offsite.service", "paper-of-old.timer"):
        (units / name).write_text("[Unit]\n")
    asked = tmp_path / "asked"
    systemctl = tmp_path / "systemctl"
    systemctl.write_text(f'#!/bin/sh\necho "$@" >>{asked}\n')
    systemctl.chmod(0o755)

    subprocess.run(
        ["bash", "-c", f'. deploy/ground.sh; . deploy/services.sh; install_units "{releases}/2"'],
        cwd=settings.BASE_DIR,
        env={
            "PATH": os.environ["PATH"],
            "PREFIX": str(tmp_path),
            "SYSTEMCTL": str(systemctl),
        },
        check=True,
    )
    assert {path.name for path in units.iterdir()} == own | {
        path.name for path in version.iterdir()
    }
    assert asked.read_text().splitlines() == [
        "disable --quiet --now paper-of-old.timer",
        "daemon-reload",
    ]


@dataclass
class Site:
    """A machine's nginx below a scratch folder, into which the site is installed."""

    root: Path

    @property
    def nginx(self) -> Path:
        return self.root / "etc/nginx"

    @property
    def process(self) -> str:
        """What was put into nginx's main context."""
        return (self.nginx / "modules-enabled/90-paper.conf").read_text()

    @property
    def text(self) -> str:
        """What was put into the site."""
        return (self.nginx / "sites-enabled/paper.conf").read_text()

    def run(self, *lines: str) -> subprocess.CompletedProcess[str]:
        """Have bash do what the scripts do."""
        return subprocess.run(
            ["bash", "-c", "\n".join([". deploy/ground.sh", ". deploy/site.sh", *lines])],
            cwd=settings.BASE_DIR,
            env={"PATH": os.environ["PATH"], "PREFIX": str(self.root)},
            capture_output=True,
            text=True,
            check=False,
        )

    def install(self) -> str:
        """Install the site; return which files were written."""
        done = self.run('install_site "$PWD"')
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path)
    for folder in ("sites-available", "sites-enabled", "modules-enabled", "conf.d"):
        (site.nginx / folder).mkdir(parents=True)
    (tmp_path / "etc/paper").mkdir()
    lines = ("BASE_URL='http://paper.example'", "ALLOWED_HOSTS='paper.example'", "HTTPS='off'")
    (tmp_path / "etc/paper/paper.env").write_text("\n".join(lines))
    return site


def test_nginx_is_told_what_its_own_file_does_not_say(site: Site) -> None:
    site.install()
    assert site.process == "worker_rlimit_nofile 16384;\npcre_jit on;\n"
    assert "server_name paper.example;" in site.text
    assert "\nserver_names_hash_bucket_size " in site.text
    assert site.install() == ""
    (site.nginx / "nginx.conf").write_text("# pcre_jit on;\nworker_rlimit_nofile 30000;\n")
    (site.nginx / "conf.d/ours.conf").write_text("server_names_hash_bucket_size 128;\n")
    site.install()
    assert site.process == "pcre_jit on;\n"
    assert "\nserver_names_hash_bucket_size " not in site.text


def test_debians_nginx_has_as_many_connections_as_the_tests(site: Site) -> None:
    own = site.nginx / "nginx.conf"
    own.write_text("events {\n\tworker_connections 768;\n\t# multi_accept on;\n}\n")
    site.install()
    assert own.read_text() == "events {\n\tworker_connections 4096;\n\t# multi_accept on;\n}\n"
    assert " worker_connections 4096;" in NGINX
    assert site.install() == ""


def test_a_site_that_was_edited_is_not_written_over(site: Site) -> None:
    site.install()
    place = site.nginx / "sites-available/paper.conf"
    (site.root / "etc/paper/site.env").write_text("RATE=50")
    site.install()  # what is ours is renewed
    edited = place.read_text() + "# managed by Certbot\n"
    place.write_text(edited)
    (site.root / "opt/paper").mkdir(parents=True)
    upgraded = subprocess.run(
        [DEPLOY / "upgrade.sh"],
        env={"PATH": os.environ["PATH"], "PREFIX": str(site.root)},
        capture_output=True,
        text=True,
        check=False,
    )
    for refused in (site.run('install_site "$PWD"'), upgraded):
        assert refused.returncode == 1
        assert "paper.conf 被改过" in refused.stderr
        assert place.read_text() == edited
    assert not (site.root / "opt/paper/releases").exists()
    place.rename(place.with_suffix(".mine"))
    assert "sites-available/paper.conf" in site.install()
    assert site.install() == ""


def test_what_the_admin_says_of_connections_stays(site: Site) -> None:
    own = site.nginx / "nginx.conf"
    for told in ("worker_connections 1024;\n", "# worker_connections 768;\n"):
        own.write_text(told)
        site.install()
        assert own.read_text() == told
