"""Giving back."""

from collections.abc import Callable
from threading import Event, Thread

import pytest

from nepishell import (
    ECState,
    ExperimentController,
    ResourceFactory,
    ResourceManager,
    ResourceState,
    UnknownName,
    WrongState,
)
from nepishell.core.events import Noted
from nepishell.engine.jobs import LATER
from nepishell.testing import EventLog, Scripted, advance, calls, virtual

STARTED, FAILED, RELEASED = ResourceState.STARTED, ResourceState.FAILED, ResourceState.RELEASED


def add(ec: ExperimentController, count: int = 1, **attributes: object) -> list[int]:
    return [ec.register_resource("test::Recorder", **attributes) for _ in range(count)]


def app_on_node(ec: ExperimentController) -> tuple[int, int]:
    node, app = ec.register_resource("test::Node"), ec.register_resource("test::App")
    ec.register_connection(node, app)
    ec.deploy([node, app])
    ec.wait_started([node, app])
    return node, app


def test_releasing_a_part_leaves_the_rest_running(ec: ExperimentController) -> None:
    one, two = add(ec, 2)
    ec.deploy()
    ec.wait_started([one, two])

    assert ec.release(one)
    assert (ec.state(one), ec.state(two)) == (RELEASED, STARTED)
    assert ec.ecstate is ECState.RUNNING
    ec.shutdown()
    assert ec.state(two) is RELEASED  # and not forgotten


def test_releasing_nobody_releases_nobody(ec: ExperimentController) -> None:
    (one,) = add(ec)
    ec.deploy()
    ec.wait_started(one)

    assert ec.release([])
    assert ec.state(one) is STARTED
    assert ec.ecstate is ECState.RUNNING


def test_releasing_all_can_be_followed_by_more(ec: ExperimentController) -> None:
    ec.deploy(add(ec, 2))
    ec.release()
    assert ec.ecstate is ECState.RELEASED

    more = add(ec)
    ec.deploy(more)
    assert ec.ecstate is ECState.RUNNING
    assert ec.wait_started(more)


def test_what_depends_goes_first(ec: ExperimentController) -> None:
    node, app = app_on_node(ec)
    ec.release()

    releases = [call.guid for call in calls(ec) if call.hook == "do_release"]
    assert releases == [app, node]


def test_what_is_needed_by_others_is_not_pulled_away(ec: ExperimentController) -> None:
    node, app = app_on_node(ec)

    with pytest.raises(WrongState) as caught:
        ec.release(node)
    assert str(caught.value) == (
        "resource 1 (node1) is still needed by 2 (app2); release them first, or all together"
    )
    assert (ec.state(node), ec.state(app)) == (STARTED, STARTED)
    assert ec.release(app)
    assert ec.release(node)


def test_one_whose_users_were_never_deployed_can_be_released(ec: ExperimentController) -> None:
    node, app = ec.register_resource("test::Node"), ec.register_resource("test::App")
    ec.register_connection(node, app)
    ec.deploy(node)
    ec.wait_started(node)

    assert ec.release(node)


def test_a_release_that_raises_is_told_and_the_others_go_on(
    ec: ExperimentController, log: EventLog
) -> None:
    (bad,), good = add(ec, fail_in="do_release"), add(ec, 2)
    ec.deploy()
    ec.wait_started([bad, *good])
    result = ec.release()

    assert result
    assert result.reason == "release failed: 1 (recorder1): do_release was told to fail"
    assert {ec.state(guid) for guid in [bad, *good]} == {RELEASED}
    assert "release failed: do_release was told to fail" in [note.text for note in log.of(Noted)]


def nothing(rm: Scripted) -> object:
    return None


def leave(rm: Scripted) -> object:
    raise SystemExit(3)


@pytest.mark.parametrize("failed", [False, True])
@pytest.mark.parametrize("do_release", [nothing, leave])
def test_a_release_that_does_nothing_hangs_nobody(
    ec: ExperimentController, do_release: Callable[[Scripted], object], failed: bool
) -> None:
    guid = ec.register_resource("test::Scripted")
    rm = ec.get_resource(guid)
    assert isinstance(rm, Scripted)
    rm.script["do_release"] = do_release
    ec.deploy()
    ec.wait_started(guid)
    if failed:
        rm.fail("first")
    result = ec.release(guid)

    assert ec.state(guid) is RELEASED
    assert result.reason.startswith("release failed: 1 (scripted1): ")


def test_releasing_twice_releases_once(ec: ExperimentController) -> None:
    (one,) = add(ec)
    ec.deploy()
    ec.wait_started(one)
    ec.release(one)
    ec.release(one)
    ec._rm(one).release()

    assert calls(ec).of(one).count("do_release") == 1
    assert ec._life.release_errors == {}


