"""The past keeps what was done in order, and only so much of it."""

import pytest

from nepishell.commands import past
from tests.commands.stand import Session


def test_only_so_many_commands_are_kept(pair: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(past, "KEPT", 2)
    pair.ctx.remember()
    pair("label h1 a", "label a b", "label b c")
    assert pair.ctx.past is not None
    assert [(deed.number, deed.line) for deed in pair.ctx.past.done] == [
        (2, "label a b"),
        (3, "label b c"),
    ]


def test_a_parameter_is_taken_back_with_its_declaration(pair: Session) -> None:
    pair.ctx.remember()
    pair("param delay 5ms", "undo")
    assert (pair.ctx.parameters, pair.ctx.declared) == ({}, set())
    pair("redo")
    assert (pair.ctx.parameters, pair.ctx.declared) == ({"delay": "5ms"}, {"delay"})
