"""README.md as data: its blocks, which the tests run, and its generated table of commands.

`python -m tests.readme` (or `./dev docs`) writes the table anew.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from nepishell.commands.declared import commands
from nepishell.commands.plugins import ROOMS
from nepishell.labs.model import read_lab
from nepishell.labs.shelf import shipped_labs
from nepishell.lang.registry import Command

# they declare theirs when they are imported
for room in ROOMS:
    import_module(room)

README = Path(__file__).resolve().parent.parent / "README.md"
TOP = README.parent
_BLOCK = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_GENERATED = re.compile(
    r"(?P<begin><!-- (?P<name>\w+): written by `\./dev docs` -->\n).*?(?P<end><!-- end -->)",
    re.DOTALL,
)


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, text, and the line of the file it begins at."""

    language: str
    text: str
    line: int

    def __str__(self) -> str:
        return f"README.md:{self.line}"


def blocks(language: str) -> list[Block]:
    """The blocks of README.md in *language*, in order."""
    text = README.read_text()
    return [
        Block(found["language"], found["text"], text.count("\n", 0, found.start("text")) + 1)
        for found in _BLOCK.finditer(text)
        if found["language"] == language
    ]


#: the order in which a person meets them
GROUPS = ("design", "run", "look", "check", "time", "session", "lab")


def table(declared: Iterable[Command]) -> str:
    """What can be typed, group by group, as a Markdown table."""
    groups: dict[str, list[Command]] = {}
    for command in sorted(declared, key=by_group):
        groups.setdefault(command.group, []).append(command)
    rows = ["| | type | to |", "|---|---|---|"]
    for group, members in groups.items():
        for command in members:
            first = f"**{group}**" if command is members[0] else ""
            rows.append(f"| {first} | `{escaped(command.usage)}` | {escaped(command.summary)} |")
    return "\n".join(rows)


def by_group(command: Command) -> tuple[int, str, str, str]:
    """Known groups first, in their order; within a group by name, however they were loaded."""
    place = GROUPS.index(command.group) if command.group in GROUPS else len(GROUPS)
    return place, command.group, command.name, command.usage


def escaped(text: str) -> str:
    """*text* inside a cell of a table."""
    return text.rstrip(".").replace("|", "\\|")


def recipes() -> str:
    """The recipes that ship, with the line that each begins with."""
    rows = ["| recipe | shows |", "|---|---|"]
    for path in sorted((TOP / "recipes").glob("*.nepi")):
        first = path.read_text().partition("\n")[0]
        about = first.partition(": ")[2].rstrip(".")
        rows.append(f"| [{path.stem}](recipes/{path.name}) | {escaped(about)} |")
    return "\n".join(rows)


def labs() -> str:
    """The labs that ship, easiest first."""
    found = sorted(map(read_lab, shipped_labs().values()), key=lambda lab: (lab.minutes, lab.id))
    rows = ["| lab | what is learned | minutes |", "|---|---|---|"]
    for lab in found:
        rows.append(
            f"| [{lab.id}](recipes/labs/{lab.id}) | {escaped(lab.summary)} | {lab.minutes:g} |"
        )
    return "\n".join(rows)


def regenerated(text: str) -> str:
    """*text* with its generated parts written anew."""
    parts = {"commands": lambda: table(commands), "recipes": recipes, "labs": labs}
    return _GENERATED.sub(
        lambda found: f"{found['begin']}{parts[found['name']]()}\n{found['end']}", text
    )


if __name__ == "__main__":
    README.write_text(regenerated(README.read_text()))
