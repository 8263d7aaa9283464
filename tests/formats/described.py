"""Descriptions to save, and a strategy for all that there can be."""

from datetime import UTC, datetime

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from nepishell.core.conditions import Condition
from nepishell.core.states import ResourceAction, ResourceState
from nepishell.formats.description import Description, Saved, Setting
from nepishell.formats.topology import Topology

BEGAN = datetime(2026, 1, 31, 12, 0, 0, 250, tzinfo=UTC)

#: No test of ours fails because a machine is slow.
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

#: A graph with addresses, and names and numbers for nodes.
GRAPH = Topology(
    topo_type="linear",
    nodes=[(0, {"source": True, "ips": ["10.0.0.1"]}), ("b", {"ips": ["10.0.0.2"], "rank": 2.5})],
    edges=[
        (0, "b", {
            "net": {0: "10.0.0.1", "b": "10.0.0.2", "mask": "255.255.255.252",
                    "network": "10.0.0.0", "prefix": 30},
            "weight": 3, "used": False, "host": "None",
        }),
    ],
)  # fmt: skip

#: One of everything.
FULL = Description(
    exp_id="full", run_id="20260131120000000250", nthreads=7, local_dir="/somewhere", seed=-5,
    began=BEGAN, topology=GRAPH, groups={1: True, 4: False},
    resources=[
        Saved(guid=1, rtype="test::Node", label="h1", state=ResourceState.STARTED, group=1,
              times={ResourceState.READY: 1.5, ResourceState.STARTED: 2.000001},
              connections=[3, 9]),
        Saved(guid=2, rtype="test::Node", label="h2", connections=[3]),
        Saved(guid=3, rtype="test::Link", label="wire", connections=[2, 1],
              values={"delay": 0.02, "loss": 1.0, "up": False}),
        Saved(guid=9, rtype="test::App", state=ResourceState.FAILED, reason='it "broke" <&>\n',
              values={"target": "None", "fails": True, "critical": None}, connections=[1],
              conditions=[Condition(ResourceAction.START, (1, 2), ResourceState.STARTED, 2.5),
                          Condition(ResourceAction.STOP, (1,), ResourceState.STOPPED)],
              settings=[Setting("delay", "5ms", (1,), ResourceState.STARTED, 3.0)],
              reported={"measured": 3, "said": "\x00\ud800"}, traces={"rtt": False, "debug": True}),
    ],
)  # fmt: skip

_text = st.text(max_size=12)
_word = st.text("abcXYZ_-. é<&\"'>\n\t", min_size=1, max_size=8)
_guid = st.integers(1, 2**63 - 1)
_value = (
    st.none() | st.booleans() | st.integers(-(2**62), 2**62)
    | st.floats(allow_nan=False, allow_infinity=False) | _text
)  # fmt: skip
_state = st.sampled_from(ResourceState)
_seconds = st.integers(0, 10**12).map(lambda us: us / 1e6)
_condition = st.builds(
    Condition, st.sampled_from(ResourceAction), st.lists(_guid, min_size=1, max_size=3).map(tuple),
    _state, _seconds,
)  # fmt: skip
_times = st.dictionaries(st.sampled_from(list(ResourceState)[1:]), _seconds, max_size=3).map(
    lambda times: dict(sorted(times.items()))
)
_saved = st.builds(
    Saved, guid=_guid, rtype=_word, label=_word | st.just(""), state=_state,
    reason=st.text("ab <&\"'>\n\t", max_size=9), group=st.none() | _guid, times=_times,
    values=st.dictionaries(_word, _value, max_size=3),
    reported=st.dictionaries(_word, _value, max_size=2),
    connections=st.lists(_guid, max_size=3), conditions=st.lists(_condition, max_size=2),
    settings=st.lists(
        st.builds(Setting, _word, _word, st.just((1,)), _state, _seconds), max_size=1
    ),
    traces=st.dictionaries(_word, st.booleans(), max_size=2),
)  # fmt: skip
descriptions = st.builds(
    Description, exp_id=_word, run_id=_word | st.just(""), nthreads=st.integers(1, 99),
    local_dir=_word | st.just(""), seed=st.none() | st.integers(-(2**62), 2**62),
    began=st.just(BEGAN), groups=st.dictionaries(_guid, st.booleans(), max_size=2),
    resources=st.lists(_saved, max_size=4),
)  # fmt: skip
