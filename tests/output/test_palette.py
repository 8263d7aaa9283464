"""Themes."""

import pytest

from nepishell.core.states import ResourceState
from nepishell.output.palette import CODES, THEMES, sgr


@pytest.mark.parametrize(
    ("colour", "code"),
    [
        ("", ""),
        ("bold red", "1;31"),
        ("bright-blue", "94"),
        ("black on bright-white", "30;107"),
        ("#ff0000 on #000000", "38;5;196;48;5;16"),
    ],
)
def test_a_colour_is_an_escape_sequence(colour: str, code: str) -> None:
    assert sgr(colour) == code


@pytest.mark.parametrize("theme", THEMES)
def test_every_theme_paints_the_same_things(theme: str) -> None:
    assert THEMES[theme].keys() == THEMES["default"].keys()
    assert {state.name for state in ResourceState} <= THEMES[theme].keys()


@pytest.mark.parametrize("theme", ["default", "colour-blind", "high-contrast"])
def test_failed_looks_like_no_other_state(theme: str) -> None:
    codes = [CODES[theme][state.name] for state in ResourceState]
    assert codes.count(CODES[theme]["FAILED"]) == 1


def test_none_has_no_colours() -> None:
    assert set(CODES["none"].values()) == {""}
