"""Parts of a description are equal when they are the same thing, and know how far it is."""

from nepishell import ExperimentController
from nepishell.engine.described import Connections, Label, Presence, Setting, stage
from nepishell.engine.factory import ResourceFactory
from nepishell.engine.resource import ResourceManager


class Part(ResourceManager):
    """Anything."""

    rtype = "described::Part"


def test_two_names_for_the_same_aspect_are_one_part(ec: ExperimentController) -> None:
    ResourceFactory.register_type(Part)
    one = ec.managers[ec.register_resource("described::Part")]
    two = ec.managers[ec.register_resource("described::Part")]
    assert Setting(one, "critical") == Setting(one, "critical")
    assert len({Label(one), Label(two), Presence(one), Connections(one), Label(one)}) == 4


def test_the_stage_tells_described_from_deployed_and_released(ec: ExperimentController) -> None:
    ResourceFactory.register_type(Part)
    rm = ec.managers[ec.register_resource("described::Part")]
    assert stage(rm) == "described"
    ec.deploy()
    assert stage(rm) == "deployed"
    ec.wait_started(rm.guid)
    ec.release()
    assert stage(rm) == "RELEASED"
