"""What is different between two worlds."""

from nepishell import ExperimentController
from nepishell.journal.comparing import Difference, compare
from nepishell.journal.world import fold
from nepishell.testing import EventLog


def test_nothing_is_different_from_itself(ec: ExperimentController) -> None:
    log = EventLog(ec.bus)
    ec.register_resource("test::Recorder", label="a")
    world = fold(log.events)
    assert list(compare(world, world, lambda past: past.guid)) == []


def test_what_came_went_and_changed_is_told(ec: ExperimentController) -> None:
    log = EventLog(ec.bus)
    one = ec.register_resource("test::Recorder", label="a")
    two = ec.register_resource("test::Recorder", label="b")
    before = fold(log.events)
    ec.remove_resource(one)
    ec.set(two, "word", "new")
    ec.register_resource("test::Recorder", label="c")
    after = fold(log.events)
    assert list(compare(before, after, lambda past: past.guid)) == [
        Difference("a", "is gone", "test::Recorder", ""),
        Difference("b", "word", "", "new"),
        Difference("c", "is new", "", "test::Recorder"),
    ]
