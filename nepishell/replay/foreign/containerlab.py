"""A topology of containerlab, `*.clab.yml`: its nodes and links, without images and files."""

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import yaml

from nepishell.core.errors import NepishellError
from nepishell.replay.foreign.network import End, Network
from nepishell.replay.foreign.programs import act
from nepishell.replay.foreign.source import Source, read_source

_SWITCHES = frozenset({"bridge", "ovs-bridge"})
_USE = 'write it as in endpoints: ["a:eth1", "b:eth1"]'
#: Of the whole file, and of a node: what is no part of a network.
_HEAD, _TOPOLOGY = frozenset({"name", "topology"}), frozenset({"nodes", "links"})
_NODE = frozenset({"kind", "exec", "sysctls"})


class _Entry(NamedTuple):
    """A key and its value, with the line of the key."""

    key: str
    value: yaml.Node
    line: int


class _File:
    """The nodes of a YAML text, and the errors about them."""

    def __init__(self, source: Source) -> None:
        self.source = source
        try:
            self._loader = yaml.SafeLoader(source.text)
            self.root = self._loader.get_single_node()
        except yaml.reader.ReaderError as problem:
            before = source.text[: problem.position].splitlines() or [""]
            what = "no YAML: a character that cannot be printed"
            raise source.wrong(len(before), what, len(before[-1]) + 1, 1) from None
        except yaml.MarkedYAMLError as problem:
            mark = problem.problem_mark or problem.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            raise source.wrong(line, f"no YAML: {problem.problem}", column, 1) from None
        except (yaml.YAMLError, ValueError) as problem:
            raise source.wrong(1, f"no YAML: {problem}") from None
        except RecursionError:
            raise source.wrong(1, "no YAML that is meant: too deep") from None

    def wrong(self, node: yaml.Node | None, what: str) -> NepishellError:
        mark = node.start_mark if node is not None else None
        if mark is None:
            return self.source.wrong(1, what)
        return self.source.wrong(mark.line + 1, what, mark.column + 1)

    def entries(self, node: yaml.Node | None, what: str) -> Iterator[_Entry]:
        """The keys of a mapping; none for null. Raises RecipeError for anything else."""
        if node is None or _is_null(node):
            return
        if not isinstance(node, yaml.MappingNode):
            raise self.wrong(node, f"{what} is not a mapping; write 'name: value' lines")
        try:
            self._loader.flatten_mapping(node)
        except yaml.MarkedYAMLError as problem:
            raise self.wrong(node, f"{problem.problem}") from None
        except RecursionError:
            raise self.wrong(node, f"{what} contains itself") from None
        for key, value in node.value:
            yield _Entry(self.text(key, "a key"), value, key.start_mark.line + 1)

    def items(self, node: yaml.Node | None, what: str) -> list[yaml.Node]:
        """The members of a sequence; none for null. Raises RecipeError for anything else."""
        if node is None or _is_null(node):
            return []
        if not isinstance(node, yaml.SequenceNode):
            raise self.wrong(node, f"{what} is not a list; begin each line with '- '")
        return list(node.value)

    def text(self, node: yaml.Node, what: str) -> str:
        """A scalar as it is written; raises RecipeError."""
        if not isinstance(node, yaml.ScalarNode):
            raise self.wrong(node, f"{what} is not a word")
        return str(node.value)


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.value in ("", "~", "null")


def read(path: Path) -> Network:
    """The network of a topology file; raises RecipeError."""
    source = read_source(path)
    file = _File(source)
    network = Network(source, "containerlab")
    topology: yaml.Node | None = None
    for key, value, line in file.entries(file.root, "the file"):
        if key == "topology":
            topology = value
        elif key not in _HEAD:
            network.leave(line, f"{key} of the file")
    if topology is None:
        raise file.wrong(file.root, "no 'topology'; it says which nodes and links there are")
    parts = {each.key: each for each in file.entries(topology, "topology")}
    for key, _, line in parts.values():
        if key not in _TOPOLOGY:
            network.leave(line, f"{key} of the topology")
    if "nodes" not in parts:
        raise file.wrong(topology, "no 'nodes' in the topology")
    executed = list(_nodes(file, network, parts["nodes"].value))
    if "links" in parts:
        for item in file.items(parts["links"].value, "links"):
            _link(file, network, item)
    for label, item in executed:
        _execute(file, network, label, item)
    return network


def _nodes(file: _File, network: Network, nodes: yaml.Node) -> Iterator[tuple[str, yaml.Node]]:
    """Add the nodes; gives what each of them executes."""
    for name, value, line in file.entries(nodes, "nodes"):
        about = {each.key: each for each in file.entries(value, f"node {name}")}
        kind = file.text(about["kind"].value, "kind") if "kind" in about else ""
        if kind in _SWITCHES:
            label = network.add_switch(name, line)
        else:
            label = network.add_host(name, line, routes=_forwards(file, about.get("sysctls")))
            if kind not in ("", "linux"):
                network.leave(about["kind"].line, f"the kind of {name}: {kind}; it is a Linux host")
        for key, _, where in about.values():
            if key not in _NODE:
                network.leave(where, f"{key} of {name}")
        if "exec" in about and label in network.hosts:
            yield from ((label, item) for item in file.items(about["exec"].value, "exec"))


def _forwards(file: _File, sysctls: _Entry | None) -> bool:
    if sysctls is None:
        return False
    return any(
        key == "net.ipv4.ip_forward" and file.text(value, key) == "1"
        for key, value, _ in file.entries(sysctls.value, "sysctls")
    )


def _link(file: _File, network: Network, item: yaml.Node) -> None:
    about = {each.key: each for each in file.entries(item, "a link")}
    if "endpoints" not in about:
        line = item.start_mark.line + 1
        kind = file.text(about["type"].value, "type") if "type" in about else ""
        if not kind:
            raise file.wrong(item, f"a link without endpoints; {_USE}")
        network.leave(line, f"a link of type {kind}")
        return
    ends = file.items(about["endpoints"].value, "endpoints")
    if len(ends) != 2:
        raise file.wrong(about["endpoints"].value, f"a link has two endpoints; {_USE}")
    line = ends[0].start_mark.line + 1
    found = [_end(file, network, end) for end in ends]
    if None in found:
        network.leave(line, "a link to the machine itself or to the management network")
        return
    one, other = (end for end in found if end is not None)
    network.connect(one, other, line)


def _end(file: _File, network: Network, end: yaml.Node) -> End | None:
    """An end in its short or its long form; None for one outside the lab."""
    if isinstance(end, yaml.MappingNode):
        words = {
            each.key: file.text(each.value, each.key)
            for each in file.entries(end, "an endpoint")
            if isinstance(each.value, yaml.ScalarNode)
        }
        node, port, mac = words.get("node", ""), words.get("interface", ""), words.get("mac", "")
    else:
        node, _, port = file.text(end, "an endpoint").partition(":")
        mac = ""
    if not node or not port:
        raise file.wrong(end, f"an endpoint is a node and an interface; {_USE}")
    if node in ("host", "mgmt-net", "macvlan"):
        return None
    label = network.label_of(node, end.start_mark.line + 1)
    return End(label, "" if label in network.switches else port, mac=mac)


def _execute(file: _File, network: Network, label: str, item: yaml.Node) -> None:
    text, line = file.text(item, "a command"), item.start_mark.line + 1
    try:
        words = shlex.split(text)
    except ValueError:
        raise file.wrong(item, f"a quote is never closed in '{text}'") from None
    if not act(network, label, words, line):
        network.leave(line, f"what runs on {label}: {text}")
