"""All declared commands compiled into one graph, at first use.

A node is a place in a line; an edge takes one word. Places where nothing need be typed (the end
of an optional part, of a repetition) are joined by free edges, followed once and remembered.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from nepishell.lang import syntax
from nepishell.lang.errors import GrammarError
from nepishell.lang.names import Names
from nepishell.lang.registry import Command, Registry
from nepishell.lang.syntax import AnyOrder, Arg, Choice, Maybe, Seq, Syntax, Word
from nepishell.lang.types.base import ArgType
from nepishell.lang.types.verbs import NestedCommand, VerbType


@dataclass(slots=True, eq=False)
class Edge:
    """Takes a keyword (*word*) or an argument (*type*) and leads to *target*.

    *name*: what it binds, '' for nothing. *once*: an edge that a line may take but once.
    """

    target: "Node"
    word: str = ""
    type: ArgType | None = None
    name: str = ""
    prefix: str = ""
    many: bool = False
    once: int = 0
    command: Command | None = None

    @property
    def label(self) -> str:
        """What stands here, for messages."""
        return self.word if self.type is None else f"{self.prefix}<{self.name}>"


class Ways(NamedTuple):
    """What may come at a place: keywords, arguments, a nested command, the end."""

    words: dict[str, list[Edge]]
    typed: list[Edge]
    nested: list[Edge]
    accepts: bool


@dataclass(slots=True, eq=False)
class Node:
    """A place in a line; *rest* is what a person reads as still to come."""

    rest: str = ""
    edges: list[Edge] = field(default_factory=list)
    free: "list[Node]" = field(default_factory=list)
    accepts: bool = False
    _ways: Ways | None = None

    @property
    def ways(self) -> Ways:
        """All edges from here, free edges followed."""
        if self._ways is None:
            self._ways = self._look()
        return self._ways

    def _look(self) -> Ways:
        ways = Ways({}, [], [], any(node.accepts for node in self._reach()))
        for node in self._reach():
            for edge in node.edges:
                if edge.type is None:
                    ways.words.setdefault(edge.word, []).append(edge)
                elif isinstance(edge.type, NestedCommand):
                    ways.nested.append(edge)
                else:
                    ways.typed.append(edge)
        return ways

    def _reach(self) -> Iterator["Node"]:
        seen, stack = {id(self)}, [self]
        while stack:
            node = stack.pop()
            yield node
            for other in reversed(node.free):
                if id(other) not in seen:
                    seen.add(id(other))
                    stack.append(other)


class Grammar:
    """Compiled commands. `grammar.commands[call.command].fn(ctx, **call.args)` runs a call."""

    def __init__(self, registry: Registry) -> None:
        self.commands = dict(registry.commands)
        self.root = Node()
        #: where a command in a command begins
        self.inner = Node()
        self.types: dict[tuple[str, tuple[str, ...]], ArgType] = {}
        #: argument types by name, for the help
        self.factories = registry.types
        self._once = 0
        #: keywords after a verb: a value that looks like one of them is written in quotes
        self.keywords: dict[str, set[str]] = {}
        for command in self.commands.values():
            self._add(command)
        self.verbs = Names(self.root.ways.words)
        for kind in self.types.values():
            if isinstance(kind, VerbType):
                kind.verbs = self.verbs

    def type_of(self, argument: Arg) -> ArgType:
        """The type of an argument; one object however often it is used."""
        key = (argument.type, argument.deps)
        if key not in self.types:
            self.types[key] = self.factories[argument.type](argument.deps)
        return self.types[key]

    def starting(self, words: Iterable[str]) -> list[Command]:
        """Commands whose name begins with *words*, or is the first of them alone."""
        wanted = list(words)
        return [
            command
            for command in self.commands.values()
            if command.name.split()[: len(wanted)] == wanted
        ]

    def _add(self, command: Command) -> None:
        start, end = Node(), Node(accepts=True)
        self._build(command, command.syntax, start, end, "")
        ways = start.ways
        if ways.accepts or ways.nested:
            raise GrammarError(f"command '{command.name}' must begin with a word or an argument")
        for edges in [*ways.words.values(), ways.typed]:
            for edge in edges:
                edge.command = command
                self.root.edges.append(edge)
                if command.nests:
                    self.inner.edges.append(edge)
                self.keywords.setdefault(edge.word, set()).update(syntax.words(command.syntax))

    def _build(self, command: Command, tree: Syntax, start: Node, end: Node, after: str) -> None:
        """Edges for *tree* from *start* to *end*; *after*: the text of what follows it."""
        start.rest = start.rest or _join(syntax.usage(tree), after)
        match tree:
            case Word(text):
                start.edges.append(Edge(end, word=text))
            case Arg():
                self._build_argument(command, tree, start, end, after)
            case Seq(parts):
                self._build_sequence(command, parts, start, end, after)
            case Choice(options, name):
                for option in options:
                    if name:
                        assert isinstance(option, Word)  # the notation binds words only
                        start.edges.append(Edge(end, word=option.text, name=name))
                        continue
                    inner = Node()
                    start.free.append(inner)
                    self._build(command, option, inner, end, after)
            case Maybe(part):
                inner = Node()
                start.free += [inner, end]
                self._build(command, part, inner, end, after)
            case AnyOrder(parts):
                self._build_any_order(command, parts, start, end, after)

    def _build_argument(
        self, command: Command, argument: Arg, start: Node, end: Node, after: str
    ) -> None:
        kind = self.type_of(argument)
        rest = getattr(kind, "takes_rest", False)
        if rest and (after or argument.prefix):
            raise GrammarError(
                f"command '{command.name}': '{argument.name}' takes the rest of the line, "
                f"so nothing may follow it"
            )
        many = argument.many or (rest and not isinstance(kind, NestedCommand))
        edge = Edge(end, "", kind, argument.name, argument.prefix, many)
        start.edges.append(edge)
        if many:
            more = syntax.usage(replace(argument, many=True))
            again = Node(rest=_join(f"[{more}]", after))
            edge.target = again
            again.edges.append(Edge(again, "", kind, argument.name, argument.prefix, many))
            again.free.append(end)

    def _build_sequence(
        self, command: Command, parts: tuple[Syntax, ...], start: Node, end: Node, after: str
    ) -> None:
        here = start
        for index, part in enumerate(parts):
            rest = " ".join(syntax.usage(later) for later in parts[index + 1 :])
            there = end if index == len(parts) - 1 else Node()
            self._build(command, part, here, there, _join(rest, after))
            here = there

    def _build_any_order(
        self, command: Command, parts: tuple[Syntax, ...], start: Node, end: Node, after: str
    ) -> None:
        again = Node(rest=start.rest)
        start.free.append(again)
        again.free.append(end)
        for part in parts:
            self._once += 1
            inner = Node()
            self._build(command, part, inner, again, after)
            ways = inner.ways
            for edges in [*ways.words.values(), ways.typed, ways.nested]:
                for edge in edges:
                    edge.once = self._once
            again.free.append(inner)


def _join(first: str, second: str) -> str:
    return f"{first} {second}".strip()


def compile_grammar(registry: Registry) -> Grammar:
    """The grammar of all commands registered so far; raises GrammarError."""
    return Grammar(registry)
