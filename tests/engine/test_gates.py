"""When an action of one resource may go on, by the states of others."""

import pytest

from nepishell import ExperimentController, ResourceAction, ResourceState
from nepishell.engine.gates import Point, points_of, reached_at
from nepishell.engine.resource import ResourceManager

NEW, DISCOVERED, PROVISIONED, READY, STARTED, STOPPED, FAILED, RELEASED = ResourceState


@pytest.fixture
def rm(ec: ExperimentController) -> ResourceManager:
    found = ec.get_resource(ec.register_resource("test::Recorder"))
    assert found is not None
    return found


def walk(rm: ResourceManager, *states: ResourceState) -> None:
    """Through *states*, one second each."""
    for state in states:
        rm._life.clock.jump(rm._life.clock.now() + 1)  # type: ignore[attr-defined]
        rm._life.move(rm, state)


@pytest.mark.parametrize(
    ("path", "state", "at"),
    [
        ((), NEW, 0.0),
        ((), READY, None),
        ((DISCOVERED, PROVISIONED, READY), PROVISIONED, 2.0),
        ((READY,), DISCOVERED, 1.0),  # skipped: counts from the next
        ((READY, STARTED), STARTED, 2.0),
        ((READY, STARTED, STOPPED), STARTED, 2.0),
        ((READY, STARTED, STOPPED, STARTED), STARTED, 4.0),
        ((READY, STARTED, STOPPED, STARTED), STOPPED, None),
        ((READY, STARTED, STOPPED, STARTED, STOPPED), STOPPED, 5.0),
        ((READY, FAILED), READY, 1.0),
        ((READY, FAILED), STARTED, None),
        ((READY, FAILED), FAILED, 2.0),
        ((READY, STARTED, FAILED), STOPPED, None),
        ((READY, STARTED, FAILED, RELEASED), STOPPED, None),
        ((READY, STARTED, RELEASED), STOPPED, 3.0),
        ((READY, RELEASED), STOPPED, None),
        ((READY, RELEASED), RELEASED, 2.0),
    ],
)
def test_knows_when_a_state_was_reached(
    rm: ResourceManager, path: tuple[ResourceState, ...], state: ResourceState, at: float | None
) -> None:
    walk(rm, *path)

    assert reached_at(rm, state) == at


def test_an_action_waits_for_peers_and_conditions(ec: ExperimentController) -> None:
    node, app = ec.register_resource("test::Node"), ec.register_resource("test::App")
    ec.register_connection(node, app)
    ec.register_condition(app, "deploy", node, "PROVISIONED", "2s")
    ec.register_condition(app, "start", node, "STARTED")

    assert points_of(ec._rm(app), ResourceAction.DEPLOY) == [
        Point(node, READY, 0.0, True),
        Point(node, PROVISIONED, 2.0, False),
    ]
    assert points_of(ec._rm(app), ResourceAction.START) == [Point(node, STARTED, 0.0, False)]
    assert points_of(ec._rm(node), ResourceAction.DEPLOY) == []


def test_says_what_an_action_waits_for(ec: ExperimentController) -> None:
    one, two = (ec.register_resource("test::Recorder") for _ in range(2))
    ec.register_condition(two, "start", one, "STARTED", "10s")
    ec.register_condition(one, "start", one, "READY", "5s")
    ec.deploy()
    ec.wait_deployed([one, two])

    assert ec.waiting_for(one) == [(ResourceAction.START, [], 5.0)]
    assert ec.waiting_for(two) == [(ResourceAction.START, [Point(one, STARTED, 10.0, False)], 0.0)]


@pytest.mark.parametrize("end", [FAILED, RELEASED])
def test_a_peer_that_ended_serves_nobody(ec: ExperimentController, end: ResourceState) -> None:
    node, app = ec.register_resource("test::Node"), ec.register_resource("test::App")
    ec._rm(node).set("critical", False)
    ec.register_connection(node, app)
    ec.deploy(node)
    ec.wait_started(node)
    ec._rm(node).fail("unplugged") if end is FAILED else ec.release(node)
    ec.wait(node, end)
    ec.deploy(app)
    ec.wait(app, FAILED)

    assert ec.failure(app).startswith(f"waited for 1 (node1) READY, which is {end.name}")
