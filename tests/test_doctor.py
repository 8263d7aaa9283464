import json
import os
import subprocess
import sys

import pytest

from nepishell import doctor
from nepishell.doctor import Fact, Probe


def fact(name: str, *, ok: bool = True, fix: str = "", needed: bool = False) -> Fact:
    return Fact(name=name, ok=ok, found="found", use="use", fix=fix, needed=needed)


def named(facts: list[Fact], name: str) -> Fact:
    return next(fact for fact in facts if fact.name == name)


@pytest.fixture(autouse=True)
def as_ordinary_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)


def test_without_netem_the_relay_carries_slow_links() -> None:
    facts = doctor.lab_facts(Probe(tbf=True, packet=True))

    assert named(facts, "slow links").ok
    assert named(facts, "slow links").found == "carried by relay"
    assert not named(facts, "netem").ok


def test_without_netem_and_packet_sockets_there_are_no_slow_links() -> None:
    assert not named(doctor.lab_facts(Probe(tbf=True)), "slow links").ok


def test_a_refused_namespace_is_told_with_its_reason() -> None:
    namespaces = named(
        doctor.lab_facts(Probe(refusal="user.max_user_namespaces is 0")), "namespaces"
    )

    assert (namespaces.ok, namespaces.found) == (False, "user.max_user_namespaces is 0")


def test_a_setting_that_forbids_user_namespaces_comes_with_the_command_that_allows_them() -> None:
    settings = {"kernel/apparmor_restrict_unprivileged_userns": "1"}

    found = doctor.user_namespaces_fact(lambda name: settings.get(name, ""))

    assert not found.ok
    assert found.fix == "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"


def test_settings_that_a_kernel_does_not_have_forbid_nothing() -> None:
    assert doctor.user_namespaces_fact(lambda _: "").ok


def test_a_missing_tool_comes_with_the_command_that_installs_it() -> None:
    found = doctor.tool_facts({"ping": "/usr/bin/ping"}.get)

    assert named(found, "ping").fix == ""
    assert named(found, "iperf3").fix == "sudo apt-get install -y iperf3"


def test_root_needs_no_sudo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    assert doctor.as_root("apt-get install -y iperf3") == "apt-get install -y iperf3"


def test_packages_are_installed_in_one_command() -> None:
    found = [
        fact("a", fix="sudo apt-get install -y a"),
        fact("b"),
        fact("c", fix="sudo apt-get install -y c"),
        fact("d", fix="sudo sysctl -w d=1"),
    ]

    assert doctor.install_commands(found) == ["sudo apt-get install -y a c", "sudo sysctl -w d=1"]


def test_each_fact_is_one_line() -> None:
    assert doctor.lines([fact("python"), fact("iperf3", ok=False)]) == [
        "✓ python  found  use",
        "✗ iperf3  found  use",
    ]


def test_only_what_the_quickstart_needs_decides() -> None:
    assert doctor.can_quickstart([fact("ping", needed=True), fact("sshd", ok=False)])
    assert not doctor.can_quickstart([fact("ping", ok=False, needed=True)])


def test_the_machine_that_runs_this_has_python_a_kernel_and_recipes() -> None:
    found = doctor.facts()

    assert [named(found, name).ok for name in ("python", "kernel", "recipes")] == [True] * 3


def run_doctor(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nepishell", "doctor", *arguments],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.lab
def test_where_labs_work_the_probe_says_so() -> None:
    assert doctor.probe_lab().refusal == ""


def test_the_exit_status_agrees_with_the_facts() -> None:
    done = run_doctor("--json")

    facts = json.loads(done.stdout)
    assert done.returncode == (0 if all(f["ok"] for f in facts if f["needed"]) else 1)


def test_a_terminal_without_check_marks_gets_text() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "nepishell", "doctor"],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.stderr == ""
    assert "? python" in done.stdout
