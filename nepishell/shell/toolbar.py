"""The line at the bottom: which experiment, how many resources in which state, what goes on."""

from collections import Counter

from prompt_toolkit.formatted_text import StyleAndTextTuples

from nepishell.commands.context import Context
from nepishell.core.states import ResourceState
from nepishell.engine.snapshot import Snapshot
from nepishell.output.style import GLYPHS
from nepishell.shell.guard import Guard

_CLASSES = {ResourceState.FAILED: ".failed", ResourceState.STARTED: ".started"}


class Toolbar:
    """Text from the snapshot; counted again only when something changed."""

    def __init__(self, ctx: Context, guard: Guard, *, glyphs: bool = True) -> None:
        self._ctx = ctx
        self._guard = guard
        self._glyphs = glyphs
        self._counted: Snapshot | None = None
        self._counts: Counter[ResourceState] = Counter()

    def __call__(self) -> StyleAndTextTuples:
        """The fragments of the line."""
        with self._guard:
            return self._line()
        return []

    def _line(self) -> StyleAndTextTuples:
        snapshot = self._ctx.ec.snapshot()
        if snapshot is not self._counted:
            self._counts = Counter(row.state for row in snapshot.resources)
            self._counted = snapshot
        return [*self._states(len(snapshot.resources)), *self._rest(snapshot)]

    def _states(self, total: int) -> StyleAndTextTuples:
        name = self._ctx.ec.exp_id
        shown: StyleAndTextTuples = [("class:bottom-toolbar.name", f" {name} ")]
        if not total:
            shown.append(("", " nothing described yet: try 'help' or 'types' "))
        for state in ResourceState:
            if self._counts[state]:
                glyph = f"{GLYPHS[state]} " if self._glyphs else ""
                style = f"class:bottom-toolbar{_CLASSES.get(state, '')}"
                shown.append((style, f" {glyph}{self._counts[state]} {state.name} "))
        return shown

    def _rest(self, snapshot: Snapshot) -> StyleAndTextTuples:
        running = len(self._ctx.jobs.running())
        shown: StyleAndTextTuples = []
        if running:
            shown.append(("", f" {running} task{'s' if running > 1 else ''} "))
        if self._ctx.ec.abort:
            shown.append(("class:bottom-toolbar.failed", " aborted: a critical resource failed "))
        return shown
