"""Plot: the experiment as a picture in text: nodes as boxes, links as lines, states in colour."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from nepishell.commands.context import Context
from nepishell.commands.notes import names_of
from nepishell.core.states import ResourceState
from nepishell.engine.resource import ResourceManager
from nepishell.lang.folding import fold
from nepishell.lang.registry import LOOK, command
from nepishell.output.cells import legend, wrapped
from nepishell.output.diagram import Edge, Vertex, draw, mark
from nepishell.output.records import Drawing, Records
from nepishell.output.render import render
from nepishell.output.style import Style

COLUMNS = ("node", "rtype", "state:state", "joined", "with")
#: Boxes of a picture; more are a list.
MOST = 30


class Network(NamedTuple):
    """What is drawn; *loose*: what belongs to no node."""

    vertices: list[Vertex]
    edges: list[Edge]
    loose: list[str]
    #: node or switch -> what is connected to it, as "wire: h2"
    joined: Mapping[int, list[str]]


@command("plot [<targets:guids>]", effects=LOOK, group="look", columns=names_of(COLUMNS))
def plot(ctx: Context, *, targets: tuple[int, ...] = ()) -> Drawing:
    """The experiment as a picture: nodes and switches as boxes, links as lines, programs inside.

    What is too large for the terminal is a list. `plot > net.svg` writes a picture.
    """
    rms = [ctx.rm(guid) for guid in targets or ctx.ec.resources]
    found = network(rms)
    records = Records(
        COLUMNS,
        [
            (v.name, ctx.rm(v.key).rtype, v.state, found.joined.get(v.key, []),
             [name for name, _ in v.items])
            for v in found.vertices
        ],
        "nodes",
    )  # fmt: skip
    return Drawing(
        records,
        lambda style: _draw(found, records, style),
        lambda: draw(found.vertices, found.edges, glyphs=True).svg(),
    )


def _draw(found: Network, records: Records, style: Style) -> str:
    if not found.vertices and not found.loose:
        return style.paint("nothing to draw: there are no resources", "dim")
    text = ""
    if len(found.vertices) <= MOST:
        canvas = draw(found.vertices, found.edges, glyphs=style.glyphs)
        if not style.width or canvas.width <= style.width:
            text = canvas.draw(style)
    text = text or render(records, "table", style)
    states = {v.state for v in found.vertices} | {
        state for v in found.vertices for _, state in v.items
    }
    states |= {edge.state for edge in found.edges}
    lines = [text] if found.vertices else []
    if found.loose:
        lines.append(wrapped(f"on no node: {fold(found.loose)}", "", style))
    marks = ((mark(state, glyphs=style.glyphs), state) for state in sorted(states))
    lines.append(legend(marks, style))
    return "\n".join(line for line in lines if line)


def network(rms: Iterable[ResourceManager]) -> Network:
    """What *rms* look like, told by their types: who has a host, who joins, who is on what."""
    known = {rm.guid: rm for rm in rms if rm.state is not ResourceState.RELEASED}
    boxes = {guid: rm for guid, rm in known.items() if hasattr(type(rm), "host")}
    joints = {
        guid: rm for guid, rm in known.items() if guid not in boxes and _joins(rm, boxes.values())
    }
    plugs = {
        guid: rm for guid, rm in known.items()
        if guid not in boxes and guid not in joints and _is_plug(rm, joints.values())
    }  # fmt: skip
    lines, hubs = _lines(joints, plugs, boxes)
    inside: dict[int, list[tuple[str, ResourceState]]] = {}
    loose = []
    for guid, rm in known.items():
        if guid in boxes or guid in joints or guid in plugs:
            continue
        home = next((other for other in rm.connections if other in boxes), None)
        if home is None:
            loose.append(rm.name)
        else:
            inside.setdefault(home, []).append((rm.name, rm.state))
    vertices = [
        Vertex(guid, rm.name, rm.state, _folded(inside.get(guid, [])))
        for guid, rm in known.items() if guid in boxes or guid in hubs
    ]  # fmt: skip
    return Network(vertices, lines, loose, _joined(lines, known))


def _joins(rm: ResourceManager, boxes: Iterable[ResourceManager]) -> bool:
    """Whether its type connects several nodes, and it is connected at all."""
    rtypes = {box._rtypes for box in boxes}
    wide = [peer for peer in rm._peers if peer.max != 1 and "Resource" not in peer.rtypes]
    return any(peer.accepts(each) for peer in wide for each in rtypes)


def _is_plug(rm: ResourceManager, joints: Iterable[ResourceManager]) -> bool:
    """Whether it is between a node and what joins nodes."""
    return any(peer.accepts(joint._rtypes) for joint in joints for peer in rm._peers
               if "Resource" not in peer.rtypes)  # fmt: skip


def _lines(
    joints: Mapping[int, ResourceManager],
    plugs: Mapping[int, ResourceManager],
    boxes: Mapping[int, ResourceManager],
) -> tuple[list[Edge], set[int]]:
    """The lines, and the guids of joints that are boxes themselves: all but links of two ends."""
    edges, hubs = [], set()
    for guid, rm in joints.items():
        ends = [end for other in rm.connections for end in _ends(other, plugs, boxes)]
        if len(ends) == 2 and all(peer.max == 2 for peer in rm._peers if peer.max != 1):
            edges.append(Edge(ends[0], ends[1], rm.name, rm.state))
            continue
        hubs.add(guid)
        edges += [Edge(end, guid, "", rm.state) for end in ends]
    return edges, hubs


def _ends(
    guid: int, plugs: Mapping[int, ResourceManager], boxes: Mapping[int, ResourceManager]
) -> list[int]:
    """The node that *guid* is, or is an interface of."""
    if guid in boxes:
        return [guid]
    return [other for other in plugs[guid].connections if other in boxes] if guid in plugs else []


def _folded(items: list[tuple[str, ResourceState]]) -> list[tuple[str, ResourceState]]:
    """Names of the same state written short: p[1-4]."""
    by_state: dict[ResourceState, list[str]] = {}
    for name, state in items:
        by_state.setdefault(state, []).append(name)
    return [
        (text, state) for state, names in by_state.items() for text in _pieces(fold(names))
    ]  # fmt: skip


def _pieces(folded: str) -> list[str]:
    """The parts of a folded set: commas inside brackets do not part."""
    found, depth = [""], 0
    for char in folded:
        depth += (char == "[") - (char == "]")
        if char == "," and not depth:
            found.append("")
        else:
            found[-1] += char
    return found


def _joined(edges: Iterable[Edge], known: Mapping[int, ResourceManager]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for edge in edges:
        for me, other in ((edge.one, edge.two), (edge.two, edge.one)):
            name = known[other].name
            found.setdefault(me, []).append(f"{edge.label}: {name}" if edge.label else name)
    return found
