"""Readers of the live experiment, one for each kind of check: they look, and change nothing.

Each says what was expected, what was seen, and which command shows it. What cannot be looked at,
since the resource is not there or not up, was seen as just that.
"""

import json
import re
import shlex
from collections.abc import Callable, Mapping
from ipaddress import ip_address, ip_interface, ip_network
from typing import Any

from nepishell.commands.bounds import parse_wanted, show_number
from nepishell.commands.context import Context
from nepishell.commands.expecting import measure
from nepishell.commands.programs import host_of
from nepishell.commands.traces import read_trace
from nepishell.commands.view import ExperimentView, Indexes
from nepishell.core.attributes import Types
from nepishell.core.errors import BadValue, NepishellError, UnknownName, did_you_mean
from nepishell.core.states import parse_state
from nepishell.hosts.base import Completed
from nepishell.labs.results import Seen
from nepishell.lang.errors import Bad
from nepishell.lang.selection import resolve

Wanted = Mapping[str, str]
#: Seconds for the answer to one packet, and for a program of a check.
PING_S, PROGRAM_S = 1, 10.0
#: Characters of a program's output that are shown.
_SHOWN = 120
_KINDS = {
    Types.Integer: "number",
    Types.Double: "number",
    Types.Duration: "duration",
    Types.Rate: "rate",
    Types.Size: "size",
    Types.Percent: "percent",
}


def look(ctx: Context, kind: str, wanted: Wanted) -> Seen:
    """What is to be seen of a check of that kind; *wanted*: its fields, values filled in."""
    expected, reader = _READERS[kind]
    try:
        return reader(ctx, wanted)
    except (NepishellError, Bad) as problem:
        return Seen(False, expected(wanted), str(problem))


def expectation(kind: str, wanted: Wanted) -> str:
    """What a check of that kind expects, in words."""
    return _READERS[kind][0](wanted)


def _guid(ctx: Context, label: str) -> int:
    found = ctx.ec.labels.get(label)
    if found is None:
        raise UnknownName(f"there is no '{label}'{did_you_mean(label, ctx.ec.labels)}")
    return found


def _run(ctx: Context, node: str, argv: list[str]) -> tuple[Completed, str]:
    host = host_of(ctx, _guid(ctx, node))
    return host.run(argv, timeout_s=PROGRAM_S), f"{node} {shlex.join(argv)}"


def _ip(ctx: Context, node: str, *words: str) -> tuple[list[dict[str, Any]], str]:
    """What `ip` on a node tells, and the line that shows it to a person."""
    done, _ = _run(ctx, node, ["ip", "-j", *words])
    if done.status:
        raise NepishellError(done.stderr.strip() or f"ip ended with status {done.status}")
    return json.loads(done.stdout or "[]"), f"{node} ip {shlex.join(words)}"


# -- reach -------------------------------------------------------------------------------------


def _reach(ctx: Context, wanted: Wanted) -> Seen:
    done, line = _ping(ctx, wanted)
    seen = "an answer" if done.status == 0 else _why_not(done)
    return Seen(done.status == 0, _expects_reach(wanted), seen, line)


def _not_reach(ctx: Context, wanted: Wanted) -> Seen:
    done, line = _ping(ctx, wanted)
    # 2: it was not even asked, for the name or the way is unknown
    seen = "an answer" if done.status == 0 else _why_not(done)
    return Seen(done.status != 0, _expects_no_reach(wanted), seen, line)


def _ping(ctx: Context, wanted: Wanted) -> tuple[Completed, str]:
    return _run(ctx, wanted["from"], ["ping", "-n", "-c", "1", "-W", str(PING_S), wanted["to"]])


def _why_not(done: Completed) -> str:
    said = f"{done.stdout}\n{done.stderr}"
    found = re.search(r"^(?:ping: (.*)|From (\S+) .*?((?:Destination|Time|Packet).*))$", said, re.M)
    if found is None:
        return "no answer"
    return found[1] or f"{found[2]} says: {found[3]}"


def _expects_reach(wanted: Wanted) -> str:
    return f"{wanted['from']} reaches {wanted['to']}"


def _expects_no_reach(wanted: Wanted) -> str:
    return f"{wanted['from']} does not reach {wanted['to']}"


# -- route and iface ---------------------------------------------------------------------------


