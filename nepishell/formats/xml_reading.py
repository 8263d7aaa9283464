"""Descriptions from XML: ours, and what NEPI wrote.

Expat reads in one pass; a document type is refused, so that no entity is ever expanded, and no
text is evaluated.
"""

import json
import math
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from xml.parsers import expat

from nepishell.core.attributes import Value
from nepishell.core.conditions import Condition
from nepishell.core.errors import BadValue, NepishellError
from nepishell.core.states import ResourceAction, ResourceState
from nepishell.core.units import parse_duration
from nepishell.formats.description import Description, Saved, Setting
from nepishell.formats.topology import IPS, NET, Nid, Topology, checked, literal
from nepishell.formats.xml_form import TIMES

_GUIDS = re.compile(r"\s*[\[(]?\s*(\d+L?(?:\s*,\s*\d+L?)*)\s*,?\s*[\])]?\s*", re.ASCII)
_MOST = 2**63


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
        #: of the last node or edge of the graph
        self._notes: dict[str, Any] = {}
        self._ends: tuple[Nid, ...] = ()
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
        if name in _OF_GRAPHS:
            self._graph(self._found, name, facts)
        elif name == "rm":
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
            case "setting":
                one.settings.append(Setting(_name(facts), str(_value(facts)), *_waited(facts)))
            case "trace":
                one.traces[_name(facts)] = True
            case "muted":
                one.traces[_name(facts)] = False
            case "report":
                one.reported[_name(facts)] = _value(facts)

    def _graph(self, found: Description, name: str, facts: dict[str, str]) -> None:
        if name == "topology":
            found.topology = Topology(topo_type=facts.get("topo-type", "adhoc"))
            return
        if found.topology is None:
            raise BadValue(f"<{name}> outside of a <topology>")
        graph = found.topology
        match name:
            case "node":
                self._notes, self._ends = {}, ()
                for role in ("source", "target"):
                    if facts.get(role) == "True":
                        self._notes[role] = True
                graph.nodes.append((_nid(facts, "nid"), self._notes))
            case "edge":
                self._notes, self._ends = {}, (_nid(facts, "nid1"), _nid(facts, "nid2"))
                graph.edges.append((*self._ends, self._notes))
            case _:
                note = _name(facts)
                value = _value(facts)
                if note == (NET if self._ends else IPS):
                    value = literal(str(value))  # type: ignore[assignment]
                self._notes[note] = checked(note, value, self._ends)

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
            state: self._seconds(facts[name]) for state, name in TIMES.items()
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


_OF_GRAPHS = frozenset({"topology", "node", "edge", "node-annotation", "edge-annotation"})


def _nid(facts: Mapping[str, str], name: str) -> Nid:
    text = facts.get(name, "")
    if facts.get(f"{name}-type") in ("integer", "int"):
        return _number(facts, name, -_MOST)
    return text


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
    action = facts.get("action", "")
    if action not in ("0", "1", "2"):
        raise BadValue(f"'{action[:30]}' is not an action; write a number from 0 to 2")
    return Condition(ResourceAction(int(action)), *_waited(facts))


def _waited(facts: Mapping[str, str]) -> tuple[tuple[int, ...], ResourceState, float]:
    """Whom something waits for, in which state, and how many seconds more."""
    group = _GUIDS.fullmatch(facts.get("group", ""))
    guids = [text.strip().removesuffix("L") for text in group[1].split(",")] if group else []
    if not guids or not all(len(guid) < 20 and 0 < int(guid) < _MOST for guid in guids):
        raise BadValue(f"'{facts.get('group', '')[:30]}' is not a list of guids")
    time = facts.get("time", "None")
    # NEPI's releases lost the times of conditions when they loaded; they are in its files
    delay = 0.0 if time in ("", "None") else parse_duration(time)
    state = _state(facts.get("state", ""))
    return tuple(map(int, guids)), state, delay


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
                return int(text) if len(text.lstrip("-")) < 20 else _too_long(text)
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
