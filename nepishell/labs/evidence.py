"""What a journal tells of how a lab was done: when checks first held, hints, time for each step.

It shows whether lines of it were changed; whoever rules the machine it was written on can write
another one, so it is evidence, and no proof.
"""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from nepishell.journal.chain import Record
from nepishell.journal.reading import JournalError, read, verify


@dataclass(kw_only=True)
class Evidence:
    """*held*: check -> seconds of the run when it first held. *steps*: step -> seconds spent.

    *hints*: (step, number) of those taken. *variants*: those that were begun with. *fault*: what
    is wrong with the journal, ''. *head*: tells one run from another.
    """

    held: dict[str, float] = field(default_factory=dict)
    steps: dict[str, float] = field(default_factory=dict)
    hints: set[tuple[str, int]] = field(default_factory=set)
    variants: set[str] = field(default_factory=set)
    lines: set[str] = field(default_factory=set)
    restored: set[str] = field(default_factory=set)
    fault: str = ""
    head: str = ""


def evidence(text: str) -> Evidence:
    """What the journal in *text* tells, as far as it is in order."""
    found = Evidence()
    if not text:
        found.fault = "there is no journal"
        return found
    with tempfile.TemporaryDirectory(prefix="nepishell-lab-") as folder:
        path = Path(folder) / "journal.jsonl"
        path.write_text(text, encoding="utf-8")
        try:
            verdict = verify(path)
            if verdict.fault:
                found.fault = f"line {verdict.records + 1}: {verdict.fault}"
            _gather(found, read(path))
        except JournalError as problem:
            found.fault = found.fault or str(problem).removeprefix(f"{path}:")
    return found


def _gather(found: Evidence, records: Iterable[Record]) -> None:
    step, since = "", 0.0
    last = 0.0
    for record in records:
        last = record.at
        if not found.head:
            known = (record.data.get(name) for name in ("run", "boot", "pid", "start"))
            found.head = " ".join(map(str, known))
        if record.kind == "command":
            found.lines.add(str(record.data.get("line", "")))
        elif record.kind == "lab":
            what = record.data.get("what")
            if what == "step":
                _spend(found, step, last - since)
                step, since = str(record.data.get("step", "")), last
            _one(found, str(what), record)
    _spend(found, step, last - since)


def _spend(found: Evidence, step: str, seconds: float) -> None:
    if step:
        found.steps[step] = found.steps.get(step, 0.0) + max(0.0, seconds)


def _one(found: Evidence, what: str, record: Record) -> None:
    data = record.data
    match what:
        case "start":
            found.variants.add(str(data.get("variant", "")))
        case "check" if data.get("ok") is True:
            found.held.setdefault(str(data.get("check", "")), record.at)
        case "hint" if isinstance(data.get("number"), int):
            found.hints.add((str(data.get("step", "")), data["number"]))
        case "goto" if isinstance(data.get("restored"), list):
            found.restored.update(map(str, data["restored"]))
