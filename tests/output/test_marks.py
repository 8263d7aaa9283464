"""Cells that have changed, marked for a while."""

import pytest

from nepishell.output.marks import Changes
from nepishell.output.records import Drawing, Message, Record, Records
from nepishell.output.style import PLAIN

COLUMNS = ("guid:int", "label", "note")


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def changes(clock: Clock) -> Changes:
    return Changes(clock, lasting=2.0)


def shown(text: str) -> str:
    return text.replace("\x1b[7m", "<").replace("\x1b[27m", ">")


def rows(*rows: tuple[object, ...]) -> Records:
    return Records(COLUMNS, rows)


def test_at_first_nothing_is_marked(changes: Changes) -> None:
    assert "\x1b" not in changes.draw(rows((1, "a", "x")), PLAIN)
    assert not changes.are_shown


def test_a_changed_cell_is_marked_alone(changes: Changes) -> None:
    changes.draw(rows((1, "a", "x"), (2, "b", "x")), PLAIN)
    lines = shown(changes.draw(rows((1, "a", "x"), (2, "b", "y")), PLAIN)).splitlines()
    assert lines[1:] == ["   1  a      x", "   2  b      <y>"]


def test_a_mark_goes_after_its_time(changes: Changes, clock: Clock) -> None:
    for text in ("x", "y"):
        changes.draw(rows((1, "a", text)), PLAIN)
    clock.now = 1.9
    assert "<y>" in shown(changes.draw(rows((1, "a", "y")), PLAIN))
    assert changes.are_shown
    clock.now = 2.1
    assert "<" not in shown(changes.draw(rows((1, "a", "y")), PLAIN))
    assert not changes.are_shown


def test_a_row_is_known_by_its_first_cell_wherever_it_stands(changes: Changes) -> None:
    changes.draw(rows((1, "a", "x"), (2, "b", "y")), PLAIN)
    assert "<" not in shown(changes.draw(rows((2, "b", "y")), PLAIN))
    assert shown(changes.draw(rows((2, "b", "y"), (3, "c", "z")), PLAIN)).splitlines()[2] == (
        "   <3>  <c>      <z>"
    )


def test_rows_that_nothing_tells_apart_are_known_by_their_place(changes: Changes) -> None:
    changes.draw(rows((1, "a", "x"), (1, "b", "y")), PLAIN)
    assert shown(changes.draw(rows((1, "a", "x"), (1, "c", "y")), PLAIN)).count("<") == 1


def test_a_value_of_one_record_is_marked_also_when_it_is_the_first(changes: Changes) -> None:
    changes.draw(Record({"name": "a", "size": 1}), PLAIN)
    assert shown(changes.draw(Record({"name": "b", "size": 1}), PLAIN)) == "name  <b>\nsize  1"


def test_what_became_empty_has_nothing_to_mark(changes: Changes) -> None:
    changes.draw(rows((1, "a", "x")), PLAIN)
    assert "<" not in shown(changes.draw(rows((1, "a", None)), PLAIN))


def test_of_a_text_new_lines_are_marked(changes: Changes) -> None:
    changes.draw(Message("one\ntwo"), PLAIN)
    assert shown(changes.draw(Message("one\ntwo\nthree"), PLAIN)) == "one\ntwo\n<three>"


def test_a_drawing_has_no_marks(changes: Changes) -> None:
    for text in ("a", "b"):
        drawn = changes.draw(Drawing(rows(), lambda style, text=text: text), PLAIN)  # type: ignore[misc]
    assert drawn == "b"


def test_of_a_part_only_its_rows_are_drawn_and_changes_of_all_are_seen(changes: Changes) -> None:
    changes.draw(rows((1, "a", "x"), (2, "b", "x")), PLAIN, slice(0, 1))
    result = rows((1, "a", "x"), (2, "b", "y"))
    assert "b" not in shown(changes.draw(result, PLAIN, slice(0, 1))).splitlines()[1]
    assert shown(changes.draw(result, PLAIN, slice(1, 2))).splitlines()[1] == "   2  b      <y>"
