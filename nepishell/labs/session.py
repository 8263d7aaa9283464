"""One student at work on one lab: the step, what holds, hints, answers, and what was done for it.

The journal of the run has all of it, under "lab". After each command that may matter the checks of
the step are looked at again, on a thread of the session's own; who asked is told of what changed.
"""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event, RLock

from nepishell.commands.context import Context
from nepishell.commands.notes import Shown, tell
from nepishell.core.errors import NepishellError, UnknownName, did_you_mean
from nepishell.core.events import Event as BusEvent
from nepishell.core.events import StateChanged
from nepishell.core.states import ResourceState
from nepishell.labs.checking import Checker, points_of
from nepishell.labs.deeds import Deeds
from nepishell.labs.measuring import is_measuring
from nepishell.labs.model import START
from nepishell.labs.parts import Check, Hint, Lab, Step
from nepishell.labs.recipes import play_recipe
from nepishell.labs.remembering import FILE, save, state_of
from nepishell.labs.results import CheckResult, Snapshot
from nepishell.labs.texts import fill
from nepishell.labs.variants import Variant
from nepishell.labs.watching import Watching
from nepishell.lang.registry import LOOK, Command

__all__ = ["Session", "Snapshot"]

#: States in which more may hold than before.
_MATTERS = frozenset({ResourceState.STARTED, ResourceState.STOPPED, ResourceState.FAILED})
#: In the directory of the run: what is played at the start.
FOLDER = "lab"


