"""What a student hands in, as one file: deeds, answers, hints, the journal, the id of the variant.

A bundle as a run is handed over in: checksums, read without trusting any of it. It has no seed and
no solution; what was done is there as a recipe to read, and as deeds to do again.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nepishell import __version__
from nepishell.commands.context import Context
from nepishell.core.errors import NepishellError
from nepishell.journal.bundle import JOURNAL, RECIPE, RUN, Bundle
from nepishell.journal.bundling import write_bundle
from nepishell.labs.deeds import ANSWER, HELD, LINE, PAUSE, RESTORED, Deed
from nepishell.labs.session import Session

FILE = "submission.json"
FORMAT = 1
#: Deeds of one submission, and letters of one of them, that are read.
MOST_DEEDS, LONGEST = 10_000, 4_000
_KINDS = (LINE, HELD, ANSWER, RESTORED, PAUSE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What was read of a file. *hints*: (step, number); *values*: of parameters, as used.

    *journal*: the text of it.
    """

    file: Path
    lab: str
    version: str
    student: str
    variant: str
    practice: bool
    values: Mapping[str, str]
    deeds: tuple[Deed, ...]
    hints: tuple[tuple[str, int], ...]
    journal: str


def submit(session: Session, target: Path) -> int:
    """Write what a student hands in; gives the bytes of the file. Raises NepishellError."""
    ctx, now = session.ctx, session.snapshot()
    ctx.ec.bus.drain()
    run_dir = ctx.ec.run_dir
    if ctx.journal is not None:
        ctx.journal.note("lab", {"what": "submit", "points": now.points})
        ctx.journal.writer.commit()
    journal = run_dir / JOURNAL
    told = {
        "format": FORMAT,
        "nepishell": __version__,
        "lab": session.lab.id,
        "version": session.lab.version,
        "student": session.variant.student,
        "variant": session.variant.id,
        "practice": session.variant.practice,
        "values": dict(session.variant.values),
        "deeds": [asdict(deed) for deed in session.deeds],
        "hints": [list(hint) for hint in now.hints],
        "points": now.points,
    }
    run = {"exp_id": ctx.ec.exp_id, "run_id": ctx.ec.run_id, "lab": session.lab.id}
    texts = {
        FILE: json.dumps(told, indent=1, ensure_ascii=False),
        RECIPE: recipe_of(session),
        RUN: json.dumps(run),
    }
    files = {JOURNAL: journal} if journal.is_file() else {}
    return write_bundle(target, files, texts, _about(ctx))


def _about(ctx: Context) -> dict[str, str]:
    ec = ctx.ec
    began, ended = (ec.clock.date(at).isoformat(timespec="seconds") for at in (0, ec.clock.now()))
    return {"experiment": ec.exp_id, "run": ec.run_id, "began": began, "ended": ended,
            "nepishell": __version__, "outcome": "handed in"}  # fmt: skip


def recipe_of(session: Session) -> str:
    """What was done as a recipe, for people; what it begins with is the lab's."""
    who = session.variant.student or "a student"
    head = f"# lab {session.lab.id} {session.lab.version}: what {who} did"
    lines = [_spell(deed) for deed in session.deeds]
    return "\n".join([head, "", *lines, ""])


def _spell(deed: Deed) -> str:
    match deed.kind:
        case "line":
            return deed.what
        case "answer":
            return f"# answer {deed.what}: {' '.join(deed.text.split())}"
        case "pause":
            return f"wait {deed.what}s"
        case "restored":
            return f"# the reference of step {deed.what} was built here"
    return f"# held: {deed.what}"


def read_submission(path: Path) -> Submission:
    """What is in a file that was handed in; raises NepishellError when it is none, or altered."""
    with Bundle(path) as bundle:
        bundle.verify()
        return submission_of(path, bundle.text(FILE), bundle.text(JOURNAL, 64 << 20))


def submission_of(path: Path, text: str, journal: str) -> Submission:
    """What was handed in, from the *text* of its description; raises NepishellError.

    *path*: named in errors.
    """
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise NepishellError(f"{path}: not a submission of a lab")
    try:
        return _submission(path, told, journal)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        raise NepishellError(f"{path}: {FILE} is not as it was written") from None


def _submission(path: Path, told: dict[str, Any], journal: str) -> Submission:
    if len(told["deeds"]) > MOST_DEEDS:
        raise NepishellError(f"{path}: more than {MOST_DEEDS:,} deeds")
    values, hints = told["values"], told["hints"]
    return Submission(
        file=path,
        lab=_text(told["lab"]),
        version=_text(told["version"]),
        student=_text(told["student"]),
        variant=_text(told["variant"]),
        practice=told["practice"] is True,
        values={_text(name): _text(value) for name, value in values.items()},
        deeds=tuple(_deed(deed) for deed in told["deeds"]),
        hints=tuple((_text(step), int(number)) for step, number in hints),
        journal=journal,
    )


def _deed(told: Mapping[str, Any]) -> Deed:
    deed = Deed(_text(told["kind"]), _text(told["what"]), _text(told["text"]))
    if deed.kind not in _KINDS:
        raise ValueError(deed.kind)
    return deed


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > LONGEST:
        raise TypeError(value)
    return value
