"""A description as JSON, version 1: one resource a line, values in base units.

experiment.schema.json beside this file says what it may hold, for other programs; nothing in it is
ever evaluated.
"""

import json
import math
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NoReturn

from nepishell.core.attributes import Value
from nepishell.core.conditions import Condition
from nepishell.core.errors import BadValue
from nepishell.core.states import ResourceAction, ResourceState
from nepishell.formats.description import Description, Saved, Setting
from nepishell.formats.topology import NET, Nid, Topology, checked

FORMAT, VERSION = "nepishell-experiment", 1
#: What stands at the top besides the resources, and of a resource besides its number and type.
_TOP = ("format", "version", "exp_id", "run_id", "began", "nthreads", "local_dir", "seed",
        "topology", "groups", "resources")  # fmt: skip
_OF_RESOURCE = ("guid", "rtype", "label", "state", "reason", "group", "times", "attributes",
                "reported", "connections", "conditions", "settings", "traces")  # fmt: skip
_OF_CONDITION = ("action", "group", "state", "delay")
_ACTIONS = {action.name.lower(): action for action in ResourceAction}
#: Numbers that other languages can read, too.
_MOST = 2**63


def write(found: Description) -> str:
    """The whole file."""
    head = {
        "format": FORMAT,
        "version": VERSION,
        "exp_id": found.exp_id,
        "run_id": found.run_id,
        "began": found.began.isoformat() if found.began else None,
        "nthreads": found.nthreads,
        "local_dir": found.local_dir,
        "seed": found.seed,
        "topology": _graph(found.topology) if found.topology is not None else None,
        "groups": [{"group": n, "together": yes} for n, yes in found.groups.items()],
    }
    known = {name: value for name, value in head.items() if value not in (None, "", [])}
    dump = json.JSONEncoder(allow_nan=False).encode
    lines = [f"{dump(name)}: {dump(value)}" for name, value in known.items()]
    resources = ",\n".join(dump(_resource(one)) for one in found.resources)
    return "{" + ",\n".join([*lines, f'"resources": [\n{resources}\n]']) + "}\n"


def _graph(found: Topology) -> dict[str, Any]:
    return {
        "type": found.topo_type,
        "nodes": [{"id": nid, "notes": notes} for nid, notes in found.nodes],
        "edges": [
            {"ends": [one, two], "notes": {**notes, NET: _net(one, two, notes[NET])}}
            if NET in notes
            else {"ends": [one, two], "notes": notes}
            for one, two, notes in found.edges
        ],
    }


def _net(one: Nid, two: Nid, net: Mapping[Any, Any]) -> dict[str, Any]:
    """A network with its addresses in a list: keys of JSON are never numbers."""
    rest = {name: net[name] for name in ("mask", "network", "prefix")}
    return {"addresses": [net[one], net[two]], **rest}


def _resource(one: Saved) -> dict[str, Any]:
    told: dict[str, Any] = {
        "guid": one.guid, "rtype": one.rtype, "label": one.label, "state": one.state.name,
        "reason": one.reason, "group": one.group,
        "times": {state.name: at for state, at in one.times.items()},
        "attributes": one.values, "reported": one.reported, "connections": one.connections,
        "conditions": [
            {"action": held.action.name.lower(), "group": held.group, "state": held.state.name,
             "delay": held.delay}
            for held in one.conditions
        ],
        "settings": [
            {"name": late.name, "value": late.value, "group": late.group,
             "state": late.state.name, "delay": late.delay}
            for late in one.settings
        ],
        "traces": one.traces,
    }  # fmt: skip
    return {name: value for name, value in told.items() if value not in ("", None, {}, [])}


def read(text: str) -> Description:
    """What a file says; raises BadValue with the place of what is wrong."""
    try:
        data = json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as problem:
        raise BadValue(f"line {problem.lineno}:{problem.colno}: no JSON: {problem.msg}") from None
    except ValueError as problem:
        raise BadValue(f"no JSON: {problem}") from None
    except RecursionError:
        raise BadValue("no JSON of ours: lists in lists in lists") from None
    top = _object(data, _TOP, "the file")
    if top.get("format") != FORMAT:
        raise BadValue(f'no description of an experiment: "format" is not "{FORMAT}"')
    if top.get("version") != VERSION or isinstance(top.get("version"), bool):
        raise BadValue(f"version {top.get('version')!r}: this nepishell reads version {VERSION}")
    groups: dict[int, bool] = {}
    for place, group in _each(top, "groups", "the file"):
        known = _object(group, ("group", "together"), place)
        groups[_number(known, "group", place)] = _flag(known.get("together", True), place)
    return Description(
        exp_id=_text(top, "exp_id", "the file"),
        run_id=_text(top, "run_id", "the file"),
        nthreads=_optional(top, "nthreads", "the file"),
        local_dir=_text(top, "local_dir", "the file"),
        seed=_optional(top, "seed", "the file", least=-_MOST),
        began=_date(top.get("began")),
        topology=_topology(top["topology"]) if "topology" in top else None,
        groups=groups,
        resources=[_saved(one, place) for place, one in _each(top, "resources", "the file")],
    )


