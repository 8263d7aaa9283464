"""A description as NEPI's XML (NEPI section 12): its parser reads ours, and ours reads its files.

What NEPI does not know stands in attributes and elements that its parser passes over. Expat reads
in one pass; a document type is refused, so that no entity is ever expanded.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from xml.parsers import expat

from nepishell.core.attributes import Value
from nepishell.core.conditions import Condition
from nepishell.core.errors import BadValue, NepishellError
from nepishell.core.states import ResourceAction, ResourceState
from nepishell.core.timestamps import tsformat
from nepishell.core.units import parse_duration
from nepishell.formats.description import Description, Saved

VERSION = "1"
_TIMES = {
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
_GUIDS = re.compile(r"\s*[\[(]?\s*(\d+L?(?:\s*,\s*\d+L?)*)\s*,?\s*[\])]?\s*", re.ASCII)
_MOST = 2**63


# -- writing -----------------------------------------------------------------------------------


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
            facts[_TIMES[state]] = stamps(at)
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
    return {
        "action": str(int(held.action)),
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


def _facts(facts: Mapping[str, str]) -> str:
    return "".join(f' {name}="{_text(value)}"' for name, value in facts.items())


def _text(value: str) -> str:
    if value.isalnum():
        return value
    safe = _IMPOSSIBLE.sub("\ufffd", value)
    return _SPECIAL.sub(lambda hit: _ESCAPES[hit[0]], safe)


# -- reading -----------------------------------------------------------------------------------


def read(text: str) -> Description:
    """What a file says, ours or NEPI's; raises BadValue with the line of what is wrong."""
    return _Reader().read(text)


class _Reader:
    """What expat finds, put together."""

    def __init__(self) -> None:
        # whatever encoding it claims: the text was decoded before
        self._parser = parser = expat.ParserCreate("utf-8")
        parser.StartElementHandler = self._begin
        parser.StartDoctypeDeclHandler = self._refuse
        self._found: Description | None = None
        self._now: Saved | None = None
        self._offset: datetime | None = None
        #: fourteen digits -> seconds after the run began; many times are of the same second
        self._seconds_of: dict[str, float] = {}

    def read(self, text: str) -> Description:
        try:
            self._parser.Parse(text.encode("utf-8", "surrogatepass"), True)
        except expat.ExpatError as problem:
            reason = expat.errors.messages[problem.code]
            place = f"line {problem.lineno}:{problem.offset + 1}"
            raise BadValue(f"{place}: no XML: {reason}") from None
        except NepishellError as problem:
            raise BadValue(f"{self._place}: {problem}") from None
        if self._found is None:
            raise BadValue("no description of an experiment: it has no <experiment>")
        return self._found

    @property
    def _place(self) -> str:
        return f"line {self._parser.CurrentLineNumber}"

    def _refuse(self, *declared: object) -> None:
        raise BadValue("a document type is not read: it could make text of other files")

    def _begin(self, name: str, facts: dict[str, str]) -> None:
        if self._found is None:
            if name != "experiment":
                raise BadValue(f"no description of an experiment: it begins with <{name[:30]}>")
            self._found = self._experiment(facts)
            return
        if name == "rm":
            self._now = one = self._rm(facts)
            self._found.resources.append(one)
        elif name == "deployment":
            self._found.groups[_number(facts, "group")] = facts.get("together") == "True"
        elif self._now is not None:
            self._inside(self._now, name, facts)

    def _inside(self, one: Saved, name: str, facts: dict[str, str]) -> None:
        match name:
            case "attribute":
                one.values[_name(facts)] = _value(facts)
            case "connection":
                one.connections.append(_number(facts, "guid"))
            case "condition":
                one.conditions.append(_condition(facts))
            case "trace":
                one.traces[_name(facts)] = True
            case "muted":
                one.traces[_name(facts)] = False
            case "report":
                one.reported[_name(facts)] = _value(facts)

    def _experiment(self, facts: dict[str, str]) -> Description:
        began = facts.get("began")
        try:
            self._offset = datetime.fromisoformat(began) if began else None
        except ValueError:
            raise BadValue(f"began '{began}' is not a date") from None
        found = Description(
            exp_id=facts.get("exp_id", ""),
            run_id=facts.get("run_id", ""),
            nthreads=_number(facts, "nthreads") if "nthreads" in facts else None,
            local_dir=facts.get("local_dir", ""),
            seed=_number(facts, "seed", -_MOST) if "seed" in facts else None,
            began=self._offset,
        )
        # NEPI wrote no beginning, but its run_id is one; times are counted from there
        if self._offset is None and _is_stamp(found.run_id):
            self._offset = _stamp(found.run_id)
        return found

    def _rm(self, facts: dict[str, str]) -> Saved:
        times = {
            state: self._seconds(facts[name]) for state, name in _TIMES.items()
            if facts.get(name, "None") not in ("", "None")
        }  # fmt: skip
        return Saved(
            guid=_number(facts, "guid"),
            rtype=facts.get("rtype", ""),
            label=facts.get("label", ""),
            state=_state(facts.get("state") or "0"),
            reason=facts.get("reason", ""),
            group=_number(facts, "group") if "group" in facts else None,
            times=dict(sorted(times.items())),
            place=self._place,
        )

    def _seconds(self, text: str) -> float:
        """Twenty digits of local time, as seconds after the run began."""
        if not _is_stamp(text):
            raise BadValue(f"'{text[:30]}' is not a time of twenty digits")
        known = self._seconds_of.get(text[:14])
        if known is None:
            if self._offset is None:
                return 0.0
            # all times of a file are of the same zone, whichever it was
            began = self._offset.replace(tzinfo=None)
            known = (_stamp(f"{text[:14]}000000") - began).total_seconds()
            self._seconds_of[text[:14]] = known
        return max(0.0, round(known + int(text[14:]) / 1e6, 6))


