"""What is put on another machine, and what is found out before."""

import subprocess
import sys
from pathlib import Path

import pytest

from nepishell.core.errors import HostError
from nepishell.hosts.base import Completed
from nepishell.hosts.local import LocalHost
from nepishell.hosts.netns.machine import Machine, parts


def machine(folder: Path, **changes: object) -> Machine:
    fields = {
        "name": "m", "host": LocalHost("m"), "python": sys.executable, "folder": folder,
        "address": "m", "elevate": lambda argv, env: argv,
    }  # fmt: skip
    return Machine(**{**fields, **changes})


def test_the_files_that_are_put_there_are_all_that_a_keeper_needs(tmp_path: Path) -> None:
    there = tmp_path / "there"
    machine(there).furnish()
    for module in ("keeper", "stdio", "linking", "trunks", "relay", "prober", "hostsfile"):
        program = f"import sys; sys.path.insert(0, {str(there)!r})"
        program += f"; import nepishell.hosts.netns.{module}"
        argv = [sys.executable, "-I", "-S", "-c", program]
        done = subprocess.run(argv, check=False, capture_output=True, text=True)
        assert (module, done.returncode, done.stderr) == (module, 0, "")


def test_the_parts_are_small() -> None:
    assert 10_000 < sum(path.stat().st_size for path in parts()) < 1_000_000


def test_an_old_python_is_named(tmp_path: Path) -> None:
    class Old(LocalHost):
        def run(self, argv, **kwargs):
            return Completed(argv=tuple(argv), status=0, stdout="3 6\n", stderr="")

    with pytest.raises(HostError, match=r"m has Python 3\.6: a part of a lab needs 3\.10 or newer"):
        machine(tmp_path, host=Old("m")).furnish()


def test_who_may_not_become_root_is_told_so(tmp_path: Path) -> None:
    refuse = ["sh", "-c", "echo a password is required >&2; exit 1"]
    with pytest.raises(HostError, match="not run as root on m: a password is required"):
        machine(tmp_path, elevate=lambda argv, env: refuse).furnish()


def test_a_name_that_does_not_resolve_says_what_to_set(tmp_path: Path) -> None:
    assert machine(tmp_path).resolve("localhost") in ("127.0.0.1", "::1")
    with pytest.raises(HostError, match=r"m does not resolve 'nowhere\.invalid'; set ip"):
        machine(tmp_path).resolve("nowhere.invalid")
