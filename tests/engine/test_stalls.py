"""Who waits, through others, for a resource that nobody deployed."""

import pytest

from nepishell import ExperimentController, WrongState
from nepishell.testing import register_types


def real() -> ExperimentController:
    """On real time: there nothing ends a wait but the knowledge that it is hopeless."""
    register_types()
    return ExperimentController()


def add(ec: ExperimentController, count: int) -> list[int]:
    return [ec.register_resource("test::Recorder") for _ in range(count)]


def test_waiting_for_what_was_never_deployed_is_an_error() -> None:
    with real() as ec:
        (guid,) = add(ec, 1)
        with pytest.raises(WrongState) as caught:
            ec.wait_started(guid)
    assert str(caught.value) == (
        "resource 1 (recorder1) was never deployed: it would wait for STARTED for ever; "
        "deploy it first"
    )


def test_one_that_was_not_deployed_among_others_is_an_error() -> None:
    with real() as ec:
        guids = add(ec, 3)
        ec.deploy(guids[:2])
        with pytest.raises(WrongState, match="resource 3"):
            ec.wait_started(guids)


def test_waiting_for_one_that_waits_for_it_is_an_error_too() -> None:
    with real() as ec:
        one, two, three = add(ec, 3)
        ec.register_condition(two, "start", one, "STARTED")
        ec.register_condition(three, "start", two, "STARTED")
        ec.deploy([two, three])
        with pytest.raises(WrongState, match=r"recorder1.* was never deployed"):
            ec.wait_started(three)


def test_a_peer_that_was_not_deployed_is_one_it_waits_for() -> None:
    with real() as ec:
        node, app = ec.register_resource("test::Node"), ec.register_resource("test::App")
        ec.register_connection(node, app)
        ec.deploy(app)
        with pytest.raises(WrongState, match=r"node1.* was never deployed"):
            ec.wait_deployed(app)


def test_the_others_of_a_group_wait_for_its_members() -> None:
    with real() as ec:
        one, two, three = add(ec, 3)
        ec.register_condition(two, "deploy", one, "READY")
        ec.deploy([two, three])
        assert ec.wait_deployed(three)
        with pytest.raises(WrongState, match=r"recorder1.* was never deployed"):
            ec.wait_started(three)


def test_a_stop_by_condition_is_not_the_only_way_to_stop() -> None:
    with real() as ec:
        one, two = add(ec, 2)
        ec.register_condition(two, "stop", one, "STARTED")
        ec.deploy(two)
        assert ec.wait_started(two)
        ec.schedule("10ms", lambda: ec.stop(two))
        assert ec.wait_finished(two)


def test_a_task_that_will_deploy_it_is_waited_for() -> None:
    with real() as ec:
        (guid,) = add(ec, 1)
        ec.schedule("10ms", lambda: ec.deploy(guid))

        assert ec.wait_started(guid)


def test_a_task_that_does_not_deploy_it_is_waited_for_and_then_it_is_an_error() -> None:
    with real() as ec:
        (guid,) = add(ec, 1)
        ec.schedule("10ms", int)
        with pytest.raises(WrongState, match="never deployed"):
            ec.wait_started(guid)


def test_what_was_deployed_meanwhile_is_waited_for() -> None:
    with real() as ec:
        one, two = add(ec, 2)
        ec.register_condition(two, "start", one, "STARTED")
        ec.deploy(two)
        ec.schedule("10ms", lambda: ec.deploy(one))

        assert ec.wait_started(two)


def test_a_timeout_ends_the_wait_before_it_is_an_error() -> None:
    with real() as ec:
        (guid,) = add(ec, 1)
        ec.schedule("1h", int)

        assert ec.wait_started(guid, timeout="10ms").timed_out
