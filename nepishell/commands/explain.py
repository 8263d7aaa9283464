"""Explain: what a line would do, as it was understood. Nothing is executed."""

from collections.abc import Iterator, Mapping
from enum import Enum

from nepishell.commands.compensating import way_back
from nepishell.commands.context import Context
from nepishell.commands.view import ExperimentView, Indexes
from nepishell.lang import syntax
from nepishell.lang.call import Call
from nepishell.lang.credentials import hidden
from nepishell.lang.registry import DESIGN, DESTROY, LOOK, RUN, Command, command, commands
from nepishell.lang.types.verbs import RestType
from nepishell.output.records import Record

_EFFECTS: Mapping[object, str] = {
    LOOK: "look: changes nothing",
    DESIGN: "design: changes the description",
    RUN: "run: changes what runs",
    DESTROY: "destroy: takes something away for good; asks first at the prompt",
}
#: Commands that last as long as what they run.
_BLOCKING = frozenset({"exec", "expect exec", "node", "open", "source"})


@command("explain <line:command>", effects=LOOK, group="look")
def explain(ctx: Context, *, line: Call) -> Record:
    """What a line would do: its command, what its words stand for, its effects. Nothing is done.

    explain deploy
    explain when h[1-2] STARTED +2s start probe
    """
    facts: dict[str, object] = {}
    _tell(ctx, line, facts)
    return Record(facts, title="explanation")


def _tell(ctx: Context, call: Call, facts: dict[str, object], prefix: str = "") -> None:
    found = commands.commands[call.command]
    facts[f"{prefix}line"] = ctx.spell(call)
    facts[f"{prefix}does"] = found.summary.rstrip(":.")
    inner = None
    for name, value in call.args.items():
        if isinstance(value, Call):
            inner = value
        else:
            facts[f"{prefix}<{name}>"] = _resolved(ctx, found, call, name)
    facts[f"{prefix}effects"] = _EFFECTS[found.effects]
    facts[f"{prefix}waits"] = _waits(ctx, found, call)
    back, _ = way_back(ctx, found, call.args)
    if back:
        facts[f"{prefix}way back"] = back
    if found.name == "deploy":
        facts[f"{prefix}in detail"] = f"plan {ctx.spell(call)}"
    if inner is not None:
        _tell(ctx, inner, facts, f"{prefix}then ")


def _resolved(ctx: Context, found: Command, call: Call, name: str) -> str:
    """An argument in words: for resources how many, which, and in what states."""
    value = call.args[name]
    argument = next((each for each in syntax.arguments(found.syntax) if each.name == name), None)
    if argument is None:
        return str(value)
    if argument.type in ("guid", "guids", "label") and _is_guids(value):
        guids = [guid for guid in _guids(value) if isinstance(guid, int)]
        states = sorted({ctx.ec.state(guid) for guid in guids})
        which = f"{ctx.names(guids)} (guid {','.join(map(str, guids))})"
        many = f"{len(guids)} resources: " if len(guids) > 1 else ""
        return f"{many}{which}, {' and '.join(state.name for state in states)}"
    if isinstance(value, Enum):
        return value.name
    kind = commands.types[argument.type](argument.deps)
    view = ExperimentView(ctx.ec, Indexes(), dict)
    several = argument.many or isinstance(kind, RestType)
    values = value if several and isinstance(value, tuple) else (value,)
    texts = [kind.format(each, view, call.args) for each in values]
    return " ".join(hidden(kind, view, call.args, text) for text in texts)


def _is_guids(value: object) -> bool:
    found = list(_guids(value))
    return bool(found) and all(type(guid) is int for guid in found)


def _guids(value: object) -> Iterator[object]:
    if isinstance(value, tuple | list):
        for each in value:
            yield from _guids(each)
    else:
        yield value


def _waits(ctx: Context, found: Command, call: Call) -> str:
    if call.background:
        return "no: it goes on as a task"
    if found.name.split()[0] == "wait":
        return "yes, that is what it is for"
    if found.name in _BLOCKING:
        return "until it has ended"
    if "mode" not in syntax.bound(found.syntax):
        return "no"
    mode = call.args.get("mode") or ("wait" if ctx.waits else "nowait")
    return "until it has come about" if mode == "wait" else "no: it goes on as a task"
