"""The manual of a resource type, written from what it declares."""

from collections.abc import Iterator

from nepishell.core.attributes import Attribute
from nepishell.core.peers import Peer
from nepishell.engine.resource import ResourceManager

MEMBERS = ("member", "name", "type", "default", "when", "help")
#: Of every type: told after its own.
_COMMON = ResourceManager._attributes


def members(rclass: type[ResourceManager]) -> Iterator[tuple[str, ...]]:
    """Attributes, traces and peers as rows under MEMBERS."""
    for name, attribute in sorted(rclass._attributes.items()):
        default = "(required)" if attribute.required else attribute.format(attribute.default)
        yield "attribute", name, kind_of(attribute), default, attribute.when, attribute.help
    for trace in rclass._traces.values():
        yield "trace", trace.name, "", "on" if trace.enabled else "off", "", trace.help
    for peer in rclass._peers:
        yield "peer", peer.name, " or ".join(peer.rtypes), str(peer), "", peer.help


def kind_of(attribute: Attribute) -> str:
    """Choices, or the type with its unit and range: 'integer 1..255', 'auto|relay'."""
    if attribute.allowed:
        return "|".join(map(str, attribute.allowed))
    name = attribute.type.name.lower()
    if attribute.unit:
        name = f"{name} in {attribute.unit}"
    if attribute.range is None:
        return name
    low, high = ("" if end is None else attribute.format(end) for end in attribute.range)
    return f"{name} {low}..{high}"


def manual(rclass: type[ResourceManager]) -> str:
    """What it is, what it connects to, its attributes and traces, and a line to begin with."""
    doc = (rclass.__doc__ or rclass.get_help()).strip().splitlines()
    parts = [[f"{rclass.rtype}: {doc[0]}", *(line.strip() for line in doc[1:] if line.strip())]]
    attributes = [a for _, a in sorted(rclass._attributes.items()) if a.name not in _COMMON]
    attributes.sort(key=lambda a: (not a.required, a.when == "never"))
    common = [a for a in _COMMON.values() if a.name in rclass._attributes]
    parts.append(["connects to", *_columns([_peer(peer) for peer in rclass._peers])])
    parts.append(
        [
            "attributes, set before deployment where it says no more",
            *_columns([_attribute(a) for a in attributes]),
        ]
    )
    parts.append(
        ["traces", *_columns([(t.name, "on" if t.enabled else "off", t.help)
                              for t in rclass._traces.values()])]
    )  # fmt: skip
    parts.append(["as every type", *_columns([_attribute(a) for a in common])])
    parts.append(["example", f"  {example(rclass)}"])
    return "\n\n".join("\n".join(part) for part in parts if len(part) > 1 or part is parts[0])


def _peer(peer: Peer) -> tuple[str, ...]:
    needs = ", ".join(
        f"{state.name} before {action.name.lower()}" for action, state in peer.needs.items()
    )
    return peer.name, str(peer), needs, peer.help


def _attribute(attribute: Attribute) -> tuple[str, ...]:
    default = ""
    if attribute.required:
        default = "required"
    elif attribute.default is not None:
        default = f"= {attribute.format(attribute.default)}"
    when = {"always": "any time", "never": "read only"}.get(attribute.when, "")
    return attribute.name, kind_of(attribute), default, when, attribute.help


def _columns(rows: list[tuple[str, ...]]) -> list[str]:
    """Rows with their cells under each other, indented."""
    if not rows:
        return []
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    return ["  " + _padded(row, widths).rstrip() for row in rows]


def _padded(row: tuple[str, ...], widths: list[int]) -> str:
    cells = zip(row, widths, strict=True)
    return "  ".join(f"{cell:<{width}}" for cell, width in cells if width)


def example(rclass: type[ResourceManager]) -> str:
    """A line that adds one, with what it cannot do without."""
    label = rclass.rtype.rpartition("::")[2].lower()
    words = ["add", rclass.rtype, f"{label}1"]
    if any("abstract::Node" in peer.rtypes and peer.min for peer in rclass._peers):
        words += ["on", "h1"]
    words += [f"{a.name}={_sample(a)}" for a in rclass._required]
    return " ".join(words)


def _sample(attribute: Attribute) -> str:
    if attribute.names:
        return "h2"
    if attribute.allowed:
        return str(attribute.allowed[0])
    return attribute.format(1) if attribute.type.name not in ("String", "Bool") else "..."