def _topology(data: object) -> Topology:
    known = _object(data, ("type", "nodes", "edges"), "topology")
    nodes, edges = [], []
    for place, one in _each(known, "nodes", "topology"):
        node = _object(one, ("id", "notes"), place)
        notes = _mapping(node, "notes", place)
        told = {name: checked(name, value, ()) for name, value in notes.items()}
        nodes.append((_nid(node.get("id"), place), told))
    for place, one in _each(known, "edges", "topology"):
        edge = _object(one, ("ends", "notes"), place)
        given = edge.get("ends")
        if not isinstance(given, list) or len(given) != 2:
            raise BadValue(f"{place}: ends {_shown(given)} are not two")
        ends = _nid(given[0], place), _nid(given[1], place)
        notes = dict(_mapping(edge, "notes", place))
        if NET in notes:
            notes[NET] = _by_end(notes[NET], ends, place)
        edges.append((*ends, {name: checked(name, value, ends) for name, value in notes.items()}))
    return Topology(topo_type=_text(known, "type", "topology"), nodes=nodes, edges=edges)


def _by_end(data: object, ends: tuple[Nid, Nid], place: str) -> dict[Any, Any]:
    net = dict(_object(data, ("addresses", "mask", "network", "prefix"), f"{place}.net"))
    addresses = net.pop("addresses", None)
    if not isinstance(addresses, list) or len(addresses) != 2:
        raise BadValue(f"{place}.net: addresses {_shown(addresses)} are not two")
    return {**dict(zip(ends, addresses, strict=True)), **net}


def _nid(found: object, place: str) -> Nid:
    if isinstance(found, str) or (type(found) is int and -_MOST < found < _MOST):
        return found
    raise BadValue(f"{place}: {_shown(found)} is neither a name nor a number of a node")


def _saved(data: object, place: str) -> Saved:
    known = _object(data, _OF_RESOURCE, place)
    for name in ("guid", "rtype"):
        if known.get(name, "") == "":
            raise BadValue(f"{place}: '{name}' is missing")
    get = known.get
    return Saved(
        guid=_number(known, "guid", place),
        rtype=_text(known, "rtype", place),
        label=_text(known, "label", place),
        state=_state(get("state", "NEW"), place),
        reason=_text(known, "reason", place),
        group=_optional(known, "group", place),
        times=_times(known, place) if "times" in known else {},
        values=_values(known, "attributes", place) if "attributes" in known else {},
        reported=_values(known, "reported", place) if "reported" in known else {},
        connections=_guids(get("connections", []), f"{place}.connections"),
        conditions=[_condition(one, where) for where, one in _each(known, "conditions", place)],
        settings=[_setting(one, where) for where, one in _each(known, "settings", place)],
        traces={
            name: _flag(on, f"{place}.traces")
            for name, on in _mapping(known, "traces", place).items()
        },
        place=place,
    )


def _condition(data: object, place: str) -> Condition:
    known = _object(data, _OF_CONDITION, place)
    action = known.get("action")
    if not isinstance(action, str) or action not in _ACTIONS:
        raise BadValue(f"{place}: action {_shown(action)} is not one of {', '.join(_ACTIONS)}")
    return Condition(_ACTIONS[action], *_waited(known, place))


def _setting(data: object, place: str) -> Setting:
    known = _object(data, ("name", "value", "group", "state", "delay"), place)
    name, value = _text(known, "name", place), _text(known, "value", place)
    return Setting(name, value, *_waited(known, place))


