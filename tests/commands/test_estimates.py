"""What is known of how long things take."""

import pytest

from nepishell.commands.estimates import USUAL, Experience, lifetime, ran_itself, took_itself
from nepishell.core.states import ResourceState
from nepishell.resources.table import TYPES, register_all
from nepishell.testing import advance, virtual
from tests.commands.stand import Session

READY, STARTED, STOPPED = ResourceState.READY, ResourceState.STARTED, ResourceState.STOPPED


@pytest.mark.parametrize(
    ("rtype", "attributes", "seconds"),
    [
        ("linux::Ping", {"target": "h2", "count": 5, "interval": 0.2}, 0.8),
        ("linux::Ping", {"target": "h2", "count": 5}, 4.0),
        ("linux::Ping", {"target": "h2"}, None),
        ("linux::Flow", {"target": "h2", "duration": 3}, 3.0),
        ("test::Recorder", {"run_for": "2m"}, 120.0),
        ("netns::Node", {}, None),
    ],
)
def test_attributes_tell_how_long_something_runs(
    rtype: str, attributes: dict[str, object], seconds: float | None
) -> None:
    register_all()
    with virtual() as ec:
        guid = ec.register_resource(rtype, **attributes)
        found = lifetime(ec._rm(guid))
    assert found == (pytest.approx(seconds) if seconds is not None else None)


def test_what_ended_by_itself_tells_how_long_it_runs() -> None:
    with virtual() as ec:
        guid = ec.register_resource("test::Scripted")
        rm = ec._rm(guid)
        ec.deploy()
        ec.wait_started(guid)
        advance(ec, 7.0)
        rm.later(rm.do_stop)
        ec.wait_finished(guid)
        assert ran_itself(rm) == 7.0
        assert Experience(ec).runs(rm) == 7.0


def test_what_was_stopped_tells_nothing_of_how_long_it_would_have_run() -> None:
    with virtual() as ec:
        guid = ec.register_resource("test::Recorder")
        ec.deploy()
        ec.wait_started(guid)
        advance(ec, 7.0)
        ec.stop(guid)
        assert ran_itself(ec._rm(guid)) is None


def test_the_median_of_a_type_is_expected_of_the_next(session: Session) -> None:
    session("add test::Node n[1-3]", "deploy")
    experience = Experience(session.ec)
    took = sorted(took_itself(session.ec._rm(guid), READY) or 0.0 for guid in (1, 2, 3))
    session("add test::Node n4")
    assert experience.takes(session.ec._rm(4), READY) == took[1]


def test_what_never_ran_is_known_from_the_table_or_not_at_all(session: Session) -> None:
    session("add netns::Node h", "add test::App app")
    experience = Experience(session.ec)
    assert experience.takes(session.ec._rm(1), READY) == USUAL["netns::Node"][0]
    assert experience.takes(session.ec._rm(2), READY) is None


def test_only_types_that_ship_are_in_the_table() -> None:
    assert set(USUAL) <= set(TYPES)
