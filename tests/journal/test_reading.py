"""Reading a journal without trusting it."""

from pathlib import Path

import pytest

from nepishell.journal.chain import START, encode
from nepishell.journal.reading import JournalError, first, read, verify


def write(path: Path, *records: tuple[str, dict[str, object]]) -> None:
    digest, lines = START, []
    for number, (kind, data) in enumerate(records, 1):
        line, digest = encode(number, kind, 0.0, data, digest)
        lines.append(line)
    path.write_bytes(b"".join(lines))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


def test_the_first_record_says_whose_it_is(path: Path) -> None:
    write(path, ("journal", {"version": 1, "run": "r"}))
    assert first(path).data["run"] == "r"


def test_one_that_begins_otherwise_is_refused(path: Path) -> None:
    write(path, ("command", {}))
    with pytest.raises(JournalError, match="does not say whose journal"):
        list(read(path))


def test_a_later_format_is_refused(path: Path) -> None:
    write(path, ("journal", {"version": 99}))
    with pytest.raises(JournalError, match="format 99"):
        list(read(path))


def test_a_dropped_line_is_found(path: Path) -> None:
    write(path, ("journal", {"version": 1}), ("a", {}), ("b", {}))
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[2])
    assert verify(path).records == 1
    assert not verify(path).intact


def test_a_file_that_is_none_is_told_in_one_line(path: Path) -> None:
    with pytest.raises(JournalError, match="cannot be read: no such file"):
        verify(path)
    path.write_bytes(b"\x00\xff not a journal \n" * 3)
    assert not verify(path).intact
    path.write_bytes(b"")
    with pytest.raises(JournalError, match="no record is whole"):
        first(path)


def test_nested_without_end_is_a_fault_and_no_crash(path: Path) -> None:
    path.write_bytes(b"[" * 100_000 + b',"h":"00"}\n')
    assert not verify(path).intact
