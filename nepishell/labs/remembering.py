"""A session on disk, in the directory of its run: whoever resumes the run goes on with the lab.

The file is the student's own and has the seed; nothing of it is handed in.
"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nepishell.core.errors import NepishellError
from nepishell.labs.deeds import Deed
from nepishell.labs.variants import Variant, variant

if TYPE_CHECKING:
    from nepishell.labs.parts import Lab
    from nepishell.labs.session import Session

FILE = "session.json"


def state_of(session: "Session") -> dict[str, Any]:
    """All that a session cannot find out again."""
    own = session.variant
    return {
        "lab": session.lab.file,
        "student": own.student,
        "seed": own.seed,
        "practice": own.practice,
        "step": session.step,
        "passed": session.passed,
        "hints": [[step, number, cost] for (step, number), cost in session.hints.items()],
        "fails": session.fails,
        "restored": session.restored,
        "answers": session.checker.answers,
        "held": session.checker.held,
        "deeds": [[deed.kind, deed.what, deed.text] for deed in session.deeds],
    }


def variant_in(lab: "Lab", state: Mapping[str, Any]) -> Variant:
    """The values of the student whose session was saved."""
    return variant(lab, state["student"], state["seed"], practice=state["practice"])


def recall(session: "Session", state: Mapping[str, Any]) -> None:
    """Put a session where it was when *state* was taken."""
    session.step = state["step"]
    session.passed.update(state["passed"])
    session.hints.update({(step, number): cost for step, number, cost in state["hints"]})
    session.fails.update(state["fails"])
    session.restored += state["restored"]
    session.checker.answers.update(state["answers"])
    held = {check: (first, last) for check, (first, last) in state["held"].items()}
    session.checker.held.update(held)
    session.deeds.recall(Deed(*deed) for deed in state["deeds"])


def save(path: Path, state: Mapping[str, Any]) -> None:
    """Write *state*, whole or not at all; where nothing can be written, the session lives on."""
    aside = path.with_name(f".{path.name}")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(state, file)
        aside.replace(path)


def load(path: Path) -> dict[str, Any] | None:
    """What was saved, None where nothing was; raises NepishellError for what cannot be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        found = None
    if not isinstance(found, dict):
        raise NepishellError(f"{path} cannot be read; 'lab start' in a new run begins anew")
    return found
