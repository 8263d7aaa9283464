"""Long listings in a pager."""

import os
from pathlib import Path

import pytest

from nepishell.shell.pager import is_long, page, pager


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    for name in ("less", "most"):
        (tmp_path / name).write_text('#!/bin/sh\necho "$LESS" "$@"; exec /bin/cat\n')
        (tmp_path / name).chmod(0o755)
    return tmp_path


def test_what_leaves_room_for_the_prompt_is_not_long() -> None:
    size = os.terminal_size((80, 5))
    assert not is_long("1\n2\n3", size)
    assert is_long("1\n2\n3\n4", size)


def test_the_persons_own_pager_comes_first(programs: Path) -> None:
    path = str(programs)
    assert pager({"PATH": path, "PAGER": "most -s 'two words'"}) == ["most", "-s", "two words"]
    assert pager({"PATH": path}) == ["less"]


@pytest.mark.parametrize("wanted", ["nosuch -x", "", "'unbalanced"])
def test_one_that_is_not_there_is_replaced_by_less(programs: Path, wanted: str) -> None:
    assert pager({"PATH": str(programs), "PAGER": wanted}) == ["less"]


def test_there_may_be_none(tmp_path: Path, programs: Path) -> None:
    assert pager({"PATH": str(programs), "PAGER": "cat"}) == []
    (programs / "less").unlink()
    assert pager({"PATH": str(programs)}) == []


def test_it_is_run_without_a_shell_and_reads_the_text(programs: Path, tmp_path: Path) -> None:
    shown = tmp_path / "shown"
    environ = {"PATH": str(programs), "LESS": "own"}
    with shown.open("wb") as target:
        assert page([str(programs / "less"), "$HOME"], "a\nb", target.fileno(), environ)
    assert shown.read_text() == "own $HOME\na\nb\n"


def test_who_leaves_early_is_no_error(tmp_path: Path) -> None:
    with (tmp_path / "shown").open("wb") as target:
        assert page(["true"], "long\n" * 1_000_000, target.fileno(), os.environ)


def test_one_that_cannot_be_run_shows_nothing(tmp_path: Path) -> None:
    with (tmp_path / "shown").open("wb") as target:
        assert not page([str(tmp_path / "none")], "text", target.fileno(), os.environ)
