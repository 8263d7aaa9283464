"""The file of typed lines: shared, damaged, not writable."""

import sqlite3
from pathlib import Path
from threading import Thread

import pytest

from nepishell.commands.typed import ERROR, NAME, OK, TypedLines


def open_lines(folder: Path) -> TypedLines:
    return TypedLines(folder, pytest.fail, "exp")


def test_two_sessions_share_one_file_and_each_sees_its_own_lines_first(tmp_path: Path) -> None:
    one, two = open_lines(tmp_path), open_lines(tmp_path)
    one.add("say one")
    two.add("say two")
    one.add("say three")
    assert one.recent() == ["say three", "say one", "say two"]
    assert two.recent() == ["say two", "say three", "say one"]
    assert [typed.line for typed in two.search()] == ["say one", "say two", "say three"]


def test_sessions_that_write_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    sessions = [open_lines(tmp_path) for _ in range(4)]

    def write(number: int) -> None:
        for n in range(50):
            sessions[number].add(f"say {number} {n}")

    threads = [Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(open_lines(tmp_path).search()) == 200


def test_the_result_of_a_line_is_kept(tmp_path: Path) -> None:
    lines = open_lines(tmp_path)
    lines.add("say one")
    lines.ended(OK)
    lines.ended(ERROR)
    [typed] = open_lines(tmp_path).search("one")
    assert (typed.line, typed.experiment, typed.result) == ("say one", "exp", OK)
    assert typed.at > 0


def test_the_newest_line_that_begins_so_is_suggested_of_this_session_first(tmp_path: Path) -> None:
    one, two = open_lines(tmp_path), open_lines(tmp_path)
    one.add("set web delay 1ms")
    two.add("set web delay 2ms")
    assert one.suggest("set web") == "set web delay 1ms"
    assert open_lines(tmp_path).suggest("set web") == "set web delay 2ms"
    assert one.suggest("set web delay 1ms") == ""
    assert one.suggest("nothing") == one.suggest(" ") == ""


def test_a_line_that_failed_is_not_suggested(tmp_path: Path) -> None:
    lines = open_lines(tmp_path)
    lines.add("set web delay 1ms")
    lines.ended(OK)
    lines.add("set web dealy 1ms")
    lines.ended(ERROR)
    assert lines.suggest("set web de") == "set web delay 1ms"
    assert open_lines(tmp_path).suggest("set web de") == "set web delay 1ms"


def test_a_line_that_is_not_to_be_kept_is_only_in_memory(tmp_path: Path) -> None:
    lines = open_lines(tmp_path)
    lines.add(" say secret", keep=False)
    assert lines.recent() == [" say secret"]
    assert open_lines(tmp_path).search() == []
    assert b"secret" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    open_lines(tmp_path / "new").add("say one")
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "new").iterdir())


@pytest.mark.parametrize(
    "noise", [b"no database at all, " * 200, b"SQLite format 3\0" + b"\7" * 9000]
)
def test_a_damaged_file_is_put_aside_and_told(tmp_path: Path, noise: bytes) -> None:
    (tmp_path / NAME).write_bytes(noise)
    told: list[str] = []
    lines = TypedLines(tmp_path, told.append)
    lines.add("say one")
    [line] = told
    assert "was damaged" in line
    [aside] = tmp_path.glob(f"{NAME}.broken-*")
    assert aside.read_bytes() == noise
    assert [typed.line for typed in open_lines(tmp_path).search()] == ["say one"]


def test_a_file_that_is_damaged_meanwhile_costs_one_line(tmp_path: Path) -> None:
    told: list[str] = []
    lines = TypedLines(tmp_path, told.append)
    lines.add("say one")
    lines.close()
    with (tmp_path / NAME).open("r+b") as file:
        file.truncate(5000)
    lines = TypedLines(tmp_path, told.append)
    lines.add("say two")
    assert lines.recent()[0] == "say two"
    assert len(told) == 1


def test_without_a_file_lines_are_remembered_for_now_and_it_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    told: list[str] = []
    lines = TypedLines(tmp_path / "file", told.append)
    lines.add("say one")
    lines.ended(OK)
    assert lines.recent() == ["say one"]
    assert lines.suggest("say") == "say one"
    assert [typed.line for typed in lines.search("one")] == ["say one"]
    [line] = told
    assert "remembered for this session only" in line


def test_another_session_that_holds_the_file_costs_this_line_in_the_file_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nepishell.commands.typed.PATIENCE_S", 0.01)
    lines = open_lines(tmp_path)
    other = sqlite3.connect(tmp_path / NAME, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    lines.add("say one")
    other.execute("ROLLBACK")
    other.close()
    lines.add("say two")
    assert lines.recent() == ["say two", "say one"]
    assert [typed.line for typed in open_lines(tmp_path).search()] == ["say two"]


def test_the_first_session_is_the_one_before_any_line(tmp_path: Path) -> None:
    lines = TypedLines(tmp_path, pytest.fail)
    assert lines.is_first
    lines.add("say hello")
    assert not lines.is_first
    lines.close()
    assert not lines.is_first