def _route(ctx: Context, wanted: Wanted) -> Seen:
    node, dst = wanted["on"], wanted["dst"]
    found, line = _ip(ctx, node, "route", "show", *([dst] if dst == "default" else ["match", dst]))
    best = max(found, key=_length, default=None)
    if best is None:
        return Seen(False, _expects_route(wanted), "no route there", line)
    via, dev = str(best.get("gateway", "")), str(best.get("dev", ""))
    next_hop = f"via {via}" if via else "directly"
    seen = f"{best.get('dst')} {next_hop} dev {dev}"
    is_via = "via" not in wanted or via in _addresses(ctx, wanted["via"])
    is_dev = wanted.get("dev", dev) == dev
    # of a default route asked for by name nothing longer counts
    return Seen(is_via and is_dev, _expects_route(wanted), seen, line)


def _length(route: Mapping[str, Any]) -> tuple[int, int]:
    dst = str(route.get("dst", ""))
    length = 0 if dst == "default" else ip_network(dst, strict=False).prefixlen
    return length, -int(route.get("metric", 0))


def _addresses(ctx: Context, of: str) -> set[str]:
    """The address that *of* is, or those of the node of that label."""
    try:
        return {str(ip_address(of))}
    except ValueError:
        found, _ = _ip(ctx, of, "addr", "show")
    return {str(one["local"]) for each in found for one in each.get("addr_info", [])}


def _expects_route(wanted: Wanted) -> str:
    via = f" via {wanted['via']}" if "via" in wanted else ""
    dev = f" dev {wanted['dev']}" if "dev" in wanted else ""
    return f"{wanted['on']} has a route to {wanted['dst']}{via}{dev}"


def _iface(ctx: Context, wanted: Wanted) -> Seen:
    found, line = _ip(ctx, wanted["on"], "addr", "show")
    named = [one for one in found if one.get("ifname") != "lo"]
    if "name" in wanted:
        named = [one for one in found if one.get("ifname") == wanted["name"]]
    ok = any(_is_so(one, wanted) for one in named)
    seen = "; ".join(map(_spell_iface, named)) or "no such interface"
    return Seen(ok, _expects_iface(wanted), seen, line)


def _is_so(one: Mapping[str, Any], wanted: Wanted) -> bool:
    if "address" in wanted and not _has(one, wanted["address"]):
        return False
    if "up" in wanted and (wanted["up"] == "true") != ("UP" in one.get("flags", [])):
        return False
    return "mtu" not in wanted or wanted["mtu"] == str(one.get("mtu"))


def _has(one: Mapping[str, Any], address: str) -> bool:
    try:
        asked = ip_interface(address)
    except ValueError:
        raise BadValue(f"'{address}' is no address; write it as 10.0.0.1/24") from None
    return any(
        asked == ip_interface(f"{info['local']}/{info['prefixlen']}")
        or ("/" not in address and str(asked.ip) == info["local"])
        for info in one.get("addr_info", [])
    )


def _spell_iface(one: Mapping[str, Any]) -> str:
    infos = [info for info in one.get("addr_info", []) if info.get("scope") != "link"]
    addresses = [f"{info['local']}/{info['prefixlen']}" for info in infos]
    state = "up" if "UP" in one.get("flags", []) else "down"
    return f"{one.get('ifname')} {state} mtu {one.get('mtu')} {','.join(addresses) or 'no address'}"


def _expects_iface(wanted: Wanted) -> str:
    parts = [f"{name} {wanted[name]}" for name in ("address", "mtu") if name in wanted]
    if "up" in wanted:
        parts.append("up" if wanted["up"] == "true" else "down")
    name = wanted.get("name", "an interface")
    return f"{wanted['on']} has {name} {' '.join(parts)}".rstrip()


# -- resources ---------------------------------------------------------------------------------


def _link(ctx: Context, wanted: Wanted) -> Seen:
    label, attr = wanted["of"], wanted["attr"]
    rm = ctx.rm(_guid(ctx, label))
    declared = rm._attributes.get(attr)
    if declared is None:
        raise UnknownName(f"{label} has no '{attr}'{did_you_mean(attr, rm._attributes)}")
    value = ctx.ec.get(rm.guid, attr)
    shown = declared.format(value) or "not set"
    line = f"get {label} {attr}"
    kind, bound = _KINDS.get(declared.type), parse_wanted(wanted["is"])
    if kind is None or bound.bound is None:
        return Seen(value == declared.parse(wanted["is"]), _expects_link(wanted), shown, line)
    holds = value is not None and bound.holds(f"{label}.{attr}", float(value), kind)
    return Seen(holds, _expects_link(wanted), shown, line)


