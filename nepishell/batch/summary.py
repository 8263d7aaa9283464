"""What came of a recipe, in a few lines: what happened, how long it took, which expectations were
met, what each link really was, what the run is suspected of, and where the results are.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from nepishell.commands.bounds import show_number
from nepishell.commands.context import Context
from nepishell.commands.design import show_value
from nepishell.commands.measures import kind_of
from nepishell.core.states import ResourceState
from nepishell.core.units import format_duration
from nepishell.lang.folding import fold

#: Expectations, links and doubts of each kind that are named.
MOST = 20
_MEASURED = "measured_"


@dataclass(slots=True)
class Expectations:
    """How many were looked at, and those that did not hold: where, and what was seen."""

    looked_at: int = 0
    failed: list[str] = field(default_factory=list)


def summary_of(ctx: Context, expectations: Expectations) -> dict[str, Any]:
    """The facts, before anything is released."""
    rows = ctx.ec.snapshot().resources
    return {
        "lasted": round(ctx.ec.clock.now(), 3),
        "resources": dict(Counter(row.state.name for row in rows)),
        "failed": [
            {"resource": ctx.name(row.guid), "reason": ctx.ec.failure(row.guid) or ""}
            for row in rows
            if row.state is ResourceState.FAILED
        ],
        "expected": expectations.looked_at,
        "unmet": list(expectations.failed),
        "links": [_link(ctx, row.guid) for row in rows if _is_link(ctx, row.guid)],
        "doubts": [str(doubt) for doubt in ctx.ec.fidelity.doubts],
        "results": str(ctx.ec.run_dir),
    }


def _is_link(ctx: Context, guid: int) -> bool:
    return bool("engine_used" in ctx.rm(guid)._attributes and ctx.ec.get(guid, "engine_used"))


def _link(ctx: Context, guid: int) -> dict[str, Any]:
    known = ctx.rm(guid)._attributes
    measured = [name for name in known if name.startswith(_MEASURED)]
    told = {name.removeprefix(_MEASURED): _rounded(ctx, guid, name) for name in measured}
    asked = {
        name: show_value(ctx, guid, name)
        for name in ("rate", "delay", "jitter", "loss")
        if name in known and ctx.ec.get(guid, name) is not None
    }
    return {
        "link": ctx.name(guid),
        "engine": show_value(ctx, guid, "engine_used"),
        "suspect": bool("suspect" in known and ctx.ec.get(guid, "suspect")),
        "asked": asked,
        "measured": {
            name.removeprefix("measured_"): value for name, value in told.items() if value
        },
    }


def _rounded(ctx: Context, guid: int, name: str) -> str:
    """A measured value, which has no more than four digits."""
    value, kind = ctx.ec.get(guid, name), kind_of(name.removeprefix(_MEASURED))
    return "" if value is None else show_number(float(value), kind)


def lines_of(facts: Mapping[str, Any], outcome: str) -> Iterator[str]:
    """The facts for people; *outcome*: how it went, in a word or two."""
    states = ", ".join(f"{count} {name}" for name, count in sorted(facts["resources"].items()))
    took = format_duration(round(facts["lasted"], 1) or 0.0)
    yield f"{outcome} after {took}" + (f": {states}" if states else "")
    for failed in facts["failed"][:MOST]:
        yield f"  {failed['resource']} FAILED: {failed['reason']}"
    if facts["expected"]:
        met = facts["expected"] - len(facts["unmet"])
        yield f"expectations met: {met} of {facts['expected']}"
    for unmet in facts["unmet"][:MOST]:
        yield f"  not met: {unmet}"
    yield from _links(facts["links"])
    for doubt in facts["doubts"][:MOST]:
        yield f"suspect: {doubt}"
    yield f"results: {facts['results']}"


def _links(links: list[dict[str, Any]]) -> Iterator[str]:
    """Links that were alike in one line."""
    alike: dict[str, list[str]] = {}
    for link in links:
        asked = " ".join(f"{name} {value}" for name, value in link["asked"].items())
        told = " ".join(f"{name} {value}" for name, value in link["measured"].items())
        verdict = "NOT as asked" if link["suspect"] else "as asked"
        seen = f"; measured {told} when it was made" if told else ""
        wanted = f" ({asked})" if asked else ""
        alike.setdefault(f"{link['engine']}, {verdict}{wanted}{seen}", []).append(link["link"])
    for what, names in list(alike.items())[:MOST]:
        yield f"link {fold(names)}: {what}"
    if len(alike) > MOST:
        yield f"and {len(alike) - MOST} more links: 'nepishell open' shows all"
