"""deploy/upgrade.sh: a new version takes over, or does not, and no request is lost on the way.

The scripts and hzgy/gunicorn.py are the real ones, in a scratch folder; the paper is a tiny one
that tells its version. systemctl.py stands in for systemd.
"""

from __future__ import annotations

import getpass
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.stack

LOST, SLOWEST = "lost", 30

SYSTEMCTL = Path(__file__).with_name("systemctl.py")

MANAGE = """import os, sys
from pathlib import Path

command, place = sys.argv[1], Path(__file__).parent
with open(os.environ["CALLS"], "a") as calls:
    print("{version}", *sys.argv[1:], file=calls)
if command == "{fails_at}":
    sys.exit(command + " failed")
if command == "collectstatic":
    (place / "var/static/paper.{version}.css").write_text("{version}")
    (place / "var/static/staticfiles.json").write_text("{version}")
"""

WSGI = """import json, os, time

in_place = "INVOCATION_ID" in os.environ  # systemd sets it
if in_place and "{ill}" == "does not start in place":
    raise SystemExit("broken")

def application(environ, start_response):
    if environ["PATH_INFO"] == "/healthz":
        well = not ("{ill}" == "not ready" or ("{ill}" == "not ready in place" and in_place))
        asked = environ["QUERY_STRING"].removeprefix("ready=")
        checks = {{"database": "ok" if well else "gone", "mail": "ok", "disk": "ok"}}
        if asked == "1" and "{ill}" in checks:
            well, checks["{ill}"] = False, "三项"
        start_response("200 OK" if well else "503 Service Unavailable", [])
        return [json.dumps({{"checks": checks}}, ensure_ascii=False).encode()]
    time.sleep(0.02)
    start_response("200 OK", [("Content-Length", str(len("{version}")))])
    return [b"{version}"]
"""


def make_checkout(
    folder: Path, *, version: str, ill: str = "", fails_at: str = "", worker: str = ""
) -> None:
    """Lay a tiny paper out as a checkout has it, with the real scripts, perhaps a service more."""
    words = {"version": version, "ill": ill, "fails_at": fails_at}
    base = settings.BASE_DIR
    ignore = shutil.ignore_patterns("nginx")
    shutil.copytree(base / "deploy", folder / "deploy", ignore=ignore)
    if worker:
        units, services = folder / "deploy/systemd", folder / "deploy/services.sh"
        shutil.copy(units / "paper-publish.service", units / worker)
        services.write_text(services.read_text().replace("WORKERS=(", f"WORKERS=({worker} "))
    shutil.copytree(base / "operations", folder / "operations")  # its logs are gunicorn's
    (folder / "hzgy").mkdir()
    shutil.copy(base / "hzgy/gunicorn.py", folder / "hzgy")
    (folder / "hzgy/__init__.py").touch()
    (folder / "hzgy/wsgi.py").write_text(WSGI.format(**words))
    (folder / "manage.py").write_text(MANAGE.format(**words))
    (folder / "pyproject.toml").write_text(f'version = "{version}"\n')
    (folder / "bin").mkdir()
    environment = folder / "bin/environment"
    environment.write_text(f'#!/bin/sh\ncd "$(dirname "$0")/.." && ln -sfn {sys.prefix} .venv\n')
    shutil.copy(base / "requirements.txt", folder)
    environment.chmod(0o755)


