"""Describing: add, remove, label, connect, disconnect, set, get. Nothing runs by these."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from nepishell.commands.context import Context
from nepishell.commands.notes import Note, note
from nepishell.core.attributes import Flags
from nepishell.core.errors import BadValue, NepishellError
from nepishell.core.states import ResourceState
from nepishell.lang.credentials import MASK, is_secret
from nepishell.lang.registry import DESIGN, LOOK, command
from nepishell.lang.types.attributes import Assigned
from nepishell.output.records import Records


@command(
    "add <rtype> [<labels:names>] {on <nodes:guids>|<settings:assignment(rtype)>...}",
    effects=DESIGN,
    group="design",
)
def add(
    ctx: Context,
    *,
    rtype: str,
    labels: tuple[str, ...] = (),
    nodes: tuple[int, ...] = (),
    settings: tuple[Assigned, ...] = (),
) -> Note:
    """Add resources of a type, with names and attributes of your choice.

    `on` connects them at once: one to one when there are as many names as nodes, otherwise each
    new resource to all of them.

        add netns::Node h[1-4]
        add linux::Ping probe on h1 target=h2 count=5
    """
    values = {setting.name: setting.value for setting in settings}
    if len(values) < len(settings):
        twice = next(
            s.name for n, s in enumerate(settings) if s.name in {t.name for t in settings[:n]}
        )
        raise BadValue(f"'{twice}' is given twice; write each attribute once")
    added: list[int] = []
    try:
        for label in labels or (None,):
            added.append(ctx.ec.register_resource(rtype, None, label=label, **values))
        for one, node in _pairs(added, nodes):
            ctx.ec.register_connection(one, node)
    except NepishellError:
        for guid in reversed(added):
            ctx.ec.remove_resource(guid)
        raise
    return note(_say_added(ctx, rtype, added), guids=added, labels=list(labels), rtype=rtype)


def _each_once(settings: tuple[Assigned, ...]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in settings:
        if name in values:
            raise BadValue(f"'{name}' is given twice; write each attribute once")
        values[name] = value
    return values


def _say_added(ctx: Context, rtype: str, added: list[int]) -> str:
    if len(added) == 1:
        return f"{ctx.name(added[0])} is resource {added[0]}, a {rtype}"
    return f"{len(added)} {rtype} added, resources {added[0]} to {added[-1]}"


def _pairs(added: list[int], nodes: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    if len(added) == len(nodes):
        yield from zip(added, nodes, strict=True)
    else:
        yield from ((one, node) for one in added for node in nodes)


@command("remove <targets:guids(NEW,RELEASED)>", effects=DESIGN, group="design")
def remove(ctx: Context, *, targets: tuple[int, ...]) -> Note:
    """Forget resources that are not deployed, or released; what was connected to them stays."""
    names = ctx.names(targets)
    deployed = (ResourceState.NEW, ResourceState.RELEASED)
    for guid in targets:
        state = ctx.ec.state(guid)
        if state not in deployed:
            raise NepishellError(f"{ctx.name(guid)} is {state.name}; release it first")
    deserted = _deserted(ctx, targets)
    for guid in targets:
        ctx.ec.remove_resource(guid)
    lost = f"; {ctx.names(deserted)} had a connection to it" if deserted else ""
    return note(f"removed {names}{lost}", guids=list(targets), deserted=deserted)


def _deserted(ctx: Context, targets: tuple[int, ...]) -> list[int]:
    """Those in use that lose a connection with *targets*."""
    chosen = set(targets)
    unused = (ResourceState.NEW, ResourceState.RELEASED)
    others = {other for guid in targets for other in ctx.ec.connections(guid)} - chosen
    return sorted(guid for guid in others if ctx.ec.state(guid) not in unused)


@command("label <res:guid> <label:name>", effects=DESIGN, group="design")
def label_(ctx: Context, *, res: int, label: str) -> Note:
    """Give a resource a name; inside the lab it is its host name too."""
    ctx.ec.set_label(res, label)
    return note(f"resource {res} is {label}", guid=res, label=label)


@command("connect <first:guids> <others:guids>...", effects=DESIGN, group="design")
def connect(ctx: Context, *, first: tuple[int, ...], others: tuple[tuple[int, ...], ...]) -> Note:
    """Connect each to the next, as a chain; a set in the chain connects each of its members.

    connect h1 wire h2
    connect h[1-20] switch
    """
    pairs = [
        (one, other)
        for left, right in pairwise((first, *others))
        for one in left
        for other in right
    ]
    made: list[tuple[int, int]] = []
    try:
        for one, other in pairs:
            if other not in ctx.ec.connections(one):
                ctx.ec.register_connection(one, other)
                made.append((one, other))
    except NepishellError:
        for one, other in reversed(made):
            ctx.ec.unregister_connection(one, other)
        raise
    said = f"{ctx.name(pairs[0][0])} and {ctx.name(pairs[0][1])} are connected"
    return note(
        said if len(pairs) == 1 else f"{len(made)} connections made",
        connections=[list(pair) for pair in made],
    )


@command("disconnect <one:guid> <other:guid>", effects=DESIGN, group="design")
def disconnect(ctx: Context, *, one: int, other: int) -> Note:
    """Take a connection back."""
    ctx.ec.unregister_connection(one, other)
    return note(f"{ctx.name(one)} and {ctx.name(other)} are no longer connected")


@command(
    "set <targets:guids>"
    " (<attr:attr(targets)> <value:value(targets,attr)>|<settings:change(targets)>...)",
    effects=DESIGN,
    group="design",
)
def set_(
    ctx: Context,
    *,
    targets: tuple[int, ...],
    attr: str = "",
    value: Any = None,
    settings: tuple[Assigned, ...] = (),
) -> Note:
    """Set attributes; those that may change while it runs are applied at once.

    set wire delay 50ms
    set l[1-4] rate=1mbit loss=2%
    """
    wanted = [Assigned(attr, value)] if attr else list(settings)
    before: list[tuple[int, str, Any]] = []
    try:
        for guid in targets:
            for name, new in wanted:
                old = ctx.rm(guid).get(name)
                ctx.ec.set(guid, name, new)
                before.append((guid, name, old))
    except NepishellError:
        # all or nothing: what could be set a moment ago can be set back
        for guid, name, old in reversed(before):
            ctx.ec.set(guid, name, old)
        raise
    said = ", ".join(
        f"{name} is {show_value(ctx, targets[0], name) or 'not set'}" for name, _ in wanted
    )
    known = ctx.ec.get_attributes(targets[0])
    values = {name: MASK if is_secret(known, name) else value for name, value in wanted}
    return note(f"{ctx.names(targets)}: {said}", guids=list(targets), values=values)


@command(
    "get <targets:guids> [<attr:field(targets)>]",
    effects=LOOK,
    group="look",
    columns=("label", "name", "value", "when", "help"),
)
def get(ctx: Context, *, targets: tuple[int, ...], attr: str = "") -> Records:
    """What attributes are set to."""
    rows = [
        (
            ctx.name(guid),
            name,
            show_value(ctx, guid, name),
            declared.when,
            declared.help,
        )
        for guid in targets
        for name, declared in sorted(ctx.ec.get_attributes(guid).items())
        if attr in ("", name)
    ]
    return Records(("label", "name", "value", "when", "help"), rows, "attributes")


def show_value(ctx: Context, guid: int, name: str) -> str:
    """An attribute's value as a person would write it; credentials are hidden."""
    attribute = ctx.ec.get_attribute(guid, name)
    if attribute.has_flag(Flags.NoRead) or attribute.has_flag(Flags.Credential):
        return MASK
    return attribute.format(ctx.ec.get(guid, name))
