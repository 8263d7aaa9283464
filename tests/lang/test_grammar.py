"""Compiling commands into a graph."""

import pytest

from nepishell.lang.errors import GrammarError
from nepishell.lang.grammar import Grammar, compile_grammar
from nepishell.lang.registry import LOOK, Registry
from nepishell.lang.syntax import Arg
from nepishell.lang.view import StaticView
from nepishell.lang.walk import walk


def test_verbs_are_the_words_that_a_line_may_begin_with(grammar: Grammar) -> None:
    assert "deploy" in grammar.verbs
    assert "tasks" not in grammar.verbs


def test_commands_are_found_by_the_words_of_their_name(grammar: Grammar) -> None:
    assert [command.name for command in grammar.starting(["show"])] == [
        "show tasks",
        "show status",
        "show one",
    ]
    assert [command.name for command in grammar.starting(["show", "tasks"])] == ["show tasks"]


def test_one_type_object_serves_all_its_arguments(grammar: Grammar) -> None:
    assert grammar.type_of(Arg("a", "guids")) is grammar.type_of(Arg("b", "guids"))
    assert grammar.type_of(Arg("a", "int", ("1",))) is not grammar.type_of(Arg("a", "int"))


def test_nothing_may_follow_what_takes_the_rest() -> None:
    registry = Registry()

    @registry.command("run <what:argv> <n:int>", effects=LOOK)
    def run(ctx: object, *, what: object, n: int) -> None:
        """Help."""

    with pytest.raises(GrammarError, match="'what' takes the rest of the line, so nothing may"):
        compile_grammar(registry)


def test_a_command_must_begin_with_something() -> None:
    registry = Registry()

    @registry.command("[all]", effects=LOOK)
    def run(ctx: object) -> None:
        """Help."""

    with pytest.raises(GrammarError, match="command 'run' must begin with a word or an argument"):
        compile_grammar(registry)


def test_a_command_registered_later_is_not_in_a_grammar_compiled_before() -> None:
    registry = Registry()
    before = compile_grammar(registry)

    @registry.command("late", effects=LOOK)
    def late(ctx: object) -> None:
        """Help."""

    assert "late" not in before.commands
    assert "late" in compile_grammar(registry).commands


def test_a_command_that_does_not_nest_stands_in_no_other() -> None:
    registry = Registry()

    @registry.command("at <when:duration> <line:command>", effects=LOOK)
    def at(ctx: object, *, when: float, line: object) -> None:
        """Later."""

    @registry.command("end", effects=LOOK, nests=False)
    def end(ctx: object) -> None:
        """End."""

    @registry.command("list", effects=LOOK)
    def list_(ctx: object) -> None:
        """List."""

    grammar = compile_grammar(registry)
    assert walk(grammar, "end", StaticView()).error is None
    assert walk(grammar, "at 1s list", StaticView()).error is None
    assert walk(grammar, "at 1s end", StaticView()).error is not None
