"""What a command may use, and how it behaves at a prompt and in a recipe.

The rule: at the prompt an action returns at once and goes on as a task; in a recipe it waits until
what it started has come about. `wait` and `nowait` say otherwise.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nepishell.commands.jobs import Jobs
from nepishell.commands.logs import Told
from nepishell.commands.past import Parameters, Past
from nepishell.commands.settings import Settings
from nepishell.core.errors import NepishellError, UnknownName
from nepishell.engine.controller import ExperimentController
from nepishell.engine.resource import ResourceManager
from nepishell.hosts.base import Terminal
from nepishell.journal.keeping import RunJournal
from nepishell.journal.runs import Run
from nepishell.lang.call import Call
from nepishell.lang.folding import fold
from nepishell.lang.folding import spell as spell_numbers
from nepishell.lang.registry import Command
from nepishell.output.style import PLAIN, Style

if TYPE_CHECKING:
    from nepishell.commands.parameters import Kind
    from nepishell.commands.sharing import Seat

RULE = (
    "at the prompt an action returns at once and goes on as a task (%3); "
    "in a recipe it waits until what it started has come about; "
    "`wait`, `nowait`, or `&` at the end of a line say otherwise"
)


class Quit(BaseException):
    """`quit` was typed: no more lines are read. Not an Exception: it is a request, no error."""


class Detach(Quit):
    """`detach` was typed: the run goes on without this terminal."""


class Shutdown(Quit):
    """`shutdown` was typed, and confirmed: the run is to end."""


class WaitTimeout(NepishellError):
    """A wait that ran out of time; scripts have an exit status for it."""


def _yes(question: str) -> bool:
    return True


def _no_source(path: Path) -> None:
    raise NepishellError(f"'{path}' cannot be played here")


@dataclass(kw_only=True)
class Context:
    """One person's, or one recipe's, hold on one experiment.

    *waits*: the rule above. *parameters*: values of `${name}`; *fixed*: those given on the command
    line, which a `param` in a recipe does not change; *declared*: those that a `param` named;
    *hidden*: those whose values are secret; *kinds*: of what type they are. *bound*: what blocks
    (`for x in ...`) have set just now, which stands before *parameters*.
    *told*: how much is told unasked. *style*: what the person's terminal shows.
    *confirm*: asked before something is
    destroyed. *waiting*: entered around every wait, so that a signal ends it. *emit*: takes the
    result of what happens later, on a worker thread. *stream*: takes what a program writes
    while it runs; None where results are wanted whole. *perform*: executes a call; *spell*:
    writes it as a line. *past*: what was commanded; None where nothing is remembered. *typed*:
    lines of all sessions with a text in them, as (line, seconds since 1970, experiment, result).
    *attach*: hands the person's terminal to the program that (rows, cols) starts, until it ends;
    its exit status. None where there is no terminal. *journal*: where commands are entered before
    they act. *settings*: what the person prefers; *prefer* applies and keeps others,
    None where nobody is there to prefer. *who*: named with each command in the journal. *seat*:
    the place at a run that several share; None where there is no other. *leave*: makes ready to go
    on without this terminal; None where there is none. *opened*: the run of the past that is looked
    at; None where the run is alive. *pause*: lets the person act, with a text, until they go on;
    None where nobody is there; *is_paused*: whether that is so. *is_later*:
    whether this is what a task does, by itself.
    *after*: told each line that went well, its command, and when it began.
    """

    ec: ExperimentController
    jobs: Jobs
    waits: bool = True
    parameters: dict[str, str] = field(default_factory=dict)
    fixed: frozenset[str] = frozenset()
    declared: set[str] = field(default_factory=set)
    hidden: frozenset[str] = frozenset()
    kinds: dict[str, "Kind"] = field(default_factory=dict)
    bound: dict[str, str] = field(default_factory=dict)
    confirm: Callable[[str], bool] = _yes
    waiting: Callable[[], AbstractContextManager[None]] = nullcontext
    source: Callable[[Path], None] = _no_source
    emit: Callable[[Any], None] = lambda result: None
    stream: Callable[[str], None] | None = None
    perform: Callable[["Context", Call], Any] = lambda ctx, call: None
    spell: Callable[[Call], str] = lambda call: call.source
    attach: Callable[[Callable[[int, int], Terminal]], int] | None = None
    line: str = ""
    past: Past | None = None
    typed: Callable[[str], Sequence[tuple[str, float, str, str]]] | None = None
    journal: RunJournal | None = None
    settings: Settings = field(default_factory=Settings)
    prefer: Callable[[Settings], None] | None = None
    told: Told = field(default_factory=Told)
    style: Callable[[], Style] = lambda: PLAIN
    who: str = ""
    seat: "Seat | None" = None
    leave: Callable[[], None] | None = None
    opened: Run | None = None
    pause: Callable[[str], None] | None = None
    is_paused: bool = False
    is_later: bool = False
    after: list[Callable[[str, Command, float], None]] = field(default_factory=list)

    def remember(self) -> None:
        """Keep what is commanded from now on, so that it can be undone."""
        self.past = Past(self.ec, Parameters(self.parameters, self.declared))

    def later(self, call: Call) -> Callable[[], None]:
        """What a task does with *call*: perform it to its end, and show what came of it."""
        # on a worker there is nobody to ask, and no signal to end a wait
        inside = replace(self, waits=True, line=self.spell(call), confirm=_yes, waiting=nullcontext,
                         stream=None, attach=None, pause=None, is_later=True)  # fmt: skip

        def act() -> None:
            self.emit(self.perform(inside, call))

        return act

    def name(self, guid: int) -> str:
        """How people call a resource: its label, or its number."""
        return self.ec.label(guid) or str(guid)

    def names(self, guids: Sequence[int]) -> str:
        """A set of resources as people write it: web[1-8],db."""
        if len(guids) == 1:
            return self.name(guids[0])
        if len(guids) > 0 and all(self.ec.label(guid) for guid in guids):
            return fold([self.ec.label(guid) for guid in guids])
        return spell_numbers(sorted(guids))

    def rm(self, guid: int) -> ResourceManager:
        """The resource manager; raises UnknownName."""
        found = self.ec.get_resource(guid)
        if found is None:
            raise UnknownName(f"no resource {guid}")
        return found