class Session:
    """A lab that was started in the experiment of *ctx*; see `seats`."""

    def __init__(self, ctx: Context, lab: Lab, variant: Variant) -> None:
        self.ctx = ctx
        self.lab = lab
        self.variant = variant
        self.checker = Checker(ctx, variant)
        self.deeds = Deeds()
        self.step = lab.steps[0].id
        self.results: dict[str, CheckResult] = {}
        self.passed: dict[str, float] = {}
        self.hints: dict[tuple[str, int], float] = {}
        self.fails: dict[str, int] = {}
        self.restored: list[str] = []
        self._told: list[Callable[[], None]] = []
        self._lock = RLock()
        self._is_playing = False
        #: when the last line ended, and whether programs ran on then
        self._last, self._was_measuring = 0.0, False
        self._watching = Watching(self._look_again)
        self._unsubscribe = ctx.ec.bus.subscribe(self._see)
        self._heard: list[Context] = []
        self.hear(ctx)

    def hear(self, ctx: Context) -> None:
        """Take what is typed in *ctx* for deeds, and give it the student's values."""
        if any(ctx is one for one in self._heard):
            return
        self._heard.append(ctx)
        ctx.after.append(self._after)
        values = dict(self.variant.values)
        ctx.parameters.update(values)
        ctx.fixed |= values.keys()
        ctx.declared |= values.keys()

    def close(self) -> None:
        """End the watching; whoever waits for a check gives up."""
        self._unsubscribe()
        self.checker.close()
        self._watching.close()
        for ctx in self._heard:
            ctx.after.remove(self._after)
        self._heard.clear()

    def snapshot(self) -> Snapshot:
        """How it stands now; safe from any thread."""
        with self._lock:
            return Snapshot(
                step=self.step, points=self._points(), most=self.lab.points,
                passed=tuple(self.passed), results=dict(self.results), fails=dict(self.fails),
                hints=tuple(self.hints), restored=tuple(self.restored),
                answers=dict(self.checker.answers),
            )  # fmt: skip

    def on_change(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call *callback*, on any thread, when the snapshot changed; returns what ends it."""
        self._told.append(callback)

        def forget() -> None:
            if callback in self._told:
                self._told.remove(callback)

        return forget

    def _points(self) -> float:
        """Those of checks that hold and steps that were passed, less what hints cost."""
        total = 0.0
        for step in self.lab.steps:
            earned = step.points if step.id in self.passed else points_of(step.checks, self.results)
            cost = sum(cost for (id_, _), cost in self.hints.items() if id_ == step.id)
            total += max(0.0, earned - cost)
        return total

    # -- steps -----------------------------------------------------------------------------

    def current(self) -> Step:
        """The step that is worked on."""
        return self.lab.step(self.step)

    def text(self, step: Step) -> str:
        """The Markdown of a step, with this student's values."""
        return fill(step.text, self.variant.values)

    def find(self, id_: str) -> Step:
        """A step by id, or by its number from 1; raises UnknownName."""
        ids = [step.id for step in self.lab.steps]
        if id_.isdigit() and 1 <= int(id_) <= len(ids):
            return self.lab.steps[int(id_) - 1]
        if id_ not in ids:
            hint = did_you_mean(id_, ids) or f"; steps are {', '.join(ids)}"
            raise UnknownName(f"the lab has no step '{id_}'{hint}")
        return self.lab.step(id_)

    def begin(self) -> None:
        """Play what the lab starts with."""
        self._note("start", lab=self.lab.id, version=self.lab.version, variant=self.variant.id,
                   student=self.variant.student, practice=self.variant.practice)  # fmt: skip
        self.play(self.lab.start, START)
        self._note("step", step=self.step)
        self._changed()

    def play(self, text: str, name: str) -> None:
        """Play a recipe of the lab's; its lines are no deeds of the student's."""
        path = self.ctx.ec.run_dir / FOLDER / Path(name).name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self._is_playing = True
        try:
            play_recipe(self.ctx, path)
        finally:
            self._is_playing = False
            # a reference is nobody's to find
            path.unlink(missing_ok=True)

    def next(self) -> Step | None:
        """Go on to the step after this one; None where this is the last."""
        ids = [step.id for step in self.lab.steps]
        at = ids.index(self.step) + 1
        if at == len(ids):
            return None
        self._enter(ids[at])
        return self.current()

    def _enter(self, id_: str) -> None:
        with self._lock:
            self.step = id_
        self._note("step", step=id_)
        self._changed()
        self._look_soon()

    def goto(self, step: Step) -> None:
        """Build anew what is there before *step*: the reference of each step, with own values."""
        earlier = self.lab.steps[: self.lab.steps.index(step)]
        missing = [one.id for one in earlier if one.id not in self.lab.solutions]
        if missing:
            raise NepishellError(
                f"this copy of the lab has no solution of '{missing[0]}', so it cannot be built; "
                "go on from where you are, or 'lab reset'"
            )
        self.reset()
        self._note("goto", step=step.id, restored=[one.id for one in earlier])
        for one in earlier:
            self.restore(one)
        self._enter(step.id)

    def restore(self, step: Step) -> None:
        """Play the reference solution of a step, answers included; the step is the current one."""
        with self._lock:
            self.step = step.id
        self.play(self.lab.solutions[step.id], f"{step.id}.nepi")
        for check in step.checks:
            wanted = self.checker.filled(check)
            if check.kind == "answer" and "is" in wanted:
                self.checker.answers[check.id] = wanted["is"]
        self.restored.append(step.id)
        self.deeds.restored(step.id)
        self.check(step)

    def reset(self) -> None:
        """Take all down, and begin with the first step again. Hints that were taken stay taken."""
        ctx = self.ctx
        self._note("reset")
        with self._lock:
            self._is_playing = True
        result = ctx.ec.release()
        if result.reason:
            raise NepishellError(result.reason)
        # who tells of it still knows their names
        ctx.ec.bus.drain()
        ctx.ec.unregister_condition(ctx.ec.resources)
        for guid in reversed(ctx.ec.resources):
            ctx.ec.remove_resource(guid)
        with self._lock:
            for kept in (self.results, self.passed, self.restored):
                kept.clear()
            self.checker.forget()
            self.deeds.forget()
            self.step = self.lab.steps[0].id
        if ctx.past is not None:
            ctx.remember()
        self.play(self.lab.start, START)
        self._changed()

    # -- checks, answers and hints ---------------------------------------------------------

    def check(self, step: Step | None = None, *, least: float = 0.0) -> list[CheckResult]:
        """Look at the checks of a step (default: the current one) until each has had its time."""
        step = step or self.current()
        results = self.checker.settle(step.checks, least=least, stopped=self._watching.closed)
        self._enter_results(step, results, counted=True)
        return results

    def _enter_results(self, step: Step, results: list[CheckResult], *, counted: bool) -> None:
        with self._lock:
            before = {one.id: self.results.get(one.id) for one in results}
            self.results.update((one.id, one) for one in results)
            ok = all(one.ok for one in results)
            is_new = ok and step.id not in self.passed
            if is_new:
                self.passed[step.id] = self.ctx.ec.clock.now()
            if counted and not ok:
                self.fails[step.id] = self.fails.get(step.id, 0) + 1
        for one in results:
            old = before[one.id]
            if old is None or old.ok != one.ok:
                self._note("check", check=one.id, ok=one.ok, seen=one.seen, command=one.command)
                if one.ok:
                    self.deeds.held(one.id)
        if is_new:
            self._note("passed", step=step.id)
        if any(old is None or (old.ok, old.seen) != (one.ok, one.seen)
               for one, old in zip(results, before.values(), strict=True)):  # fmt: skip
            self._changed()

    def questions(self) -> list[Check]:
        """The checks of the current step that want an answer."""
        return [check for check in self.current().checks if check.kind == "answer"]

    def answer(self, check: Check, text: str) -> CheckResult:
        """Answer a question, and say what comes of it."""
        self.checker.answers[check.id] = text
        self.deeds.answered(check.id, text)
        self._note("answer", check=check.id, text=text)
        (result,) = self.checker.look([check])
        self._enter_results(self.current_of(check), self._with(check, result), counted=False)
        self._look_soon()
        return result

    def current_of(self, check: Check) -> Step:
        """The step that a check belongs to."""
        return self.lab.step(check.step)

    def _with(self, check: Check, result: CheckResult) -> list[CheckResult]:
        """The results of the step of *check*, as they are known; looked at where they are not."""
        others = [one for one in self.current_of(check).checks if one.id != check.id]
        unknown = [one for one in others if one.id not in self.results]
        found = {one.id: one for one in self.checker.look(unknown)}
        return [result, *(found.get(one.id) or self.results[one.id] for one in others)]

    def hint(self) -> tuple[int, Hint] | None:
        """The next hint of the current step and its number; None when there is no more.

        Raises NepishellError when it is for whoever has tried first.
        """
        step = self.current()
        for number, hint in enumerate(step.hints, start=1):
            if (step.id, number) in self.hints:
                continue
            tried = self.fails.get(step.id, 0)
            if tried < hint.after_fails:
                left = hint.after_fails - tried
                raise NepishellError(f"there is a hint after {left} more 'lab check' that fails")
            return number, hint
        return None

    def take(self, number: int, hint: Hint) -> str:
        """Take a hint; gives its Markdown."""
        with self._lock:
            self.hints[(self.step, number)] = hint.cost
        self._note("hint", step=self.step, number=number, cost=hint.cost)
        self._changed()
        if not hint.reveal:
            return fill(hint.text, self.variant.values)
        solution = self.lab.solutions.get(self.step, "")
        return f"```\n{fill(solution, self.variant.values).rstrip()}\n```" if solution else (
            "this copy of the lab has no solutions; ask your teacher"
        )  # fmt: skip

    # -- what goes on ----------------------------------------------------------------------

    def _after(self, line: str, command: Command, began: float) -> None:
        """A line went well: it may be a deed, and the checks may come out otherwise."""
        if self._is_playing:
            return
        if self._was_measuring:
            self.deeds.paused(began - self._last)
        self.deeds.add(line, command)
        self._last, self._was_measuring = self.ctx.ec.clock.now(), is_measuring(self.ctx.ec)
        if self.ctx.journal is not None and command.effects is not LOOK:
            save(self._file, state_of(self))
        if command.effects is not LOOK and command.name.split()[0] != "lab":
            self._look_soon()

    def _look_soon(self) -> None:
        # in recipes and at grading it is asked for
        if not self.ctx.waits:
            self._watching.soon()

    def _see(self, event: BusEvent) -> None:
        """A measurement that ended by itself matters as much as a command."""
        if isinstance(event, StateChanged) and event.new in _MATTERS and not self._is_playing:
            self._look_soon()

    def _look_again(self, stopped: Event) -> None:
        step = self.current()
        was_passed = step.id in self.passed
        results = self.checker.settle(step.checks, stopped=stopped)
        if self._watching.closed.is_set() or self._is_playing or self.step != step.id:
            return
        self._enter_results(step, results, counted=False)
        if step.id in self.passed and not was_passed:
            said = f"lab: step '{step.id}' is done; 'lab next' goes on"
            self.ctx.emit(Shown(tell(said)))

    def _note(self, what: str, **facts: object) -> None:
        if self.ctx.journal is not None:
            self.ctx.journal.note("lab", {"what": what, **facts})

    @property
    def _file(self) -> Path:
        return self.ctx.ec.run_dir / FOLDER / FILE

    def _changed(self) -> None:
        if self.ctx.journal is not None:
            # a run that can be resumed
            save(self._file, state_of(self))
        for told in tuple(self._told):
            with suppress(NepishellError):
                told()
