"""What a prompt says that let go of its run."""

import os
import subprocess
import sys

from nepishell.commands import farewell


def said(lines: str) -> "subprocess.CompletedProcess[str]":
    reading, writing = os.pipe()
    os.write(writing, lines.encode())
    os.close(writing)
    argv = [sys.executable, "-I", "-S", str(farewell.__file__), str(reading), "17"]
    done = subprocess.run(argv, pass_fds=[reading], capture_output=True, text=True, check=False)
    os.close(reading)
    return done


def test_it_shows_who_goes_on() -> None:
    done = said("resumed\ndetached: run 17 goes on as process 5\n")
    assert (done.returncode, done.stdout) == (0, "resumed\ndetached: run 17 goes on as process 5\n")


def test_when_nobody_goes_on_it_says_what_to_do() -> None:
    done = said("nepishell: the journal cannot be opened\n")
    assert done.returncode == 1
    assert "journal cannot be opened" in done.stdout
    assert "'nepishell resume 17' goes on with it" in done.stderr
