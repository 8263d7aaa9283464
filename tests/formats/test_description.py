"""An experiment as plain values, and back."""

import random
from pathlib import Path

import pytest

from nepishell.core.errors import BadValue
from nepishell.core.states import ResourceState
from nepishell.engine.controller import ExperimentController
from nepishell.formats.description import Description, Saved, describe, fill, in_order
from nepishell.testing import virtual
from tests.commands.stand import Session, register


@pytest.fixture
def whole(session: Session) -> Session:
    """Nodes, a link, a program that is held back, a secret, a trace."""
    session(
        "add test::Node h1,h2",
        "add test::Link wire delay=20ms loss=1%",
        "connect h2 wire",
        "connect h1 wire",
        "add test::App probe on h1 target=h2 critical=false",
        "when wire STARTED +2s start probe",
        "trace probe debug on",
        "when probe STARTED +1s set wire delay 50ms",
        "set wire secret 1234",
    )
    return session


def described(session: Session) -> list[tuple[object, ...]]:
    """What a person would say is the experiment."""
    ec = session.ec
    return [
        (guid, rm.rtype, rm.label, dict(rm._values or {}), ec.connections(guid),
         ec.conditions(guid), dict(rm._enabled or {}), ec.waiting_for(guid))
        for guid, rm in ec.managers.items()
    ]  # fmt: skip


def test_what_is_described_again_is_the_same_but_for_secrets(
    whole: Session, tmp_path: Path
) -> None:
    before = described(whole)
    found = describe(whole.ec)
    with ExperimentController("other", local_dir=tmp_path) as ec:
        fill(ec, found)
        after = described(Session(ec))
    assert before[2][3] == {"delay": 0.02, "loss": 1.0, "secret": "1234"}
    before[2][3].pop("secret")  # type: ignore[attr-defined]
    assert after == before


def test_states_times_and_groups_are_told(whole: Session) -> None:
    whole("deploy h1,h2,wire")
    one = describe(whole.ec).resources[0]
    assert one.state is ResourceState.STARTED
    assert one.group == 1
    assert set(one.times) >= {ResourceState.READY, ResourceState.STARTED}
    assert describe(whole.ec).groups == {1: True}


def test_the_order_of_connections_is_kept() -> None:
    random_ = random.Random(5)
    for _ in range(30):
        had: dict[int, list[int]] = {guid: [] for guid in range(1, 9)}
        for _ in range(12):
            one, two = random_.sample(range(1, 9), 2)
            if two not in had[one]:
                had[one].append(two)
                had[two].append(one)
        again: dict[int, list[int]] = {guid: [] for guid in had}
        saved = [Saved(guid=guid, rtype="x", connections=list(had[guid])) for guid in had]
        for one, two in in_order(saved):
            again[one].append(two)
            again[two].append(one)
        assert again == had


def test_orders_that_contradict_each_other_still_connect_all_once() -> None:
    saved = [
        Saved(guid=1, rtype="x", connections=[2, 3]),
        Saved(guid=2, rtype="x", connections=[3, 1]),
        Saved(guid=3, rtype="x", connections=[1]),  # 2 is told by one side alone
    ]
    pairs = [frozenset(pair) for pair in in_order(saved)]
    assert sorted(map(sorted, pairs)) == [[1, 2], [1, 3], [2, 3]]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"rtype": "test::Nood"}, r"here: no resource type 'test::Nood'"),
        ({"label": "a b"}, "here: 'a b' is not a label"),
        ({"values": {"colour": 1}}, "here: test::App has no attribute 'colour'"),
        ({"values": {"fails": "perhaps"}}, "here: fails: 'perhaps' is not a boolean"),
        ({"connections": [7]}, "here: resource 2 is connected to 7, which is not in the file"),
        ({"traces": {"rrt": True}}, "here: test::App has no trace 'rrt'"),
    ],
)
def test_what_cannot_be_is_told_with_its_place(wrong: dict[str, object], message: str) -> None:
    node = Saved(guid=1, rtype="test::Node")
    bad = Saved(**{"guid": 2, "rtype": "test::App", "place": "here", **wrong})  # type: ignore[arg-type]
    with virtual() as ec:
        register()
        with pytest.raises(BadValue, match=message):
            fill(ec, Description(exp_id="e", resources=[node, bad]))
