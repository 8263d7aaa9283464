"""Who is at which step, and who is stuck, from nothing but the lines of journals."""

import json
from pathlib import Path

import pytest

from nepishell.labs.model import Lab, read_lab
from nepishell.labs.teacher.classroom import Desk, State, next_change, table
from tests.labs.building import write_lab

BEGAN = 1_800_000_000.0
HEAD = {"k": "journal", "t": 1.0, "wall": "2027-01-15T08:00:01+00:00"}


def desk(*told: dict[str, object], run: str = "20270115080000000001", student: str = "ann") -> Desk:
    made = Desk(run)
    start = {"k": "lab", "t": 1, "what": "start", "lab": "small", "student": student}
    for one in (HEAD, start, *told):
        made.take(json.dumps(one).encode())
    return made


def lab(what: str, at: float, **facts: object) -> dict[str, object]:
    return {"k": "lab", "t": at, "what": what, **facts}


@pytest.fixture
def labs(tmp_path: Path) -> dict[str, Lab]:
    return {"small": read_lab(write_lab(tmp_path))}


def test_a_desk_tells_the_step_and_what_does_not_hold() -> None:
    found = desk(
        lab("step", 2, step="address"),
        lab("check", 3, check="there", ok=False, seen="no"),
        lab("hint", 4, step="address", number=1),
        lab("answer", 5, check="word", text="x"),
    )

    assert (found.student, found.lab, found.step) == ("ann", "small", "address")
    assert (found.hints, found.tries, found.last) == (1, 1, "there: no")
    assert found.quiet(BEGAN + 62) == 60


def test_what_holds_is_progress_and_looking_is_none() -> None:
    found = desk(lab("step", 2, step="address"), lab("check", 50, check="there", ok=True),
                 lab("check", 90, check="has", ok=False, seen="no address"))  # fmt: skip

    assert found.quiet(BEGAN + 100) == 50
    assert found.last == "has: no address"


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ([], State.WORKS),
        ([lab("step", 2, step="address")], State.WORKS),
        ([{"k": "end", "t": 9}], State.LEFT),
        ([lab("passed", 3, step="address"), lab("passed", 4, step="tell")], State.DONE),
        ([lab("passed", 3, step="address"), lab("passed", 4, step="address")], State.WORKS),
    ],
)
def test_somebody_works_is_done_or_has_left(told: list[dict[str, object]], state: State) -> None:
    assert desk(*told).state(BEGAN + 100, 600, 2) is state


def test_who_gets_no_further_is_stuck_from_a_moment_on_that_is_known(labs: dict[str, Lab]) -> None:
    found = desk(lab("step", 100, step="address"))

    assert next_change([found], labs, BEGAN + 200, 600) == 500
    assert found.state(BEGAN + 699, 600, 2) is State.WORKS
    assert found.state(BEGAN + 700, 600, 2) is State.STUCK
    assert next_change([found], labs, BEGAN + 700, 600) is None


def test_who_needs_help_stands_first_and_everybody_once(labs: dict[str, Lab]) -> None:
    desks = [
        desk(lab("step", 900, step="tell"), student="zoe"),
        desk(lab("step", 2, step="address"), student="bob"),
        desk({"k": "end", "t": 9}, student="ann", run="20270115080000000001"),
        desk(lab("passed", 950, step="address"), student="ann", run="20270115090000000002"),
        desk(lab("step", 950, step="address"), student="", run="20270115090000123456"),
        Desk("a run without a lab"),
    ]

    rows = table(desks, labs, BEGAN + 1000, 600).rows

    assert [(row[0], row[2], row[3], row[7]) for row in rows] == [
        ("bob", "address", "0 of 2", "stuck"),
        ("(123456)", "address", "0 of 2", "works"),
        ("ann", "", "1 of 2", "works"),
        ("zoe", "tell", "0 of 2", "works"),
    ]


@pytest.mark.parametrize(
    "line",
    [b"", b"no json", b"[1]", b"7", b'{"k": "events"}', b"[" * 100_000, b'{"k": 7}', b"\xff"],
)
def test_lines_that_say_nothing_change_nothing(line: bytes) -> None:
    assert Desk("run").take(line) is False


def test_values_of_any_kind_are_taken_as_text_and_numbers() -> None:
    found = Desk("run")
    for line in (b'{"k": "journal", "t": "x", "wall": 7}',
                 b'{"k": "lab", "t": -1, "what": "start", "lab": ["a"], "student": {}}',
                 b'{"k": "lab", "t": 1e999, "what": "check", "check": null, "ok": 1}'):  # fmt: skip
        assert found.take(line)

    assert (found.began, found.lab, found.last) == (0.0, "['a']", "None: ")
