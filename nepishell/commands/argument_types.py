"""Argument types that only our commands need; the general ones are in the language."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nepishell.commands.bounds import parse_wanted
from nepishell.core.errors import NepishellError
from nepishell.engine.controller import default_local_dir
from nepishell.journal.keeping import FILE
from nepishell.lang.errors import Bad
from nepishell.lang.folding import fold_in_order, unfold
from nepishell.lang.registry import commands
from nepishell.lang.types.attributes import Assigned, AssignmentType
from nepishell.lang.types.base import Candidate, Env
from nepishell.lang.types.names import NewLabelType
from nepishell.lang.types.plain import TextType
from nepishell.lang.types.quantities import BoundType, DurationType
from nepishell.lang.types.resources import Metric, MetricType, owner_of
from nepishell.lang.view import View

#: Traces that are no tables.
_OF_TEXT = frozenset({"stdout", "stderr", "exitcode", "depends", "deploy"})


class NewLabelsType(NewLabelType):
    """New labels: `web`, `web[1-20]`, `h1,h2`; bound as a tuple."""

    name, sample = "names", "web[1-4]"
    help = "new labels, as in web or web[1-20]"

    def parse(self, view: View, env: Env, text: str) -> Any:
        found: list[str] = []
        for part in _parts(text):
            for label in unfold(part) if "[" in part else [part]:
                super().parse(view, env, label)
                if label in found:
                    raise Bad(f"label '{label}' is named twice")
                found.append(label)
        return tuple(found)

    def partial(self, view: View, env: Env, text: str) -> bool:
        stem, bracket, inside = text.partition("[")
        if bracket:
            return set(inside) <= set("0123456789,-]") and super().partial(view, env, stem)
        return super().partial(view, env, text.rpartition(",")[2])

    def format(self, value: object, view: View | None, env: Env) -> str:
        return fold_in_order(list(value)) if isinstance(value, tuple) else str(value)


def _parts(text: str) -> list[str]:
    """Split at commas outside brackets."""
    parts, depth = [""], 0
    for char in text:
        depth += (char == "[") - (char == "]")
        if char == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return parts


class MeasureType(MetricType):
    """A number that a resource reports, or one of its attributes: `probe.rtt.avg`, `wire.delay`.

    What a program reports is known only once it has run, so a name of a resource with traces is
    believed until then.
    """

    name = "measure"
    help = "a number or attribute of a resource, as in probe.rtt.avg, wire.delay"

    def parse(self, view: View, env: Env, text: str) -> Metric:
        try:
            return super().parse(view, env, text)
        except Bad as problem:
            believed = self._believed(view, text)
            if believed is None:
                raise problem from None
            return believed

    def _believed(self, view: View, text: str) -> Metric | None:
        for length in range(text.count("."), 0, -1):
            parts = text.split(".")
            guid = view.find(".".join(parts[:length]))
            row = view.row(guid) if guid is not None else None
            if guid is not None and row is not None:
                info = view.info(row.rtype)
                return Metric(guid, ".".join(parts[length:])) if info and info.traces else None
        return None


class SeriesType(MetricType):
    """Numbers that a resource records: `probe.rtt` a trace, `load.throughput.bytes` a column."""

    name = "series"
    # before resources: of probe.rrt the trace is wrong
    rank = 31
    help = "numbers that a resource records, as in probe.rtt: a trace, or trace.column"

    def parse(self, view: View, env: Env, text: str) -> Metric:
        guid, path = owner_of(view, text)
        if guid is None:
            raise Bad(f"'{text}' begins with no label of a resource", weak=True)
        known = _traces(view, guid)
        trace = path.partition(".")[0]
        if trace not in known:
            wrong = len(text) - len(path)
            message = f"'{text}': resource {guid} has no trace '{trace}'"
            raise Bad(message, offset=wrong, length=len(trace), near=(trace, lambda: known))
        return Metric(guid, path)

    def partial(self, view: View, env: Env, text: str) -> bool:
        return any(True for _ in self.complete(view, env, text, 1))

    def complete(self, view: View, env: Env, prefix: str, limit: int) -> Iterable[Candidate]:
        guid, path = owner_of(view, f"{prefix}x")
        if guid is not None:
            begin = prefix[: len(prefix) - len(path) + 1]
            known = [name for name in _traces(view, guid) if name.startswith(path[:-1])]
            yield from (Candidate(begin + name) for name in known[:limit])
        elif prefix:
            for name in view.names("label").starting_with(prefix, limit):
                owner = view.find(name)
                if owner is not None and _traces(view, owner):
                    yield Candidate(f"{name}.", "what it records", more=True)

    def example(self, view: View, env: Env) -> str:
        for label in view.names("label"):
            guid = view.find(label)
            for trace in _traces(view, guid) if guid is not None else ():
                return f"{label}.{trace}"
        return ""


def _traces(view: View, guid: int) -> list[str]:
    """Traces of a resource that may be tables of numbers."""
    row = view.row(guid)
    info = view.info(row.rtype) if row is not None else None
    return [each.name for each in info.traces if each.name not in _OF_TEXT] if info else []


class ChangeType(AssignmentType):
    """`name=value` where a name alone may stand as well: `set wire delay=5ms loss=1%`.

    Names are offered without `=` first; with it once one such pair was given.
    """

    name = "change"

    def complete(self, view: View, env: Env, prefix: str, limit: int) -> Iterable[Candidate]:
        begun = "=" in prefix or any(
            isinstance(value, tuple) and value and isinstance(value[0], Assigned)
            for value in env.values()
        )
        return super().complete(view, env, prefix, limit) if begun else ()


class SpanType(DurationType):
    """A duration that stands where a resource or a task may stand as well: `wait 5s`."""

    name = "span"

    def parse(self, view: View, env: Env, text: str) -> float:
        try:
            return super().parse(view, env, text)
        except NepishellError as problem:
            # of a word without digits, the resource it may have meant says more
            raise Bad(str(problem), weak=not text[:1].isdigit()) from None


class WantedType(BoundType):
    """What `expect` wants of a value: a bound, with a little arithmetic, or a text."""

    name, sample = "wanted", "35ms..60ms"
    help = "a bound, as in 35ms..60ms, ..5%, 2*20ms+-5ms, or an exact value"

    def parse(self, view: View, env: Env, text: str) -> Any:
        try:
            return parse_wanted(text)
        except NepishellError as problem:
            raise Bad(str(problem)) from None

    def partial(self, view: View, env: Env, text: str) -> bool:
        return True

    def complete(self, view: View, env: Env, prefix: str, limit: int) -> Iterable[Candidate]:
        return ()


class RunType(TextType):
    """A run that is kept on this machine, by its id, the beginning of it, or its experiment.

    Which it is, is looked up when the command is executed: a key must not read journals.
    """

    name, style = "run", "name"
    help = "a run: its id, the beginning of it, or its experiment"

    def complete(self, view: View, env: Env, prefix: str, limit: int) -> Iterable[Candidate]:
        kept = sorted(default_local_dir().glob(f"*/*/{FILE}"), key=_run_id, reverse=True)
        found = [Candidate(_run_id(path), path.parent.parent.name) for path in kept]
        names = {note: Candidate(str(note), "its last run") for _, note, _ in found}
        return [one for one in (*found, *names.values()) if one.text.startswith(prefix)][:limit]

    def example(self, view: View, env: Env) -> str:
        return "20261121072513"


def _run_id(journal: Path) -> str:
    return journal.parent.name


for _type in (ChangeType, NewLabelsType, MeasureType, RunType, SeriesType, SpanType, WantedType):
    commands.add_type(_type.name, _type)
