"""One writer, whole lines, on disk when it says so."""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from nepishell.journal.reading import JournalError, read, verify
from nepishell.journal.writer import Writer

HEAD = {"version": 1}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run" / "journal.jsonl"


@pytest.fixture
def writer(path: Path) -> Iterator[Writer]:
    made = Writer(path)
    made.append("journal", 0.0, HEAD)
    yield made
    made.close()


def test_what_was_committed_can_be_read(writer: Writer, path: Path) -> None:
    writer.append("command", 1.5, {"line": "deploy"})
    writer.commit()
    assert [(r.number, r.kind, r.at, dict(r.data)) for r in read(path)] == [
        (1, "journal", 0.0, HEAD),
        (2, "command", 1.5, {"line": "deploy"}),
    ]


def test_closing_writes_what_waits(writer: Writer, path: Path) -> None:
    for number in range(10_000):
        writer.append("note", 0.0, {"x": number})
    writer.close()
    writer.close()
    assert verify(path).records == 10_001


def test_records_of_many_threads_are_whole_and_counted(writer: Writer, path: Path) -> None:
    def work() -> None:
        for number in range(200):
            writer.append("note", 0.0, {"x": number})
            if number % 50 == 0:
                writer.commit()

    threads = [Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    writer.close()
    found = verify(path)
    assert (found.records, found.intact, found.torn) == (1601, True, 0)


def test_only_the_owner_may_read_it(writer: Writer, path: Path) -> None:
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o077 == 0


def test_a_second_writer_is_refused(writer: Writer, path: Path) -> None:
    with pytest.raises(JournalError, match="written by another controller"):
        Writer(path)


def test_a_writer_goes_on_where_the_last_one_ended(writer: Writer, path: Path) -> None:
    writer.close()
    again = Writer(path)
    again.append("command", 2.0, {})
    again.close()
    assert [record.number for record in read(path)] == [1, 2]


def test_a_line_that_a_crash_tore_is_cut_off_at_every_byte(writer: Writer, path: Path) -> None:
    writer.append("command", 1.0, {"line": "deploy all"})
    writer.close()
    whole = path.read_bytes()
    first = whole.index(b"\n") + 1
    for end in range(first, len(whole)):
        path.write_bytes(whole[:end])
        assert verify(path).torn == end - first
        again = Writer(path)
        again.append("note", 2.0, {})
        again.close()
        assert [record.kind for record in read(path)] == ["journal", "note"]


def test_an_altered_journal_is_not_written_to(writer: Writer, path: Path) -> None:
    writer.append("command", 1.0, {"line": "deploy all"})
    writer.close()
    altered = path.read_bytes().replace(b"deploy all", b"deploy one")
    path.write_bytes(altered)
    with pytest.raises(JournalError, match=r"journal\.jsonl:2: it is not what was written"):
        Writer(path)
    assert path.read_bytes() == altered


def test_a_directory_that_may_not_be_made_is_told_in_one_line() -> None:
    with pytest.raises(JournalError, match="cannot be opened"):
        Writer(Path("/proc/nowhere/journal.jsonl"))


FULL = """
import resource, signal, sys
from pathlib import Path
from nepishell.journal.reading import JournalError, verify
from nepishell.journal.writer import Writer
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
path = Path(sys.argv[1])
writer = Writer(path)
writer.append("journal", 0.0, {"version": 1})
writer.commit()
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
writer.append("command", 1.0, {"line": "x" * 10000})
try:
    writer.commit()
except JournalError as problem:
    print(problem)
print(verify(path).records, verify(path).torn)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
writer.commit()
writer.close()
print(verify(path).records, verify(path).intact)
"""


def test_a_full_disk_leaves_whole_lines_and_loses_none(path: Path) -> None:
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[1] == resource.RLIM_INFINITY
    done = subprocess.run(
        [sys.executable, "-c", FULL, os.fspath(path)], capture_output=True, text=True, check=True
    )
    problem, during, after = done.stdout.splitlines()
    assert "cannot be written" in problem
    assert "make room" in problem
    assert (during, after) == ("1 0", "2 True")


def test_closing_while_somebody_appends_comes_to_an_end(path: Path) -> None:
    writer = Writer(path)
    writer.append("journal", 0.0, {"version": 1})
    # as from a thread that appends between the request to stop and its service
    sync = writer._sync

    def late() -> None:
        writer._wake.put(None)
        sync()

    writer._sync = late  # type: ignore[method-assign]
    writer.close()
    assert not writer._thread.is_alive()
