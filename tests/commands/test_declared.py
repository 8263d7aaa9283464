"""All commands as they are declared."""

import pytest

from nepishell.commands.declared import our_grammar
from nepishell.commands.notes import names_of
from nepishell.lang.registry import Command, Effects
from nepishell.output.records import Drawing
from tests.commands.stand import Session

WANTED = {
    "add", "remove", "label", "connect", "disconnect", "set", "get", "when", "trace", "param",
    "deploy", "start", "stop", "release", "discover", "provision", "wait", "at", "every",
    "cancel", "exec", "list", "show", "types", "status", "tasks", "groups", "log", "expect",
    "source", "help", "quit",
}  # fmt: skip


def test_every_command_that_was_promised_is_there() -> None:
    assert set(our_grammar().verbs) >= WANTED


def test_the_grammar_is_compiled_once() -> None:
    assert our_grammar() is our_grammar()


@pytest.mark.parametrize("command", our_grammar().commands.values(), ids=lambda one: one.name)
def test_a_command_says_in_one_sentence_what_it_does(command: Command) -> None:
    assert command.summary.endswith(".")
    assert len(command.summary) <= 100
    assert command.group in {
        "design", "run", "look", "check", "time", "session", "journal", "recipes",
    }  # fmt: skip


def examples() -> list[str]:
    found = []
    for command in our_grammar().commands.values():
        lines = (line.strip() for line in command.help.splitlines()[1:])
        verb = command.syntax and command.name.split()[0]
        found += [line for line in lines if line.split(" ")[0] == verb]
    return found


@pytest.mark.parametrize("line", examples())
def test_each_example_in_the_help_can_be_read(session: Session, line: str) -> None:
    session(
        "param delay 20ms",
        "add test::Node h[1-20],switch,client,capture",
        "add test::Node server,load",
        "add test::Link l[1-4]",
        "add test::App probe on h1",
        *["at 1h say 'a task'"] * 3,
    )
    text = line.replace("linux::", "test::").replace("netns::", "test::").replace("::Ping", "::App")
    if text.startswith("add"):
        text = text.replace("h[1-4]", "n[1-4]").replace("probe", "another").replace(" count=5", "")
    if "wire" in text:
        session("add test::Link wire")
    text = text.replace(" queue 10", " delay 10ms").replace("rate=1mbit", "delay=1s")
    error = session.interpreter.walk(text).error
    assert error is None, f"{text}: {error}"


def test_what_takes_something_away_for_good_is_declared_so() -> None:
    destroying = [c.name for c in our_grammar().commands.values() if c.effects is Effects.DESTROY]
    assert set(destroying) == {"release", "shutdown"}


def test_declared_columns_are_those_of_the_records(running: Session) -> None:
    for line in ("list", "tasks", "groups", "log", "get h1", "trace probe", "help", "types"):
        command = running.interpreter.grammar.commands[line.split(" ")[0]]
        result = running(line)
        records = result.records if isinstance(result, Drawing) else result
        shown = names_of(tuple(column.name for column in records.columns))
        assert set(shown) <= set(command.columns), line
