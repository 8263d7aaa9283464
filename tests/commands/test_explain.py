"""Explain says what a line would do, and does nothing."""

import json

import pytest

from nepishell.commands.explain import _BLOCKING
from nepishell.lang.errors import LangError
from nepishell.lang.registry import commands
from tests.commands.stand import Session


def facts(session: Session, line: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(session.text(f"explain {line} | json"))
    return found


def test_sets_are_told_as_resources_with_their_states(pair: Session) -> None:
    found = facts(pair, "when h[1-2] STARTED +2s start probe")
    assert found["<group>"] == "2 resources: h[1-2] (guid 1,2), NEW"
    assert (found["<state>"], found["<delay>"], found["<action>"]) == ("STARTED", "2s", "START")
    assert found["effects"] == "design: changes the description"


def test_nothing_is_executed(pair: Session) -> None:
    pair("explain deploy", "explain add test::Node h9", "explain quit")
    assert pair.state("h1") == "NEW"
    assert len(pair.ec.resources) == 4


def test_a_deployment_names_what_it_would_take_and_what_takes_it_back(pair: Session) -> None:
    found = facts(pair, "deploy")
    assert found["way back"] == "'release h[1-2],probe,wire' gives it back"
    assert found["in detail"] == "plan deploy"


def test_whether_it_waits_depends_on_where_it_stands_and_on_what_it_says(pair: Session) -> None:
    assert facts(pair, "deploy")["waits"] == "until it has come about"
    pair.ctx.waits = False
    assert facts(pair, "deploy")["waits"] == "no: it goes on as a task"
    assert facts(pair, "deploy wait")["waits"] == "until it has come about"
    assert facts(pair, "exec h1 true")["waits"] == "until it has ended"
    assert pair("explain deploy &") is not None


def test_a_command_in_a_command_is_explained_too(pair: Session) -> None:
    found = facts(pair, "at 5s stop probe")
    assert (found["line"], found["then line"]) == ("at 5s stop probe", "stop probe")
    assert found["then way back"] == "'start probe' lets it run again"


@pytest.mark.parametrize(
    ("line", "name", "text"),
    [
        ("set wire loss 5%", "<value>", "5%"),
        ("add test::Link w delay=20ms", "<settings>", "delay=20ms"),
        ("h1 true and more", "<argv>", "true and more"),
        ("wait probe STOPPED timeout 90s", "<timeout>", "1.5m"),
    ],
)
def test_values_are_written_as_people_write_them(
    pair: Session, line: str, name: str, text: str
) -> None:
    assert facts(pair, line)[name] == text


def test_a_wrong_line_is_an_error_with_its_place(pair: Session) -> None:
    with pytest.raises(LangError, match="no resource 'nobody'") as caught:
        pair("explain deploy nobody")
    assert (caught.value.column, caught.value.length) == (15, 6)


def test_the_tables_speak_of_commands_that_there_are() -> None:
    assert commands.commands.keys() >= _BLOCKING
