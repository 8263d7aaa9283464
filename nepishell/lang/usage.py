"""Help generated from the grammar: one command in full, and all of them by group."""

from collections.abc import Mapping
from typing import NamedTuple

from nepishell.core.errors import NepishellError
from nepishell.lang import syntax
from nepishell.lang.grammar import Grammar
from nepishell.lang.lexer import quote
from nepishell.lang.registry import Command
from nepishell.lang.syntax import Arg, Choice, Seq, Syntax, Word
from nepishell.lang.types.base import ArgType, TypeFactory
from nepishell.lang.view import StaticRow, StaticView


class Line(NamedTuple):
    """One command in a table of all."""

    group: str
    name: str
    usage: str
    effects: str
    summary: str


def table(grammar: Grammar) -> list[Line]:
    """All commands, by group in the order of declaration, then by name."""
    groups = list(dict.fromkeys(command.group for command in grammar.commands.values()))
    ordered = sorted(
        grammar.commands.values(), key=lambda command: (groups.index(command.group), command.name)
    )
    return [
        Line(each.group, each.name, each.usage, each.effects.value, each.summary)
        for each in ordered
    ]


def help_text(command: Command, types: Mapping[str, TypeFactory]) -> str:
    """Usage, the function's docstring, and what each argument means."""
    lines = [command.usage, *(f"    {line}".rstrip() for line in _docstring(command.help))]
    meanings = arguments(command, types)
    if meanings:
        most = max(len(each.name) for each in meanings) + 2
        lines.append("")
        lines += [f"    {f'<{each.name}>':<{most}}  {each.help}" for each in meanings]
    shown = example(command, types)
    verb = command.usage.split()[0]
    told = any(line.strip().startswith(f"{verb} ") for line in _docstring(command.help)[1:])
    if meanings and shown and not told:
        lines += ["", f"    as in: {shown}"]
    return "\n".join(lines)


#: What examples speak of.
_SCENE = StaticView([StaticRow(1, "a::Node", "h1"), StaticRow(2, "a::Node", "h2")])


def example(command: Command, types: Mapping[str, TypeFactory]) -> str:
    """The shortest line of *command*; '' where only an experiment could say what to type."""
    words = _example(command.syntax, types)
    return " ".join(words) if all(words) else ""


def _example(tree: Syntax, types: Mapping[str, TypeFactory]) -> list[str]:
    match tree:
        case Word(text):
            return [text]
        case Arg(_, kind, deps, prefix):
            return [prefix + quote(word) if (word := _sample(types[kind](deps))) else ""]
        case Seq(parts):
            return [word for part in parts for word in _example(part, types)]
        case Choice(options):
            return _example(options[0], types)
        case _:
            return []


def _sample(kind: ArgType) -> str:
    try:
        return kind.example(_SCENE, {})
    except NepishellError:
        return ""


class Meaning(NamedTuple):
    """One argument of a command, and what may stand there."""

    name: str
    help: str


def arguments(command: Command, types: Mapping[str, TypeFactory]) -> list[Meaning]:
    """What each argument of *command* means, in order, each once."""
    found: dict[str, Meaning] = {}
    for argument in syntax.arguments(command.syntax):
        kind = types[argument.type](argument.deps)
        found.setdefault(argument.name, Meaning(argument.name, kind.help))
    return list(found.values())


def _docstring(text: str) -> list[str]:
    first, *rest = text.expandtabs().splitlines()
    # as inspect.cleandoc, which is slow to import
    margin = min((len(line) - len(line.lstrip()) for line in rest if line.strip()), default=0)
    return [first, *(line[margin:].rstrip() for line in rest)]
