"""Topology: whole networks by one line, made by name or read from a map; and the ways in them."""

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nepishell.commands.context import Context
from nepishell.commands.notes import Note, names_of, note, tell
from nepishell.core.attributes import Attribute, Types, Value
from nepishell.core.errors import BadValue, NepishellError
from nepishell.core.states import ResourceState
from nepishell.core.units import format_duration
from nepishell.engine.resource import ResourceManager
from nepishell.lang.errors import Bad
from nepishell.lang.registry import DESIGN, LOOK, command, commands
from nepishell.lang.types.attributes import Assigned, AssignmentType
from nepishell.lang.types.base import BaseType, Candidate, Env, behind
from nepishell.lang.view import View
from nepishell.output.records import Records
from nepishell.topologies.catalogue import KINDS

if TYPE_CHECKING:
    from nepishell.topologies.model import NetworkMap

#: What `routes by ...` knows -> the value of `routes` of a node.
METRICS = {"delay": "delay", "hops": "auto", "weight": "weight"}
_COLUMNS = ("topology", "parameters", "help")
_PARTS = ("node", "link")
_COMMON: dict[str, Attribute] = {}
for _name, _attribute in {
    "node": Attribute(default="netns::Node", help="what nodes are, as in netns::Router"),
    "link": Attribute(default="netns::Link", help="what links are"),
    "prefix": Attribute(help="what all names begin with"),
}.items():
    _attribute.name = _name
    _COMMON[_name] = _attribute
_HOSTS = Attribute(int, default=0, min=0, max=200, help="hosts at each router that has none")
_HOSTS.name = "hosts"
_SCALE = Attribute(float, default=1.0, min=0, help="what speeds are multiplied by, as in 0.001")
_SCALE.name = "scale"
_FASTEST = Attribute(Types.Rate, default=2e8, min=1, help="faster links are not limited at all")
_FASTEST.name = "fastest"


class KindType(BaseType):
    """The name of a generator."""

    name, style, help, sample = "topology", "keyword", "a kind of network, as in tree", "tree"
    rank = 6

    def parse(self, view: View, env: Env, text: str) -> str:
        if text not in KINDS:
            raise Bad(f"no topology '{text}'", near=(text, lambda: [*KINDS, "file"]))
        return text

    def complete(self, view: View, env: Env, prefix: str, limit: int) -> Iterable[Candidate]:
        return [Candidate(n, k.help) for n, k in KINDS.items() if n.startswith(prefix)][:limit]


class ShapeType(AssignmentType):
    """`depth=3 node=netns::Node link.delay=5ms`: of a kind, and of what it is made of."""

    name, help = "shape", "name=value of the network, or of all its nodes or links"
    needs = 0

    def subject(self, view: View, env: Env) -> tuple[str, None, None]:
        kind = env.get(self.deps[0]) if self.deps else "file"
        return f"topology {kind}", None, None

    def attributes(self, view: View, env: Env) -> Mapping[str, Attribute]:
        kind = KINDS.get(str(env.get(self.deps[0]))) if self.deps else None
        own = (
            {**kind.parameters, "hosts": _HOSTS}
            if kind
            else {each.name: each for each in (_SCALE, _FASTEST)}
        )
        found = {**own, **_COMMON}
        given = _values(each for value in env.values() for each in _assigned(value))
        for part in _PARTS:
            info = view.info(str(given.get(part) or _COMMON[part].default))
            if info is not None:
                found.update({f"{part}.{name}": each for name, each in info.attributes.items()})
        return found

    def parse(self, view: View, env: Env, text: str) -> Assigned:
        assigned = super().parse(view, env, text)
        if assigned.name in _PARTS and view.info(str(assigned.value)) is None:
            names = view.names("rtype")
            at = len(assigned.name) + 1
            near = (str(assigned.value), lambda: names.near(str(assigned.value)))
            raise Bad(f"no resource type '{assigned.value}'", offset=at, near=near)
        return assigned

    def complete(self, view: View, env: Env, prefix: str, limit: int) -> Iterable[Candidate]:
        name, equals, value = prefix.partition("=")
        if equals and name in _PARTS:
            found = view.names("rtype").starting_with(value, limit)
            return behind(f"{name}=", [Candidate(each) for each in found])
        if equals or "." in name:
            return super().complete(view, env, prefix, limit)
        # those of nodes and links are many: only their beginnings until one is chosen
        given = {each.name for each in _assigned(tuple(env.get("settings") or ()))}  # type: ignore[arg-type]
        known = self.attributes(view, env)
        heads = [Candidate(f"{part}.", f"of all {part}s", more=True) for part in _PARTS]
        plain = [
            Candidate(f"{each}=", known[each].help, more=True)
            for each in known
            if "." not in each and each not in given
        ]
        return [each for each in (*plain, *heads) if each.text.startswith(prefix)][:limit]

    def settable(self, view: View, env: Env, prefix: str, limit: int) -> list[Candidate]:
        return [
            Candidate(name, attribute.help)
            for name, attribute in self.attributes(view, env).items()
            if name.startswith(prefix) and attribute.when != "never"
        ][:limit]


