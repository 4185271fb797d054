"""Break things while people send, and show that no receipt stands for less than was sent.

Run by ``bin/faults`` on SQLite and on PostgreSQL; ``--quick`` is what the suite runs.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import django

from .databases import Postgres, Sqlite
from .paper import environment_at, found
from .photos import Photo, make_photos
from .sending import (
    BROKEN,
    Answer,
    Sending,
    open_form,
    probe,
    send,
    send_at_once,
    send_cut,
    write,
)
from .server import Server
from .table import show

if TYPE_CHECKING:
    from .judging import Verdict

SENDERS = 20
FORMS, QUICK_FORMS = 670, 68
MOST_PHOTOS = 3
RIPE_SECONDS = 3.2  # hzgy.settings.readers: CONTRIBUTIONS_LEAST_SECONDS
TRIES = 6  # of an honest sender, until the paper is back
MB = 1024 * 1024
CODES_LOOKED_UP = 10  # the look-up is limited to thirty an hour


class Trial:
    """A server with its database and its folders, and the people who send to it."""

    def __init__(
        self,
        place: Path,
        database: Sqlite | Postgres,
        environment: dict[str, str],
        photos: list[Photo],
    ) -> None:
        self.place = place
        self.database = database
        self.photos = photos
        self.server = Server(environment, log=place / "server.log")
        self.chance = random.Random(database.name)
        self.told: list[str] = []  # what was wrong beside the submissions
        self.forms: list[dict[str, str]] = []  # opened, and old enough to be sent
        self.early: Verdict | None = None  # before anybody sent again

    @property
    def port(self) -> int:
        return self.server.port

    def restart(self, *, file_limit: int = 0) -> None:
        """End the server and start it, with a limit to its files or without."""
        self.server.stop()
        self.server.start(file_limit=file_limit)

    def open_forms(self, number: int) -> None:
        """Have so many people open the form, and take the time that a person takes."""
        with ThreadPoolExecutor(SENDERS) as pool:
            self.forms += pool.map(lambda _: open_form(self.port)[0], range(number))
        time.sleep(RIPE_SECONDS)

    def stock(self, number: int) -> list[Sending]:
        """Return submissions that are written, and old enough to be sent."""
        if len(self.forms) < number:
            self.open_forms(number - len(self.forms))
        sendings = []
        for place in range(number):
            count = place % (MOST_PHOTOS + 1)
            chosen = [self.photos[(place + each) % len(self.photos)] for each in range(count)]
            sendings.append(Sending(write(self.forms.pop(), chosen, chance=self.chance)))
        self.chance.shuffle(sendings)
        return sendings

    def send_all(
        self,
        sendings: Sequence[Sending],
        *,
        senders: int = SENDERS,
        meanwhile: Callable[[threading.Event], None] | None = None,
        by: Callable[[Sending], None] | None = None,
    ) -> None:
        """Have everything sent by so many at a time, while ``meanwhile`` makes trouble."""
        finished = threading.Event()

        def by_one(sending: Sending) -> None:
            sending.answers.append(send(self.port, sending.submission.body()))

        with ThreadPoolExecutor(senders) as pool:
            done = pool.map(by or by_one, sendings)
            trouble = None
            if meanwhile is not None:
                trouble = threading.Thread(target=self._guarded, args=(meanwhile, finished))
                trouble.start()
            for _ in done:
                pass
            finished.set()
            if trouble is not None:
                trouble.join()

    def send_again(self, sendings: Sequence[Sending]) -> None:
        """Have everybody without a receipt send the same again, as the message asks."""
        from .judging import judge  # needs Django's settings

        self.server.wait()
        self.early = judge("", sendings)
        for _ in range(TRIES):
            missing = [sending for sending in sendings if not sending.codes]
            if not missing:
                return
            self.send_all(missing)
        missing = [sending for sending in sendings if not sending.codes]
        if missing:
            last = missing[0].answers[-1].kind
            self.told.append(f"{len(missing)} never got a receipt (the last answer: {last})")

    def probe(self, what: str, answer: Answer, *allowed: str) -> None:
        """Note what is wrong with the answer to something that is no submission."""
        self.told += [f"{what}: {fault}" for fault in answer.faults]
        if answer.kind not in allowed:
            self.told.append(f"{what}: answered with {answer.kind}")

    def _guarded(self, meanwhile: Callable[[threading.Event], None], done: threading.Event) -> None:
        try:
            meanwhile(done)
        except Exception as error:
            self.told.append(f"the trouble itself failed: {error!r}")


Scenario = Callable[[Trial], "Verdict | None"]


def judged(trial: Trial, name: str, sendings: Sequence[Sending], *, bites: bool) -> Verdict:
    """Judge a scenario; one whose fault nobody felt, or that failed without one, proves nothing."""
    from .judging import judge, judge_answers  # need Django's settings

    verdict = judge(name, sendings)
    judge_answers(sendings, verdict)
    early = trial.early or verdict
    verdict.at_first = early.acknowledged
    verdict.untold = early.untold
    if early is not verdict:
        verdict.orphans += early.orphans
        verdict.violations += early.violations
    verdict.violations += trial.told
    trial.told, trial.early = [], None
    failed = sum(verdict.errors.values())
    if bites and not failed:
        verdict.violations.append("nobody felt the fault: it did not happen")
    if not bites and failed:
        verdict.violations.append("refused though nothing was broken")
    if left := list(Path(trial.server.environment["TMPDIR"]).iterdir()):
        verdict.violations.append(f"{len(left)} unfinished uploads lie about")
    return verdict


# What happens


def worker_killed(trial: Trial, *, number: int = 80, kills: int = 5, pause: float = 2.0) -> Verdict:
    """Kill a worker in mid-POST, again and again."""
    sendings = trial.stock(number)

    def kill(done: threading.Event) -> None:
        for _ in range(kills):
            if done.wait(pause * trial.chance.uniform(0.3, 1.0)):
                return
            if workers := trial.server.workers():
                os.kill(trial.chance.choice(workers), signal.SIGKILL)

    trial.send_all(sendings, meanwhile=kill)
    trial.send_again(sendings)
    return judged(trial, "worker killed", sendings, bites=True)


def database_gone(trial: Trial) -> Verdict:
    """Take the database away in mid-POST, and give it back."""
    sendings = trial.stock(80)

    def take_away(done: threading.Event) -> None:
        done.wait(1.0)
        with trial.database.gone():
            trial.probe("the form", probe(trial.port, "/contribute/"), "200", "503")
            code = {"code": "ABCD-EFGH-JKMN-PQRS"}
            looked_up = probe(trial.port, "/contribute/status/", fields=code)
            trial.probe("the look-up", looked_up, "404", "503")

    trial.send_all(sendings, meanwhile=take_away)
    trial.send_again(sendings)
    return judged(trial, "database gone", sendings, bites=True)


def vault_full(trial: Trial) -> Verdict:
    """Let the disk of the files run full, and make room again."""
    sendings = trial.stock(60)
    vault = Path(trial.server.environment["CONTRIBUTIONS_ROOT"])
    with full_disk(trial, vault, size=12 * MB, file_limit=980_000) as make_room:
        trial.send_all(sendings)
        make_room()
        trial.send_again(sendings)
        return judged(trial, "file disk full", sendings, bites=True)


def temporary_full(trial: Trial) -> Verdict:
    """Let the disk of unfinished uploads run full, and make room again."""
    sendings = trial.stock(60)
    folder = Path(trial.server.environment["TMPDIR"])
    with full_disk(trial, folder, size=5 * MB, file_limit=500_000) as make_room:
        trial.send_all(sendings)
        make_room()
        trial.send_again(sendings)
        return judged(trial, "temp disk full", sendings, bites=True)


def database_full(trial: Trial) -> Verdict | None:
    """Let the disk of a SQLite file run full, and make room again."""
    if not isinstance(trial.database, Sqlite) or os.geteuid() != 0:
        return None
    folder, kept = trial.database.folder, trial.place / "kept"
    trial.server.stop()
    shutil.copytree(folder, kept)
    size = sum(file.stat().st_size for file in kept.iterdir()) + MB // 2
    with full_disk(trial, folder, size=size, file_limit=0) as make_room:
        shutil.copytree(kept, folder, dirs_exist_ok=True)
        trial.server.start()
        sendings = trial.stock(80)
        trial.send_all(sendings)
        make_room()
        trial.send_again(sendings)
        verdict = judged(trial, "database disk full", sendings, bites=True)
        trial.server.stop()
    trial.server.start()
    return verdict


def many_senders(trial: Trial, *, number: int = 200) -> Verdict:
    """Have everybody send at once."""
    sendings = trial.stock(number)
    trial.send_all(sendings, senders=number)
    return judged(trial, f"{number} at once", sendings, bites=False)


def connection_cut(trial: Trial, *, number: int = 60) -> Verdict:
    """Lose the connection within the body; then send the whole of it again."""
    sendings = trial.stock(number)

    def cut(sending: Sending) -> None:
        chance = random.Random(sending.submission.fields["key"])
        sending.answers.append(send_cut(trial.port, sending.submission.body(), chance=chance))

    trial.send_all(sendings, by=cut)
    time.sleep(0.5)  # nobody waited for some of these answers
    trial.send_again(sendings)
    early = trial.early
    verdict = judged(trial, "connection cut", sendings, bites=True)
    if early is not None and (early.acknowledged or early.untold or early.orphans):
        verdict.violations.append("what was cut off left something behind")
    return verdict


def sent_twice(trial: Trial, *, number: int = 40) -> Verdict:
    """Send everything three times at the same moment, and once more afterwards."""
    sendings = trial.stock(number)

    def thrice(sending: Sending) -> None:
        sending.answers += send_at_once(trial.port, sending.submission.body(), times=3)

    trial.send_all(sendings, senders=SENDERS // 2, by=thrice)
    trial.send_all(sendings[: number // 2])
    return judged(trial, "sent thrice at once", sendings, bites=False)


def everything_killed(trial: Trial) -> Verdict:
    """Kill the whole server and the database right after answers, and start both again."""
    sendings = trial.stock(80)
    answered = threading.Semaphore(0)

    def report(sending: Sending) -> None:
        # One that fails waits for the server before the next one begins, as people do.
        answer = send(trial.port, sending.submission.body())
        sending.answers.append(answer)
        if answer.kind == BROKEN:
            time.sleep(0.5)
        else:
            answered.release()

    def kill(done: threading.Event) -> None:
        for _ in range(2):
            for _ in range(8):
                answered.acquire(timeout=20)
            if done.is_set():
                return
            trial.server.kill()
            trial.database.crash()
            trial.server.start()

    trial.send_all(sendings, by=report, meanwhile=kill)
    acknowledged = [sending for sending in sendings if sending.codes]
    for sending in acknowledged[:CODES_LOOKED_UP]:
        code = {"code": min(sending.codes).lower().replace("-", " ")}
        trial.probe("a receipt", probe(trial.port, "/contribute/status/", fields=code), "200")
    trial.send_again(sendings)
    return judged(trial, "server killed", sendings, bites=True)


# Disks


@contextmanager
def full_disk(
    trial: Trial, folder: Path, *, size: int, file_limit: int
) -> Iterator[Callable[[], None]]:
    """Put an empty folder on a disk of ``size`` bytes; yield what makes it large enough.

    Only root may do that. For others no file may grow beyond ``file_limit`` bytes: writing fails
    there, too, with an OSError.
    """
    if os.geteuid() != 0:
        trial.restart(file_limit=file_limit)
        yield trial.restart
        return
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "faults", folder], check=True)
    try:
        yield lambda: _enlarge(folder)
    finally:
        _unmount(folder)


def _enlarge(folder: Path) -> None:
    subprocess.run(["mount", "-o", "remount,size=1g", folder], check=True)


def _unmount(folder: Path) -> None:
    """Take a disk away, from under somebody who still reads there if need be."""
    for options in ([], [], [], ["--lazy"]):
        done = subprocess.run(["umount", *options, folder], check=False, capture_output=True)
        if done.returncode == 0:
            return
        time.sleep(1)
    raise RuntimeError(f"{folder} is still mounted: {done.stderr.decode()}")


# The whole of it

SCENARIOS: tuple[Scenario, ...] = (
    worker_killed,
    database_gone,
    vault_full,
    temporary_full,
    database_full,
    many_senders,
    connection_cut,
    sent_twice,
    everything_killed,
)
QUICK: tuple[Scenario, ...] = (
    partial(worker_killed, number=20, kills=1, pause=0.6),
    partial(many_senders, number=20),
    partial(connection_cut, number=20),
    partial(sent_twice, number=8),
)


def try_on(name: str, *, quick: bool, migrated: Path | None) -> bool:
    """Run every scenario on one database; print the table and tell whether all was well."""
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="paper-faults-")))
        database: Sqlite | Postgres = Sqlite(place) if name == "sqlite" else Postgres()
        stack.callback(database.close)
        environment = environment_at(place, database.url)
        if migrated is not None:
            shutil.copy(migrated, place / "database/paper.sqlite3")
        else:
            found(environment)
        os.environ.clear()
        os.environ.update(environment)
        django.setup()
        from .judging import clear

        trial = Trial(place, database, environment, make_photos(4))
        stack.callback(trial.server.stop)
        trial.server.start()
        trial.open_forms(QUICK_FORMS if quick else FORMS)
        verdicts = []
        for scenario in QUICK if quick else SCENARIOS:
            clear()
            if verdict := scenario(trial):
                verdicts.append(verdict)
        show(f"{database.name}, {os.cpu_count()} CPUs, load {_load()}", verdicts)
        well = not any(verdict.violations for verdict in verdicts)
        if not well:
            print("\nThe server's last words:\n", (place / "server.log").read_text()[-6000:])
        return well


def _load() -> str:
    return " ".join(f"{average:.1f}" for average in os.getloadavg())


def _ended(signal_number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough; then every finally has its time
    sys.exit(128 + signal_number)


def _in_a_process_of_its_own(name: str) -> int:
    """Try one database; however this ends, the other process clears up behind itself."""
    trial = subprocess.Popen([sys.executable, "-m", "bench.faults", name])
    try:
        return trial.wait()
    except KeyboardInterrupt:
        return trial.wait()  # Ctrl-C reached it as well
    except SystemExit:
        trial.terminate()
        trial.wait()
        raise


def main() -> int:
    """Try both databases, each in a process of its own, or the one that is named."""
    parser = argparse.ArgumentParser(prog="bin/faults", description=__doc__)
    parser.add_argument("database", nargs="?", choices=["sqlite", "postgres"])
    parser.add_argument("--quick", action="store_true", help="a few seconds, on SQLite")
    parser.add_argument("--migrated", type=Path, help="a SQLite file with our tables, to copy")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, _ended)
    if options.database or options.quick:
        name = options.database or "sqlite"
        return 0 if try_on(name, quick=options.quick, migrated=options.migrated) else 1
    ended = [_in_a_process_of_its_own(name) for name in ("sqlite", "postgres")]
    print("\n未通过 / failed" if any(ended) else "\n无一遗失 / nothing was lost")
    return max(ended)


if __name__ == "__main__":
    sys.exit(main())
