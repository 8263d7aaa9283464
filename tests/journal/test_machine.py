"""Facts of this machine."""

import os
import subprocess
import sys
from importlib.metadata import version

import pytest

from nepishell.journal.machine import (
    boot_id,
    facts,
    login_name,
    packages,
    start_time,
    this_process,
)


def test_a_process_is_known_by_when_it_started() -> None:
    assert this_process() == (os.getpid(), start_time(os.getpid()), boot_id())
    assert start_time(os.getpid()) > 0


def test_one_that_has_ended_has_no_start() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    assert start_time(child.pid) == 0


def test_a_reader_learns_when_and_on_what() -> None:
    assert set(facts()) >= {"wall", "user", "machine", "kernel", "python", "cpus"}


def test_we_are_called_as_the_machine_calls_us(monkeypatch: pytest.MonkeyPatch) -> None:
    assert login_name() == subprocess.check_output(["id", "-un"], text=True).strip()
    # a number that no account has, as in a container
    monkeypatch.setattr(os, "geteuid", lambda: 2_000_000_123)
    assert login_name() == "2000000123"


def test_versions_are_those_that_are_installed() -> None:
    found = packages()
    assert {"networkx", "paramiko", "prompt-toolkit", "tabulate"} <= set(found)
    assert found == {name: version(name) for name in found}