def _assigned(value: object) -> tuple[Assigned, ...]:
    if isinstance(value, tuple) and not isinstance(value, Assigned):
        return tuple(each for each in value if isinstance(each, Assigned))
    return ()


commands.add_type(KindType.name, KindType)
commands.add_type(ShapeType.name, ShapeType)


@command("topologies", effects=LOOK, group="look", columns=names_of(_COLUMNS))
def topologies(ctx: Context) -> Records:
    """The networks that `topology` makes by name, with their parameters."""
    rows = [
        (name, [f"{each}={a.format(a.default)}" for each, a in kind.parameters.items()], kind.help)
        for name, kind in KINDS.items()
    ]
    return Records(_COLUMNS, rows, "topologies")


@command(
    "topology <kind:topology>"
    " {routes by <metric:choice(delay,hops,weight)>|<settings:shape(kind)>...}",
    effects=DESIGN,
    group="design",
    name="topology",
)
def topology(
    ctx: Context, *, kind: str, metric: str = "", settings: tuple[Assigned, ...] = ()
) -> Note:
    """Describe a whole network: `topologies` lists the kinds. Nodes with one link are hosts.

    `node.NAME=` and `link.NAME=` set an attribute of all of them.

        topology tree depth=3 node=netns::Node link.delay=5ms
        topology ring nodes=6 hosts=1 routes by delay
    """
    given = _values(settings)
    generate = import_module("nepishell.topologies.generators").generate
    own = {name: value for name, value in given.items() if name in KINDS[kind].parameters}
    hosts = given.get("hosts") or 0
    return _describe(ctx, generate(kind, own, hosts=hosts), given, metric)


@command(
    "topology file <path:path(.gml,.graphml,.dot,.gv,.edges,.csv)>"
    " {routes by <metric:choice(delay,hops,weight)>|<settings:shape>...}",
    effects=DESIGN,
    group="design",
    name="topology file",
)
def topology_file(
    ctx: Context, *, path: str, metric: str = "", settings: tuple[Assigned, ...] = ()
) -> Note:
    """Describe the network of a map: GML, GraphML, DOT, or a list of edges.

    Delays come from the distance at two thirds of the speed of light where the map has none, rates
    from its speeds; what was assumed is told. All its places are routers.

        topology file Geant2012.gml routes by delay
        topology file backbone.csv scale=0.001 prefix=b-
    """
    given = _values(settings)
    read: Any = import_module("nepishell.topologies.atlas")
    scale, fastest = (given.get(each.name) or each.default for each in (_SCALE, _FASTEST))
    found = read.rescaled(read.read_map(Path(path).expanduser()), scale, fastest)
    return _describe(ctx, found, given, metric)


