import os
import signal
import subprocess
import sys
from pathlib import Path

from nepishell.campaigns import launcher
from nepishell.campaigns.launcher import NOT_STARTED, ORPHANED

LAUNCH = [sys.executable, "-I", "-S", str(Path(launcher.__file__))]
#: Starts a child through the launcher, says its number, and waits for a line.
PARENT = """
import os, subprocess, sys
child = subprocess.Popen([*sys.argv[1:5], str(os.getpid()), "/bin/sh", "-c", "echo $$; exec cat"],
                         stdin=int(sys.argv[5]), stdout=1)
sys.stdin.readline()
"""


def test_it_is_the_program_that_it_was_asked_to_start() -> None:
    done = subprocess.run([*LAUNCH, str(os.getpid()), "/bin/echo", "a b"],
                          capture_output=True, text=True, check=False)  # fmt: skip

    assert (done.returncode, done.stdout) == (0, "a b\n")


def test_a_program_that_is_not_there_is_told() -> None:
    done = subprocess.run([*LAUNCH, str(os.getpid()), "/no/such"],
                          capture_output=True, text=True, check=False)  # fmt: skip

    assert (done.returncode, done.stderr) == (NOT_STARTED, "/no/such: No such file or directory\n")


def test_a_child_whose_parent_is_gone_already_does_not_begin() -> None:
    done = subprocess.run([*LAUNCH, "1999999", "/bin/echo", "x"],
                          capture_output=True, text=True, check=False)  # fmt: skip

    assert (done.returncode, done.stdout) == (ORPHANED, "")


def test_the_program_ends_when_its_parent_is_killed() -> None:
    reading, writing = os.pipe()
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, *LAUNCH, str(reading)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, pass_fds=[reading],
    )  # fmt: skip
    assert parent.stdout is not None
    assert parent.stdin is not None
    child = int(parent.stdout.readline())
    watched = os.pidfd_open(child)
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    # cat holds its input open and waits for nothing else: what ends it is the signal
    assert parent.stdout.read() == b""
    for fd in (watched, reading, writing):
        os.close(fd)
    parent.stdin.close()
    parent.stdout.close()
