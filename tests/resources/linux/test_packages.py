import shutil
import subprocess

import pytest

from nepishell.core.errors import BadValue, HostError
from nepishell.resources.linux.packages import (
    MANAGERS,
    Turns,
    install_script,
    manager,
    missing,
    wanted,
)


def test_names_are_separated_by_blanks_or_semicolons_and_options_are_none():
    assert wanted("a b;c") == ["a", "b", "c"]
    with pytest.raises(BadValue, match="'-y' is not the name of a package"):
        wanted("a -y")


def test_a_host_without_a_manager_is_told_in_one_line():
    with pytest.raises(HostError, match="lab3 has none of apt-get, dnf"):
        manager("", "lab3")


def test_a_package_that_was_removed_is_missing_although_dpkg_knows_it():
    output = "bash installed\nvim config-files\nlibc6 installed\n"
    assert missing("apt-get", ["bash", "vim", "nosuch", "libc6:amd64"], 1, output) == [
        "vim",
        "nosuch",
    ]


def test_each_manager_answers_in_its_own_way():
    assert missing("apk", ["curl", "mtr"], 1, "curl\n") == ["mtr"]
    assert missing("dnf", ["curl", "mtr"], 1, "") == ["curl", "mtr"]
    assert missing("pacman", ["curl"], 0, "curl 8.0") == []


@pytest.mark.skipif(not shutil.which("dpkg-query"), reason="no dpkg here")
def test_what_is_installed_here_is_not_missing():
    names = ["dpkg", "no-such-package-at-all"]
    query = [*MANAGERS["apt-get"].query, *names]
    done = subprocess.run(query, capture_output=True, text=True, check=False)
    assert missing("apt-get", names, done.returncode, done.stdout) == ["no-such-package-at-all"]


def test_lists_are_fetched_only_where_the_first_try_fails(tmp_path):
    log = tmp_path / "log"
    tool = tmp_path / "tool"
    tool.write_text(f'#!/bin/sh\necho "$@" >>{log}\n[ "$1" = update ] || [ -e {tmp_path}/fresh ]\n')
    tool.chmod(0o755)
    chosen = MANAGERS["apk"]._replace(install=(str(tool), "add"), refresh=(str(tool), "update"))
    script = install_script(chosen, ["a b"])
    assert subprocess.run(script, check=False).returncode == 1
    assert log.read_text() == "add a b\nupdate\nadd a b\n"
    (tmp_path / "fresh").touch()
    assert subprocess.run(script, check=False).returncode == 0
    assert log.read_text().splitlines()[3:] == ["add a b"]


def test_one_is_at_work_at_a_time_and_the_next_begins_when_it_ends():
    turns, begun, ends = Turns(), [], []
    for name in "abc":
        turns.take(lambda over, name=name: (begun.append(name), ends.append(over)))
    assert begun == ["a"]
    ends[0]()
    assert begun == ["a", "b"]
    ends[1]()
    ends[2]()
    turns.take(lambda over: begun.append("d"))
    assert begun == ["a", "b", "c", "d"]


def test_who_waits_is_forgotten_at_the_close():
    turns, begun, ends = Turns(), [], []
    for name in "ab":
        turns.take(lambda over, name=name: (begun.append(name), ends.append(over)))
    turns.close()
    ends[0]()
    assert begun == ["a"]