def _is_stamp(text: str) -> bool:
    return len(text) == 20 and text.isascii() and text.isdigit()


def _stamp(text: str) -> datetime:
    try:
        # strptime takes fewer digits, too
        return datetime.strptime(text, "%Y%m%d%H%M%S%f")
    except ValueError:
        raise BadValue(f"'{text}' is not a time of twenty digits") from None


def _name(facts: Mapping[str, str]) -> str:
    name = facts.get("name", "")
    if not name:
        raise BadValue("a name is missing")
    return name


def _number(facts: Mapping[str, str], name: str, least: int = 1) -> int:
    text = facts.get(name, "")
    digits = text.removeprefix("-")
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= 19
    if not is_number or not least <= int(text) < _MOST:
        raise BadValue(f"{name} '{text[:30]}' is not a number from {least}")
    return int(text)


def _state(text: str) -> ResourceState:
    if len(text) == 1 and "0" <= text <= "7":
        return ResourceState(int(text))
    raise BadValue(f"'{text[:30]}' is not a state; write a number from 0 to 7")


def _condition(facts: Mapping[str, str]) -> Condition:
    action, group = facts.get("action", ""), _GUIDS.fullmatch(facts.get("group", ""))
    if action not in ("0", "1", "2"):
        raise BadValue(f"'{action[:30]}' is not an action; write a number from 0 to 2")
    guids = [text.strip().removesuffix("L") for text in group[1].split(",")] if group else []
    if not guids or not all(len(guid) < 20 and 0 < int(guid) < _MOST for guid in guids):
        raise BadValue(f"'{facts.get('group', '')[:30]}' is not a list of guids")
    time = facts.get("time", "None")
    # NEPI's releases lost the times of conditions when they loaded; they are in its files
    delay = 0.0 if time in ("", "None") else parse_duration(time)
    state = _state(facts.get("state", ""))
    return Condition(ResourceAction(int(action)), tuple(map(int, guids)), state, delay)


def _value(facts: Mapping[str, str]) -> Value:
    text, kind = facts.get("value", ""), facts.get("type", "string").lower()
    if facts.get("escaped") == "json":
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, str):
            raise BadValue(f"'{text[:30]}' is not an escaped text")
        return found
    if text == "None":
        return None
    try:
        match kind:
            case "bool":
                return {"True": True, "true": True, "False": False, "false": False, "": False}[text]
            case "integer":
                return int(text) if len(text) < 20 else _too_long(text)
            case "float" | "double":
                return _finite(float(text))
    except (KeyError, ValueError):
        raise BadValue(f"'{text[:30]}' is not of the type {kind}") from None
    return text


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError
    return value


def _too_long(text: str) -> int:
    raise BadValue(f"a number of {len(text)} digits")
