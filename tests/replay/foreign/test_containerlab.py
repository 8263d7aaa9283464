"""Topologies of containerlab."""

from pathlib import Path

import pytest

from nepishell.core.errors import NepishellError
from nepishell.replay.foreign.containerlab import read
from nepishell.replay.foreign.writing import recipe_of
from tests.replay.foreign.samples import CONTAINERLAB

HEAD = "topology:\n  nodes:\n    a: {kind: linux}\n    b:\n    s: {kind: bridge}\n  links:\n"


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "x.clab.yml"
    path.write_text(text)
    return path


def test_nodes_links_and_addresses_are_carried_over() -> None:
    text = recipe_of(read(CONTAINERLAB))
    assert "add netns::Node r1 routes=none forwarding=true\n" in text
    assert "add netns::Interface pc1-eth1 on pc1 name=eth1 ip4=10.0.1.10/24\n" in text
    assert "exec pc1 ip route add 10.0.2.0/24 via 10.0.1.1\n" in text


def test_what_containers_have_is_named_with_its_line() -> None:
    left = [each.partition("yml:")[2] for each in read(CONTAINERLAB).left]
    assert "8: image of r1" in left
    assert '20: what runs on pc1: vtysh -c "show run"' in left


def test_a_bridge_is_a_switch_and_ends_may_be_long(tmp_path: Path) -> None:
    links = (
        '    - endpoints: ["a:eth1", "s:p1"]\n'
        "    - type: veth\n      endpoints:\n"
        "        - {node: b, interface: eth1, mac: '02:00:00:00:00:09'}\n"
        "        - {node: s, interface: p2}\n"
        "    - {type: mgmt-net, endpoint: {node: a, interface: eth5}}\n"
        '    - endpoints: ["b:eth9", "host:veth9"]\n'
    )
    network = read(written(tmp_path, HEAD + links))
    text = recipe_of(network)
    assert "connect a-eth1 s\n" in text
    assert "mac=02:00:00:00:00:09" in text
    assert len(network.left) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no 'topology'"),
        ("name: x\n", "1:1: no 'topology'"),
        ("topology: {}\n", "1:11: no 'nodes'"),
        ("topology: [\n", "no YAML"),
        ("a: b: c\n", "1:5: no YAML"),
        ("a: 1\nb: \x1b", "2:4: no YAML: a character that cannot be printed"),
        ("- 1\n", "1:1: the file is not a mapping"),
        ("topology: {nodes: [a]}\n", "1:19: nodes is not a mapping"),
        (HEAD + "    - endpoints: [a:eth1]\n", "7:18: a link has two endpoints"),
        (HEAD + "    - endpoints: [a:eth1, c:eth1]\n", "nothing here is called 'c'"),
        (HEAD + "    - endpoints: [a:eth1, b]\n", "7:27: an endpoint is a node and an interface"),
        (HEAD + "    - {}\n", "7:7: a link without endpoints"),
        (HEAD + "    - endpoints: [a:eth1, a:eth2]\n", "'a' cannot be connected to itself"),
        ("&a topology: {nodes: {<<: 1}}\n", "1:"),
        ("[" * 1200, "no YAML"),
        ('topology: {nodes: {a: {exec: ["ip \'x"]}}}\n', "a quote is never closed"),
    ],
)
def test_a_mistake_has_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(NepishellError) as told:
        read(written(tmp_path, text))
    assert message in str(told.value)
    assert "\n" not in str(told.value)


def test_tags_make_nothing(tmp_path: Path) -> None:
    text = "topology: {nodes: {a: !!python/object/apply:os.system ['touch x']}}\n"
    with pytest.raises(NepishellError, match="node a is not a mapping"):
        read(written(tmp_path, text))
