"""What was commanded at a prompt, in order, and how to go back through what described something."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import RLock
from typing import Any, NamedTuple

from nepishell.core.errors import NepishellError
from nepishell.engine.controller import ExperimentController
from nepishell.engine.undoing import Change

#: Commands that are remembered.
KEPT = 500


class Parameters(NamedTuple):
    """What describing commands change besides the controller."""

    values: dict[str, str]
    declared: set[str]

    def read(self) -> tuple[tuple[tuple[str, str], ...], frozenset[str]]:
        """What they are now."""
        return tuple(self.values.items()), frozenset(self.declared)

    def write(self, wanted: tuple[tuple[tuple[str, str], ...], frozenset[str]]) -> None:
        """Become what read() gave once."""
        values, declared = wanted
        self.values.clear()
        self.values.update(values)
        self.declared.clear()
        self.declared.update(declared)


@dataclass(slots=True, kw_only=True)
class Deed:
    """One command that did something. *change*: None for one that runs things.

    *advice*: what gives back, or goes on after, what cannot be undone. *is_wall*: whether undo
    stops at it, because what was described before has been used since.
    """

    number: int
    line: str
    at: float
    change: Change | None = None
    memory: tuple[Any, Any] | None = None
    advice: str = ""
    is_wall: bool = False


@dataclass(slots=True)
class Past:
    """The deeds at one controller, of one person, or of all who drive it in turn."""

    ec: ExperimentController
    memory: Parameters
    done: list[Deed] = field(default_factory=list)
    undone: list[Deed] = field(default_factory=list)
    _last: int = 0
    #: one describes at a time: what it changes is recorded
    _turn: Any = field(default_factory=RLock)

    @contextmanager
    def describing(self, line: str) -> Iterator[None]:
        """Inside, a command describes: all of it, or after an error nothing of it, happens."""
        with self._turn:
            before = self.memory.read()
            with self.ec.recording() as change:
                yield
            after = self.memory.read()
            memory = (before, after) if before != after else None
            if change or memory:
                self.undone.clear()
                self._add(Deed(number=0, line=line, at=0.0, change=change, memory=memory))

    def ran(self, line: str, advice: str, *, is_wall: bool) -> None:
        """A command ran something."""
        with self._turn:
            self._add(Deed(number=0, line=line, at=0.0, advice=advice, is_wall=is_wall))

    def _add(self, deed: Deed) -> None:
        self._last += 1
        deed.number, deed.at = self._last, self.ec.clock.now()
        self.done.append(deed)
        del self.done[:-KEPT]

    def undo(self, count: int, *, past_walls: bool) -> list[Deed]:
        """Take back the last *count* deeds that described; all of them, or raises and none."""
        with self._turn:
            return self._undo(count, past_walls=past_walls)

    def _undo(self, count: int, *, past_walls: bool) -> list[Deed]:
        found: list[Deed] = []
        for deed in reversed(self.done):
            if len(found) == count:
                break
            if deed.change is not None:
                found.append(deed)
            elif deed.is_wall and not past_walls:
                raise NepishellError(
                    f"'{deed.line}' (#{deed.number}) cannot be undone: {deed.advice}; "
                    f"'undo past' takes back what was described before it"
                )
        self._all_or_none(found, self._back, self._forth)
        for deed in found:
            self.done.remove(deed)
            self.undone.append(deed)
        return found

    def redo(self, count: int) -> list[Deed]:
        """Do again the last *count* that were undone; all of them, or raises and none."""
        with self._turn:
            found = self.undone[: -count - 1 : -1]
            self._all_or_none(found, self._forth, self._back)
            for deed in found:
                self.undone.pop()
                self.done.append(deed)
            return found

    def _all_or_none(
        self, deeds: list[Deed], act: Callable[[Deed], None], revert: Callable[[Deed], None]
    ) -> None:
        acted: list[Deed] = []
        for deed in deeds:
            try:
                act(deed)
            except NepishellError as problem:
                for other in reversed(acted):
                    revert(other)
                nothing = "; nothing was changed" if len(deeds) > 1 else ""
                raise NepishellError(
                    f"'{deed.line}' (#{deed.number}): {problem}{nothing}"
                ) from None
            acted.append(deed)

    def _back(self, deed: Deed) -> None:
        if deed.change is not None:
            self.ec.take_back(deed.change)
        if deed.memory is not None:
            self.memory.write(deed.memory[0])

    def _forth(self, deed: Deed) -> None:
        if deed.change is not None:
            self.ec.do_again(deed.change)
        if deed.memory is not None:
            self.memory.write(deed.memory[1])
