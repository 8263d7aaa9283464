"""Resource types written for NEPI, with nothing but the imports changed."""

from typing import Any

import pytest

from nepishell import (
    Attribute,
    ExperimentController,
    Flags,
    ResourceFactory,
    ResourceManager,
    ResourceState,
    Trace,
    Types,
    clsinit,
    clsinit_copy,
)


@clsinit_copy
class Channel(ResourceManager):
    _rtype = "old::Channel"
    _help = "A channel"
    _backend = "simulated"

    @classmethod
    def _register_attributes(cls) -> None:
        cls._register_attribute(
            Attribute("mode", "g or b", type=Types.Enumerate, default="g", allowed=["b", "g"])
        )

    @classmethod
    def _register_traces(cls) -> None:
        cls._register_trace(Trace("pcap", "what passed"))

    def do_deploy(self) -> Any:
        nodes = self.get_connected("old::Node")
        if not nodes or any(node.state < ResourceState.READY for node in nodes):
            return self.ec.schedule(self.reschedule_delay, self.deploy)
        return super().do_deploy()


@clsinit
class Node(ResourceManager):
    _rtype = "old::Node"

    def do_deploy(self) -> None:
        self.do_discover()
        self.do_provision()
        self.set_ready()


@clsinit_copy
class Application(Channel):
    """Runs for three seconds."""

    _rtype = "old::Application"
    _reschedule_delay = "0.25s"

    @classmethod
    def _register_attributes(cls) -> None:
        cls._register_attribute(Attribute("command", "what", flags=Flags.Design))
        cls._remove_attribute("mode")

    def do_start(self) -> None:
        self.set_started()
        self.ec.schedule("3s", self.stop)


@pytest.fixture
def experiment(ec: ExperimentController) -> tuple[ExperimentController, list[int]]:
    for rclass in (Channel, Node, Application):
        ResourceFactory.register_type(rclass)
    guids = [ec.register_resource(r) for r in ("old::Application", "old::Channel", "old::Node")]
    app, channel, node = guids
    ec.register_connection(app, node)
    ec.register_connection(channel, node)
    return ec, guids


def test_types_that_schedule_themselves_until_their_peers_are_ready_work(
    experiment: tuple[ExperimentController, list[int]],
) -> None:
    ec, guids = experiment
    ec.register_condition(guids[2], "deploy", guids[2], "NEW", "10s")
    ec.deploy()

    assert ec.wait_started(guids)
    assert ec.wait_finished(guids[0])
    stamps = [ec._rm(guid)._stamps[ResourceState.READY] for guid in guids]
    assert stamps == [10.25, 10.5, 10.0] or stamps == [10.0, 10.0, 10.0]
    ec.shutdown()
    assert {ec.state(guid) for guid in guids} == {ResourceState.RELEASED}


def test_one_that_waits_for_a_peer_that_never_comes_is_released_all_the_same(
    experiment: tuple[ExperimentController, list[int]],
) -> None:
    ec, guids = experiment
    ec.deploy(guids[1])
    assert ec.wait_deployed(guids[1], timeout="1m").timed_out

    assert ec.release(guids[1])


def test_it_is_declared_the_old_way() -> None:
    assert (Channel.get_rtype(), Channel.get_help()) == ("old::Channel", "A channel")
    assert Channel.get_backend() == "simulated"
    assert set(Channel.get_attributes()) == {"critical", "hardRelease", "mode"}
    assert set(Application.get_attributes()) == {"critical", "hardRelease", "command"}
    assert [trace.name for trace in Application.get_traces()] == ["pcap"]
    assert set(Node.get_attributes()) == {"critical", "hardRelease"}
    assert Application.is_rm_instance("old::Channel")
    assert not Channel.is_rm_instance("old::Application")


def test_its_instances_answer_the_old_questions(
    experiment: tuple[ExperimentController, list[int]],
) -> None:
    ec, (app, channel, node) = experiment
    rm = ec._rm(channel)
    rm.set("mode", "b")

    assert (rm.get("mode"), rm.has_changed("mode"), rm.has_changed("critical")) == (
        "b",
        True,
        False,
    )
    assert rm.has_attribute("mode")
    assert not rm.has_flag("mode", Flags.Design)
    assert (rm.reschedule_delay, ec._rm(app).reschedule_delay) == ("0.5s", "0.25s")
    assert [other.guid for other in ec._rm(node).get_connected()] == [app, channel]
    assert [o.guid for o in ec._rm(node).get_connected("old::Application")] == [app]


def test_its_seven_times_are_aware_and_in_order(
    experiment: tuple[ExperimentController, list[int]],
) -> None:
    ec, guids = experiment
    rm = ec._rm(guids[0])
    assert rm.start_time is None
    ec.deploy()
    ec.wait_finished(guids[0])
    ec.release()
    times = [
        rm.discover_time, rm.provision_time, rm.ready_time, rm.start_time, rm.stop_time,
        rm.release_time,
    ]  # fmt: skip

    assert all(time is not None and time.utcoffset() is not None for time in times)
    assert times == sorted(times)  # type: ignore[type-var]
    assert rm.failed_time is None
    assert times[3] == ec.get_start_time(guids[0])
