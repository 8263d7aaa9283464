"""Running hooks: one at a time per resource, and what they raise told to the right."""

from collections.abc import Callable
from threading import Thread

import pytest

from nepishell import (
    LATER,
    ExperimentController,
    NepishellError,
    ResourceState,
)
from nepishell.core.events import Noted
from nepishell.testing import EventLog, Scripted, advance

STARTED, STOPPED = ResourceState.STARTED, ResourceState.STOPPED
FAILED, RELEASED = ResourceState.FAILED, ResourceState.RELEASED
LONG = 20.0


def scripted(ec: ExperimentController, **script: Callable[[Scripted], object]) -> Scripted:
    rm = ec.get_resource(ec.register_resource("test::Scripted", critical=False))
    assert isinstance(rm, Scripted)
    rm.script.update(script)
    return rm


def fail(rm: Scripted) -> object:
    raise ValueError("as it was told")


def nothing(rm: Scripted) -> object:
    return None


def leave(rm: Scripted) -> object:
    raise SystemExit(3)


# -- what hooks raise ----------------------------------------------------------------------------


@pytest.mark.parametrize("hook", ["do_discover", "do_provision", "do_deploy", "do_start"])
def test_a_hook_that_raises_fails_its_resource_and_says_why(
    ec: ExperimentController, hook: str
) -> None:
    rm = scripted(ec, **{hook: fail})
    ec.deploy()
    ec.wait(rm.guid, "FAILED")

    assert ec.failure(rm.guid) == "ValueError: as it was told"


def test_an_error_of_ours_is_told_as_it_is(ec: ExperimentController) -> None:
    def refuse(rm: Scripted) -> object:
        raise NepishellError("no such bridge: br0")

    rm = scripted(ec, do_start=refuse)
    ec.deploy()
    ec.wait(rm.guid, "FAILED")

    assert ec.failure(rm.guid) == "no such bridge: br0"


def test_a_hook_that_exits_fails_its_resource_and_no_worker(ec: ExperimentController) -> None:
    rm = scripted(ec, do_start=leave, do_fail=leave)
    ec.deploy()

    assert ec.wait(rm.guid, "FAILED")
    assert ec.failure(rm.guid) == "SystemExit: 3"


@pytest.mark.parametrize("hook", ["do_deploy", "do_start", "do_stop"])
def test_a_hook_that_moves_nothing_and_promises_nothing_is_reported(
    ec: ExperimentController, hook: str
) -> None:
    rm = scripted(ec, **{hook: nothing})
    ec.register_condition(rm.guid, "stop", rm.guid, "STARTED", "1s")
    ec.deploy()
    ec.wait(rm.guid, "FAILED")

    goal = {"do_deploy": "READY", "do_start": "STARTED", "do_stop": "STOPPED"}[hook]
    assert ec.failure(rm.guid) == f"{hook} returned without making it {goal}, and scheduled nothing"


def test_a_hook_that_promises_its_move_for_later_is_not(ec: ExperimentController) -> None:
    rm = scripted(ec, do_start=lambda rm: LATER)
    ec.schedule("5s", lambda: rm.later(rm.base, "do_start"))
    ec.deploy()

    assert ec.wait_started(rm.guid)
    assert ec.clock.now() == 5.0


def test_a_hook_that_schedules_something_is_not(ec: ExperimentController) -> None:
    rm = scripted(ec)
    again = iter([False, False, True])

    def start(rm: Scripted) -> object:
        return rm.base("do_start") if next(again) else ec.schedule("0.5s", rm.start)

    rm.script["do_start"] = start
    ec.deploy()

    assert ec.wait_started(rm.guid)
    assert ec.clock.now() == 1.0


def test_what_runs_later_is_a_hook_and_fails_its_resource(ec: ExperimentController) -> None:
    rm = scripted(ec)
    ec.deploy()
    ec.wait_started(rm.guid)
    rm.later(fail, rm)
    ec.wait(rm.guid, "FAILED")

    assert ec.failure(rm.guid) == "ValueError: as it was told"


def test_what_runs_later_for_a_released_resource_is_only_told(
    ec: ExperimentController, log: EventLog
) -> None:
    rm = scripted(ec)
    ec.release(rm.guid)
    rm.later(fail, rm)
    advance(ec)

    assert ec.state(rm.guid) is RELEASED
    assert "fail failed: ValueError: as it was told" in [note.text for note in log.of(Noted)]


def test_it_may_fail_itself_from_its_hook(ec: ExperimentController) -> None:
    # one lock per resource was taken twice: the resource waited for itself
    rm = scripted(ec, do_provision=lambda rm: rm.fail("no disk left"))
    ec.deploy()
    ec.wait(rm.guid, "FAILED")

    assert ec.failure(rm.guid) == "no disk left"


def test_it_may_be_failed_from_any_thread(ec: ExperimentController) -> None:
    rm = scripted(ec)
    ec.deploy()
    ec.wait_started(rm.guid)
    thread = Thread(target=rm.fail, args=("the cable was pulled",))
    thread.start()
    thread.join()

    assert ec.wait(rm.guid, "FAILED")
    assert ec.failure(rm.guid) == "the cable was pulled"


def test_failing_twice_keeps_the_first_reason(ec: ExperimentController) -> None:
    rm = scripted(ec)
    ec.deploy()
    ec.wait_started(rm.guid)
    rm.fail("first")
    rm.fail("second")
    advance(ec)

    assert ec.failure(rm.guid) == "first"


@pytest.mark.parametrize("do_fail", [fail, nothing, leave])
def test_a_failure_comes_through_whatever_do_fail_does(
    ec: ExperimentController, do_fail: Callable[[Scripted], object]
) -> None:
    rm = scripted(ec, do_start=fail, do_fail=do_fail)
    rm.set("critical", True)
    ec.deploy()
    ec.wait(rm.guid, "FAILED", timeout="1h")
    advance(ec)

    assert (ec.state(rm.guid), ec.failure(rm.guid)) == (FAILED, "ValueError: as it was told")
    assert ec.abort
