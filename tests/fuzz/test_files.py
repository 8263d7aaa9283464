"""Any file that a person or another machine gives us: read, or refused in a line."""

import json
import random
from pathlib import Path

import pytest

from nepishell.batch.opening import unpacked
from nepishell.commands.settings import read_settings
from nepishell.commands.typed import TypedLines
from nepishell.core.errors import NepishellError
from nepishell.engine.controller import ExperimentController
from nepishell.journal.bundle import RUN, Bundle
from nepishell.journal.bundling import files_of, write_bundle
from nepishell.journal.chain import START, encode
from nepishell.journal.keeping import FILE, RunJournal
from nepishell.journal.reading import read, verify
from nepishell.journal.recollecting import open_past
from nepishell.journal.resuming import read_legacy
from nepishell.journal.runs import look
from nepishell.resources.pool.inventory import load
from nepishell.testing import virtual
from tests.fuzz.mutating import COUNT, bent, damaged, in_a_line, mutations

YAML = """
all:
  vars: {country: FR, cpus: 4}
  hosts:
    web[01:03].example.org: {ansible_user: me, memory: 8GiB}
    other: &a {tags: [x, y], ansible_port: 2222}
  children:
    far:
      hosts: {third: *a}
"""
INI = """
one ansible_host=10.0.0.1 ansible_user=me
[far]
two[1:4] cpus=8 tags=x,y
[far:vars]
country=FR
[all:children]
far
"""
TOML = 'theme = "none"\nkeys = "vi"\ntoolbar = false\n[aliases]\nll = "list | cols label"\n'

ABOUT = {"experiment": "exp", "run": "1", "began": "2026-01-01T00:00:00+00:00",
         "ended": "2026-01-01T00:00:09+00:00", "nepishell": "0", "outcome": "fine"}  # fmt: skip


@pytest.fixture
def run_dir(tmp_path: Path) -> Path:
    """A run that has ended."""
    with virtual("exp", local_dir=tmp_path) as ec:
        journal = RunJournal(ec, version="0")
        journal.command("add test::Node a")
        node = ec.register_resource("test::Node", label="a")
        app = ec.register_resource("test::App")
        ec.register_connection(node, app)
        ec.register_condition(app, "START", node, "STARTED", "2s")
        journal.outcome(1)
        ec.deploy()
        ec.wait_started([app])
        journal.note("job", {"job": 1, "line": "list", "due": 5.0})
        ec.release()
        return ec.run_dir


def refused_or_read(reader: object, *arguments: object) -> None:
    try:
        reader(*arguments)  # type: ignore[operator]
    except NepishellError as problem:
        in_a_line(problem)


@pytest.mark.parametrize(("name", "text"), [("pool.yaml", YAML), ("hosts.ini", INI)])
def test_any_inventory(tmp_path: Path, name: str, text: str) -> None:
    for number, each in enumerate(mutations(4, [text])):
        path = tmp_path / f"{number % 7}-{name}"
        path.write_text(each)
        refused_or_read(load, path)
    for each in damaged(5, text.encode()):
        path.write_bytes(each)
        refused_or_read(load, path)


def test_any_settings_cost_warnings_and_no_prompt(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    for each in damaged(6, TOML.encode()):
        path.write_bytes(each)
        read_settings(path)
    for text in mutations(7, [TOML]):
        path.write_text(text)
        settings, _ = read_settings(path)
        assert read_settings(_written(path, settings.toml()))[0] == settings


def _written(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def look_at(path: Path) -> None:
    run = look(path)
    verify(run.journal)
    read_legacy(run)
    ec, _ = open_past(run)
    ec.shutdown()


def test_any_damage_to_a_journal_is_told(run_dir: Path) -> None:
    path = run_dir / FILE
    whole = path.read_bytes()
    for each in damaged(8, whole):
        path.write_bytes(each)
        refused_or_read(look_at, run_dir)
        if each[: len(whole)] != whole[: len(each)]:
            verdict = verify(path)
            assert verdict.fault or verdict.torn
    path.unlink()


def forged(records: list[dict[str, object]]) -> bytes:
    """A journal of any records, chained as if we had written them."""
    lines, digest = [], START
    for number, record in enumerate(records, 1):
        rest = {name: value for name, value in record.items() if name not in ("n", "k", "t")}
        line, digest = encode(number, record["k"], record["t"], rest, digest)  # type: ignore[arg-type]
        lines.append(line)
    return b"".join(lines)


def test_any_journal_that_somebody_forged_is_read_or_refused(run_dir: Path) -> None:
    path = run_dir / FILE
    records = [{"n": r.number, "k": r.kind, "t": r.at, **r.data} for r in read(path)]
    random_ = random.Random(9)
    for number in range(COUNT):
        at = number % len(records)
        changed = bent(random_, records[at])
        try:
            data = forged([*records[:at], changed, *records[at + 1 :]])
        except (ValueError, TypeError, KeyError, AttributeError):
            continue  # it cannot be written at all
        path.write_bytes(data)
        try:
            refused_or_read(look_at, run_dir)
        except BaseException as problem:
            problem.add_note(f"input {number}: {json.dumps(changed)}")
            raise
    path.unlink()


def open_bundle(path: Path) -> None:
    with Bundle(path) as bundle:
        bundle.verify()
    with unpacked(path) as (run, _):
        look_at(run.path)


def test_any_bundle_is_read_or_refused(run_dir: Path, tmp_path: Path) -> None:
    path = tmp_path / "run.zip"
    about = {"experiment": "exp", "run": run_dir.name}
    write_bundle(path, files_of(run_dir), {RUN: json.dumps(about)}, ABOUT)
    refused_or_read(open_bundle, path)
    for number, each in enumerate(damaged(10, path.read_bytes())):
        path.write_bytes(each)
        try:
            refused_or_read(open_bundle, path)
        except BaseException as problem:
            problem.add_note(f"input {number}")
            raise


def open_history(folder: Path) -> None:
    typed = TypedLines(folder, lambda line: None)
    typed.add("list")
    typed.ended("done")
    typed.close()


def test_any_history_is_put_aside_or_read(tmp_path: Path) -> None:
    open_history(tmp_path)
    (path,) = (path for path in tmp_path.iterdir() if path.name == "history.db")
    for each in damaged(11, path.read_bytes(), 30):
        path.write_bytes(each)
        refused_or_read(open_history, tmp_path)


def test_types_that_are_not_installed_are_told(run_dir: Path) -> None:
    path = run_dir / FILE
    records = [{"n": r.number, "k": r.kind, "t": r.at, **r.data} for r in read(path)]
    text = json.dumps(records).replace("test::Node", "no::Such")
    path.write_bytes(forged(json.loads(text)))
    refused_or_read(look_at, run_dir)


def test_a_controller_is_not_harmed_by_a_name_of_a_run(tmp_path: Path) -> None:
    for name in mutations(12, ["exp-1", "../up", "/etc/x", "a/b"]):
        try:
            ec = ExperimentController(name, local_dir=tmp_path)
        except NepishellError:
            continue
        assert ec.run_dir.resolve().is_relative_to(tmp_path.resolve())
        ec.shutdown()
