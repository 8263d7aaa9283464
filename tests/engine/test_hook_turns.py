"""One hook at a time, whoever runs it: a worker, or a caller in his own thread."""

from collections.abc import Callable
from threading import Event, Lock, Thread

import pytest

from nepishell import (
    ExperimentController,
    ResourceState,
    WrongState,
)
from nepishell.core.events import Noted
from nepishell.testing import EventLog, Scripted, advance, virtual

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


def test_hooks_of_one_resource_never_overlap() -> None:
    with virtual() as ec:
        rm = scripted(ec)
        lock, running, most, count = Lock(), 0, 0, 0

        def work() -> None:
            nonlocal running, most, count
            with lock:
                running += 1
                most = max(most, running)
            Event().wait(0.0001)
            with lock:
                running -= 1
                count += 1

        threads = [Thread(target=lambda: [rm.later(work) for _ in range(20)]) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        advance(ec)

        assert (most, count) == (1, 100)


def test_hooks_run_in_the_order_they_were_asked_for(ec: ExperimentController) -> None:
    rm = scripted(ec)
    seen: list[int] = []
    for number in range(100):
        rm.later(seen.append, number)
    advance(ec)

    assert seen == list(range(100))


def test_a_start_that_comes_second_changes_nothing(ec: ExperimentController) -> None:
    # the barrier's start waits behind the user's: it must not fail what runs
    rm = scripted(ec)
    began, go_on = Event(), Event()

    def slow_start(rm: Scripted) -> object:
        began.set()
        go_on.wait(LONG)
        return rm.base("do_start")

    rm.script["do_start"] = slow_start
    ec.discover(rm.guid)
    ec.provision(rm.guid)
    ec.register_condition(rm.guid, "start", rm.guid, "READY", "5s")
    ec.deploy()
    ec.wait_deployed(rm.guid)
    user = Thread(target=ec.start, args=(rm.guid,))
    user.start()
    began.wait(LONG)
    with ec._life.lock:
        ec._life._run_action(rm, 1)  # type: ignore[arg-type] # the condition's start, just then
    go_on.set()
    user.join()
    advance(ec, 10)

    assert ec.state(rm.guid) is STARTED


def test_a_stop_that_comes_after_the_end_changes_nothing(ec: ExperimentController) -> None:
    rm = scripted(ec)
    ec.deploy()
    ec.wait_started(rm.guid)
    began, go_on = Event(), Event()

    def ended() -> None:
        began.set()
        go_on.wait(LONG)
        rm.set_stopped()

    rm.later(ended)  # its process ended by itself,
    began.wait(LONG)
    ec.register_condition(rm.guid, "stop", rm.guid, "STARTED")  # just when it shall be stopped
    go_on.set()
    advance(ec)

    assert ec.state(rm.guid) is STOPPED


def test_a_deployment_that_waits_behind_a_hook_is_given_up_at_release(
    ec: ExperimentController,
) -> None:
    rm = scripted(ec)
    began, go_on = Event(), Event()
    deployed: list[int] = []
    rm.script["do_deploy"] = lambda rm: deployed.append(1)

    def slow() -> None:
        began.set()
        go_on.wait(LONG)

    rm.later(slow)
    began.wait(LONG)
    ec.deploy(rm.guid)
    ec.bus.subscribe(lambda event: None)
    ec.schedule("0s", go_on.set)
    ec.release(rm.guid)

    assert (deployed, ec.state(rm.guid)) == ([], RELEASED)


# -- acting in the caller's thread ---------------------------------------------------------------


def test_an_action_waits_for_the_hook_in_flight(ec: ExperimentController) -> None:
    rm = scripted(ec)
    ec.deploy()
    ec.wait_started(rm.guid)
    began, go_on, seen = Event(), Event(), list[str]()

    def slow() -> None:
        began.set()
        go_on.wait(LONG)
        seen.append("hook")

    rm.later(slow)
    began.wait(LONG)
    user = Thread(target=lambda: (ec.stop(rm.guid), seen.append("stop")))
    user.start()
    go_on.set()
    user.join(LONG)

    assert (seen, ec.state(rm.guid)) == (["hook", "stop"], STOPPED)


def test_an_action_that_raises_is_raised_and_fails(ec: ExperimentController) -> None:
    rm = scripted(ec, do_stop=fail)
    ec.deploy()
    ec.wait_started(rm.guid)

    with pytest.raises(ValueError, match="as it was told"):
        ec.stop(rm.guid)
    assert ec.state(rm.guid) is FAILED
    assert rm._queue is None  # not claimed any more


def test_an_action_in_the_wrong_state_is_an_error_and_changes_nothing(
    ec: ExperimentController,
) -> None:
    rm = scripted(ec)

    with pytest.raises(WrongState) as caught:
        ec.start(rm.guid)
    assert str(caught.value) == "resource 1 (scripted1) is NEW: start needs READY or STOPPED"
    assert ec.state(rm.guid) is ResourceState.NEW
    assert rm._queue is None


def test_an_old_style_action_in_the_wrong_state_is_only_told(
    ec: ExperimentController, log: EventLog
) -> None:
    rm = scripted(ec)
    rm.stop()

    assert [note.text for note in log.of(Noted)] == [
        "resource 1 (scripted1) is NEW: stop needs STARTED"
    ]


def test_of_two_threads_that_start_one_resource_one_is_refused(ec: ExperimentController) -> None:
    rm = scripted(ec)
    ec.register_condition(rm.guid, "start", rm.guid, "READY", "1h")
    ec.deploy()
    ec.wait_deployed(rm.guid)
    outcomes: list[str] = []

    def start() -> None:
        try:
            ec.start(rm.guid)
            outcomes.append("started")
        except WrongState:
            outcomes.append("refused")

    threads = [Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["refused", "started"]
    assert ec.state(rm.guid) is STARTED


def test_a_hook_may_act_on_its_own_resource(ec: ExperimentController) -> None:
    def start_and_stop(rm: Scripted) -> object:
        rm.base("do_start")
        rm.stop()
        return None

    rm = scripted(ec, do_start=start_and_stop)
    ec.deploy()

    assert ec.wait_finished(rm.guid)
    ec.start(rm.guid)  # again, at the same moment
    assert ec.state(rm.guid) is STOPPED


def test_a_hook_may_act_on_another_resource_and_is_itself_afterwards(
    ec: ExperimentController,
) -> None:
    other = scripted(ec)
    ec.register_condition(other.guid, "start", other.guid, "READY", "1h")
    ec.deploy(other.guid)
    ec.wait_deployed(other.guid)

    def start_both(rm: Scripted) -> object:
        ec.start(other.guid)
        rm.fail("but not me")
        return None

    rm = scripted(ec, do_start=start_both)
    ec.deploy(rm.guid)
    ec.wait(rm.guid, "FAILED")

    assert (ec.state(other.guid), ec.failure(rm.guid)) == (STARTED, "but not me")


def test_an_interrupted_claim_leaves_the_resource_to_others(
    ec: ExperimentController, monkeypatch: pytest.MonkeyPatch
) -> None:
    rm = scripted(ec)
    ec.deploy()
    ec.wait_started(rm.guid)
    began, go_on = Event(), Event()

    def slow() -> None:
        began.set()
        go_on.wait(LONG)

    rm.later(slow)
    began.wait(LONG)
    with monkeypatch.context() as patch:
        patch.setattr("nepishell.engine.hooks.Event", Interrupted)
        with pytest.raises(KeyboardInterrupt):
            ec.stop(rm.guid)
    go_on.set()
    advance(ec)
    assert rm._queue is None

    ec.stop(rm.guid)
    assert ec.state(rm.guid) is STOPPED


class Interrupted(Event):
    """Somebody presses Ctrl-C while it is waited for."""

    def wait(self, timeout: float | None = None) -> bool:
        raise KeyboardInterrupt
