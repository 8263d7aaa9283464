"""What comes before an application is ready, step by step, without holding a thread.

Each step is a hook of the resource and may be done again: one that its host cannot be asked for
now comes again once the host is back. Long ones run on the host as processes whose end is told.
Some take turns with those of other applications on the same machine.
"""

from collections import deque
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

from nepishell.core.errors import HostError, Unreachable
from nepishell.core.states import ResourceState
from nepishell.engine.jobs import LATER
from nepishell.hosts.base import Exit, Process
from nepishell.resources.linux.traces import Recording

if TYPE_CHECKING:
    from nepishell.engine.controller import ExperimentController
    from nepishell.resources.node import AbstractNode


class Step(NamedTuple):
    """*run* does it, or begins it; `step_done` is called when it is over."""

    run: Callable[[], None]
    in_turn: bool


def folder_of(name: str) -> str:
    """Where a long step writes, seen from where the application runs."""
    return f".{name}"


class Preparing(Recording):
    """The part of an application that gets ready step by step."""

    if TYPE_CHECKING:
        node: AbstractNode

    def __init__(self, ec: "ExperimentController", guid: int) -> None:
        super().__init__(ec, guid)
        self._steps: deque[Step] = deque()
        self._end_turn: Callable[[], None] | None = None
        self._preparing: Process | None = None
        self._prepared: Callable[[], object] | None = None

    def needed_steps(self) -> Iterable[Step]:
        """What is to be done, in order."""
        return ()

    def called(self, name: str, status: int) -> str:
        """How the long step *name*, which ended with *status*, is called in a reason."""
        return name

    def do_provision(self) -> object:
        """Get what it needs; PROVISIONED once all is there."""
        if self._prepared is not None:
            return LATER  # on its way
        self._steps.extend(self.needed_steps())
        if not self._steps:
            return super().do_provision()
        self.begin_recording(self.node.host, self.node.run_home(self))
        self._prepared = super().do_provision
        self.patiently(self._go_on)
        return LATER

    def and_then(self, go_on: Callable[[], object]) -> bool:
        """Call *go_on*, as a hook, once it is prepared; False when nothing is under way."""
        before = self._prepared
        if before is None:
            return False

        def both() -> None:
            before()
            go_on()

        self._prepared = both
        return True

    def _go_on(self) -> None:
        """The next step, in our turn where it must be; in the end, what was waiting for it."""
        if self.releasing or self.state >= ResourceState.FAILED:
            self.end_preparing()
        elif not self._steps:
            done, self._prepared = self._prepared, None
            if done is not None:
                done()
        elif self._steps[0].in_turn and self._end_turn is None:
            self.node.turns().take(lambda over: self.later(self._take_turn, over))
        else:
            self._steps[0].run()

    def _take_turn(self, over: Callable[[], None]) -> None:
        self._end_turn = over
        self.patiently(self._go_on)

    def _give_turn(self) -> None:
        over, self._end_turn = self._end_turn, None
        if over is not None:
            over()

    def step_done(self) -> None:
        """The step is over: on to the next."""
        self._steps.popleft()
        self._give_turn()
        self.patiently(self._go_on)

    def patiently(self, step: Callable[[], object]) -> None:
        """Do *step*; when its host cannot be reached now, again once it is back.

        A host that is given up fails the resource.
        """
        try:
            step()
        except Unreachable as problem:
            why = str(problem)
            self.node.when_back(lambda back: self.later(self._again, back, step, why))

    def _again(self, back: bool, step: Callable[[], object], why: str) -> None:
        if not back:
            raise HostError(why)
        self.patiently(step)

    def end_preparing(self) -> bool:
        """No more steps; whether one was running, which tells its end to prepared_no_more."""
        self._steps.clear()
        self._prepared = None
        self._give_turn()
        if self._preparing is None:
            return False
        self._preparing.stop()
        return True

    def prepared_no_more(self) -> None:
        """Called when a step has ended and nobody wants the next."""

    def run_step(self, name: str, argv: list[str]) -> None:
        """Run a long step on the host; what it prints is in its folder, also its messages."""

        def on_exit(end: Exit) -> None:
            self.later(self._step_ended, name, end)

        self._preparing = self.node.host.spawn(
            ["sh", "-c", 'exec 2>&1 "$@"', name, *argv],
            run_dir=self.recorded_in() / folder_of(name),
            env=self.node.environment,
            on_exit=on_exit,
        )

    def _step_ended(self, name: str, end: Exit) -> None:
        self._preparing = None
        if self.releasing or self.state >= ResourceState.FAILED:
            self.prepared_no_more()
            return
        if end.status:
            words = self.last_line(self.place(name))
            what = self.called(name, end.status)
            how = f": {words}" if words else f" with status {end.status}"
            raise HostError(f"{what} failed on {self.node.name}{how}; see trace '{name}'")
        self.step_done()
