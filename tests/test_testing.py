"""The helpers that ship for tests of experiments."""

import pytest

from nepishell import NepishellError, ResourceState
from nepishell.core.events import Noted, StateChanged
from nepishell.testing import HOOKS, Call, EventLog, Scripted, advance, calls, virtual


def test_hours_take_no_time() -> None:
    with virtual() as ec:
        guid = ec.register_resource("test::Recorder", run_for="100h")
        ec.deploy()

        assert ec.wait_finished(guid)
        assert ec.clock.now() == 360_000.0


def test_advancing_lets_time_pass_with_all_that_is_due_in_it() -> None:
    with virtual() as ec:
        guid = ec.register_resource("test::Recorder", run_for="10s")
        ec.deploy()
        advance(ec, 9)
        assert ec.state(guid) is ResourceState.STARTED
        advance(ec, 1)
        assert ec.state(guid) is ResourceState.STOPPED


def test_the_log_is_complete_when_it_is_read() -> None:
    with virtual() as ec:
        log = EventLog(ec.bus)
        guid = ec.register_resource("test::Recorder")
        ec.deploy()
        ec.wait_started(guid)

        assert [state.name for state in log.moves(guid)] == [
            "DISCOVERED", "PROVISIONED", "READY", "STARTED",
        ]  # fmt: skip
        assert len(log.of(StateChanged)) == 4
        assert log.of(Noted) == []
        log.clear()
        assert log.events == []


def test_a_closed_log_hears_no_more() -> None:
    with virtual() as ec:
        log = EventLog(ec.bus)
        log.close()
        ec.register_resource("test::Recorder")

        assert log.events == []


def test_recorders_write_down_their_hooks() -> None:
    with virtual() as ec:
        guid = ec.register_resource("test::Recorder")
        ec.schedule("5s", lambda: ec.deploy(guid))
        advance(ec, 5)
        seen = calls(ec)

    assert seen == [
        Call(5.0, "do_deploy", guid),
        Call(5.0, "do_discover", guid),
        Call(5.0, "do_provision", guid),
        Call(5.0, "do_start", guid),
        Call(5.0, "do_release", guid),
    ]


@pytest.mark.parametrize("hook", set(HOOKS) - {"do_fail", "do_release", "do_stop"})
def test_a_recorder_fails_where_it_is_told_to(hook: str) -> None:
    with virtual() as ec:
        guid = ec.register_resource("test::Recorder", fail_in=hook)
        ec.deploy()
        ec.wait_started(guid)

        assert ec.failure(guid) == f"{hook} was told to fail"


def test_an_app_needs_its_node_and_a_follower_its_leader() -> None:
    with virtual() as ec:
        node, app, follower = (
            ec.register_resource(f"test::{name}") for name in ("Node", "App", "Follower")
        )
        with pytest.raises(NepishellError):
            ec.deploy()
        ec.register_connection(app, node)
        ec.register_connection(follower, app)
        ec.deploy()
        ec.wait_started([node, app, follower])

        starts = [call.guid for call in calls(ec) if call.hook == "do_start"]
        assert starts.index(app) < starts.index(follower)


def test_a_script_is_played_instead_of_the_hook() -> None:
    with virtual() as ec:
        rm = ec.get_resource(ec.register_resource("test::Scripted"))
        assert isinstance(rm, Scripted)
        seen: list[str] = []

        def start(rm: Scripted) -> object:
            seen.append("start")
            return rm.base("do_start")

        rm.script["do_start"] = start
        ec.deploy()

        assert ec.wait_started(rm.guid)
        assert seen == ["start"]
