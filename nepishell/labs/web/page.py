"""The page of one session: what it shows is told by the session and by the bus of the run."""

from collections.abc import Callable
from typing import Any

from nepishell.core.errors import NepishellError
from nepishell.labs.parts import Check, Hint
from nepishell.labs.session import Session, Snapshot
from nepishell.labs.texts import fill
from nepishell.labs.web.markdown import html
from nepishell.labs.web.picture import Scene
from nepishell.labs.web.server import PageServer
from nepishell.labs.web.shown import LabText, Now, ShownCheck, ShownHint, Standing, StepText


class Page:
    """Served until it is closed; it follows *session* and the experiment it is in."""

    def __init__(self, session: Session, port: int = 0) -> None:
        self._session = session
        self._ec = session.ctx.ec
        self._scene = Scene()
        self._server = PageServer(self._first, self._now, port)
        self._ends: list[Callable[[], None]] = [
            session.on_change(self._server.changed),
            self._ec.bus.subscribe_batches(lambda events: self._server.changed()),
        ]

    @property
    def url(self) -> str:
        """What a browser is to open."""
        return self._server.url

    def close(self) -> None:
        """Serve no more. Idempotent."""
        for end in self._ends:
            end()
        self._server.close()

    def _first(self) -> dict[str, Any]:
        return lab_text(self._session).as_json()

    def _now(self) -> dict[str, Any]:
        rms = [self._ec.get_resource(guid) for guid in self._ec.resources]
        picture = self._scene.draw(rm for rm in rms if rm is not None)
        return standing(self._session, picture).as_json()


def lab_text(session: Session) -> LabText:
    """The texts of a session's lab, with its student's values."""
    lab, variant = session.lab, session.variant
    whose = variant.student or "practice"
    return LabText(
        title=lab.title,
        summary=lab.summary,
        student=f"{whose} (practice)" if variant.practice and variant.student else whose,
        steps=tuple(
            StepText(id=step.id, title=step.title, html=html(session.text(step)),
                     points=step.points)
            for step in lab.steps
        ),
    )  # fmt: skip


def standing(session: Session, picture: dict[str, Any] | None = None) -> Now:
    """How a session stands, with a picture of its network."""
    now = session.snapshot()
    step = session.lab.step(now.step)
    note, offered = _next_hint(session, now)
    return Now(
        step=now.step,
        points=now.points,
        most=now.most,
        standings={
            one.id: Standing.HOLDS if one.id in now.passed else Standing.WAITS
            for one in session.lab.steps
        },
        checks=tuple(_check(session, now, check) for check in step.checks),
        hints=(*_taken(session, now), *offered),
        picture=picture,
        note=note,
    )


def _check(session: Session, now: Snapshot, check: Check) -> ShownCheck:
    title = session.checker.expectation(check)
    result = now.results.get(check.id)
    if result is None:
        return ShownCheck(id=check.id, title=title)
    return ShownCheck(
        id=check.id,
        title=title,
        standing=Standing.HOLDS if result.ok else Standing.FAILS,
        expected=result.expected if result.expected != title else "",
        seen=result.seen,
        command=result.command,
    )


def _taken(session: Session, now: Snapshot) -> list[ShownHint]:
    hints = session.lab.step(now.step).hints
    numbers = [number for step, number in now.hints if step == now.step]
    return [
        ShownHint(html=html(_text(session, now.step, hints[number - 1])),
                  cost=hints[number - 1].cost)
        for number in numbers
    ]  # fmt: skip


def _text(session: Session, step: str, hint: Hint) -> str:
    if not hint.reveal:
        return fill(hint.text, session.variant.values)
    solution = fill(session.lab.solutions.get(step, ""), session.variant.values)
    return f"```\n{solution.rstrip()}\n```" if solution else "Ask your teacher for the solution."


def _next_hint(session: Session, now: Snapshot) -> tuple[str, list[ShownHint]]:
    """What is to be said below the checks, and the hint that can be taken."""
    if now.step in now.passed:
        return "This step is done: type 'lab next'.", []
    try:
        found = session.hint()
    except NepishellError as problem:
        return f"{str(problem)[:1].upper()}{str(problem)[1:]}.", []
    return "", [ShownHint(cost=found[1].cost)] if found else []
