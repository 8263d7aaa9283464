"""Colours."""

import pytest

from nepishell.commands.declared import our_grammar
from nepishell.commands.settings import CHOICES
from nepishell.output.palette import THEMES
from nepishell.shell.theme import our_style


def test_every_style_that_a_type_declares_has_a_colour() -> None:
    assert {kind.style for kind in our_grammar().types.values()} <= THEMES["default"].keys()


@pytest.mark.parametrize("theme", THEMES)
def test_every_theme_can_be_read(theme: str) -> None:
    assert our_style(theme).class_names_and_attrs


def test_every_theme_can_be_chosen() -> None:
    assert set(CHOICES["theme"]) == THEMES.keys()


@pytest.mark.parametrize("theme", ["default", "colour-blind"])
def test_what_is_invalid_is_told_by_more_than_colour(theme: str) -> None:
    assert "underline" in THEMES[theme]["invalid"]
