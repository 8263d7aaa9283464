"""Why a resource is where it is."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from nepishell.core.errors import NepishellError
from nepishell.core.peers import Peer
from nepishell.core.states import ResourceAction, ResourceState
from nepishell.engine.clock import VirtualClock
from nepishell.engine.controller import ExperimentController
from nepishell.engine.factory import ResourceFactory
from nepishell.engine.jobs import LATER
from nepishell.engine.reasons import Fact, Kind, chain, reasons
from nepishell.engine.resource import ResourceManager
from nepishell.testing import register_types, virtual

DEPLOY, START, STOP = ResourceAction
READY, STARTED, STOPPED = ResourceState.READY, ResourceState.STARTED, ResourceState.STOPPED


class Slow(ResourceManager):
    """Deploys once it is let through."""

    rtype = "test::Slow"

    def __init__(self, ec: ExperimentController, guid: int) -> None:
        super().__init__(ec, guid)
        self.begun, self.go = Event(), Event()

    def do_deploy(self) -> None:
        self.begun.set()
        self.go.wait()
        super().do_deploy()


class Promiser(ResourceManager):
    """Says that it will tell when it has started."""

    rtype = "test::Promiser"

    def do_start(self) -> object:
        return LATER


class Guest(ResourceManager):
    """Needs a slow one."""

    rtype = "test::Guest"
    host = Peer("test::Slow", min=1)


for _type in (Slow, Promiser, Guest):
    ResourceFactory.register_type(_type)


@pytest.fixture
def ec(tmp_path: Path) -> Iterator[ExperimentController]:
    with virtual(local_dir=tmp_path) as ec:
        yield ec


@pytest.fixture
def real(tmp_path: Path) -> Iterator[ExperimentController]:
    register_types()
    with ExperimentController(local_dir=tmp_path) as ec:
        yield ec


def only(ec: ExperimentController, guid: int) -> Fact:
    found = reasons(ec, guid)
    assert len(found) == 1, found
    return found[0]


def test_what_nobody_deployed_says_so(ec: ExperimentController) -> None:
    guid = ec.register_resource("test::Recorder")
    assert only(ec, guid) == Fact(guid, Kind.UNDEPLOYED, DEPLOY)


def test_a_running_hook_is_named_with_when_it_began(real: ExperimentController) -> None:
    slow = real.register_resource("test::Slow")
    real.deploy()
    rm = real.get_resource(slow)
    assert isinstance(rm, Slow)
    rm.begun.wait()
    fact = only(real, slow)
    rm.go.set()
    real.wait_started(slow)
    assert (fact.kind, fact.text, fact.state) == (Kind.HOOK, "do_deploy", READY)
    assert fact.at is not None
    assert 0 <= fact.at <= (rm._stamps[READY] or 0)


def test_who_waits_for_a_neighbour_is_followed_to_its_hook(real: ExperimentController) -> None:
    slow, guest = real.register_resource("test::Slow"), real.register_resource("test::Guest")
    real.register_connection(guest, slow)
    real.deploy()
    rm = real.get_resource(slow)
    assert isinstance(rm, Slow)
    rm.begun.wait()
    facts = [(fact.depth, fact.guid, fact.kind, fact.guids) for fact in chain(real, guest)]
    rm.go.set()
    real.wait_started([slow, guest])
    assert facts == [(0, guest, Kind.PEER, (slow,)), (1, slow, Kind.HOOK, ())]


def test_who_is_ready_names_the_members_that_hold_the_barrier(real: ExperimentController) -> None:
    slow, quick = real.register_resource("test::Slow"), real.register_resource("test::Recorder")
    real.deploy()
    real.wait_deployed(quick)
    rm = real.get_resource(slow)
    assert isinstance(rm, Slow)
    rm.begun.wait()
    facts = chain(real, quick)
    rm.go.set()
    real.wait_started([slow, quick])
    assert facts[0] == Fact(quick, Kind.BARRIER, START, (slow,), READY)
    assert (facts[1].guid, facts[1].kind, facts[1].depth) == (slow, Kind.HOOK, 1)


def test_a_hook_that_promised_its_move_is_told_from_one_that_runs(
    real: ExperimentController,
) -> None:
    guid = real.register_resource("test::Promiser")
    real.deploy()
    real.wait_deployed(guid)
    real._life.claim(rm := real._rm(guid))  # after this the start was called
    real._life.yield_(rm)
    fact = only(real, guid)
    assert (fact.kind, fact.text, fact.state) == (Kind.LATER, "do_start", STARTED)


def test_an_unmet_condition_names_those_and_the_state(ec: ExperimentController) -> None:
    one, two = (ec.register_resource("test::Recorder") for _ in range(2))
    ec.register_condition(two, "start", one, "STOPPED")
    ec.deploy()
    ec.wait_started(one)
    assert only(ec, two) == Fact(two, Kind.CONDITION, START, (one,), STOPPED)
    assert [fact.kind for fact in chain(ec, two)] == [Kind.CONDITION, Kind.RUNNING]


def test_a_condition_that_is_met_says_when_the_action_is_due(ec: ExperimentController) -> None:
    one, two = (ec.register_resource("test::Recorder") for _ in range(2))
    ec.register_condition(two, "start", one, "STARTED", "30s")
    ec.deploy()
    ec.wait_started(one)
    assert only(ec, two) == Fact(two, Kind.DUE, START, at=30.0)


def test_what_runs_says_what_its_stop_waits_for(ec: ExperimentController) -> None:
    one, two = (ec.register_resource("test::Recorder") for _ in range(2))
    ec.register_condition(two, "stop", one, "STOPPED")
    ec.deploy()
    ec.wait_started([one, two])
    assert reasons(ec, two) == [
        Fact(two, Kind.RUNNING, at=0.0),
        Fact(two, Kind.CONDITION, STOP, (one,), STOPPED),
    ]


def test_a_failure_leads_to_the_one_that_caused_it(ec: ExperimentController) -> None:
    node = ec.register_resource("test::Node", fail_in="do_deploy", critical=False)
    app = ec.register_resource("test::App", critical=False)
    ec.register_connection(app, node)
    ec.deploy()
    ec.wait_deployed([app, node])
    mine, its = chain(ec, app)
    assert (mine.guid, mine.kind, mine.guids) == (app, Kind.FAILED, (node,))
    assert (its.guid, its.kind, its.depth) == (node, Kind.FAILED, 1)
    assert its.text == "do_deploy was told to fail"


def test_an_aborted_run_names_who_aborted_it_and_why(ec: ExperimentController) -> None:
    bad = ec.register_resource("test::Recorder", fail_in="do_start")
    good = ec.register_resource("test::Recorder")
    ec.register_condition(good, "start", bad, "READY", "1s")
    ec.deploy()
    ec.wait_started(bad)
    facts = reasons(ec, good)
    assert Fact(good, Kind.ABORTED, None, (bad,), None, None, "do_start was told to fail") in facts


def test_release_is_final_and_says_when(ec: ExperimentController) -> None:
    guid = ec.register_resource("test::Recorder")
    ec.deploy()
    ec.wait_started(guid)
    ec.release()
    assert only(ec, guid) == Fact(guid, Kind.RELEASED, at=0.0)


def test_a_half_deployed_resource_is_held_by_nothing(ec: ExperimentController) -> None:
    guid = ec.register_resource("test::Recorder")
    ec.deploy(guid)
    ec.wait_started(guid)
    ec.stop(guid)
    assert [fact.kind for fact in reasons(ec, guid)] == [Kind.STOPPED]


def test_asking_for_nobody_is_an_error(ec: ExperimentController) -> None:
    with pytest.raises(NepishellError, match="'9' is not a guid"):
        reasons(ec, 9)


def test_one_who_is_waited_for_twice_is_followed_once(ec: ExperimentController) -> None:
    one, two = (ec.register_resource("test::Recorder") for _ in range(2))
    ec.register_condition(two, "start", one, "STOPPED")
    ec.register_condition(two, "start", one, "RELEASED")
    ec.deploy()
    ec.wait_started(one)
    assert [fact.guid for fact in chain(ec, two)] == [two, one, two]


def test_virtual_time_does_not_pass_by_asking(ec: ExperimentController) -> None:
    assert isinstance(ec.clock, VirtualClock)
    guid = ec.register_resource("test::Recorder", run_for="5s")
    ec.deploy()
    ec.wait_started(guid)
    chain(ec, guid)
    assert ec.clock.now() == 0.0
