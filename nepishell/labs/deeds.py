"""What a student did for a lab, in order: the lines that count, and when checks first held.

Done again, line by line, it leads to the same: what was undone is left out, and a check is looked
at where it held, since later steps may change what earlier ones built.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nepishell.lang.registry import DESIGN, LOOK, Command

#: Verbs that were for that one session; what `source` played has lines of its own.
_LEFT_OUT = frozenset({"source", "open", "export", "shutdown", "detach", "lab", "quit", "resume"})
_KEPT_LOOKS = frozenset({"wait"})
LINE, HELD, ANSWER, RESTORED, PAUSE = "line", "held", "answer", "restored", "pause"
#: Seconds of a pause that count while programs run, and below which none is worth a word.
LONGEST_PAUSE_S, SHORTEST_PAUSE_S = 60.0, 0.3


@dataclass(frozen=True, slots=True)
class Deed:
    """A *line* that was done, a check that *held*, an *answer*, a step that was *restored*.

    A *pause*, in seconds, in which a person only watched what programs did.
    """

    kind: str
    what: str
    text: str = ""


class Deeds:
    """What was done, oldest first."""

    def __init__(self) -> None:
        self._all: list[tuple[Deed, bool]] = []
        self._undone: list[tuple[Deed, bool]] = []
        self._held: set[str] = set()

    def __iter__(self) -> Iterator[Deed]:
        return iter([deed for deed, _ in self._all])

    def add(self, line: str, command: Command) -> None:
        """A line that went well."""
        verb = command.name.split()[0]
        if verb in ("undo", "redo"):
            last = line.split()[-1]
            for _ in range(int(last) if last.isdigit() else 1):
                self._move(*((self._all, self._undone) if verb == "undo"
                             else (self._undone, self._all)))  # fmt: skip
        elif verb not in _LEFT_OUT and (command.effects is not LOOK or verb in _KEPT_LOOKS):
            is_design = command.effects is DESIGN
            self._all.append((Deed(LINE, line), is_design))
            if is_design:
                self._undone.clear()

    def paused(self, seconds: float) -> None:
        """Nothing was done for a while, and programs ran."""
        if seconds >= SHORTEST_PAUSE_S:
            self._all.append((Deed(PAUSE, f"{min(seconds, LONGEST_PAUSE_S):.1f}"), False))

    @staticmethod
    def _move(source: list[tuple[Deed, bool]], target: list[tuple[Deed, bool]]) -> None:
        """The last that described something; what ran stays done."""
        for index in reversed(range(len(source))):
            if source[index][1]:
                target.append(source.pop(index))
                return

    def held(self, check: str) -> None:
        """A check held; only the first time counts."""
        if check not in self._held:
            self._held.add(check)
            self._all.append((Deed(HELD, check), False))

    def answered(self, check: str, text: str) -> None:
        """A question was answered."""
        self._all.append((Deed(ANSWER, check, text), False))

    def restored(self, step: str) -> None:
        """The reference solution of a step was played."""
        self._all.append((Deed(RESTORED, step), False))

    def recall(self, deeds: Iterable[Deed]) -> None:
        """What was done before, as it was told; what can be undone of it is over."""
        self._all = [(deed, False) for deed in deeds]
        self._held = {deed.what for deed, _ in self._all if deed.kind == HELD}

    def forget(self) -> None:
        """Nothing was done any more."""
        self._all.clear()
        self._undone.clear()
        self._held.clear()
