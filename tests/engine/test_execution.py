"""Running an experiment: what is refused happens not even in part."""

from datetime import UTC, datetime

import pytest

from nepishell import (
    Attribute,
    BadValue,
    ExperimentController,
    NepishellError,
    ResourceFactory,
    ResourceManager,
    ResourceState,
    UnknownName,
    WrongState,
)
from nepishell.testing import advance, calls

NEW, STARTED = ResourceState.NEW, ResourceState.STARTED


def add(ec: ExperimentController, count: int = 1, **attributes: object) -> list[int]:
    return [ec.register_resource("test::Recorder", **attributes) for _ in range(count)]


def states(ec: ExperimentController) -> list[ResourceState]:
    return [ec.state(guid) for guid in ec.resources]


def test_deploys_all_that_are_new(ec: ExperimentController) -> None:
    early = add(ec)
    ec.deploy()
    late = add(ec, 2)
    ec.deploy()

    assert ec.wait_started([*early, *late])


def test_nobody_is_not_everybody(ec: ExperimentController) -> None:
    add(ec, 2)
    ec.deploy([])
    advance(ec, 10)

    assert states(ec) == [NEW, NEW]


@pytest.mark.parametrize("guids", [99, [1, 99], [1, "web"], "web", [1, None]])
def test_an_unknown_guid_deploys_nobody(ec: ExperimentController, guids: object) -> None:
    add(ec)

    with pytest.raises(UnknownName):
        ec.deploy(guids)  # type: ignore[arg-type]
    advance(ec, 10)
    assert states(ec) == [NEW]


def test_what_is_deployed_is_not_deployed_again(ec: ExperimentController) -> None:
    one, two = add(ec, 2)
    ec.deploy(one)
    ec.wait_started(one)

    with pytest.raises(WrongState, match=r"resource 1 \(recorder1\) is STARTED already"):
        ec.deploy([two, one])
    advance(ec, 10)
    assert states(ec) == [STARTED, NEW]


def test_a_missing_value_is_asked_for_before_anything_happens(ec: ExperimentController) -> None:
    class Needy(ResourceManager):
        rtype = "test::Needy"
        target = Attribute(str, required=True, help="where to")

    ResourceFactory.register_type(Needy)
    add(ec)
    ec.register_resource("test::Needy")

    with pytest.raises(BadValue, match=r"resource 2 \(needy2\) needs 'target': where to"):
        ec.deploy()
    advance(ec, 10)
    assert states(ec) == [NEW, NEW]


def test_a_missing_peer_is_asked_for(ec: ExperimentController) -> None:
    ec.register_resource("test::App")

    with pytest.raises(BadValue) as caught:
        ec.deploy()
    assert str(caught.value) == "resource 1 (app1) needs 1 test::Node; connected: none"


def test_actions_one_by_one(ec: ExperimentController) -> None:
    (one,) = add(ec)
    ec.discover(one)
    ec.provision(one)
    assert ec.state(one, hr=True) == "PROVISIONED"
    ec.deploy(one)
    ec.wait_started(one)
    ec.stop(one)
    ec.start(one)

    assert calls(ec).of(one) == [
        "do_discover", "do_provision", "do_deploy", "do_start", "do_stop", "do_start",
    ]  # fmt: skip


@pytest.mark.parametrize("action", ["discover", "provision", "start", "stop"])
def test_an_action_on_nobody_is_an_error(ec: ExperimentController, action: str) -> None:
    with pytest.raises(UnknownName, match="'99' is not a guid; known: none yet"):
        getattr(ec, action)(99)


@pytest.mark.parametrize("action", ["discover", "provision", "start"])
def test_what_was_released_does_nothing_more(ec: ExperimentController, action: str) -> None:
    (one,) = add(ec)
    ec.release(one)

    with pytest.raises(WrongState, match="is RELEASED"):
        getattr(ec, action)(one)


@pytest.mark.parametrize(
    "date", ["1x5s", "soon", -1, "2026-99-01", "99999999999999999999", [5], {}, b"5s"]
)
def test_a_wrong_time_is_an_error_and_harms_nobody(ec: ExperimentController, date: object) -> None:
    with pytest.raises(NepishellError):
        ec.schedule(date, int)  # type: ignore[arg-type]
    seen: list[int] = []
    ec.schedule("1s", lambda: seen.append(1))
    advance(ec, 1)

    assert seen == [1]


@pytest.mark.parametrize("date", [None, "0s", 0, datetime(2000, 1, 1, tzinfo=UTC)])
def test_what_is_due_runs_at_once(ec: ExperimentController, date: object) -> None:
    tid = ec.schedule(date, lambda: ec.clock.now(), track=True)  # type: ignore[arg-type]
    advance(ec)
    task = ec.get_task(tid)

    assert task is not None
    assert task.result == 0.0


def test_a_date_is_counted_from_the_run_s_clock(ec: ExperimentController) -> None:
    advance(ec, 10)
    date = ec.clock.date(25.0)
    tid = ec.schedule(date, lambda: ec.clock.now(), track=True)
    advance(ec, 60)
    task = ec.get_task(tid)

    assert task is not None
    assert task.result == pytest.approx(25.0)
