"""A description as NEPI's XML (NEPI section 12), so that NEPI's parser reads it.

What NEPI does not know stands in attributes and elements that its parser passes over.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from nepishell.core.attributes import Value
from nepishell.core.conditions import Condition
from nepishell.core.states import ResourceState
from nepishell.core.timestamps import tsformat
from nepishell.formats.description import Description, Saved, Setting
from nepishell.formats.topology import Nid, Topology

VERSION = "1"
#: What NEPI calls the time of each state.
TIMES = {
    ResourceState.DISCOVERED: "discover_time",
    ResourceState.PROVISIONED: "provision_time",
    ResourceState.READY: "ready_time",
    ResourceState.STARTED: "start_time",
    ResourceState.STOPPED: "stop_time",
    ResourceState.FAILED: "failed_time",
    ResourceState.RELEASED: "release_time",
}
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\t": "&#9;",
            "\r": "&#13;"}  # fmt: skip
_SPECIAL = re.compile('[&<>"\n\t\r]')
#: What XML cannot hold, however it is written.
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write(found: Description) -> str:
    """The whole file."""
    facts = {
        "exp_id": found.exp_id,
        "run_id": found.run_id,
        "nthreads": str(found.nthreads or 20),
        "local_dir": found.local_dir,
        "nepishell": VERSION,
    }
    if found.began is not None:
        facts["began"] = found.began.isoformat()
    if found.seed is not None:
        facts["seed"] = str(found.seed)
    lines = ['<?xml version="1.0" encoding="utf-8"?>', f"<experiment{_facts(facts)}>"]
    if found.topology is not None:
        lines += _topology(found.topology)
    if found.groups:
        lines.append("    <groups>")
        for number, together in found.groups.items():
            told = {"group": str(number), "together": str(together)}
            lines.append(f"        <deployment{_facts(told)}/>")
        lines.append("    </groups>")
    lines.append("    <rms>")
    stamps = _Stamps(found.began) if found.began is not None else None
    for one in found.resources:
        lines += _rm(one, stamps)
    return "\n".join([*lines, "    </rms>", "</experiment>", ""])


class _Stamps:
    """Seconds after a beginning as twenty digits; made of the second, which many share."""

    def __init__(self, began: datetime) -> None:
        self._whole = began.replace(microsecond=0)
        self._more = began.microsecond
        self._seconds: dict[int, str] = {}

    def __call__(self, at: float) -> str:
        seconds, rest = divmod(round(at * 1e6) + self._more, 1_000_000)
        known = self._seconds.get(seconds)
        if known is None:
            known = tsformat(self._whole + timedelta(seconds=seconds))[:14]
            self._seconds[seconds] = known
        return f"{known}{rest:06d}"


def _rm(one: Saved, stamps: _Stamps | None) -> Iterator[str]:
    facts = {"guid": str(one.guid), "rtype": one.rtype, "state": str(int(one.state))}
    if stamps is not None:
        for state, at in one.times.items():
            facts[TIMES[state]] = stamps(at)
    optional = {"label": one.label, "reason": one.reason, "group": str(one.group or "")}
    facts |= {name: text for name, text in optional.items() if text}
    yield f"        <rm{_facts(facts)}>"
    if one.values:
        yield from _part("attributes", "attribute", map(_attribute, one.values.items()))
    if one.connections:
        yield "            <connections>"
        for guid in one.connections:
            yield f'                <connection guid="{guid}"/>'
        yield "            </connections>"
    if one.conditions:
        yield from _part("conditions", "condition", map(_held, one.conditions))
    if one.settings:
        yield from _part("settings", "setting", map(_late, one.settings))
    for name, element, is_on in (("traces", "trace", True), ("untraced", "muted", False)):
        if is_on in one.traces.values():
            named = ({"name": trace} for trace, on in one.traces.items() if on is is_on)
            yield from _part(name, element, named)
    if one.reported:
        yield from _part("reported", "report", map(_attribute, one.reported.items()))
    yield "        </rm>"


def _part(name: str, element: str, each: Iterator[dict[str, str]]) -> Iterator[str]:
    yield f"            <{name}>"
    for facts in each:
        yield f"                <{element}{_facts(facts)}/>"
    yield f"            </{name}>"


def _held(held: Condition) -> dict[str, str]:
    return {"action": str(int(held.action)), **_waited(held)}


def _late(late: Setting) -> dict[str, str]:
    return {**_attribute((late.name, late.value)), **_waited(late)}


def _waited(held: Condition | Setting) -> dict[str, str]:
    return {
        "group": str(list(held.group)),
        "state": str(int(held.state)),
        # NEPI took numbers with one unit, and its writer wrote None for no time
        "time": f"{held.delay:.12f}".rstrip("0").rstrip(".") + "s" if held.delay else "None",
    }


def _attribute(pair: tuple[str, Value]) -> dict[str, str]:
    name, value = pair
    match value:
        case bool():
            return {"name": name, "value": str(value), "type": "bool"}
        case int():
            return {"name": name, "value": str(value), "type": "integer"}
        case float():
            return {"name": name, "value": repr(value), "type": "float"}
        case None:
            return {"name": name, "value": "None", "type": "string"}
    if value == "None" or _IMPOSSIBLE.search(value):
        return {"name": name, "value": json.dumps(value), "type": "string", "escaped": "json"}
    return {"name": name, "value": value, "type": "string"}


def _topology(found: Topology) -> Iterator[str]:
    yield f"    <topology{_facts({'topo-type': found.topo_type})}>"
    yield "        <nodes>"
    for nid, notes in found.nodes:
        roles = {role: "True" for role in ("source", "target") if notes.get(role) is True}
        yield from _noted("node", {**_end("nid", nid), **roles}, notes)
    yield "        </nodes>"
    yield "        <edges>"
    for one, two, notes in found.edges:
        yield from _noted("edge", {**_end("nid1", one), **_end("nid2", two)}, notes)
    yield "        </edges>"
    yield "    </topology>"


def _end(name: str, nid: Nid) -> dict[str, str]:
    return {name: str(nid), f"{name}-type": "integer" if isinstance(nid, int) else "string"}


def _noted(element: str, facts: dict[str, str], notes: dict[str, Any]) -> Iterator[str]:
    yield f"            <{element}{_facts(facts)}>"
    yield f"                <{element}-annotations>"
    for name, value in notes.items():
        # NEPI evaluates these two; written as it wrote them they are literals
        plain = repr(value) if isinstance(value, list | dict) else value
        told = _facts(_attribute((name, plain)))
        yield f"                    <{element}-annotation{told}/>"
    yield f"                </{element}-annotations>"
    yield f"            </{element}>"


def _facts(facts: Mapping[str, str]) -> str:
    return "".join(f' {name}="{_text(value)}"' for name, value in facts.items())


def _text(value: str) -> str:
    if value.isalnum():
        return value
    safe = _IMPOSSIBLE.sub("\ufffd", value)
    return _SPECIAL.sub(lambda hit: _ESCAPES[hit[0]], safe)
