"""Topologies in Python, read and never run."""

from pathlib import Path

import pytest

from nepishell.core.errors import NepishellError
from nepishell.replay.foreign.mininet_python import read
from nepishell.replay.foreign.network import Network
from nepishell.replay.foreign.writing import recipe_of
from tests.replay.foreign.samples import PYTHON


@pytest.fixture
def built(tmp_path: Path):
    def make(text: str) -> Network:
        path = tmp_path / "x.py"
        path.write_text(text)
        return read(path)

    return make


def test_build_is_followed_with_its_loops_and_parameters() -> None:
    network = read(PYTHON)
    text = recipe_of(network)
    assert list(network.hosts) == ["r0", "h1", "h2", "far"]
    assert network.hosts["r0"].routes
    assert "name=r0-eth1 ip4=10.0.1.1/24" in text
    assert "add netns::Link far-r0 rate=10mbit delay=5ms\n" in text
    assert "exec h1 ip route add default via 10.0.1.1" in network.acts
    assert [left.rpartition(": ")[2] for left in network.left] == ["cpu of far"]


def test_a_script_without_a_class_is_followed_too(built) -> None:
    network = built(
        "import os\nos.system('touch /nonexistent/x')\nnet = Mininet()\n"
        "h1 = net.addHost('h1')\nh2 = net.addHost('h2')\nnet.addLink(h1, 'h2')\nnet.start()\n"
    )
    assert len(network.cables) == 1
    assert [next(network.ends_of(name)).ip4 for name in ("h1", "h2")] == [
        "10.0.0.1/8",
        "10.0.0.2/8",
    ]


@pytest.mark.parametrize(
    "body",
    [
        "hs = [t.addHost('h%d' % i) for i in range(3)]\nt.addLink(hs[0], hs[2])",
        "hs = {}\nfor i in range(3):\n    hs[i] = t.addHost(f'h{i}')\nt.addLink(hs[0], hs[2])",
        "n = 0\nfor x in 'abc':\n    n += 1\n    t.addHost('h' + str(n))\nt.addLink('h1', 'h3')",
        "a, b, c = t.addHost('a'), t.addHost('b'), t.addHost('c')\nt.addLink(a, b)",
        "if 1 < 2:\n  t.addHost('a')\nt.addHost('b')\nt.addHost('c')\nt.addLink('a', node2='b')",
    ],
)  # fmt: skip
def test_usual_ways_to_write_it_are_followed(built, body: str) -> None:
    network = built(body)
    assert (len(network.hosts), len(network.cables)) == (3, 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "nothing in it adds hosts"),
        ("def f(:\n", "x.py:1:7: no Python"),
        ("\x00", "no Python"),
        ("t.addHost(name())\n", "1:1: only running the file could tell what addHost() calls it"),
        ("t.addHost('a')\nfor x in f():\n    t.addHost(x)\n", "2:10: only running the file"),
        ("t.addHost('a')\nif f():\n    t.addHost('b')\n", "2:4: only running the file"),
        ("t.addHost('a')\nwhile True:\n    t.addHost('b')\n", "2:1: this adds to the network"),
        ("x = t.addHost('a') or t.addHost('b')\n", "1:5: this adds to the network in a way"),
        ("t.addHost('a')\nt.addLink('a', 'b')\n", "2:17: nothing here is called 'b'"),
        ("t.addHost('a')\nt.addLink('a')\n", "2:1: addLink() has two ends"),
        ("t.addHost('a', ip='10.0.0.300')\n", "'10.0.0.300/8' is not an address"),
        ("a, b = t.addHost('a'), t.addHost('b')\nt.addLink(a, b, delay='long')\n", "no delay"),
        ("a, b = t.addHost('a'), t.addHost('b')\nt.addLink(a, b, bw=f())\n", "what this link does"),
        ("x = " + "-" * 5000 + "1\nt.addHost('a')", ""),
        (
            "for i in range(5000):\n    for j in range(5000):\n        x = 1\nt.addHost('a')",
            "steps",
        ),
    ],
)
def test_a_mistake_has_its_place(built, text: str, message: str) -> None:
    with pytest.raises(NepishellError) as told:
        built(text)
    assert message in str(told.value)
    assert "\n" not in str(told.value)
