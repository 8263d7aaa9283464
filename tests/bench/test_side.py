import sys

import pytest

from bench.side import Numbers, SideFailed, interleave, medians, percentile, run_argv


def test_the_last_line_holds_the_numbers() -> None:
    argv = [sys.executable, "-c", 'print("warming up"); print(\'{"total": 1.5}\')']

    assert run_argv(argv) == {"total": 1.5}


def test_a_side_that_fails_says_the_last_line_of_its_error() -> None:
    with pytest.raises(SideFailed, match="no kernel for this"):
        run_argv([sys.executable, "-c", "raise SystemExit('no kernel for this')"])


def test_a_program_that_is_not_there_is_a_side_that_failed() -> None:
    with pytest.raises(SideFailed, match="No such file"):
        run_argv(["/nonexistent/program"])


def test_sides_take_turns() -> None:
    order = []

    def side(name: str) -> Numbers:
        order.append(name)
        return {"total": 1.0}

    interleave({"a": lambda: side("a"), "b": lambda: side("b")}, rounds=2)

    assert order == ["a", "b", "a", "b"]


def test_a_side_that_failed_is_not_tried_again_and_the_other_goes_on() -> None:
    tries = []

    def failing() -> Numbers:
        tries.append(1)
        raise SideFailed("not here")

    done, failed = interleave({"a": failing, "b": lambda: {"total": 2.0}}, rounds=3)

    assert (tries, done, failed) == ([1], {"b": {"total": 2.0}}, {"a": "not here"})


def test_medians_are_taken_number_by_number() -> None:
    samples = [{"a": 1.0, "b": 9.0}, {"a": 2.0, "b": 8.0}, {"a": 30.0, "b": 7.0}]

    assert medians(samples) == {"a": 2.0, "b": 8.0}


def test_the_95th_of_a_hundred_has_five_at_or_above_it() -> None:
    assert percentile([float(n) for n in range(100)], 0.95) == 95.0
