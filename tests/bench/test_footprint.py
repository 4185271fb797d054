"""What a tree of processes takes is told of all of them, ended ones too."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from bench.footprint import megabytes, processor_seconds, tree

BUSY = "import time\nwhile time.process_time() < 0.3: pass\n"
PARENT = f"""
import subprocess, sys
subprocess.run([sys.executable, "-c", {BUSY!r}])
child = subprocess.Popen([sys.executable, "-c", {BUSY + "print(1, flush=True); input()"!r}],
                         stdin=subprocess.PIPE)
child.wait()
"""


@pytest.fixture
def parent() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()  # the second child has done its work, the first has ended
        yield process
        for pid in reversed(tree(process.pid)):
            subprocess.run(["kill", str(pid)])


def test_processor_of_children_counts_those_that_ended(parent: subprocess.Popen[bytes]) -> None:
    assert len(tree(parent.pid)) == 2
    assert processor_seconds(parent.pid) > 0.55


def test_memory_counts_children(parent: subprocess.Popen[bytes]) -> None:
    _, child = sorted(tree(parent.pid))
    assert megabytes(parent.pid) > megabytes(child) > 1


def test_a_process_that_is_gone_takes_nothing() -> None:
    with subprocess.Popen(["true"]) as process:
        pid = process.pid
    assert tree(pid) == []
    assert processor_seconds(pid) == megabytes(pid) == 0
