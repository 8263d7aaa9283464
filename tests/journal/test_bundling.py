"""Writing a bundle."""

import json
import os
import random
import sys
import zipfile
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from nepishell.core.errors import NepishellError
from nepishell.journal.bundle import CRATE, RUN, Bundle
from nepishell.journal.bundling import files_of, write_bundle

ABOUT = {"experiment": "exp", "run": "1", "began": "2026-01-01T00:00:00+00:00",
         "ended": "2026-01-01T00:00:09+00:00", "nepishell": "0", "outcome": "fine"}  # fmt: skip


@pytest.fixture
def run_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "run"
    (folder / "traces" / "probe").mkdir(parents=True)
    (folder / "journal.jsonl").write_bytes(b"{}\n")
    (folder / "traces" / "probe" / "stdout").write_bytes(b"\x00\xff" * 1000)
    return folder


def test_only_plain_files_of_the_run_are_taken(run_dir: Path) -> None:
    os.mkfifo(run_dir / "traces" / "bell")
    (run_dir / "traces" / "passwd").symlink_to("/etc/passwd")
    (run_dir / "lab").mkdir()
    (run_dir / "lab" / "hosts").write_text("x")
    assert list(files_of(run_dir)) == ["journal.jsonl", "traces/probe/stdout"]


def test_traces_that_are_a_link_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "traces").symlink_to("/etc")
    assert files_of(tmp_path) == {}


def test_the_same_run_gives_the_same_bytes(run_dir: Path, tmp_path: Path) -> None:
    files = files_of(run_dir)
    for name in ("a.zip", "b.zip"):
        write_bundle(tmp_path / name, files, {RUN: "{}"}, ABOUT)
        os.utime(run_dir / "journal.jsonl", (1, 1))
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_what_is_written_is_what_is_read(run_dir: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    size = write_bundle(path, files_of(run_dir), {RUN: "{}", "recipe.nepi": "say hällo\n"}, ABOUT)
    assert size == path.stat().st_size
    with Bundle(path) as bundle:
        bundle.verify()
        assert bundle.text("recipe.nepi") == "say hällo\n"


def test_a_run_that_grows_meanwhile_is_taken_as_it_was(run_dir: Path, tmp_path: Path) -> None:
    journal = run_dir / "journal.jsonl"

    def grow(done: int, total: int) -> None:
        with journal.open("ab") as file:
            file.write(b"more\n")

    write_bundle(tmp_path / "a.zip", files_of(run_dir), {RUN: "{}"}, ABOUT, grow)
    with Bundle(tmp_path / "a.zip") as bundle:
        bundle.verify()
        assert bundle.text("journal.jsonl") == "{}\n"


def test_what_packs_too_well_to_be_believed_is_stored(run_dir: Path, tmp_path: Path) -> None:
    (run_dir / "traces" / "zeros").write_bytes(bytes(80 << 20))
    path = tmp_path / "a.zip"
    write_bundle(path, files_of(run_dir), {RUN: "{}"}, ABOUT)
    with Bundle(path) as bundle:
        assert bundle.size > 80 << 20


def test_what_does_not_pack_is_stored(run_dir: Path, tmp_path: Path) -> None:
    (run_dir / "traces" / "noise").write_bytes(random.Random(1).randbytes(100_000))
    (run_dir / "traces" / "text").write_bytes(b"64 bytes from 10.0.0.1: icmp_seq=1\n" * 9)
    path = tmp_path / "a.zip"
    write_bundle(path, files_of(run_dir), {}, ABOUT)
    with zipfile.ZipFile(path) as packed:
        kinds = {info.filename: info.compress_type for info in packed.infolist()}
    assert kinds["traces/noise"] == zipfile.ZIP_STORED
    assert kinds["traces/text"] == zipfile.ZIP_DEFLATED


def test_the_metadata_name_each_file_and_its_checksum(run_dir: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    write_bundle(path, files_of(run_dir), {RUN: "{}", "recipe.nepi": ""}, ABOUT)
    with zipfile.ZipFile(path) as packed:
        graph = {one["@id"]: one for one in json.loads(packed.read(CRATE))["@graph"]}
        assert graph[CRATE]["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
        parts = {part["@id"] for part in graph["./"]["hasPart"]}
        assert parts == set(packed.namelist()) - {CRATE, "manifest-sha256.txt"}
        assert graph["traces/probe/stdout"]["contentSize"] == "2000"
        assert graph["#run"]["instrument"] == {"@id": "#nepishell"}


def test_a_file_that_exists_is_not_written_over(run_dir: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_text("mine")
    with pytest.raises(NepishellError, match=r"a\.zip exists; choose another name"):
        write_bundle(path, files_of(run_dir), {}, ABOUT)
    assert path.read_text() == "mine"


def test_one_that_comes_meanwhile_is_not_written_over(run_dir: Path, tmp_path: Path) -> None:
    path = tmp_path / "out" / "a.zip"
    path.parent.mkdir()
    with pytest.raises(NepishellError, match="exists"):
        write_bundle(path, files_of(run_dir), {}, ABOUT, lambda d, t: path.touch())
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("problem", [KeyboardInterrupt(), NepishellError("no more")])
def test_whatever_stops_it_no_half_of_one_is_left(
    run_dir: Path, tmp_path: Path, problem: BaseException
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()

    def stop(done: int, total: int) -> None:
        raise problem

    with pytest.raises(type(problem)):
        write_bundle(folder / "a.zip", files_of(run_dir), {}, ABOUT, stop)
    assert list(folder.iterdir()) == []


def test_a_folder_that_is_not_there_is_named(run_dir: Path, tmp_path: Path) -> None:
    with pytest.raises(NepishellError, match="cannot be written: no such file"):
        write_bundle(tmp_path / "none" / "a.zip", files_of(run_dir), {}, ABOUT)


def test_a_process_that_is_killed_leaves_nothing(run_dir: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    program = f"""
import sys
from pathlib import Path
from subprocess import PIPE, Popen
from nepishell.journal.bundling import files_of, write_bundle

def tell(done, total):
    print(done, flush=True)
    sys.stdin.read()

target, run = Path({str(folder / "a.zip")!r}), Path({str(run_dir)!r})
write_bundle(target, files_of(run), {{}}, {ABOUT!r}, tell)
"""
    argv = [sys.executable, "-c", program]
    with Popen(argv, stdin=PIPE, stdout=PIPE) as child:
        assert child.stdout is not None
        assert int(child.stdout.readline()) > 0
        child.kill()
    assert list(folder.iterdir()) == []


def test_where_files_must_have_names_they_are_hidden_and_go(
    run_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # as of a file system that does not know the flag: it takes it for opening the folder
    monkeypatch.setattr("os.O_TMPFILE", os.O_DIRECTORY)
    folder = tmp_path / "out"
    folder.mkdir()
    seen: list[str] = []

    def look(done: int, total: int) -> None:
        seen.extend(path.name for path in folder.iterdir())

    write_bundle(folder / "a.zip", files_of(run_dir), {}, ABOUT, look)
    assert seen
    assert all(name.startswith(".a.zip.") for name in seen)
    assert [path.name for path in folder.iterdir()] == ["a.zip"]
    with pytest.raises(NepishellError, match="exists"):
        write_bundle(folder / "a.zip", files_of(run_dir), {}, ABOUT)
