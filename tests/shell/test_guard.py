"""What a mistake of ours may cost."""

from pathlib import Path

import pytest

from nepishell.shell.guard import Guard


def fail(guard: Guard) -> None:
    with guard:
        raise ZeroDivisionError("by zero")


def test_a_mistake_is_swallowed_and_told(tmp_path: Path) -> None:
    told: list[str] = []
    guard = Guard(told.append, tmp_path / "log.txt")
    for _ in range(5):
        fail(guard)
    assert len(told) == 5
    assert not guard.is_off
    assert (tmp_path / "log.txt").read_text().count("Traceback") == 5


def test_a_callback_that_fails_three_times_is_switched_off_with_one_line(tmp_path: Path) -> None:
    told: list[str] = []
    guard = Guard(told.append, tmp_path / "log.txt")
    part, other = guard.part("completion"), guard.part("colours")
    fail(part)
    fail(part)
    assert (told, part.is_off) == ([], False)
    fail(part)
    assert part.is_off
    assert not other.is_off
    [line] = told
    assert line.startswith("completion is switched off, it failed 3 times: ")
    assert "Traceback" not in line


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_requests_to_end_pass(tmp_path: Path, kind: type[BaseException]) -> None:
    with pytest.raises(kind), Guard(pytest.fail, tmp_path / "log.txt"):
        raise kind


def test_nothing_wrong_is_nothing_told(tmp_path: Path) -> None:
    with Guard(pytest.fail, tmp_path / "log.txt"):
        pass
