"""A change is taken back exactly, or not at all; others' changes are not recorded."""

import threading

import pytest

from nepishell import ExperimentController
from nepishell.core.attributes import Attribute
from nepishell.core.errors import NepishellError
from nepishell.engine.factory import ResourceFactory
from nepishell.engine.resource import ResourceManager


class Thing(ResourceManager):
    """Anything."""

    rtype = "undo::Thing"
    size = Attribute(int, default=1, help="how big")
    speed = Attribute(int, default=1, live=True, help="how fast")
    refuses: bool = False

    def do_connect(self, guid: int) -> None:
        if type(self).refuses:
            raise NepishellError("not today")

    def do_set(self, name: str, old: object, new: object) -> None:
        if new == 13:
            raise NepishellError("bad luck")


@pytest.fixture(autouse=True)
def _things(monkeypatch: pytest.MonkeyPatch) -> None:
    ResourceFactory.register_type(Thing)
    monkeypatch.setattr(Thing, "refuses", False)


@pytest.fixture
def two(ec: ExperimentController) -> ExperimentController:
    ec.register_resource("undo::Thing", label="a")
    ec.register_resource("undo::Thing", label="b")
    return ec


def test_a_number_that_was_taken_back_is_given_again(two: ExperimentController) -> None:
    with two.recording() as change:
        two.register_resource("undo::Thing")
    two.take_back(change)
    assert two.register_resource("undo::Thing") == 3


def test_the_same_resource_comes_back(two: ExperimentController) -> None:
    rm = two.get_resource(1)
    with two.recording() as change:
        two.remove_resource(1)
    two.take_back(change)
    assert two.get_resource(1) is rm
    assert (two.resources, two.find("a")) == ([1, 2], 1)


def test_what_another_thread_changes_meanwhile_is_not_recorded(two: ExperimentController) -> None:
    with two.recording() as change:
        other = threading.Thread(target=lambda: two.set(1, "size", 7))
        other.start()
        other.join()
    assert not change
    assert two.get(1, "size") == 7


def test_an_error_takes_back_what_was_done_so_far(two: ExperimentController) -> None:
    def describe() -> None:
        with two.recording():
            two.set(1, "size", 5)
            two.register_connection(1, 2)
            two.set(1, "colour", "red")

    with pytest.raises(NepishellError, match="no attribute"):
        describe()
    assert two.get(1, "size") == 1
    assert two.connections(1) == []


def test_one_that_refuses_to_come_back_leaves_all_as_it_was(two: ExperimentController) -> None:
    two.register_connection(1, 2)
    with two.recording() as change:
        two.set(1, "size", 5)
        two.unregister_connection(1, 2)
    Thing.refuses = True
    with pytest.raises(NepishellError, match="not today"):
        two.take_back(change)
    assert (two.get(1, "size"), two.connections(1)) == (5, [])


def test_a_resource_that_others_need_since_stays(two: ExperimentController) -> None:
    with two.recording() as change:
        two.register_resource("undo::Thing", label="c")
    two.register_condition(1, "start", 3, "STARTED")
    with pytest.raises(NepishellError, match="a needs c since"):
        two.take_back(change)
    assert two.resources == [1, 2, 3]


def test_a_design_value_of_a_resource_deployed_since_stays(two: ExperimentController) -> None:
    with two.recording() as change:
        two.set(1, "size", 5)
    two.deploy()
    assert two.wait_started(two.resources)
    with pytest.raises(NepishellError, match="a was deployed since"):
        two.take_back(change)
    assert two.get(1, "size") == 5


def test_a_live_value_is_applied_when_it_is_taken_back(two: ExperimentController) -> None:
    two.deploy()
    two.wait_started(two.resources)
    with two.recording() as change:
        two.set(1, "speed", 5)
    two.take_back(change)
    assert two.get(1, "speed") == 1


def test_nothing_changed_is_no_change(two: ExperimentController) -> None:
    with two.recording() as change:
        two.set_label(1, "x")
        two.set_label(1, "a")
    assert not change
