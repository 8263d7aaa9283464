"""What reaches out of a lab is refused; what an innocent student may have typed is left out."""

import pytest

from nepishell.labs.guarding import Verdict, judge, strange
from nepishell.labs.playing import Stage


def judged(stage: Stage, line: str) -> tuple[Verdict, str]:
    (call,) = stage.calls(line)
    return judge(call)


@pytest.fixture
def known(empty_stage: Stage) -> Stage:
    empty_stage.do("add netns::Node h1")
    empty_stage.do("add linux::Application app on h1 command=true")
    return empty_stage


@pytest.mark.parametrize(
    "line",
    [
        "h1 ip route add default via 10.0.0.1",
        "h1 ip -6 -br address",
        "h1 ss -tlnp",
        "add linux::Ping p on h1 target=10.0.0.1 count=3",
        "add netns::Link l delay=5ms",
        'set app command "ping -c 1 10.0.0.1"',
        'set app env "HELLO=0.1 DEAD=3"',
        "h1 sysctl -w net.ipv4.ip_forward=1",
        "at +2s h1 ip link set lo up",
        "wait 2s",
        "deploy",
        "when h1 STARTED +1s start app",
    ],
)
def test_what_stays_in_the_lab_is_done_again(known: Stage, line: str) -> None:
    assert judged(known, line) == (Verdict.DO, "")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("source /etc/passwd", "'source' is not for labs"),
        ("load /etc/passwd.json", "'load' is not for labs"),
        ("export /tmp/x.zip", "'export' is not for labs"),
        ("lab start routes", "'lab start' is not for labs"),
        ("h1 ip address > /tmp/x", "it writes into the file '/tmp/x'"),
        ("add local::Node me", "a local::Node is not of a lab"),
        ("add linux::Node me hostname=localhost", "a linux::Node is not of a lab"),
        ("add linux::Application a on h1 command=true sources=/etc/passwd",
         "'sources' reaches out of the lab"),
        ("add linux::Application a on h1 command=id shell=true", "'shell' reaches out of the lab"),
        ("set app build \"id\"", "'build' reaches out of the lab"),
        ('set app env "LD_PRELOAD=/tmp/x.so"', "it sets LD_PRELOAD for a program"),
        ("h1 ip netns exec x id", "'ip netns' reaches out of the lab"),
        ("h1 ip vr exec x id", "'ip exec' reaches out of the lab"),
        ("h1 ip netn e x id", "'ip netn' reaches out of the lab"),
        ("h1 ip link set eth0 netns 1", "'ip netns' reaches out of the lab"),
        ("h1 ip link set eth0 xdpgeneric obj x.o", "'ip xdpgeneric' reaches out of the lab"),
        ("h1 tc -ba x", "'tc -ba' reaches out of the lab"),
        ("set app build=id sudo=true", "'build' reaches out of the lab"),
        ("h1 ip -batch /etc/passwd", "'ip -batch' reaches out of the lab"),
        ("h1 sysctl -w kernel.core_pattern=x", "it changes settings of the machine"),
        ("at +2s exec h1 ip netns exec x id", "'ip netns' reaches out of the lab"),
        ("every 1s source /etc/passwd", "'source' is not for labs"),
    ],
)  # fmt: skip
def test_what_reaches_out_of_the_lab_is_refused(known: Stage, line: str, why: str) -> None:
    assert judged(known, line) == (Verdict.REFUSE, why)


@pytest.mark.parametrize(
    "line",
    ["h1 cat /etc/passwd", "h1 sh -c id", "add linux::Application a on h1 command='rm -rf x'",
     "h1 /usr/sbin/ip address", "h1 iperf3 -s --logfile x", "h1 ss -D x",
     "h1 sysctl -p x", "h1 mtr -F x", "h1 hostname x"],
)  # fmt: skip
def test_other_programs_are_left_out_by_name(known: Stage, line: str) -> None:
    verdict, why = judged(known, line)

    assert verdict is Verdict.SKIP
    assert why.endswith("is not run at grading")


def test_a_resource_is_strange_whichever_way_it_came(known: Stage) -> None:
    known.do("add local::Node me")
    known.do("add linux::Application bad on h1 command=id shell=true")
    rms = {known.ctx.name(guid): known.ctx.rm(guid) for guid in known.ec.resources}

    assert {name: strange(rm) for name, rm in rms.items()} == {
        "h1": "", "app": "", "me": "a local::Node is not of a lab",
        "bad": "'shell' reaches out of the lab",
    }  # fmt: skip
