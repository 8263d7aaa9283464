"""Readers say what was expected, what was seen and by which command, and change nothing."""

import pytest

from nepishell.labs.kinds import KINDS
from nepishell.labs.playing import Stage
from nepishell.labs.readers import expectation, look
from nepishell.labs.results import Seen

EXAMPLE = {
    "from": "h1", "to": "h2", "on": "h1", "dst": "default", "of": "probe.rtt.min", "attr": "delay",
    "is": "STARTED", "pattern": "x", "run": "ip address", "question": "why",
}  # fmt: skip


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "answer"])
def test_each_kind_says_what_it_expects(kind: str) -> None:
    assert expectation(kind, {name: EXAMPLE[name] for name in KINDS[kind].needs})


@pytest.mark.lab
def test_what_can_be_seen_is_seen(stage: Stage) -> None:
    ctx, net = stage.ctx, stage.session.variant.values["net"]
    ping = f"add linux::Ping probe on h1 target=10.{net}.0.2 count=2 interval=50ms"
    address = f"h1 ip address add 10.{net}.0.1/24 dev eth0"
    for line in (address, ping, "deploy", "wait probe STOPPED"):
        assert stage.do(line) == ""

    def seen(kind: str, **wanted: str) -> tuple[bool, str]:
        found = look(ctx, kind, {name.rstrip("_"): text for name, text in wanted.items()})
        return found.ok, found.seen

    far = f"10.{net}.0.2"
    assert seen("reach", from_="h1", to=far) == (True, "an answer")
    assert seen("not_reach", from_="h1", to=far) == (False, "an answer")
    assert seen("not_reach", from_="h1", to="10.255.0.1")[0]
    assert seen("route", on="h1", dst=far, dev="eth0")[0]
    assert seen("route", on="h1", dst=far, via="h2") == (
        False, f"10.{net}.0.0/24 directly dev eth0",
    )  # fmt: skip
    assert seen("route", on="h1", dst="default") == (False, "no route there")
    assert seen("iface", on="h1", name="eth0", address=f"10.{net}.0.1/24", up="true")[0]
    assert seen("iface", on="h1", address=f"10.{net}.0.1/25") == (
        False, f"eth0 up mtu 1500 10.{net}.0.1/24",
    )  # fmt: skip
    assert seen("link", of="wire", attr="up", is_="true")[0]
    assert seen("state", of="h[1-2]", is_="started")[0]
    assert seen("state", of="h1,probe", is_="STARTED") == (False, "probe is STOPPED")
    assert seen("trace", of="probe", pattern="2 packets transmitted")[0]
    assert seen("metric", of="probe.loss", is_="0%") == (True, "0%")
    assert seen("command", on="h2", run="ip -br addr", pattern=f"{far}/24")[0]
    assert seen("command", on="h2", run="false", status="1") == (True, "status 1: nothing")


@pytest.mark.lab
def test_each_says_by_which_command(stage: Stage) -> None:
    assert look(stage.ctx, "state", {"of": "h1", "is": "FAILED"}) == Seen(
        False, "h1 is FAILED", "h1 is STARTED", "list h1"
    )


@pytest.mark.parametrize(
    ("kind", "wanted", "seen"),
    [
        ("reach", {"from": "nobody", "to": "h2"}, "there is no 'nobody'"),
        ("state", {"of": "nobody", "is": "STARTED"}, "no resource 'nobody'"),
        ("metric", {"of": "probe.rtt", "is": "1ms"}, "there is no 'probe'"),
        ("link", {"of": "wire", "attr": "dealy", "is": "1ms"}, "there is no 'wire'"),
        ("trace", {"of": "probe", "pattern": "x"}, "there is no 'probe'"),
    ],
)
def test_what_is_not_there_was_seen_as_that(
    empty_stage: Stage, kind: str, wanted: dict[str, str], seen: str
) -> None:
    found = look(empty_stage.ctx, kind, wanted)

    assert not found.ok
    assert found.seen.startswith(seen)
