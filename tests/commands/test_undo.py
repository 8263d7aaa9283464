"""Undo of do is identity; redo of undo is identity; what cannot be undone changes nothing."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nepishell.core.errors import NepishellError
from tests.commands.stand import Session, open_session


def described(session: Session) -> Any:
    """All that design commands can change, in a form that can be compared."""
    ec = session.ec
    resources = [
        (
            guid,
            ec.managers[guid].rtype,
            ec.label(guid),
            ec.state(guid),
            dict(ec.managers[guid]._values or {}),
            ec.connections(guid),
            [str(condition) for condition in ec.conditions(guid)],
            [(trace.name, ec.trace_enabled(guid, trace.name)) for trace in ec.get_traces(guid)],
            len(ec.waiting_for(guid)),
        )
        for guid in ec.resources
    ]
    waited = {target: set(holders) for target, holders in ec._waited.items() if holders}
    return resources, dict(ec.labels), dict(session.ctx.parameters), ec._guids.peek(), waited


@pytest.fixture
def typed(pair: Session) -> Session:
    """The pair at a prompt that remembers, before anything more was typed."""
    pair.ctx.remember()
    return pair


NAMES = st.sampled_from(["h1", "h2", "h3", "wire", "probe", "x", "y"])
VALUES = st.sampled_from(["5ms", "20ms", "none"])
DESIGN_LINES = st.one_of(
    st.builds("add test::Node {}".format, NAMES),
    st.builds("add test::Link {} delay={}".format, NAMES, st.sampled_from(["1ms", "2ms"])),
    st.builds("add test::App {} on {}".format, NAMES, NAMES),
    st.builds("add test::Node n[1-{}]".format, st.integers(1, 3)),
    st.builds("remove {}".format, NAMES),
    st.builds("remove {},{}".format, NAMES, NAMES),
    st.builds("label {} {}".format, NAMES, NAMES),
    st.builds("connect {} {}".format, NAMES, NAMES),
    st.builds("connect {} {} {}".format, NAMES, NAMES, NAMES),
    st.sampled_from(["disconnect h1 wire", "disconnect wire h2", "disconnect probe h1"]),
    st.builds("set {} delay {}".format, NAMES, VALUES),
    st.builds("set wire delay={} loss={}".format, VALUES, st.sampled_from(["1%", "2%"])),
    st.builds("set {} critical {}".format, NAMES, st.sampled_from(["true", "false"])),
    st.builds("set probe target {}".format, st.sampled_from(["h2", "h1", "none"])),
    st.builds("when {} STARTED start {}".format, NAMES, NAMES),
    st.builds("when {} STARTED +2s stop {}".format, NAMES, NAMES),
    st.builds("when {} STARTED +1s set wire delay 7ms".format, NAMES),
    st.builds("trace probe {} {}".format, st.sampled_from(["rtt", "debug"]),
              st.sampled_from(["on", "off"])),
    st.builds("param {} {}".format, st.sampled_from(["a", "b"]), st.sampled_from(["1", "2"])),
)  # fmt: skip


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(lines=st.lists(DESIGN_LINES, max_size=14))
def test_undo_and_redo_go_through_the_same_descriptions(tmp_path: Path, lines: list[str]) -> None:
    with open_session(tmp_path) as session:
        session.ctx.remember()
        past = session.ctx.past
        assert past is not None
        session(
            "add test::Node h1,h2",
            "add test::Link wire delay=20ms",
            "connect h1 wire h2",
            "add test::App probe on h1",
        )
        stations = [described(session)]
        for line in lines:
            begun = len(past.done)
            try:
                session(line)
            except NepishellError:
                assert described(session) == stations[-1]
            if len(past.done) > begun:
                stations.append(described(session))
            assert described(session) == stations[-1]
        for station in reversed(stations[:-1]):
            session("undo")
            assert described(session) == station
        for station in stations[1:]:
            session("redo")
            assert described(session) == station
        if len(stations) > 1:
            session(f"undo {len(stations) - 1}")
            assert described(session) == stations[0]


def test_a_description_that_failed_half_way_leaves_nothing(typed: Session) -> None:
    before = described(typed)
    typed("when wire STARTED start probe")
    with_condition = described(typed)
    with pytest.raises(NepishellError, match="remove the condition first"):
        typed("remove h2,wire")
    assert described(typed) == with_condition
    typed("undo")
    assert described(typed) == before


def test_what_was_described_anew_forgets_what_was_undone(typed: Session) -> None:
    typed("label h1 a", "undo", "label h1 b")
    with pytest.raises(NepishellError, match="nothing to redo"):
        typed("redo")


def test_a_removed_resource_comes_back_where_it_stood(typed: Session) -> None:
    typed("remove wire,h1", "undo")
    assert typed.ec.resources == [1, 2, 3, 4]
    assert typed.ec.connections(3) == [1, 2]


def test_what_runs_cannot_be_undone_and_says_what_gives_it_back(typed: Session) -> None:
    typed("label wire cable", "deploy")
    before = described(typed)
    with pytest.raises(NepishellError, match=r"'deploy'.* cannot be undone: 'release .*' gives"):
        typed("undo")
    assert described(typed) == before


def test_a_resource_that_was_deployed_since_stays(typed: Session) -> None:
    typed("add test::Node h3", "deploy")
    before = described(typed)
    with pytest.raises(NepishellError, match="h3 was deployed since; release it first"):
        typed("undo past")
    assert described(typed) == before


def test_of_several_all_are_undone_or_none(typed: Session) -> None:
    typed("add test::Node h3", "deploy", "set wire delay 5ms")
    before = described(typed)
    with pytest.raises(NepishellError, match="nothing was changed"):
        typed("undo past 2")
    assert described(typed) == before


def test_a_setting_of_what_runs_is_undone_at_once(typed: Session) -> None:
    typed("deploy", "set wire delay 50ms", "exec h1 true")
    noted = typed("undo")
    assert typed.ec.get(3, "delay") == 0.02
    assert noted.text == "undone: set wire delay 50ms; 'exec h1 true' stays done"


def test_an_old_value_that_is_refused_now_leaves_the_new_one(typed: Session) -> None:
    typed("set wire delay 13ms", "set wire delay 20ms")
    typed("deploy")
    before = described(typed)
    with pytest.raises(NepishellError, match="bad luck"):
        typed("undo past")
    assert described(typed) == before


def test_what_something_else_changed_since_stays(typed: Session) -> None:
    typed("set wire delay 50ms")
    typed.ec.set(3, "delay", "60ms")
    with pytest.raises(NepishellError, match=r"wire\.delay was changed since"):
        typed("undo")


def test_a_setting_that_waited_and_was_applied_cannot_be_undone(typed: Session) -> None:
    typed("when h1 STARTED set wire delay 7ms", "deploy")
    typed("wait h1 STARTED")
    typed.ec.bus.drain()
    with pytest.raises(NepishellError, match=r"wire\.delay was changed since"):
        typed("undo past")


def test_several_are_undone_at_once(typed: Session) -> None:
    typed("label h1 a", "label h2 b")
    typed("undo 2")
    assert set(typed.ec.labels) == {"h1", "h2", "wire", "probe"}


def test_history_says_what_can_be_undone(typed: Session) -> None:
    typed("label h1 a", "set wire delay 5ms", "undo", "deploy", "exec a true")
    rows = [(row[0], row[2], row[3]) for row in typed("history").rows]
    assert rows == [
        ("#1", "label h1 a", "yes"),
        ("#2", "set wire delay 5ms", "undone; redo"),
        ("#3", "deploy", "no: 'release a,h2,probe,wire' gives it back"),
        ("#4", "exec a true", "no: what the program did stays done"),
    ]


def test_looking_is_not_remembered(typed: Session) -> None:
    typed("list", "get wire", "param")
    assert typed("history").rows == []


def test_nothing_is_remembered_in_a_recipe(pair: Session) -> None:
    with pytest.raises(NepishellError, match="for the prompt"):
        pair("undo")