@dataclass
class Machine:
    """A scratch folder with a paper in it, and the socket that outlives its versions."""

    root: Path
    held: socket.socket
    papers: int = 0  # how many versions there were; the newest has this number
    systemctl: Path = SYSTEMCTL

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": f"{self.root}/programs:{os.environ['PATH']}",
            "PREFIX": str(self.root),
            "PAPER_USER": getpass.getuser(),
            "SYSTEMCTL": str(self.systemctl),
            "HELD_SOCKET": str(self.held.fileno()),
        }

    def restart(self) -> None:
        """Have the service begin anew."""
        subprocess.run(
            [SYSTEMCTL, "restart", "paper-web.service"],
            env=self.environment,
            pass_fds=[self.held.fileno()],
            check=True,
        )

    def begin(self, *arguments: str, wait: int = 20) -> subprocess.Popen[str]:
        """Start the script of the newest checkout, as from a terminal of its own."""
        return subprocess.Popen(
            [self.checkout / "deploy/upgrade.sh", "--wait", str(wait), *arguments],
            cwd=self.root,
            env=self.environment,
            pass_fds=[self.held.fileno()],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def upgrade(self, *arguments: str, wait: int = 20) -> subprocess.CompletedProcess[str]:
        """Run the script of the newest checkout."""
        begun = self.begin(*arguments, wait=wait)
        said, complained = begun.communicate(timeout=120)
        return subprocess.CompletedProcess(begun.args, begun.returncode, said, complained)

    def write(self, **kind: str) -> None:
        """Have a checkout of the next version."""
        self.papers += 1
        make_checkout(self.checkout, version=str(self.papers), **kind)

    def bring(self, **kind: str) -> subprocess.CompletedProcess[str]:
        """Upgrade to the next version; one that is ill is given less time."""
        self.write(**kind)
        return self.upgrade(wait=5 if kind else 20)

    def fall_ill(self, ill: str) -> None:
        """Give the current version another illness, or none; it shows when it begins anew."""
        wsgi = self.current / "hzgy/wsgi.py"
        wsgi.write_text(WSGI.format(version=self.current.name.partition("-")[0], ill=ill))

    def calls(self) -> list[str]:
        """Return what was asked of the papers and of systemd since the last time."""
        file = self.root / "calls"
        text = file.read_text()
        file.write_text("")
        return text.splitlines()

    @property
    def checkout(self) -> Path:
        return self.root / f"checkout-{self.papers}"

    @property
    def current(self) -> Path:
        return (self.root / "opt/paper/current").resolve()

    def ask(self) -> str:
        """Return the version that answers, or that the request was lost."""
        connection = HTTPConnection("paper", timeout=SLOWEST)
        try:
            connection.sock = socket.socket(socket.AF_UNIX)
            connection.sock.settimeout(SLOWEST)
            connection.sock.connect(str(self.root / "run/paper/web.sock"))
            connection.request("GET", "/", headers={"Connection": "close"})
            answer = connection.getresponse()
            return answer.read().decode() if answer.status == 200 else LOST
        except OSError:
            return LOST
        finally:
            connection.close()

    @contextmanager
    def readers(self) -> Iterator[Readers]:
        """Have three readers come again and again meanwhile, some twenty times a second each."""
        readers = Readers()
        threads = [threading.Thread(target=readers.read, args=(self,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        time.sleep(0.3)
        try:
            yield readers
            time.sleep(0.3)
        finally:
            readers.leave.set()
            for thread in threads:
                thread.join()


@dataclass
class Readers:
    """Who reads while something is done to the paper, and which version each got, in order."""

    answers: list[str] = field(default_factory=list)
    leave: threading.Event = field(default_factory=threading.Event)

    def read(self, machine: Machine) -> None:
        while not self.leave.wait(0.03):
            self.answers.append(machine.ask())


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait, and not for ever."""
    end = time.monotonic() + SLOWEST
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


@contextmanager
def bare(root: Path) -> Iterator[Machine]:
    """Have a machine with the paper's settings and folders, and no version yet."""
    folders = ("opt/paper", "var/lib/paper", "etc/paper", "run/paper", "etc/systemd/system")
    for folder in (*folders, "programs"):
        (root / folder).mkdir(parents=True)
    (root / "etc/paper/paper.env").write_text(
        f"BASE_URL=http://paper.example\nCALLS={root}/calls\n"
    )
    held = socket.socket(socket.AF_UNIX)
    held.bind(str(root / "run/paper/web.sock"))
    held.listen(512)
    try:
        yield Machine(root, held)
    finally:
        if (root / "pid").exists():
            with suppress(ProcessLookupError):
                os.killpg(int((root / "pid").read_text()), signal.SIGKILL)
        held.close()


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A paper of version 1, serving."""
    with bare(tmp_path_factory.mktemp("m")) as machine:  # a socket's path must be short
        first = machine.bring()
        assert first.returncode == 0, first.stderr
        yield machine


@pytest.fixture
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A machine without a version."""
    with bare(tmp_path_factory.mktemp("m")) as machine:
        yield machine


@pytest.fixture
def machine(installed: Machine) -> Machine:
    """The same, with whatever version serves by now."""
    installed.calls()
    return installed


def test_a_new_version_takes_over_and_readers_notice_nothing(machine: Machine) -> None:
    old = machine.ask()
    with machine.readers() as readers:
        upgraded = machine.bring()
    assert upgraded.returncode == 0, upgraded.stderr
    new = str(machine.papers)
    assert set(readers.answers) == {old, new}
    assert machine.calls() == [
        f"{new} check --deploy",
        f"{old} backup --to {machine.root}/var/lib/paper/backups",
        f"{new} migrate --verbosity 0",
        f"{new} set_up_newsroom",
        f"{new} collectstatic --no-input --verbosity 0",
        "systemctl restart paper-web.service",
        "systemctl --no-block restart paper-publish.service paper-front.service "
        "paper-tend@contributions.service paper-tend@editions.service "
        "paper-tend@subscriptions.service",
        "systemctl --no-block try-restart paper-metrics.service",
        "systemctl start paper.target",
        "systemctl --no-block restart paper-keep.service",
        f"{new} check_search --quick --repair",
    ]
    # Who has an old page open still gets its style, and each version its own list.
    static = machine.current / "var/static"
    assert (static / f"paper.{old}.css").exists()
    assert (static / f"paper.{new}.css").exists()
    assert (static / "staticfiles.json").read_text() == new

    # Packed, named from where the caller is, before an option: still the same version.
    pack = machine.root / "pack.tgz"
    subprocess.run(["tar", "czf", pack, f"checkout-{new}"], cwd=machine.root, check=True)
    again = machine.upgrade("pack.tgz", "--no-backup")
    assert again.returncode == 0, again.stderr
    assert machine.calls() == ["systemctl start paper.target"]

    with machine.readers() as readers:
        back = machine.upgrade("--back")
    assert back.returncode == 0, back.stderr
    assert set(readers.answers) == {new, old}
    assert machine.current.name.startswith(f"{old}-")
    assert (machine.current / "var/static/staticfiles.json").read_text() == old
    assert not any("migrate" in call for call in machine.calls())


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ({"fails_at": "check"}, "没有通过检查"),
        ({"fails_at": "migrate"}, "没有更新成"),
        ({"ill": "not ready"}, "试运行时没有就绪"),
    ],
)
def test_what_is_not_well_is_never_switched_to(
    machine: Machine, kind: dict[str, str], said: str
) -> None:
    old, place = machine.ask(), machine.current
    with machine.readers() as readers:
        upgraded = machine.bring(**kind)
    assert upgraded.returncode == 1
    assert said in upgraded.stderr
    assert set(readers.answers) == {old}
    assert machine.current == place
    assert not any("systemctl" in call for call in machine.calls())


@pytest.mark.parametrize("ill", ["does not start in place", "not ready in place"])
def test_what_fails_in_its_place_is_taken_back_and_nobody_loses_a_request(
    machine: Machine, ill: str
) -> None:
    old, place = machine.ask(), machine.current
    with machine.readers() as readers:
        upgraded = machine.bring(ill=ill, worker="paper-of-later.service")
    assert upgraded.returncode == 2
    assert "已退回" in upgraded.stderr
    assert LOST not in readers.answers
    assert readers.answers[-1] == machine.ask() == old
    assert machine.current == place
    assert not (machine.root / "etc/systemd/system/paper-of-later.service").exists()


def test_a_paper_that_is_not_well_is_not_upgraded_unless_told_to(machine: Machine) -> None:
    machine.fall_ill("not ready")
    machine.restart()
    again = machine.upgrade(f"checkout-{machine.ask()}", wait=1)
    assert again.returncode == 2
    assert "已经是这个版本" in again.stderr
    machine.calls()
    refused = machine.bring()
    assert refused.returncode == 1
    assert "database（gone）" in refused.stdout
    assert machine.calls() == []
    assert machine.upgrade("--force").returncode == 0
    assert machine.ask() == str(machine.papers)


def test_a_full_disk_hinders_an_upgrade_and_mail_that_does_not_go_is_told(machine: Machine) -> None:
    machine.fall_ill("disk")
    machine.restart()
    machine.calls()
    refused = machine.bring()
    assert refused.returncode == 1
    assert "不正常：disk（三项）" in refused.stdout
    assert machine.calls() == []
    machine.fall_ill("mail")
    machine.restart()
    upgraded = machine.upgrade()
    assert upgraded.returncode == 0, upgraded.stderr
    assert "不正常：mail（三项）" in upgraded.stdout
    assert "不妨碍升级" in upgraded.stdout
    assert machine.ask() == str(machine.papers)


def test_a_first_start_that_failed_is_no_success_the_second_time(empty: Machine) -> None:
    assert empty.bring(ill="does not start in place").returncode == 2
    again = empty.upgrade()
    assert again.returncode == 2
    assert "没有就绪" in again.stderr
    empty.fall_ill("")
    empty.calls()
    assert empty.upgrade().returncode == 0
    assert empty.ask() == "1"
    # Nothing is left out of what a first start does.
    calls = empty.calls()
    assert "systemctl --no-block restart paper-keep.service" in calls
    assert calls[-1] == "1 check_search --quick --repair"


def test_a_trial_ends_with_the_connection_and_holds_no_lock(machine: Machine) -> None:
    data, place = machine.root / "var/lib/paper", machine.current
    machine.write(ill="not ready")
    upgrade = machine.begin(wait=60)
    try:
        wait_until(lambda: any(data.glob(".trial.*/web.sock")))
        os.killpg(upgrade.pid, signal.SIGHUP)
        upgrade.communicate(timeout=SLOWEST)  # until nobody is left who could say something
        assert upgrade.returncode == -signal.SIGHUP
        assert not any(data.glob(".trial.*"))
        lock = machine.root / "opt/paper/.lock"
        assert subprocess.run(["flock", "--nonblock", lock, "true"], check=False).returncode == 0
        assert machine.current == place
    finally:
        with suppress(ProcessLookupError):
            os.killpg(upgrade.pid, signal.SIGKILL)


@pytest.mark.parametrize("then", ["on", "back"])
def test_a_switch_that_was_cut_off_goes_on_or_is_taken_back(machine: Machine, then: str) -> None:
    old, place = machine.ask(), machine.current
    machine.write()
    cut = machine.root / "cut"
    cut.write_text(
        '#!/bin/sh\n[ "$*" != "restart paper-web.service" ] || exec kill -HUP $PPID\n'
        f'exec {SYSTEMCTL} "$@"\n'
    )
    cut.chmod(0o755)
    machine.systemctl = cut
    assert machine.upgrade().returncode == -signal.SIGHUP
    machine.systemctl = SYSTEMCTL
    assert machine.ask() == old
    assert machine.current != place
    machine.calls()
    if then == "on":
        assert machine.upgrade().returncode == 0
        assert machine.ask() == str(machine.papers)
        calls = machine.calls()
        assert "systemctl --no-block restart paper-keep.service" in calls
        assert calls[-1] == f"{machine.papers} check_search --quick --repair"
        assert machine.upgrade().returncode == 0
        assert machine.calls() == ["systemctl start paper.target"]
    assert machine.upgrade("--back").returncode == 0
    assert machine.ask() == old
    assert machine.current == place


def test_after_another_python_came_the_same_version_is_made_to_run_again(machine: Machine) -> None:
    serving, release = machine.ask(), machine.current
    environment = (release / ".venv").readlink().parent
    shutil.rmtree(environment)  # nothing starts in there any more
    python = machine.root / "programs/python3"
    python.write_text(
        '#!/bin/sh\ncase "$*" in *version_info*) exec echo 3 99 ;; esac\n'
        f'exec {shutil.which("python3")} "$@"\n'
    )
    python.chmod(0o755)
    machine.calls()
    again = machine.upgrade(f"checkout-{serving}")
    python.unlink()
    assert again.returncode == 0, again.stderr
    assert machine.current == release
    assert (release / ".venv").readlink().parent != environment
    assert "systemctl restart paper-web.service" in machine.calls()
    assert machine.ask() == serving
