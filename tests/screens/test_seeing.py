"""What a person sees of an experiment: themes, what is told, and what is watched or followed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.screens.screen import CTRL_C, PROMPT, Screen


@pytest.fixture
def colourless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Screen]:
    monkeypatch.setattr("tests.screens.screen.MORE", {"NO_COLOR": "1"})
    screen = Screen(tmp_path)
    yield screen
    screen.child.close(force=True)


def at_rest(screen: Screen) -> None:
    screen.until(lambda: screen.line == PROMPT.rstrip())


def test_lines_above_the_prompt_have_the_colours_of_the_theme(screen: Screen) -> None:
    screen.enters("set option toolbar off")
    screen.enters("add local::Node one")
    screen.enters("deploy one")
    screen.sees("one: ● STARTED")
    assert screen.colour("● STARTED") == "green"
    screen.enters("set option theme colour-blind")
    screen.enters("add local::Node two")
    screen.enters("deploy two")
    screen.sees("two: ● STARTED")
    assert screen.colour("● STARTED") == "00af5f"
    screen.enters("set option theme none")
    screen.enters("add local::Node three")
    screen.enters("deploy three")
    screen.sees("three: ● STARTED")
    assert screen.colour("● STARTED") == "default"


def test_no_color_is_honoured_by_all_lines(colourless: Screen) -> None:
    colourless.enters("add local::Node one")
    colourless.enters("deploy one")
    colourless.sees("one: ● STARTED")
    colourless.sees("1 STARTED")
    for text in ("add local", "local::Node", "● STARTED", "1 STARTED"):
        assert colourless.colour(text) == "default"


def test_less_is_told_at_another_level(screen: Screen) -> None:
    screen.enters("add local::Node one")
    screen.enters("log level error")
    screen.enters("deploy one wait")
    screen.sees("deployed 1 resource")
    screen.enters("log level debug")
    screen.enters("release one")
    screen.presses("y\r")
    screen.sees("one: ◌ RELEASED")
    assert "one: ● STARTED" not in screen.lines


def test_a_watched_listing_changes_by_itself_and_gives_the_prompt_back(screen: Screen) -> None:
    screen.enters("add local::Node one")
    screen.sees("one is resource 1")
    screen.enters("at 1s deploy")
    screen.enters("watch list")
    screen.sees("q: back")
    screen.sees("● STARTED")
    assert not any(PROMPT.rstrip() in line for line in screen.lines)
    screen.presses("q")
    screen.sees("the experiment goes on")
    at_rest(screen)
    screen.types("say still here")
    screen.presses("\r")
    screen.until(lambda: "still here" in screen.lines)


def test_ctrl_c_ends_a_watch_and_a_log_that_is_followed(screen: Screen) -> None:
    screen.enters("watch status")
    screen.sees("q: back")
    screen.presses(CTRL_C)
    screen.sees("the experiment goes on")
    at_rest(screen)
    screen.enters("add local::Node one")
    screen.enters("at 500ms deploy")
    screen.enters("log follow")
    screen.sees("one: ● STARTED")
    screen.presses(CTRL_C)
    screen.sees("interrupted; the experiment goes on")
    at_rest(screen)


def test_a_trace_is_followed_and_what_it_says_steers_nothing(screen: Screen) -> None:
    screen.enters("add local::Node one")
    program = r"sh -c 'printf a\\\\033[7mb; sleep 60'"
    screen.enters(f'add linux::Application app on one command="{program}"')
    screen.enters("deploy wait")
    screen.sees("deployed 2 resources")
    screen.enters("trace app stdout -f")
    screen.sees(r"a\x1b[7mb")
    screen.presses(CTRL_C)
    screen.sees("interrupted; the experiment goes on")
    at_rest(screen)
    screen.enters("show app | cols state")
    screen.sees("STARTED")