def _expects_link(wanted: Wanted) -> str:
    return f"{wanted['attr']} of {wanted['of']} is {wanted['is']}"


def _state(ctx: Context, wanted: Wanted) -> Seen:
    guids = resolve(wanted["of"], ExperimentView(ctx.ec, Indexes(), dict))
    state = parse_state(wanted["is"])
    states = {guid: ctx.ec.state(guid) for guid in guids}
    wrong = [guid for guid in guids if states[guid] is not state]
    seen = ", ".join(f"{ctx.name(guid)} is {states[guid].name}" for guid in (wrong or guids)[:3])
    return Seen(not wrong, _expects_state(wanted), seen, f"list {wanted['of']}")


def _expects_state(wanted: Wanted) -> str:
    return f"{wanted['of']} is {wanted['is'].upper()}"


def _trace(ctx: Context, wanted: Wanted) -> Seen:
    label, name = wanted["of"], wanted.get("trace", "stdout")
    line = f"trace {label} {name}"
    try:
        pattern = re.compile(wanted["pattern"], re.MULTILINE)
    except re.error as problem:
        raise BadValue(f"'{wanted['pattern']}' is no regular expression: {problem}") from None
    text = read_trace(ctx, _guid(ctx, label), name)
    found = pattern.search(text)
    last = text.rstrip().splitlines()[-1:]
    seen = found[0] if found else f"not there; the last line is '{last[0]}'" if last else "empty"
    return Seen(found is not None, _expects_trace(wanted), seen[:_SHOWN], line)


def _expects_trace(wanted: Wanted) -> str:
    return f"trace {wanted.get('trace', 'stdout')} of {wanted['of']} has '{wanted['pattern']}'"


def _metric(ctx: Context, wanted: Wanted) -> Seen:
    name = wanted["of"]
    line = f"expect {name} {wanted['is']}"
    label, path = _split(ctx, name)
    bound = parse_wanted(wanted["is"])
    value, kind = measure(ctx, ctx.rm(_guid(ctx, label)), path)
    holds = bound.holds(name, value, kind)
    return Seen(holds, _expects_metric(wanted), show_number(value, kind), line)


def _split(ctx: Context, name: str) -> tuple[str, str]:
    """Label and path of `probe.rtt.p95`: labels may have dots, the longest that exists wins."""
    parts = name.split(".")
    for at in range(len(parts) - 1, 0, -1):
        if ".".join(parts[:at]) in ctx.ec.labels:
            return ".".join(parts[:at]), ".".join(parts[at:])
    raise UnknownName(f"there is no '{parts[0]}'{did_you_mean(parts[0], ctx.ec.labels)}")


def _expects_metric(wanted: Wanted) -> str:
    return f"{wanted['of']} is {wanted['is']}"


# -- programs ----------------------------------------------------------------------------------


def _command(ctx: Context, wanted: Wanted) -> Seen:
    done, line = _run(ctx, wanted["on"], shlex.split(wanted["run"]))
    status = int(wanted.get("status", "0"))
    said = f"{done.stdout}{done.stderr}"
    pattern = wanted.get("pattern", "")
    found = re.search(pattern, said, re.MULTILINE) if pattern else None
    ok = done.status == status and (not pattern or found is not None)
    last = said.strip().splitlines()[-1:]
    text = found[0] if found else last[0] if last else "nothing"
    return Seen(ok, _expects_command(wanted), f"status {done.status}: {text}"[:_SHOWN], line)


def _expects_command(wanted: Wanted) -> str:
    pattern = f", with '{wanted['pattern']}'" if "pattern" in wanted else ""
    status = wanted.get("status", "0")
    return f"'{wanted['run']}' on {wanted['on']} ends with status {status}{pattern}"


_READERS: Mapping[
    str, tuple[Callable[[Wanted], str], Callable[[Context, Wanted], Seen]]
] = {
    "reach": (_expects_reach, _reach),
    "not_reach": (_expects_no_reach, _not_reach),
    "route": (_expects_route, _route),
    "iface": (_expects_iface, _iface),
    "link": (_expects_link, _link),
    "state": (_expects_state, _state),
    "trace": (_expects_trace, _trace),
    "metric": (_expects_metric, _metric),
    "command": (_expects_command, _command),
}  # fmt: skip
