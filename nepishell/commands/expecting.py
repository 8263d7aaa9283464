"""Expect: the assertions of recipes. One that does not hold fails the experiment.

Each says what was seen and what was wanted, whether it holds or not: a recipe's output is the
record of what was proved.
"""

import re
from typing import Any, Protocol, runtime_checkable

from nepishell.commands.bounds import Wanted, show_number
from nepishell.commands.context import Context
from nepishell.commands.measures import is_statistic, kind_of, read_column, statistic
from nepishell.commands.notes import Note, tell
from nepishell.commands.programs import run_on
from nepishell.commands.traces import read_trace
from nepishell.core.attributes import Attribute, Types
from nepishell.core.errors import BadValue, NepishellError, UnknownName, did_you_mean
from nepishell.core.states import ResourceState
from nepishell.engine.resource import ResourceManager
from nepishell.lang.registry import LOOK, RUN, command
from nepishell.lang.types.resources import Metric

#: What the numbers of attributes are.
ATTRIBUTE_KINDS = {
    Types.Integer: "number",
    Types.Double: "number",
    Types.Duration: "duration",
    Types.Rate: "rate",
    Types.Size: "size",
    Types.Percent: "percent",
}


class Unexpected(NepishellError):
    """An expectation that does not hold."""


@runtime_checkable
class Reports(Protocol):
    """A resource that reports numbers, by name and in base units."""

    def metrics(self) -> dict[str, float]: ...


@command("expect [negated:not] <what:measure> <wanted:wanted>", effects=LOOK, group="check",
         name="expect")  # fmt: skip
def expect(ctx: Context, *, what: Metric, wanted: Wanted, negated: str = "") -> Note:
    """Fail unless a number or an attribute is as wanted.

    expect probe.rtt.avg 35ms..60ms
    expect probe.rtt.p95 2*${delay}+-5ms
    expect probe.loss 0%
    expect wire.delay 10ms
    """
    name = f"{ctx.name(what.guid)}.{what.path}"
    seen, holds, number = _compare(ctx, what, name, wanted)
    return _judge(f"{name} {wanted}", name, seen, str(wanted), holds, negated, number)


def _judge(
    what: str, name: str, seen: str, wanted: str, holds: bool, negated: str,
    number: float | None = None,
) -> Note:  # fmt: skip
    """*number*: what was measured, in its base unit, for programs."""
    no = "not " if negated else ""
    if holds == bool(negated):
        raise Unexpected(f"expected {no}{what}; it is {seen}")
    measured = {} if number is None else {"value": number}
    return tell(f"ok: {name} is {seen} (expected {no}{wanted})",
                ok=True, what=name, seen=seen, wanted=f"{no}{wanted}", **measured)  # fmt: skip


def _compare(
    ctx: Context, what: Metric, name: str, wanted: Wanted
) -> tuple[str, bool, float | None]:
    rm = ctx.rm(what.guid)
    declared = rm._attributes.get(what.path)
    if declared is not None:
        return *_compare_attribute(declared, ctx.ec.get(what.guid, what.path), name, wanted), None
    value, kind = measure(ctx, rm, what.path)
    return show_number(value, kind), wanted.holds(name, value, kind), value


def _compare_attribute(
    declared: Attribute, value: Any, name: str, wanted: Wanted
) -> tuple[str, bool]:
    shown = declared.format(value) or "not set"
    kind = ATTRIBUTE_KINDS.get(declared.type)
    if kind is None or wanted.bound is None:
        return shown, value == declared.parse(wanted.text)
    return shown, value is not None and wanted.holds(name, float(value), kind)


