"""From a journal on disk to a controller that goes on."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from nepishell import ExperimentController, VirtualClock
from nepishell.journal.keeping import RunJournal
from nepishell.journal.reading import JournalError, verify
from nepishell.journal.resuming import open_again, read_legacy, take_over
from nepishell.journal.runs import Fate, look
from nepishell.journal.writer import Writer
from nepishell.testing import EventLog, advance


def play(ec: ExperimentController, journal: RunJournal) -> None:
    ec.register_resource("test::Recorder", label="a")
    two = ec.register_resource("test::Recorder", label="b", word="hello")
    ec.register_condition(two, "start", 1, "STARTED", "5s")
    journal.command("deploy")
    ec.deploy()
    ec.wait_started(1)
    ec.bus.drain()
    journal.writer.commit()


def test_a_run_goes_on_under_its_own_name_and_seed(
    ec: ExperimentController, journal: RunJournal
) -> None:
    play(ec, journal)
    journal.close()
    legacy = read_legacy(look(ec.run_dir))
    clock = VirtualClock()
    clock.jump(legacy.last)
    with open_again(legacy, clock=clock) as again:
        assert (again.exp_id, again.run_id, again.seed, again.run_dir) == (
            ec.exp_id, ec.run_id, ec.seed, ec.run_dir,
        )  # fmt: skip
        take_over(again, legacy)
        advance(again, 10.0)
        assert again.state(again.find("b"), hr=True) == "STARTED"
        assert again.get(again.find("b"), "word") == "hello"


def test_a_command_without_an_outcome_is_told(
    ec: ExperimentController, journal: RunJournal
) -> None:
    done = journal.command("add test::Node x")
    journal.outcome(done)
    play(ec, journal)
    journal.close()
    assert read_legacy(look(ec.run_dir)).unfinished == ["deploy"]


def test_the_clock_goes_on_even_if_the_wall_went_back(
    ec: ExperimentController, journal: RunJournal
) -> None:
    play(ec, journal)
    advance(ec, 50.0)
    journal.command("list")
    journal.close()
    legacy = read_legacy(look(ec.run_dir))
    assert legacy.clock().now() >= 50.0


def test_an_altered_journal_is_not_gone_on_with(
    ec: ExperimentController, journal: RunJournal, tmp_path: Path
) -> None:
    play(ec, journal)
    journal.close()
    path = journal.writer.path
    path.write_bytes(path.read_bytes().replace(b"hello", b"hallo"))
    with pytest.raises(JournalError, match="altered"):
        read_legacy(look(ec.run_dir))


def test_cut_anywhere_it_ends_the_same(
    ec: ExperimentController, journal: RunJournal, tmp_path: Path
) -> None:
    play(ec, journal)
    log = EventLog(ec.bus)
    advance(ec, 20.0)
    assert len(log.events) > 0
    expected = {guid: ec.state(guid, hr=True) for guid in ec.resources}
    journal.close()
    lines = journal.writer.path.read_bytes().splitlines(keepends=True)
    deployed = next(n for n, line in enumerate(lines) if b'["g",' in line)
    for end in range(deployed + 1, len(lines) + 1):
        folder = tmp_path / f"cut{end}" / "run"
        folder.mkdir(parents=True)
        (folder / "journal.jsonl").write_bytes(b"".join(lines[:end]) + b'{"n":')
        legacy = read_legacy(look(folder))
        clock = VirtualClock()
        clock.jump(legacy.last)
        with open_again(legacy, clock=clock) as again:
            take_over(again, legacy)
            advance(again, 30.0)
            assert {guid: again.state(guid, hr=True) for guid in again.resources} == expected


@pytest.mark.parametrize("seconds", [-1e8, 1e8])
def test_on_the_same_boot_it_does_not_matter_what_the_wall_says(
    ec: ExperimentController, journal: RunJournal, seconds: float
) -> None:
    play(ec, journal)
    journal.close()
    legacy = read_legacy(look(ec.run_dir))
    wall = datetime.fromisoformat(legacy.run.head["wall"])
    legacy.run.head["wall"] = (wall + timedelta(seconds=seconds)).isoformat()
    assert legacy.clock().now() < legacy.last + 3600


def test_after_a_reboot_only_the_wall_knows_how_long_it_was(
    ec: ExperimentController, journal: RunJournal
) -> None:
    play(ec, journal)
    journal.close()
    legacy = read_legacy(look(ec.run_dir))
    wall = datetime.fromisoformat(legacy.run.head["wall"]) - timedelta(days=1)
    legacy.run.head.update(wall=wall.isoformat(), boot="another")
    assert legacy.clock().now() >= 86_400


def test_torn_at_any_byte_of_its_last_kilobyte_it_is_mended_and_goes_on(
    ec: ExperimentController, journal: RunJournal, tmp_path: Path
) -> None:
    play(ec, journal)
    advance(ec, 20.0)
    journal.close()
    whole = journal.writer.path.read_bytes()
    path = tmp_path / "torn" / "run" / "journal.jsonl"
    path.parent.mkdir(parents=True)
    head = whole.index(b"\n") + 1
    for end in range(max(head, len(whole) - 1024), len(whole)):
        path.write_bytes(whole[:end])
        assert read_legacy(look(path.parent)).run.fate is Fate.ORPHANED
        kept = whole.rindex(b"\n", 0, end) + 1
        found = verify(path)
        assert (found.intact, found.end, found.torn) == (True, kept, end - kept)
        if end % 64 == 0:  # each of these is synced to disk
            Writer(path).close()
            assert path.read_bytes() == whole[:kept]