def test_two_threads_release_the_same_once(ec: ExperimentController) -> None:
    guids = add(ec, 20)
    ec.deploy()
    ec.wait_started(guids)
    threads = [Thread(target=ec.release) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert [calls(ec).of(guid).count("do_release") for guid in guids] == [1] * 20


@pytest.mark.parametrize("guids", [99, [1, 99]])
def test_an_unknown_guid_releases_nobody(ec: ExperimentController, guids: int | list[int]) -> None:
    (one,) = add(ec)
    ec.deploy()
    ec.wait_started(one)

    with pytest.raises(UnknownName):
        ec.release(guids)
    assert ec.state(one) is STARTED


def test_what_was_never_deployed_is_released_without_its_hook(ec: ExperimentController) -> None:
    (one,) = add(ec)
    ec.release(one)

    assert ec.state(one) is RELEASED
    assert calls(ec).of(one) == []


def test_what_is_being_deployed_is_released_and_never_starts(ec: ExperimentController) -> None:
    one, two = add(ec, 2)
    ec.register_condition(one, "deploy", two, "READY", "1h")
    ec.register_condition(two, "start", two, "READY", "1h")
    ec.deploy()
    ec.wait_deployed(two)
    ec.release()
    advance(ec, 10_000)

    assert "do_start" not in {call.hook for call in calls(ec)}
    assert ec._scheduler.heap.pending == set()


def test_hard_release_forgets(ec: ExperimentController) -> None:
    (one,), (two,) = add(ec, hardRelease=True), add(ec)
    ec.deploy()
    ec.wait_started([one, two])
    ec.release()

    assert ec.resources == [two]


def test_a_hook_cannot_release(ec: ExperimentController) -> None:
    (one,), guid = add(ec), ec.register_resource("test::Scripted")
    rm = ec.get_resource(guid)
    assert isinstance(rm, Scripted)
    rm.script["do_start"] = lambda rm: ec.release(one)
    ec.deploy()
    ec.wait(guid, "FAILED", timeout="1h")
    advance(ec)

    assert ec.failure(guid) == "a hook cannot wait for a resource: it would hold its worker"
    assert ec.state(one) is not RELEASED


class OldNode(ResourceManager):
    """Waits with its release until its peers are released, the old way."""

    rtype = "test::OldNode"

    def do_release(self) -> None:
        if any(rm.state != RELEASED for rm in self.get_connected()):
            self.ec.schedule("0.5s", self.release)
            return
        super().do_release()


def test_an_old_style_release_looks_again_until_it_is_done(ec: ExperimentController) -> None:
    ResourceFactory.register_type(OldNode)
    node, (app,) = ec.register_resource("test::OldNode"), add(ec)
    ec.register_connection(node, app)
    ec.deploy()
    ec.wait_started([node, app])

    assert ec.release()
    assert {ec.state(node), ec.state(app)} == {RELEASED}


def test_a_shutdown_does_not_drop_a_release_that_looks_again() -> None:
    with virtual() as ec:
        ResourceFactory.register_type(OldNode)
        node, (app,) = ec.register_resource("test::OldNode"), add(ec)
        ec.register_connection(node, app)
        ec.deploy()
        ec.wait_started([node, app])
        asked = Event()
        ec.bus.subscribe(lambda event: asked.set())
        other = Thread(target=ec.release, args=(node,))
        other.start()  # looks again every half second, because the app is not released
        with ec._life.lock:
            ec._scheduler._wake.wait_for(lambda: ec._scheduler.heap.tasks(), timeout=0.05)
        ec.shutdown()
        other.join(20)

        assert not other.is_alive()
        assert ec.state(node) is RELEASED


def test_a_release_that_is_promised_and_never_comes_does_not_hold_up_the_end() -> None:
    with virtual() as ec:
        guid, other = ec.register_resource("test::Scripted"), *add(ec)
        rm = ec.get_resource(guid)
        assert isinstance(rm, Scripted)
        rm.script["do_release"] = lambda rm: LATER
        log = EventLog(ec.bus)
        ec.deploy()
        ec.wait_started([guid, other])
        before = ec.clock.now()
    assert (ec.state(guid), ec.state(other)) == (RELEASED, RELEASED)
    assert 60 <= ec.clock.now() - before <= 121
    assert any("was promised 60 s ago" in event.text for event in log.of(Noted))


def test_a_release_that_takes_long_but_goes_on_is_waited_for() -> None:
    with virtual() as ec:
        guids = [ec.register_resource("test::Scripted") for _ in range(3)]
        for number, guid in enumerate(guids):
            rm = ec.get_resource(guid)
            assert isinstance(rm, Scripted)

            def later(rm: Scripted, delay: float = 50.0 * (number + 1)) -> object:
                with ec._life.lock:
                    ec._scheduler._timer(
                        ec.clock.now() + delay, lambda: ec._life._post(rm, rm.base, "do_release")
                    )
                return LATER

            rm.script["do_release"] = later
        ec.deploy()
        ec.wait_started(guids)
    assert ec._life.release_errors == {}
