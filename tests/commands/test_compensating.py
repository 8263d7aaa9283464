"""What makes up for what."""

import json

import pytest

from nepishell.commands.compensating import _WAYS, way_back
from nepishell.lang.registry import commands
from tests.commands.stand import Session


def test_every_line_of_the_table_is_about_a_command_and_names_one() -> None:
    assert _WAYS.keys() <= commands.commands.keys()
    verbs = {way.line.split()[0] for way in _WAYS.values() if way.line}
    assert verbs <= commands.commands.keys()


@pytest.mark.parametrize(
    ("line", "sentence", "is_wall"),
    [
        ("stop h[1-2]", "'start h[1-2]' lets it run again", True),
        ("deploy", "'release h[1-2],probe,wire' gives it back", True),
        ("set wire delay 1s", "'undo' takes it back", False),
        ("list", "", False),
        ("source x.nepi", "what it did stays done", False),
    ],
)
def test_explain_and_undo_say_the_same(
    pair: Session, line: str, sentence: str, is_wall: bool
) -> None:
    (call,) = pair.interpreter.walk(line).calls
    assert way_back(pair.ctx, commands.commands[call.command], call.args) == (sentence, is_wall)
    assert json.loads(pair.text(f"explain {line} | json")).get("way back", "") == sentence