def _waited(known: Mapping[str, Any], place: str) -> tuple[tuple[int, ...], ResourceState, float]:
    """Whom something waits for, in which state, and how many seconds more."""
    group = tuple(_guids(known.get("group"), f"{place}.group"))
    if not group:
        raise BadValue(f"{place}: it waits for nobody")
    delay = _seconds(known.get("delay", 0.0), f"{place}.delay")
    return group, _state(known.get("state"), place), delay


# -- parts -------------------------------------------------------------------------------------


def _object(data: object, names: tuple[str, ...], place: str) -> Mapping[str, Any]:
    if not isinstance(data, dict):
        raise BadValue(f"{place}: {_shown(data)} is no object")
    if not data.keys() <= set(names):
        strange = next(name for name in data if name not in names)
        raise BadValue(f"{place}: there is no {_shown(strange)}; known are {', '.join(names)}")
    return data


def _each(data: Mapping[str, Any], name: str, place: str) -> list[tuple[str, object]]:
    found = data.get(name, [])
    if not isinstance(found, list):
        raise BadValue(f"{place}: {name} is no list")
    where = name if place == "the file" else f"{place}.{name}"
    return [(f"{where}[{number}]", one) for number, one in enumerate(found)]


def _mapping(data: Mapping[str, Any], name: str, place: str) -> Mapping[str, Any]:
    found = data.get(name, {})
    if not isinstance(found, dict):
        raise BadValue(f"{place}: {name} is no object")
    return found


def _values(data: Mapping[str, Any], name: str, place: str) -> dict[str, Value]:
    found = dict(_mapping(data, name, place))
    for key, value in found.items():
        if value is not None and not isinstance(value, str | bool | int | float):
            raise BadValue(f"{place}.{name}.{key}: {_shown(value)} is no value")
        if (
            isinstance(value, int | float)
            and not -_MOST <= value <= _MOST
            and (isinstance(value, int) or not math.isfinite(value))
        ):
            raise BadValue(f"{place}.{name}.{key}: a number that is too large")
    return found


def _times(data: Mapping[str, Any], place: str) -> dict[ResourceState, float]:
    found = _mapping(data, "times", place)
    return {
        _state(name, f"{place}.times"): _seconds(at, f"{place}.times.{name}")
        for name, at in found.items()
    }


def _text(data: Mapping[str, Any], name: str, place: str) -> str:
    found = data.get(name, "")
    if not isinstance(found, str):
        raise BadValue(f"{place}: {name} {_shown(found)} is no text")
    return found


def _number(data: Mapping[str, Any], name: str, place: str, least: int = 1) -> int:
    found = data.get(name)
    if type(found) is not int or not least <= found < _MOST:
        raise BadValue(f"{place}: {name} {_shown(found)} is not a number from {least}")
    return found


def _optional(data: Mapping[str, Any], name: str, place: str, least: int = 1) -> int | None:
    return None if name not in data else _number(data, name, place, least)


def _flag(found: object, place: str) -> bool:
    if not isinstance(found, bool):
        raise BadValue(f"{place}: {_shown(found)} is neither true nor false")
    return found


def _seconds(found: object, place: str) -> float:
    # the chain tells numbers from NaN, and from infinity
    if type(found) not in (int, float) or not 0 <= found < _MOST:  # type: ignore[operator]
        raise BadValue(f"{place}: {_shown(found)} is no number of seconds")
    return float(found)  # type: ignore[arg-type]


def _guids(found: object, place: str) -> list[int]:
    if not isinstance(found, list) or not all(type(g) is int and 0 < g < _MOST for g in found):
        raise BadValue(f"{place}: {_shown(found)} is no list of guids")
    return found


_find_state: Callable[[object], ResourceState | None] = {
    state.name: state for state in ResourceState
}.get  # type: ignore[assignment]


def _state(found: object, place: str) -> ResourceState:
    state = _find_state(found) if isinstance(found, str) else None
    if state is None:
        raise BadValue(f"{place}: {_shown(found)} is not a state")
    return state


def _date(found: object) -> datetime | None:
    if found is None:
        return None
    try:
        date = datetime.fromisoformat(str(found))
    except ValueError:
        date = None
    if date is None or date.tzinfo is None:
        raise BadValue(f"the file: began {_shown(found)} is not a date with an offset")
    return date


def _shown(value: object) -> str:
    """A wrong value in a message: short, and of one line."""
    text = json.dumps(value, default=str) if not isinstance(value, int) else "a number"
    if isinstance(value, int) and abs(value) < _MOST:
        text = json.dumps(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number of JSON")
