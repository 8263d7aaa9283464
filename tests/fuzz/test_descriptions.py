"""Any description of an experiment that somebody gives us: all of it is loaded, or nothing."""

import json
import random
from collections.abc import Iterable
from pathlib import Path

import pytest

from nepishell.core.errors import NepishellError
from nepishell.engine.controller import ExperimentController
from nepishell.formats import json_form, xml_form
from nepishell.formats.description import Description, fill
from nepishell.formats.files import load_into
from nepishell.testing import virtual
from tests.fuzz.mutating import COUNT, bent, damaged, in_a_line, mutations

JSON = json.dumps(
    {
        "format": "nepishell-experiment", "version": 1, "exp_id": "e", "seed": 3,
        "began": "2026-01-31T12:00:00+01:00", "groups": [{"group": 1, "together": True}],
        "topology": {
            "type": "linear",
            "nodes": [{"id": 0, "notes": {"source": True, "ips": ["10.0.0.1"]}}, {"id": "b"}],
            "edges": [{"ends": [0, "b"], "notes": {"net": {
                "addresses": ["10.0.0.1", "10.0.0.2"], "mask": "255.255.255.252",
                "network": "10.0.0.0", "prefix": 30}}}],
        },
        "resources": [
            {"guid": 1, "rtype": "test::Node", "label": "h1", "state": "STARTED",
             "times": {"READY": 1.5}, "connections": [2]},
            {"guid": 2, "rtype": "test::App", "label": "app", "connections": [1], "group": 1,
             "attributes": {"run_for": 2.5, "critical": False}, "traces": {"stderr": True},
             "conditions": [
                 {"action": "start", "group": [1], "state": "STARTED", "delay": 2.0}]},
        ],
    }
)  # fmt: skip


def text_of(form: str) -> str:
    """The same in either form."""
    return JSON if form == "json" else xml_form.write(json_form.read(JSON))


def try_all(folder: Path, form: str, inputs: Iterable[bytes]) -> int:
    """Load each into an experiment that has one resource; how many were loaded."""
    loaded = 0
    path = folder / f"x.{form}"
    with virtual() as ec:
        ec.register_resource("test::Node", 999, label="mine")
        for number, data in enumerate(inputs):
            path.write_bytes(data)
            try:
                found = load_into(ec, path)
            except NepishellError as problem:
                in_a_line(problem)
            except BaseException as problem:
                problem.add_note(f"input {number}: {data[:2000]!r}")
                raise
            else:
                loaded += 1
                forget(ec, found)
            assert ec.resources == [999], f"input {number} was loaded by half: {data[:2000]!r}"
    return loaded


def forget(ec: ExperimentController, found: Description) -> None:
    for one in found.resources:
        ec.unregister_condition(one.guid)
    for one in found.resources:
        ec.remove_resource(one.guid)


@pytest.mark.parametrize("form", ["json", "xml"])
def test_any_text_is_loaded_or_refused(tmp_path: Path, form: str) -> None:
    inputs = (each.encode(errors="surrogatepass") for each in mutations(31, [text_of(form)]))
    assert try_all(tmp_path, form, inputs) > 0


@pytest.mark.parametrize("form", ["json", "xml"])
def test_any_damage_is_loaded_or_refused(tmp_path: Path, form: str) -> None:
    try_all(tmp_path, form, damaged(32, text_of(form).encode()))


def test_any_json_of_the_wrong_shape_is_loaded_or_refused(tmp_path: Path) -> None:
    random_, whole = random.Random(33), json.loads(JSON)
    inputs = (json.dumps(bent(random_, whole)).encode() for _ in range(COUNT))
    try_all(tmp_path, "json", inputs)


def test_whatever_can_be_read_can_be_written_and_read_again() -> None:
    random_, whole = random.Random(34), json.loads(JSON)
    for _ in range(COUNT):
        try:
            found = json_form.read(json.dumps(bent(random_, whole)))
        except NepishellError:
            continue
        assert json_form.read(json_form.write(found)) == found
        with virtual() as ec:
            try:
                fill(ec, found)
            except NepishellError as problem:
                in_a_line(problem)
