"""Working on a node: what is opened there, and where it is refused."""

from collections.abc import Callable
from threading import Event

import pytest

from nepishell.core.errors import NepishellError
from nepishell.core.states import ResourceState
from nepishell.hosts.base import Terminal
from nepishell.hosts.fake import FakeHost
from nepishell.hosts.faketerminal import FakeTerminal
from nepishell.lang.errors import LangError
from nepishell.resources.node import AbstractNode
from tests.commands.stand import Node, Session


def host_of_h1(session: Session) -> FakeHost:
    rm = session.ctx.rm(1)
    assert isinstance(rm, Node)
    assert isinstance(rm._host, FakeHost)
    return rm._host


def attached(session: Session, status: int = 0) -> Session:
    """At a terminal of 30 rows, in which every program ends with *status*."""

    def attach(open_: Callable[[int, int], Terminal]) -> int:
        program = open_(30, 100)
        assert isinstance(program, FakeTerminal)
        program.end(status)
        return program.close()

    session.ctx.attach = attach
    return session


def test_a_shell_of_the_users_kind_is_opened(
    running: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "vt100")
    found = attached(running)("open h1")
    asked = host_of_h1(running).asked[-1]
    assert asked.argv == ("sh", "-c", 'exec "${SHELL:-sh}"')
    assert asked.env["TERM"] == "vt100"
    assert asked.env["PS1"] in ("h1# ", "h1$ ")
    assert (found.text, found.facts) == ("back from h1", {"node": 1, "status": 0})


def test_a_program_can_be_named_and_its_status_is_told(running: Session) -> None:
    assert attached(running, 3)("open h1 vi 'my file'").text == "back from h1 (status 3)"
    assert host_of_h1(running).asked[-1].argv == ("vi", "my file")


def test_a_node_that_is_just_being_released_is_the_reason_for_the_end(
    running: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, may_end = Event(), Event()

    def end(node: Node) -> None:
        began.set()
        assert may_end.wait(20)
        AbstractNode.do_release(node)

    def attach(open_: Callable[[int, int], Terminal]) -> int:
        running("release h1 nowait")
        assert began.wait(20)
        return 137

    running("release wire,probe")
    monkeypatch.setattr(Node, "do_release", end)
    running.ctx.attach = attach
    try:
        assert running("open h1").text == "back from h1: h1 was released"
        assert running.state("h1") == "STARTED"
    finally:
        may_end.set()


def test_a_node_that_failed_is_the_reason_for_the_end(running: Session) -> None:
    def attach(open_: Callable[[int, int], Terminal]) -> int:
        running.ctx.rm(1).fail("it was cut off")
        running.ec.wait([1], ResourceState.FAILED)
        return 1

    running.ctx.attach = attach
    assert running("open h1").text == "back from h1: h1 is FAILED"


def test_without_a_terminal_it_says_what_to_do(running: Session) -> None:
    with pytest.raises(NepishellError, match=r"'open' needs a terminal; .* 'exec h1 top -b'"):
        running("open h1 top -b")


def test_what_runs_later_has_no_terminal(running: Session) -> None:
    attached(running)
    job = running.ctx.jobs.at(
        "open h1", 0.0, running.ctx.later(running.interpreter.walk("open h1").calls[0])
    )
    assert job.ended.wait(20)
    assert "'open' needs a terminal" in job.error


def test_only_nodes_that_are_up_can_be_opened(pair: Session) -> None:
    attached(pair)
    with pytest.raises(NepishellError, match="h1 is NEW; deploy it first"):
        pair("open h1")
    with pytest.raises(LangError, match="wire is a test::Link: programs run on nodes only"):
        pair("open wire")


def test_nodes_that_are_up_are_offered_first_and_nothing_else(pair: Session) -> None:
    pair("deploy h2")
    found = [entry.text for entry in pair.interpreter.walk("open ").candidates()]
    assert found == ["h2", "h1"]
