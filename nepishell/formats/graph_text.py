"""A network as text that other programs read: DOT (Graphviz), GraphML, Mermaid."""

from collections.abc import Mapping

import networkx as nx

from nepishell.formats.network import ROUTER, SWITCH, Network, Node
from nepishell.output.kinds import clean
from nepishell.output.style import SVG_COLOURS

_DOT_SHAPES = {ROUTER: "ellipse", SWITCH: "component"}
#: Of Mermaid: what stands around a name, by role.
_MERMAID_SHAPES = {ROUTER: ("([", "])"), SWITCH: ("[[", "]]")}


def dot(network: Network) -> str:
    """For Graphviz: `neato -n` where places are known, `neato` otherwise."""
    lines = ["graph experiment {", '  node [style=filled, fontname="sans-serif"];']
    for node in network.nodes:
        facts = {
            "label": node.name,
            "shape": _DOT_SHAPES.get(node.role, "box"),
            "fillcolor": SVG_COLOURS[node.state],
            "tooltip": f"{node.rtype} {node.state.name}",
            "state": node.state.name,
        }
        if node.place is not None:
            x, y = node.place
            names = ("longitude", "latitude") if node.on_map else ("x", "y")
            facts |= dict(zip(names, (f"{x:g}", f"{y:g}"), strict=True))
            # in inches: a degree of a map is as far as two boxes need
            facts["pos"] = f"{x:g},{y:g}!"
        lines.append(f"  {node.key} [{_facts(facts)}];")
    for tie in network.ties:
        facts = {"label": tie.label, "state": tie.state.name}
        if not tie.up:
            facts["style"] = "dashed"
        lines.append(f"  {tie.one} -- {tie.two} [{_facts(facts)}];")
    return "\n".join([*lines, "}"])


def _facts(facts: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={_quoted(value)}" for name, value in facts.items())


def _quoted(text: str) -> str:
    # a backslash would begin an escape of Graphviz's own
    return '"' + clean(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def graphml(network: Network) -> str:
    """For yEd, Gephi, networkx: all that is known of nodes and lines as data."""
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    for node in network.nodes:
        graph.add_node(str(node.key), **_data(node))
    for tie in network.ties:
        told = {"name": tie.name, "values": tie.values}
        told = {name: clean(value) for name, value in told.items() if value}
        graph.add_edge(str(tie.one), str(tie.two), state=tie.state.name, up=tie.up, **told)
    return "\n".join(nx.generate_graphml(graph))


def _data(node: Node) -> dict[str, str | float]:
    data: dict[str, str | float] = {
        "label": clean(node.name),
        "rtype": node.rtype,
        "role": node.role,
        "state": node.state.name,
    }
    if node.items:
        data["with"] = clean(", ".join(name for name, _ in node.items))
    if node.place is not None:
        names = ("Longitude", "Latitude") if node.on_map else ("x", "y")
        data |= dict(zip(names, node.place, strict=True))
    return data


def mermaid(network: Network) -> str:
    """For Markdown: a fenced block of ```mermaid shows it."""
    lines = ["graph LR"]
    for node in network.nodes:
        begin, end = _MERMAID_SHAPES.get(node.role, ("[", "]"))
        words = [node.name, *(name for name, _ in node.items)]
        text = "<br/>".join(map(_escaped, words))
        lines.append(f'  n{node.key}{begin}"{text}"{end}:::{node.state.name}')
    for tie in network.ties:
        line = "---" if tie.up else "-.-"
        label = f'|"{_escaped(tie.label)}"|' if tie.label else ""
        lines.append(f"  n{tie.one} {line}{label} n{tie.two}")
    for state in sorted({node.state for node in network.nodes}):
        lines.append(f"  classDef {state.name} fill:{SVG_COLOURS[state]}")
    return "\n".join(lines)


def _escaped(text: str) -> str:
    """What would end a text or begin something else in Mermaid, as codes of its own."""
    text = clean(text).replace("#", "#35;").replace('"', "#quot;").replace("&", "#amp;")
    return text.replace("<", "#lt;").replace(">", "#gt;")
