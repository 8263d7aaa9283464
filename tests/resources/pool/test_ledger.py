"""The list of pool hosts on disk, shared by all runs of a user."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nepishell.core.errors import NepishellError
from nepishell.journal.machine import Holder, this_process
from nepishell.resources.pool.hosts import PoolHost
from nepishell.resources.pool.ledger import Ledger

GRAB = """
import sys
from pathlib import Path
from nepishell.journal.machine import this_process
from nepishell.resources.pool.ledger import Ledger
ledger = Ledger(Path(sys.argv[1]))
for number in range(20):
    with ledger.open() as book:
        free = next(key for key in map(str, range(1000)) if key not in book.reserved)
        book.reserve([(free, free)], sys.argv[2], this_process())
print("done", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def ledger(tmp_path) -> Ledger:
    return Ledger(tmp_path / "kept")


def test_what_is_written_is_there_for_others(ledger, tmp_path):
    assert ledger.look().avoided == {}
    with ledger.open() as book:
        book.avoid("a:22", "a", "no answer", 3600)
        book.avoid("b:22", "b", "by hand", None)
        book.reserve([("c:22", "c")], "exp/run", this_process())
    book = Ledger(tmp_path / "kept").look()
    assert {key: each.why for key, each in book.avoided.items()} == {
        "a:22": "no answer", "b:22": "by hand",
    }  # fmt: skip
    assert book.reserved["c:22"].run == "exp/run"
    assert ledger.path.stat().st_mode & 0o077 == 0


def test_a_time_that_is_over_forgives(ledger):
    with ledger.open() as book:
        book.avoid("a:22", "a", "no answer", -1)
    assert ledger.look().avoided == {}


def test_a_bare_name_is_avoided_whatever_its_address(ledger):
    host = PoolHost(name="Lab1", place="x:1", hostname="10.0.0.1")
    with ledger.open() as book:
        book.avoid("lab1", "Lab1", "by hand", None)
        assert book.whether_avoided(host) is not None
        del book.avoided["lab1"]
        assert book.whether_avoided(host) is None


@pytest.mark.parametrize(
    "holder",
    [
        this_process()._replace(start_time=1),
        this_process()._replace(boot="another"),
        Holder(2**22 + 1, 0, this_process().boot),
    ],
)
def test_a_reservation_goes_with_its_process(ledger, holder):
    with ledger.open() as book:
        book.reserve([("a:22", "a")], "exp/dead", holder)
        book.reserve([("b:22", "b")], "exp/alive", this_process())
    assert set(ledger.look().reserved) == {"b:22"}


def test_a_run_gives_back_only_its_own(ledger):
    with ledger.open() as book:
        for run, key in (("one", "a"), ("one", "b"), ("two", "c")):
            book.reserve([(key, key)], run, this_process())
        book.free("one", ["a", "c", "none"])
        assert set(book.reserved) == {"b", "c"}
        book.free("one")
        assert set(book.reserved) == {"c"}


def test_runs_at_the_same_time_never_get_the_same_host(tmp_path):
    argv = [sys.executable, "-c", GRAB, str(tmp_path)]
    runs = [
        subprocess.Popen([*argv, f"run{number}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for number in range(4)
    ]
    try:
        assert [run.stdout.readline() for run in runs] == [b"done\n"] * 4
        assert len(Ledger(tmp_path).look().reserved) == 80
    finally:
        for run in runs:
            run.communicate()
    assert Ledger(tmp_path).look().reserved == {}


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"avoided": 1, "reserved": {}}', '{"avoided": {"a": {}}}',
             '{"avoided": {"a": {"other": 1}}, "reserved": {}}', "[" * 100_000, "\0\0\0"],
)  # fmt: skip
def test_a_damaged_file_is_put_aside_and_told(ledger, text):
    ledger.path.parent.mkdir()
    ledger.path.write_text(text)
    with ledger.open() as book:
        assert "was damaged: it is pool.json.damaged now" in book.problem
        book.avoid("a:22", "a", "no answer", 60)
    assert ledger.path.with_name("pool.json.damaged").read_text() == text
    assert set(ledger.look().avoided) == {"a:22"}


@settings(deadline=None, max_examples=40)
@given(st.binary(max_size=12), st.integers(0, 200))
def test_any_damage_leaves_a_book_that_works(tmp_path_factory, junk, at):
    ledger = Ledger(tmp_path_factory.mktemp("kept"))
    with ledger.open() as book:
        book.avoid("a:22", "a", "no answer", 60)
        book.reserve([("b:22", "b")], "run", this_process())
    whole = ledger.path.read_bytes()
    ledger.path.write_bytes(whole[:at] + junk + whole[at:])
    with ledger.open() as book:
        book.avoid("c:22", "c", "no answer", 60)
    assert "c:22" in ledger.look().avoided


def test_entries_that_make_no_sense_are_dropped(ledger):
    with ledger.open() as book:
        book.avoid("a:22", "a", "no answer", 60)
    data = json.loads(ledger.path.read_text())
    data["avoided"]["b:22"] = {**data["avoided"]["a:22"], "until": "soon"}
    data["avoided"]["c:22"] = {**data["avoided"]["a:22"], "since": None}
    ledger.path.write_text(json.dumps(data))
    assert set(ledger.look().avoided) == {"a:22"}


def test_what_failed_inside_is_not_written(ledger):
    def fail() -> None:
        with ledger.open() as book:
            book.avoid("a:22", "a", "no answer", 60)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert not ledger.path.exists()


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path):
    (tmp_path / "file").touch()
    with (
        pytest.raises(NepishellError, match=r"cannot keep the list of pool hosts in .*file"),
        Ledger(tmp_path / "file").open(),
    ):
        pass


def test_no_file_is_left_open(ledger):
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(3):
        with ledger.open() as book:
            book.avoid("a:22", "a", "no answer", 60)
    assert len(list(Path("/proc/self/fd").iterdir())) == before
    assert sorted(path.name for path in ledger.path.parent.iterdir()) == ["pool.json", "pool.lock"]
