"""The tour: what it has one type can be typed, and a screen fits the screen."""

import pytest

from nepishell.commands.places import recipe_folders
from nepishell.commands.tour import SCREENS, Try
from nepishell.output.cells import width
from nepishell.output.render import render
from nepishell.output.style import Style
from nepishell.replay.recipe import read_recipe
from nepishell.replay.shelf import find_recipe
from tests.commands.stand import Session


def drawn(session: Session, screen: int, columns: int = 80) -> list[str]:
    return render(session(f"tour {screen}"), "table", Style(width=columns)).splitlines()


def test_all_that_it_has_one_type_is_understood_after_the_quickstart(session: Session) -> None:
    recipe = read_recipe(find_recipe("quickstart", recipe_folders()))
    described = [each.text for each in recipe.statements()
                 if each.text.split()[0] in ("param", "add", "connect")]  # fmt: skip
    session(*described)
    for part in (part for screen in SCREENS for part in screen):
        if not isinstance(part, Try):
            continue
        found = session.interpreter.walk(part.line)
        assert found.error is None, part.line
        if part.line.startswith("add"):
            session(part.line)


def test_it_begins_with_a_recipe_that_ships() -> None:
    assert Try("source quickstart", "play the recipe") in SCREENS[0]
    assert find_recipe("quickstart", recipe_folders()).is_file()


@pytest.mark.parametrize("screen", [1, 2, 3])
def test_a_screen_fits_and_ends_with_what_to_type_next(session: Session, screen: int) -> None:
    lines = drawn(session, screen)
    assert len(lines) <= 22
    assert max(map(width, lines)) <= 80
    assert lines[0].endswith(f"({screen} of 3)")
    last = "".join(SCREENS[screen - 1][-1])
    assert last.startswith("Next: type ")
    assert drawn(session, screen)[-1].split()[-1] == last.split()[-1]


def test_in_a_narrow_window_what_a_line_does_stands_below_it(session: Session) -> None:
    lines = drawn(session, 1, 30)
    at = lines.index("    source quickstart")
    assert lines[at + 1].strip() == "play the recipe"


def test_there_is_no_fourth_screen(session: Session) -> None:
    with pytest.raises(Exception, match="4"):
        session("tour 4")


def test_programs_get_its_parts(session: Session) -> None:
    assert session.text("tour 1 | head 1 | csv").splitlines()[0] == "screen,text"
