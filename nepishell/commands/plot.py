"""Plot: the experiment as a picture: nodes as boxes, links as lines, states in colour."""

from functools import partial

from nepishell.commands.context import Context
from nepishell.commands.notes import Note, names_of
from nepishell.commands.writing import save
from nepishell.formats.network import Network, network
from nepishell.formats.optional import load
from nepishell.lang.folding import fold
from nepishell.lang.registry import LOOK, command
from nepishell.output.cells import legend, wrapped
from nepishell.output.diagram import Edge, Vertex, draw, mark
from nepishell.output.records import Drawing, Records
from nepishell.output.render import render
from nepishell.output.style import Style

COLUMNS = ("node", "rtype", "state:state", "joined", "with")
#: Boxes of a picture in text; more are a list.
MOST = 30
#: What writes a picture into a file, loaded when one is written.
_SVG = "nepishell.formats.picture:svg"
_TEXTS = {
    "dot": "nepishell.formats.graph_text:dot",
    "graphml": "nepishell.formats.graph_text:graphml",
    "mmd": "nepishell.formats.graph_text:mermaid",
}


@command("plot [<targets:guids>]", effects=LOOK, group="look", columns=names_of(COLUMNS))
def plot(ctx: Context, *, targets: tuple[int, ...] = ()) -> Drawing:
    """The experiment as a picture: nodes and switches as boxes, links as lines, programs inside.

    What is too large for the terminal is a list. `plot > net.svg` writes a picture, also as PNG
    or PDF, or as DOT, GraphML or Mermaid for other programs.

    plot
    plot > net.png
    """
    return picture(ctx, targets)


@command(
    "plot save <file:path(.svg,.png,.pdf,.dot,.graphml,.mmd)> [<targets:guids>]",
    effects=LOOK, group="look",
)  # fmt: skip
def plot_save(ctx: Context, *, file: str, targets: tuple[int, ...] = ()) -> Note:
    """Write the picture into a file: SVG, PNG, PDF, DOT, GraphML or Mermaid, by its name.

    Nodes that have a latitude and longitude, or x and y, stand where these say.
    """
    return save(file, picture(ctx, targets))


def picture(ctx: Context, targets: tuple[int, ...]) -> Drawing:
    """Of *targets*, or of all."""
    found = network(ctx.rm(guid) for guid in targets or ctx.ec.resources)
    joined = found.joined()
    records = Records(
        COLUMNS,
        [
            (node.name, node.rtype, node.state, joined.get(node.key, []),
             [name for name, _ in node.items])
            for node in found.nodes
        ],
        "nodes",
    )  # fmt: skip
    return Drawing(
        records,
        lambda style: _draw(found, records, style),
        lambda: str(load(_SVG)(found)),
        {form: partial(_written, target, found) for form, target in _TEXTS.items()},
    )


def _written(target: str, found: Network) -> str:
    return str(load(target)(found))


def _draw(found: Network, records: Records, style: Style) -> str:
    if not found.nodes and not found.loose:
        return style.paint("nothing to draw: there are no resources", "dim")
    text = ""
    if len(found.nodes) <= MOST:
        canvas = draw(
            [Vertex(node.key, node.name, node.state, node.items) for node in found.nodes],
            [Edge(tie.one, tie.two, tie.label, tie.state) for tie in found.ties],
            glyphs=style.glyphs,
        )
        if not style.width or canvas.width <= style.width:
            text = canvas.draw(style)
    text = text or render(records, "table", style)
    states = {node.state for node in found.nodes} | {tie.state for tie in found.ties}
    states |= {state for node in found.nodes for _, state in node.items}
    lines = [text] if found.nodes else []
    if found.loose:
        lines.append(wrapped(f"on no node: {fold(found.loose)}", "", style))
    marks = ((mark(state, glyphs=style.glyphs), state) for state in sorted(states))
    lines.append(legend(marks, style))
    return "\n".join(line for line in lines if line)