def measure(ctx: Context, rm: ResourceManager, path: str) -> tuple[float, str]:
    """(value in base units, kind) of a number that a resource reports.

    Its own numbers first (`loss`, `rtt.avg`), then a statistic of a trace (`rtt.p95`,
    `throughput.throughput.max`). Raises UnknownName, BadValue.
    """
    reported = rm.metrics() if isinstance(rm, Reports) else {}
    if path in reported:
        return reported[path], kind_of(path)
    trace, _, rest = path.partition(".")
    column, _, name = rest.rpartition(".")
    if trace not in rm._traces or not is_statistic(name):
        raise _unknown(ctx, rm, path, list(reported))
    text = read_trace(ctx, rm.guid, trace)
    if not text:
        raise BadValue(f"{ctx.name(rm.guid)} has reported no '{path}': it is {rm.state.name}")
    found = read_column(text, column or trace)
    kind = "number" if name == "count" else found.kind
    return statistic(name, found.values), kind


def _unknown(ctx: Context, rm: ResourceManager, path: str, reported: list[str]) -> NepishellError:
    who = ctx.name(rm.guid)
    if not reported and rm._traces:
        return BadValue(f"{who} has reported no '{path}': it is {rm.state.name}")
    known = [*reported, *sorted(rm._attributes)]
    return UnknownName(f"{who} reports no '{path}'{did_you_mean(path, known)}")


@command("expect [negated:not] <targets:guids> <state>", effects=LOOK, group="check",
         name="expect state")  # fmt: skip
def expect_state(
    ctx: Context, *, targets: tuple[int, ...], state: ResourceState, negated: str = ""
) -> Note:
    """Fail unless all of these resources are in a state now."""
    states = {guid: ctx.ec.state(guid) for guid in targets}
    wrong = [guid for guid in targets if (states[guid] is state) == bool(negated)]
    if wrong:
        no = "not " if negated else ""
        seen = ", ".join(f"{ctx.name(guid)} is {states[guid].name}" for guid in wrong[:3])
        more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        raise Unexpected(f"expected {ctx.names(targets)} {no}{state.name}; {seen}{more}")
    verb = "is" if len(targets) == 1 else "are"
    shown = ",".join(sorted({found.name for found in states.values()}))
    wanted = f"not {state.name}" if negated else state.name
    names = ctx.names(targets)
    return tell(f"ok: {names} {verb} {shown}", ok=True, what=names, seen=shown, wanted=wanted)


@command("expect [negated:not] <res:guid> trace <name:trace(res)> ~ <pattern:text>", effects=LOOK,
         group="check", name="expect trace")  # fmt: skip
def expect_trace(ctx: Context, *, res: int, name: str, pattern: str, negated: str = "") -> Note:
    """Fail unless a trace has text that fits a regular expression.

    expect probe trace stdout ~ "bytes from"
    """
    try:
        wanted = re.compile(pattern, re.MULTILINE)
    except re.error as problem:
        raise BadValue(f"'{pattern}' is not a regular expression: {problem}") from None
    text = read_trace(ctx, res, name)
    times = sum(1 for _ in wanted.finditer(text))
    what = f"{ctx.name(res)} trace {name}"
    lines = text.rstrip().splitlines()
    last = f"there {times} times" if times else f"not there; its last line is '{lines[-1]}'" if (
        lines
    ) else "empty"  # fmt: skip
    return _judge(f"{what} ~ '{pattern}'", what, last, f"~ '{pattern}'", times > 0, negated)


@command("expect [negated:not] exec <node:guid> <argv:argv>", effects=RUN, group="check",
         name="expect exec")  # fmt: skip
def expect_exec(ctx: Context, *, node: int, argv: tuple[str, ...], negated: str = "") -> Note:
    """Fail unless a program on a node ends with status 0; with `not`, unless it fails.

    expect not exec h1 ping -c 1 -W 1 h2
    """
    (ran,) = run_on(ctx, (node,), argv)
    what = f"exec {ctx.name(node)} {' '.join(argv)}"
    lines = (ran.stdout + ran.stderr).strip().splitlines()
    seen = f"status {ran.status}" + (f" ({lines[-1]})" if lines else "")
    return _judge(what, what, seen, "status 0", ran.status == 0, negated)
