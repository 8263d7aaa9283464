"""What Mininet's prompt prints and takes."""

from pathlib import Path

import pytest

from nepishell.core.errors import NepishellError
from nepishell.replay.foreign.mininet import read
from nepishell.replay.foreign.network import Network
from nepishell.replay.foreign.writing import recipe_of
from tests.replay.foreign.samples import SCRIPT, SESSION


@pytest.fixture
def said(tmp_path: Path):
    def make(text: str) -> Network:
        path = tmp_path / "x.txt"
        path.write_text(text)
        return read(path)

    return make


def test_a_session_has_its_hosts_their_addresses_and_what_was_typed() -> None:
    network = read(SESSION)
    text = recipe_of(network)
    assert network.left == []
    assert "add netns::Switch s1\n" in text
    assert "name=h2-eth0 ip4=10.0.0.7/8" in text
    assert "exec h1 ping -c1 10.0.0.7\n" in text
    assert "for target in 10.0.0.1,10.0.0.7\n" in text


def test_a_script_is_for_the_network_of_its_line_mn() -> None:
    network = read(SCRIPT)
    text = recipe_of(network)
    assert list(network.hosts) == ["h1", "h2", "h3", "h4"]
    assert "add netns::Link h1-s2 rate=10mbit delay=5ms\n" in text
    assert text.index("set s2-s1 up false") < text.index("wait 1s") < text.index("up true")
    assert [left.rpartition(": ")[2] for left in network.left] == [
        "iperf h1 h2", "h1 python3 -m http.server &",
    ]  # fmt: skip


def test_links_alone_tell_switches_by_their_names(said) -> None:
    network = said("h1-eth0<->s1-eth1 (OK OK)\nh2-eth0<->s1-eth2\n")
    assert (list(network.hosts), list(network.switches)) == (["h1", "h2"], ["s1"])
    assert [end.ip4 for end in network.ends_of("h2")] == ["10.0.0.2/8"]


def test_switches_in_a_circle_find_a_tree(said) -> None:
    pairs = ["h1-eth0<->s1-eth1", "s1-eth2<->s2-eth1", "s2-eth2<->s3-eth1", "s3-eth2<->s1-eth3"]
    network = said("\n".join(pairs))
    assert "type bridge stp_state 1" in recipe_of(network)
    assert any("STP" in left for left in network.left)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no hosts"),
        ("h1-eth0<->h1-eth0\n", "1:1: an interface is connected to itself"),
        ("<->\nx<->\n", "1:1:"),
        ("mn\nfrobnicate\n", "2:1: neither a command of Mininet nor a part"),
        ("mn\nh1 ping 'x\n", "2:1: a quote is never closed"),
        ("mn\nlink h1 h2 down\n", "2:1: h1 and h2 are not connected"),
        ("mn\nlink h1 s9 down\n", "2:9: nothing here is called 's9'"),
        ("<Host h1: h1-eth0:10.0.0.999 pid=1>\nh1-eth0<->s1-eth1\n", "'10.0.0.999/8' is not"),
    ],
)
def test_a_mistake_has_its_place(said, text: str, message: str) -> None:
    with pytest.raises(NepishellError) as told:
        said(text)
    assert message in str(told.value)
