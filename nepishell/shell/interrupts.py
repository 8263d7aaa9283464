"""What Ctrl-C says when it ends a wait, and what it offers when it is pressed again."""

from collections.abc import Callable

from nepishell.commands.context import Context
from nepishell.commands.job import Job
from nepishell.lang.call import Call

#: Tasks that are named.
NAMED = 3


class Interrupts:
    """Knows which tasks a wait was about. *write*: shows a line."""

    def __init__(self, ctx: Context, write: Callable[[str], None]) -> None:
        self._ctx = ctx
        self._write = write
        self._left: list[Job] = []

    def tell(self, waited: Call | None) -> None:
        """The wait of the command *waited* was ended: say what goes on all the same."""
        self._left = self._about(waited)
        if not self._left:
            self._write("interrupted; the experiment goes on")
            return
        named = [f"%{job.number} {job.line}" for job in self._left[:NAMED]]
        more = len(self._left) - NAMED
        named += [f"{more} more, see 'tasks'"] if more > 0 else []
        first = self._left[0].number
        self._write(
            f"still running: {', '.join(named)}; wait %{first} or cancel %{first}"
            f" (Ctrl-C again offers to cancel it)"
        )

    def forget(self) -> None:
        """Another line was typed: Ctrl-C begins anew."""
        self._left = []

    def offer(self, yes: Callable[[str], bool], execute: Callable[[str], None]) -> None:
        """Ctrl-C was pressed at an empty line: after an ended wait, offer to take back the task."""
        left, self._left = self._left, []
        running = self._ctx.jobs.running()
        job = next((job for job in left if job in running), None)
        if job is not None and yes(f"cancel %{job.number} ({job.line})?"):
            execute(f"cancel %{job.number}")

    def _about(self, waited: Call | None) -> list[Job]:
        """Running tasks: those that the wait was about if there are any."""
        running = self._ctx.jobs.running()
        args = waited.args if waited is not None else {}
        targets = args.get("targets")
        guids = set(targets) if isinstance(targets, tuple) else set()
        about = [
            job
            for job in running
            if job.number == args.get("task") or guids & {*job.left, *job.acts_on}
        ]
        return about or running