def _values(settings: Iterable[Assigned]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in settings:
        if name in values:
            raise BadValue(f"'{name}' is given twice; write each once")
        values[name] = value
    return values


def _describe(ctx: Context, found: "NetworkMap", given: dict[str, Any], metric: str) -> Note:
    building: Any = import_module("nepishell.topologies.building")
    of_nodes, of_links = (_of(part, given) for part in _PARTS)
    if metric:
        of_nodes.setdefault("routes", METRICS[metric])
    style = building.Style(
        node=given.get("node") or _COMMON["node"].default,
        link=given.get("link") or _COMMON["link"].default,
        node_values=of_nodes,
        link_values=of_links,
        prefix=given.get("prefix") or "",
    )
    with ctx.ec.recording():
        built = building.build(ctx.ec, found, style)
    said = [f"{found.name}: {_counted(found)}", *found.assumed]
    return note("\n  ".join(said), guids=[*built.nodes, *built.links], assumed=list(found.assumed))


def _of(part: str, given: Mapping[str, Any]) -> dict[str, Value]:
    head = f"{part}."
    return {name.removeprefix(head): v for name, v in given.items() if name.startswith(head)}


def _counted(found: "NetworkMap") -> str:
    """5 routers, 3 hosts and 7 links."""
    kinds = [place.kind for place in found.places]
    counts = [(kinds.count(kind), kind) for kind in dict.fromkeys(kinds)]
    counts.append((len(found.cables), "link"))
    parts = [f"{n:,} {word}{'es' if word == 'switch' and n > 1 else 's' * (n != 1)}"
             for n, word in counts]  # fmt: skip
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def _routed(ctx: Context) -> list[ResourceManager]:
    """The nodes whose routes are found for them; raises NepishellError when there are none."""
    ended = (ResourceState.FAILED, ResourceState.RELEASED)
    rms = [ctx.rm(guid) for guid in ctx.ec.resources]
    found = [rm for rm in rms if "routes" in rm._attributes and rm.state not in ended]
    ours = [rm for rm in found if rm.get("routes") != "none"]
    if not ours:
        raise NepishellError("no node here gets routes by itself; see 'describe netns::Node'")
    return ours


@command(
    "routes [by <metric:choice(delay,hops,weight)>]", effects=DESIGN, group="design", name="routes"
)
def routes(ctx: Context, *, metric: str = "") -> Note:
    """Find the ways through the lab anew, around links that are down, or by another measure.

    All nodes get their routes at once; those with routes=none keep what was set by hand.

        routes by delay
        when l1 STOPPED routes
    """
    nodes = _routed(ctx)
    with ctx.ec.recording(), ExitStack() as stack:
        nets: list[Any] = list({id(rm.net): rm.net for rm in nodes}.values())  # type: ignore[attr-defined]
        for net in nets:
            stack.enter_context(net.gathering())
        for rm in nodes if metric else ():
            ctx.ec.set(rm.guid, "routes", METRICS[metric])
    count = sum(net.routes for net in nets)
    by = f" by {metric}" if metric else ""
    said = f"{count:,} routes{by} in {len(nodes):,} nodes" if count else (
        f"routes{by} of {len(nodes):,} nodes, once they are deployed"
    )  # fmt: skip
    return tell(said, routes=count, guids=[rm.guid for rm in nodes])


@command(
    "when <group:guids> <state> [+<delay:duration>] routes",
    effects=DESIGN,
    group="design",
    name="when routes",
)
def when_routes(
    ctx: Context, *, group: tuple[int, ...], state: ResourceState, delay: float = 0.0
) -> Note:
    """Find the ways through the lab anew once others have reached a state, as a link STOPPED.

    when l1 STOPPED +200ms routes
    """
    # whichever node is told its measure again: the routes of all are found anew
    node = _routed(ctx)[0]
    ctx.ec.set_with_conditions("routes", node.get("routes"), (node.guid,), group, state, delay)
    after = f" for {format_duration(delay)}" if delay else ""
    verb = "are" if len(group) > 1 else "is"
    return note(f"find routes anew once {ctx.names(group)} {verb} {state.name}{after}")
