"""A journal says who, what and when, and its end."""

import os

import pytest

from nepishell import (
    Attribute,
    ExperimentController,
    Flags,
    ResourceFactory,
    ResourceManager,
)
from nepishell.core.events import StateChanged
from nepishell.journal.keeping import RunJournal
from nepishell.journal.reading import JournalError, read, verify
from nepishell.journal.runs import look


def test_the_first_record_tells_the_run(ec: ExperimentController, journal: RunJournal) -> None:
    head = next(read(journal.writer.path)).data
    assert head["exp"] == "exp"
    assert head["run"] == ec.run_id
    assert head["pid"] == os.getpid()
    assert head["recipe"] == "x.nepi"


def test_a_command_is_on_disk_before_it_acts(ec: ExperimentController, journal: RunJournal) -> None:
    number = journal.command("deploy all", "somebody")
    last = list(read(journal.writer.path))[-1]
    assert (last.kind, last.data["c"], last.data["line"], last.data["who"]) == (
        "command",
        number,
        "deploy all",
        "somebody",
    )


def test_what_is_intended_is_on_disk_after_all_that_led_to_it(
    ec: ExperimentController, journal: RunJournal
) -> None:
    guid = ec.register_resource("test::Recorder")
    ec.intend(guid, "start", "sleep 5")
    told = list(look(ec.run_dir).events())
    assert [type(event).__name__ for event in told] == ["ResourceAdded", "Intended"]


def test_shutdown_ends_the_journal_with_all_moves_before_it(
    ec: ExperimentController, journal: RunJournal
) -> None:
    ec.register_resource("test::Recorder")
    ec.deploy()
    ec.shutdown()
    records = list(read(journal.writer.path))
    assert records[-1].kind == "end"
    moves = [e for e in look(ec.run_dir).events() if isinstance(e, StateChanged)]
    assert moves[-1].new.name == "RELEASED"
    assert verify(journal.writer.path).intact


def test_two_controllers_cannot_keep_one_journal(
    ec: ExperimentController, journal: RunJournal
) -> None:
    with pytest.raises(JournalError, match="another controller"):
        RunJournal(ec, version="0")


class Guarded(ResourceManager):
    """Has a secret."""

    rtype = "test::Guarded"
    password = Attribute(flags=Flags.Credential, help="never shown")


def test_credentials_are_not_written(
    ec: ExperimentController, journal: RunJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ResourceFactory, "_resource_types", {"test::Guarded": Guarded})
    ec.register_resource("test::Guarded", password="tell nobody")
    ec.shutdown()
    text = journal.writer.path.read_text()
    assert "password" in text
    assert "tell nobody" not in text
