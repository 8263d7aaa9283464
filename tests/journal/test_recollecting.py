"""A controller that only remembers."""

from pathlib import Path

import pytest

from nepishell import ExperimentController, ResourceFactory, ResourceManager, ResourceState
from nepishell.engine.recollecting import forget
from nepishell.journal.keeping import RunJournal
from nepishell.journal.recollecting import open_past
from nepishell.journal.runs import look


class Fragile(ResourceManager):
    """A resource whose hooks must not run while it is only remembered."""

    rtype = "test::Fragile"
    released = 0

    def do_release(self) -> None:
        type(self).released += 1
        super().do_release()

    def do_resume(self, acts: dict[str, str]) -> None:
        pytest.fail("nothing goes on")


def test_no_hook_runs_while_it_is_remembered_and_forgotten(tmp_path: Path) -> None:
    ResourceFactory.register_type(Fragile)
    with ExperimentController("exp", tmp_path) as ec:
        journal = RunJournal(ec, version="1")
        guid = ec.register_resource("test::Fragile", label="vase")
        ec.register_resource("test::Fragile")
        ec.deploy([guid])
        ec.wait_started([guid])
        ec.bus.drain()
        journal.writer.commit()
        before = Fragile.released
        past, warnings = open_past(look(ec.run_dir))
        assert (warnings, past.state(guid), past.label(guid)) == ([], ResourceState.STARTED, "vase")
        assert past.run_dir == ec.run_dir
        forget(past)
        assert Fragile.released == before


def test_a_type_that_is_not_installed_is_left_out_with_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ResourceFactory.register_type(Fragile)
    with ExperimentController("exp", tmp_path) as ec:
        journal = RunJournal(ec, version="1")
        ec.register_resource("test::Fragile", label="vase")
        ec.bus.drain()
        journal.writer.commit()
        path = ec.run_dir / "journal.jsonl"
        copy = tmp_path / "other" / ec.exp_id / ec.run_id
        copy.mkdir(parents=True)
        (copy / "journal.jsonl").write_bytes(path.read_bytes())
    monkeypatch.delitem(ResourceFactory._resource_types, "test::Fragile")
    past, warnings = open_past(look(copy))
    assert list(past.resources) == []
    assert "vase is left out" in warnings[0]
    forget(past)
