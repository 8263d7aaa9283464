"""The line at the bottom: which experiment, how many resources in which state, what goes on."""

from collections.abc import Mapping

from prompt_toolkit.formatted_text import StyleAndTextTuples

from nepishell.commands.context import Context
from nepishell.core.states import ResourceState
from nepishell.output.style import GLYPHS
from nepishell.shell.guard import Guard

_CLASSES = {ResourceState.FAILED: ".failed", ResourceState.STARTED: ".started"}


class Toolbar:
    """Text from what the controller counts anyway: it costs the same at any size."""

    def __init__(self, ctx: Context, guard: Guard, *, glyphs: bool = True) -> None:
        self._ctx = ctx
        self._guard = guard
        self._glyphs = glyphs

    def __call__(self) -> StyleAndTextTuples:
        """The fragments of the line."""
        with self._guard:
            return self._line()
        return []

    def _line(self) -> StyleAndTextTuples:
        return [*self._states(self._ctx.ec.counts()), *self._rest()]

    def _states(self, counts: Mapping[ResourceState, int]) -> StyleAndTextTuples:
        name = self._ctx.ec.exp_id
        shown: StyleAndTextTuples = [("class:bottom-toolbar.name", f" {name} ")]
        if not any(counts.values()):
            shown.append(("", " nothing described yet: try 'help' or 'types' "))
        for state in ResourceState:
            if counts[state]:
                glyph = f"{GLYPHS[state]} " if self._glyphs else ""
                style = f"class:bottom-toolbar{_CLASSES.get(state, '')}"
                shown.append((style, f" {glyph}{counts[state]} {state.name} "))
        return shown

    def _rest(self) -> StyleAndTextTuples:
        running = len(self._ctx.jobs.running())
        shown: StyleAndTextTuples = []
        if running:
            shown.append(("", f" {running} task{'s' if running > 1 else ''} "))
        if self._ctx.ec.abort:
            shown.append(("class:bottom-toolbar.failed", " aborted: a critical resource failed "))
        return shown
