"""say, source, help, quit."""

from pathlib import Path

import pytest

from nepishell.commands.context import Quit
from nepishell.core.errors import NepishellError
from tests.commands.stand import Session


def test_say_shows_its_words(session: Session) -> None:
    assert session("say 'two  hosts' and a link").text == "two  hosts and a link"


def test_source_hands_the_path_on(session: Session) -> None:
    played: list[Path] = []
    session.ctx.source = played.append
    assert session("source other.nepi").text == "played other.nepi"
    assert played == [Path("other.nepi")]


def test_where_nothing_can_be_sourced_it_says_so(session: Session) -> None:
    with pytest.raises(NepishellError, match="cannot be played here"):
        session("source other.nepi")


def test_help_lists_every_command(session: Session) -> None:
    listed = session.text("help | csv")
    for command in session.interpreter.grammar.commands.values():
        assert command.summary.rstrip(".") in listed.replace('""', '"')


def test_help_on_a_command_is_its_usage_its_text_and_its_examples(session: Session) -> None:
    shown = session.text("help wait")
    assert shown.startswith("wait <targets> <state> [timeout <timeout>]\n    Wait until")
    assert "\n        wait probe STOPPED timeout 30s" in shown
    assert "The rule: at the prompt an action returns at once" in shown


def test_help_on_nothing_we_have_suggests_a_command(session: Session) -> None:
    with pytest.raises(NepishellError, match="no command 'wiat'; did you mean 'wait'"):
        session("help wiat")


def test_quit_is_a_request(session: Session) -> None:
    with pytest.raises(Quit):
        session("quit")


def test_help_ends_with_the_rule(session: Session) -> None:
    assert "The rule: at the prompt an action returns at once" in session.text("help")
