import pytest

from bench.wire import Namespaces
from nepishell.core.errors import HostError
from nepishell.hosts.netns.engines import (
    NETEM,
    RELAY,
    TBF,
    VETH,
    Capabilities,
    check,
    choose,
    probe_kernel,
    segments_apart,
    wanted,
)
from nepishell.hosts.netns.model import Shape

PLAIN = Shape()
ALL = Capabilities(netem=True, tbf=True)
NO_NETEM = Capabilities(netem=False, tbf=True)
NOTHING = Capabilities(netem=False, tbf=False, packet=False)


@pytest.mark.parametrize(
    ("forward", "backward", "can", "engine", "why"),
    [
        (PLAIN, PLAIN, ALL, VETH, "nothing to emulate"),
        (PLAIN, PLAIN, NOTHING, VETH, "nothing to emulate"),
        (Shape(up=False), Shape(up=False), NOTHING, VETH, "nothing to emulate"),
        (Shape(rate=1e6), PLAIN, ALL, TBF, "rate: the kernel's tbf does it"),
        (Shape(rate=1e6, queue=9), PLAIN, NO_NETEM, TBF, "rate queue: the kernel's tbf does it"),
        (Shape(delay=0.01), PLAIN, ALL, NETEM, "delay: the kernel's netem does it"),
        (PLAIN, Shape(delay=0.01), NO_NETEM, RELAY, "delay: the kernel has no netem"),
        (
            Shape(delay=0.01, rate=1e6),
            Shape(loss=1),
            NO_NETEM,
            RELAY,
            "rate delay loss: the kernel has no netem",
        ),
        (
            Shape(delay=0.01, rate=1e6, queue=5),
            PLAIN,
            ALL,
            RELAY,
            "rate delay queue: netem counts packets in flight as waiting: "
            "queue with delay is not exact",
        ),
        (Shape(up=False), PLAIN, NO_NETEM, RELAY, "up in one direction: the kernel has no netem"),
    ],
)
def test_the_simplest_engine_that_can_do_all_is_taken_and_says_why(
    forward: Shape, backward: Shape, can: Capabilities, engine: str, why: str
) -> None:
    assert choose(forward, backward, can) == (engine, why)


@pytest.mark.parametrize("engine", [VETH, TBF, NETEM, RELAY])
def test_a_wish_that_can_be_granted_is(engine: str) -> None:
    shape = {VETH: PLAIN, TBF: Shape(rate=1e6)}.get(engine, Shape(delay=0.01))
    assert choose(shape, shape, ALL, engine) == (engine, "asked for")


@pytest.mark.parametrize(
    ("wish", "can", "message"),
    [
        (VETH, ALL, "engine veth cannot carry this link: it cannot do rate delay"),
        (TBF, ALL, "engine tbf cannot carry this link: it cannot do delay"),
        (TBF, NOTHING, "engine tbf cannot carry this link: the kernel has no tbf"),
        (NETEM, NO_NETEM, "engine netem cannot carry this link: the kernel has no netem"),
        (RELAY, NOTHING, "engine relay cannot carry this link: packet sockets are refused here"),
        ("ns3", ALL, "no engine 'ns3'; known: auto, veth, tbf, netem, relay"),
        (
            "auto",
            NOTHING,
            "no engine can carry this link: "
            "the kernel has no netem; packet sockets are refused here",
        ),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line(
    wish: str, can: Capabilities, message: str
) -> None:
    with pytest.raises(HostError) as raised:
        choose(Shape(rate=1e6), Shape(delay=0.01), can, wish)
    assert str(raised.value) == message


def test_what_is_asked_is_listed_once_for_both_directions() -> None:
    assert wanted(Shape(delay=1, loss=1), Shape(rate=1, loss=2)) == ["rate", "delay", "loss"]


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        (Shape(delay=-0.001), "delay -0.001 is negative"),
        (Shape(loss=101), "loss 101 is more than 100 percent"),
        (Shape(delay=0.01, jitter=0.02), "jitter 20ms is more than the delay 10ms"),
        (Shape(reorder=10), "reorder needs a delay: packets overtake by skipping it"),
        (Shape(queue=10), "queue needs a rate: without one nothing waits"),
    ],
)
def test_a_shape_that_makes_no_sense_is_refused(shape: Shape, message: str) -> None:
    with pytest.raises(HostError) as raised:
        check(shape)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("shape", "apart"),
    [
        (PLAIN, False),
        (Shape(delay=0.01, jitter=0.001), False),
        (Shape(up=False), False),
        (Shape(loss=1), True),
        (Shape(rate=1e6), True),
        (Shape(delay=0.01, corrupt=1), True),
    ],
)
def test_segments_come_apart_where_something_is_done_per_packet(shape: Shape, apart: bool) -> None:
    assert segments_apart(shape) is apart


@pytest.mark.root
@pytest.mark.lab
def test_the_probe_says_of_each_engine_whether_this_kernel_has_it() -> None:
    spaces = Namespaces("scratch", "other")
    try:
        found = spaces.inside("scratch", probe_kernel)
        # tc is the judge, where it is installed and understands the kernel
        add = ("tc", "qdisc", "add", "dev", "lo")
        bucket = ("tbf", "rate", "1mbit", "burst", "2k", "latency", "1s")
        said = {
            "tbf": spaces.run("scratch", *add, "root", *bucket),
            "netem": spaces.run("other", *add, "root", "netem"),
        }
    finally:
        spaces.close()
    assert {name: not text for name, text in said.items()} == {
        "netem": found.netem,
        "tbf": found.tbf,
    }
    assert found.packet


@pytest.mark.root
@pytest.mark.lab
def test_the_probe_leaves_nothing_behind() -> None:
    spaces = Namespaces("scratch")
    try:
        before = spaces.run("scratch", "tc", "qdisc", "show", "dev", "lo")
        spaces.inside("scratch", probe_kernel)
        assert spaces.run("scratch", "tc", "qdisc", "show", "dev", "lo") == before
    finally:
        spaces.close()
