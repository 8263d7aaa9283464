"""Colours."""

from nepishell.commands.declared import our_grammar
from nepishell.shell.theme import COLOURS, our_style


def test_every_style_that_a_type_declares_has_a_colour() -> None:
    assert {kind.style for kind in our_grammar().types.values()} <= COLOURS.keys()


def test_the_theme_can_be_read() -> None:
    assert our_style().class_names_and_attrs


def test_what_is_invalid_is_told_by_more_than_colour() -> None:
    assert "underline" in COLOURS["invalid"]
