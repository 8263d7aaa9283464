"""Commands are plain functions; what a person types to call them is declared beside them.

    @command("when <group:guids> <state> [+<delay:duration>] <action> <targets:guids>",
             effects=DESIGN, group="design")
    def when(ctx, *, group, state, action, targets, delay=0.0):
        '''Do something to resources once others have reached a state.'''

The declaration is checked against the function when it is registered, not when it is typed.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

from nepishell.core.errors import NepishellError
from nepishell.lang import syntax
from nepishell.lang.errors import GrammarError
from nepishell.lang.syntax import Syntax
from nepishell.lang.types.base import TypeFactory
from nepishell.lang.types.table import TYPES

Function = TypeVar("Function", bound=Callable[..., object])


class Effects(Enum):
    """What a command does to the experiment."""

    LOOK = "look"  # nothing
    DESIGN = "design"  # changes the description; can be undone
    RUN = "run"  # changes what runs
    DESTROY = "destroy"  # takes something away for good: asks first


LOOK, DESIGN, RUN, DESTROY = Effects


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A declared command. *help* is the function's docstring, *summary* its first line.

    *nests*: whether it may stand in another one (`at 5s ...`).
    """

    name: str
    pattern: str
    syntax: Syntax
    fn: Callable[..., Any]
    effects: Effects
    group: str
    summary: str
    help: str
    columns: tuple[str, ...] = ()
    nests: bool = True

    @property
    def usage(self) -> str:
        """What to type, for people."""
        return syntax.usage(self.syntax)


class Registry:
    """Commands by name, and the argument types they may use.

    Handed around, never shared by accident: two registries have nothing in common.
    """

    def __init__(self, types: Mapping[str, TypeFactory] = TYPES) -> None:
        self.commands: dict[str, Command] = {}
        self.types: dict[str, TypeFactory] = dict(types)
        #: called before all commands are listed: it may register more
        self.discovery: Callable[[], object] = lambda: None

    def __iter__(self) -> Iterator[Command]:
        self.discovery()
        return iter(self.commands.values())

    def command(
        self,
        pattern: str,
        *,
        effects: Effects,
        group: str = "",
        name: str = "",
        columns: tuple[str, ...] = (),
        nests: bool = True,
    ) -> Callable[[Function], Function]:
        """Declare the decorated function as a command; raises GrammarError.

        *name*: for Call.command; default: the words the pattern begins with. *columns*: of the
        records it returns, so that they complete after `|`. *nests*: see Command.
        """

        def declare(fn: Function) -> Function:
            tree = syntax.read(pattern)
            text = (fn.__doc__ or "").strip()
            self.add(
                Command(
                    name=name or _name(tree, fn),
                    pattern=pattern,
                    syntax=tree,
                    fn=fn,
                    effects=effects,
                    group=group,
                    summary=text.partition("\n")[0],
                    help=text,
                    columns=columns,
                    nests=nests,
                )
            )
            return fn

        return declare

    def add(self, command: Command) -> None:
        """Check the contract and register; raises GrammarError."""
        check(command, self.types)
        if command.name in self.commands:
            raise GrammarError(f"command '{command.name}' is declared twice: '{command.pattern}'")
        self.commands[command.name] = command

    def add_type(self, name: str, factory: TypeFactory) -> None:
        """Make a type known to the patterns registered from now on; raises GrammarError."""
        if name in self.types:
            raise GrammarError(f"argument type '{name}' is declared twice")
        self.types[name] = factory


def _name(tree: Syntax, fn: Callable[..., object]) -> str:
    parts = tree.parts if isinstance(tree, syntax.Seq) else (tree,)
    words: list[str] = []
    for part in parts:
        if not isinstance(part, syntax.Word):
            break
        words.append(part.text)
    return " ".join(words) or fn.__name__


def check(command: Command, types: Mapping[str, TypeFactory]) -> None:
    """Raise GrammarError where declaration and function do not fit."""
    who = f"command '{command.name}'"
    if not command.summary:
        raise GrammarError(f"{who} has no help: give {command.fn.__name__}() a docstring")
    if not isinstance(command.effects, Effects):
        raise GrammarError(f"{who}: effects is one of LOOK, DESIGN, RUN, DESTROY")
    parameters = _parameters(command.fn)
    names = syntax.bound(command.syntax)
    for name in sorted(names - parameters.keys()):
        raise GrammarError(
            f"{who} binds '{name}', but {command.fn.__name__}() has no such parameter"
        )
    for name in sorted(parameters.keys() - names):
        raise GrammarError(f"{who}: nothing in '{command.pattern}' binds the parameter '{name}'")
    for name in sorted(names - syntax.always_bound(command.syntax)):
        if not parameters[name]:
            raise GrammarError(f"{who}: '{name}' may be left out, so the parameter needs a default")
    _check_arguments(command, types)


def _check_arguments(command: Command, types: Mapping[str, TypeFactory]) -> None:
    seen: set[str] = set()
    for argument in syntax.arguments(command.syntax):
        who = f"command '{command.name}': argument '{argument.name}'"
        factory = types.get(argument.type)
        if factory is None:
            raise GrammarError(f"{who} has no type '{argument.type}'")
        try:
            kind = factory(argument.deps)
        except (ValueError, IndexError, NepishellError) as problem:
            raise GrammarError(f"{who}: type '{argument.type}': {problem}") from None
        needs = getattr(kind, "needs", 0)
        if needs and len(argument.deps) != needs:
            raise GrammarError(f"{who}: type '{argument.type}' takes {needs} in parentheses")
        for dep in argument.deps if needs else ():
            if dep not in seen:
                raise GrammarError(f"{who} needs '{dep}', which nothing before it binds")
        seen.add(argument.name)


def _parameters(fn: Callable[..., object]) -> dict[str, bool]:
    """Parameter -> whether it has a default; the first, the context, left out."""
    # not inspect.signature: it costs more than all the rest of a registration
    function: Any = fn
    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    code = function.__code__
    positional = code.co_varnames[: code.co_argcount]
    keyword = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    with_default = positional[len(positional) - len(function.__defaults__ or ()) :]
    found = {name: name in with_default for name in positional[1:]}
    found.update({name: name in (function.__kwdefaults__ or {}) for name in keyword})
    return found


#: Where `@command` collects; `grammar.compile_grammar(commands)` reads it.
commands = Registry()
command = commands.command
