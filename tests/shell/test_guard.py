"""What a mistake of ours may cost."""

from pathlib import Path

import pytest

from nepishell.shell.guard import Guard


def test_a_mistake_is_swallowed_and_told_a_few_times(tmp_path: Path) -> None:
    told: list[str] = []
    guard = Guard(told.append, tmp_path / "log.txt", most=2)
    for _ in range(5):
        with guard:
            raise ZeroDivisionError("by zero")
    assert len(told) == 2
    assert (tmp_path / "log.txt").read_text().count("Traceback") == 2


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_requests_to_end_pass(tmp_path: Path, kind: type[BaseException]) -> None:
    with pytest.raises(kind), Guard(pytest.fail, tmp_path / "log.txt"):
        raise kind


def test_nothing_wrong_is_nothing_told(tmp_path: Path) -> None:
    with Guard(pytest.fail, tmp_path / "log.txt"):
        pass
