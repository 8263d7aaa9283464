"""Commands of rooms above, and of other packages (entry points `nepishell.commands` = "module").

Importing the module declares them, as it does ours; never from the current directory. A package
that is broken, or wants a word of ours, costs one line and nothing else.
"""

from functools import cache
from importlib import import_module
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple

from nepishell.commands.bugs import report
from nepishell.commands.declared import our_grammar
from nepishell.core.errors import NepishellError
from nepishell.engine.installed import entry_points
from nepishell.lang.errors import GrammarError
from nepishell.lang.grammar import Grammar, compile_grammar
from nepishell.lang.registry import commands

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "nepishell.commands"
#: Rooms of our own that stand above this one, and have commands: their modules, loaded as late.
ROOMS = ("nepishell.labs.verbs", "nepishell.labs.web.verb")
_looking = Lock()


class Extended(NamedTuple):
    """Our grammar and what others add to it; *problems*: a line for each package left out."""

    grammar: Grammar
    problems: tuple[str, ...] = ()


class _Trial:
    """`with trial: ...` keeps what goes wrong; requests to end the program pass."""

    problem: BaseException | None = None

    def __enter__(self) -> "_Trial":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        self.problem = problem
        # a module that ends the program when it is imported is no better than one that fails
        return isinstance(problem, Exception | SystemExit)


def extended() -> Extended:
    """All commands there are; looks through the installed packages at the first call."""
    # a prompt looks while a person types already
    with _looking:
        return _extended()


@cache
def _extended() -> Extended:
    our_grammar()
    for module in ROOMS:
        import_module(module)
    grammar, problems = compile_grammar(commands), []
    ours = frozenset(grammar.verbs)
    for point in entry_points(GROUP):
        before = commands.commands, commands.types
        commands.commands, commands.types = dict(before[0]), dict(before[1])
        trial = _Trial()
        with trial:
            _declare(point, ours, frozenset(before[0]))
            grammar = compile_grammar(commands)
        if trial.problem is not None:
            commands.commands, commands.types = before
            problems.append(_told(point, trial.problem))
    return Extended(grammar, tuple(problems))


def _declare(point: "EntryPoint", ours: frozenset[str], known: frozenset[str]) -> None:
    import_module(point.module)
    for name, each in commands.commands.items():
        verb = name.split()[0]
        if name not in known and verb in ours and each.pattern.split()[0] == verb:
            raise GrammarError(f"'{verb}' is a command of nepishell's own")


def _told(point: "EntryPoint", problem: BaseException) -> str:
    package = point.dist.name if point.dist is not None else point.module
    known = isinstance(problem, NepishellError | ImportError)
    said = f"{problem}" if known else report(problem).replace("a mistake of nepishell's own: ", "")
    return f"commands '{point.name}' of {package} are left out: {said}"


# help and apropos speak of all of them
commands.discovery = extended
