"""Help generated from the grammar: one command in full, and all of them by group."""

from typing import NamedTuple

from nepishell.lang import syntax
from nepishell.lang.grammar import Grammar
from nepishell.lang.registry import Command


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


def help_text(grammar: Grammar, command: Command) -> str:
    """Usage, the function's docstring, and a line for each argument."""
    lines = [f"usage: {command.usage}", "", *_docstring(command.help)]
    arguments = {each.name: each for each in syntax.arguments(command.syntax)}
    if arguments:
        most = max(len(name) for name in arguments) + 2
        lines.append("")
        for name, argument in arguments.items():
            kind = grammar.type_of(argument)
            lines.append(f"  {f'<{name}>':<{most}}  {kind.help}")
    return "\n".join(lines)


def _docstring(text: str) -> list[str]:
    first, *rest = text.expandtabs().splitlines()
    # as inspect.cleandoc, which is slow to import
    margin = min((len(line) - len(line.lstrip()) for line in rest if line.strip()), default=0)
    return [first, *(line[margin:].rstrip() for line in rest)]
