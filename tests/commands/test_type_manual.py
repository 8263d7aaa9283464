"""The manual of a type."""

import pytest

from nepishell.commands.type_manual import example, manual
from nepishell.engine.factory import ResourceFactory
from nepishell.lang.walk import walk
from nepishell.resources.table import register_all
from tests.commands.stand import App, Link, Session

register_all()


def test_the_manual_says_all_that_is_declared() -> None:
    assert manual(App).splitlines() == [
        "test::App: A program that runs until it is stopped, or fails when it starts.",
        "",
        "connects to",
        "  node  1 test::Node  READY before deploy, STARTED before start",
        "",
        "attributes, set before deployment where it says no more",
        "  fails   bool    = false  whether its start fails",
        "  target  string           whom it asks",
        "",
        "traces",
        "  stdout  on   what it says",
        "  rtt     on   round trips",
        "  debug   off  everything",
        "",
        "as every type",
        "  critical     bool  = true   whether its failure aborts the run",
        "  hardRelease  bool  = false  whether release also forgets it and removes its files",
        "",
        "example",
        "  add test::App app1",
    ]


def test_choices_and_what_may_change_while_it_runs_are_told() -> None:
    lines = [line.split() for line in manual(Link).splitlines()]

    assert ["engine", "auto|relay", "=", "auto", "what"] in [line[:5] for line in lines]
    assert ["delay", "duration", "any", "time"] in [line[:4] for line in lines]


@pytest.mark.parametrize("rtype", ResourceFactory.rtypes())
def test_each_example_can_be_typed(rtype: str, session: Session) -> None:
    session("add test::Node h1", "add test::Node h2")
    line = example(ResourceFactory.find(rtype))

    assert walk(session.interpreter.grammar, line, session.interpreter.view()).error is None, line


@pytest.mark.parametrize("rtype", ResourceFactory.rtypes())
def test_each_type_has_a_manual(rtype: str) -> None:
    assert manual(ResourceFactory.find(rtype)).startswith(f"{rtype}: ")
