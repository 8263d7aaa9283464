"""A measurement tool: an application whose command line is made from attributes."""

import shlex
from collections.abc import Mapping
from typing import ClassVar

from nepishell.core.attributes import Attribute
from nepishell.core.errors import BadValue, HostError, UnknownName, Unreachable
from nepishell.resources.linux.application import Application
from nepishell.resources.node import AbstractNode

#: (attribute, option): the option alone for true, the option and the value for anything else.
Options = tuple[tuple[str, str], ...]

#: Printed before each run of a tool that is run again and again.
_STAMP = "date '+# %Y-%m-%dT%H:%M:%S%z'"


class Tool(Application):
    """The base of measurement tools."""

    rtype = "abstract::Tool"
    #: what the tool is called, and what is always given
    program: ClassVar[tuple[str, ...]] = ()
    #: in the order in which they are given
    options: ClassVar[Options] = ()
    #: package manager -> the package that has it; "" -> what it is called anywhere else
    packages: ClassVar[Mapping[str, str]] = {}

    extra = Attribute(help="more options, as they are written on its command line")

    def argv(self) -> list[str]:
        """The user's own command where there is one, else made from the attributes."""
        if self.command:
            return super().argv()
        return [*self.program, *self.option_words(), *self.extra_words(), *self.operands()]

    def operands(self) -> list[str]:
        """What comes after the options."""
        return []

    def option_words(self) -> list[str]:
        """The options that are set."""
        words = []
        for name, option in self.options:
            value = self.get(name)
            if value is True:
                words.append(option)
            elif value is not None and value is not False:
                words += [option, f"{value:.12g}" if isinstance(value, float) else str(value)]
        return words

    def extra_words(self) -> list[str]:
        """The user's own options; raises BadValue."""
        try:
            return [self.expanded(word) for word in shlex.split(self.extra or "")]
        except ValueError as problem:
            raise BadValue(f"extra of {self.name}: {problem}: {self.extra}") from None

    def reached(self, target: str) -> str:
        """How to reach *target*: the label of a node stands for its address."""
        try:
            node = self.ec.get_resource(self.ec.find(target))
        except UnknownName:
            return target
        return node.address if isinstance(node, AbstractNode) else target

    def needed_packages(self) -> str:
        """What `depends` names; auto is the tool's own package on this host."""
        own = self.packages.get(self.node.system.packager, self.packages.get("", ""))
        words = super().needed_packages().split()
        return " ".join(own if word == "auto" else word for word in words)

    def launch(self, argv: list[str]) -> None:
        """Start it; where it is not there, say what installs it."""
        try:
            super().launch(argv)
        except Unreachable:
            raise
        except HostError as problem:
            if "not found" in str(problem) and self.packages and not self.command:
                raise HostError(
                    f"{self.node.name} has no {self.program[0]}: install it, or set depends=auto"
                ) from problem
            raise


class EarlyTool(Tool):
    """The base of tools that may run from deployment on."""

    rtype = "abstract::EarlyTool"

    earlyStart = Attribute(
        bool, default=False, help="run from deployment on; start only marks it STARTED"
    )

    def starts_early(self) -> bool:
        """Whether it runs from deployment on."""
        return bool(self.earlyStart)


class RepeatedTool(EarlyTool):
    """The base of tools that end by themselves and may be run again and again."""

    rtype = "abstract::RepeatedTool"

    continuous = Attribute(bool, default=False, help="run it again, 2 s after each end")
    printTimestamp = Attribute(bool, default=False, help="print the time before each run")

    def argv(self) -> list[str]:
        """The command, or a loop round it."""
        words = super().argv()
        if self.command or not (self.continuous or self.printTimestamp):
            return words
        # the user's words are arguments of the script, never part of it
        stamp = f"{_STAMP}; " if self.printTimestamp else ""
        if not self.continuous:
            return ["sh", "-c", f'{stamp}exec "$@"', self.program[0], *words]
        loop = f'while {stamp}"$@"; do sleep 2; done'
        return ["sh", "-c", loop, self.program[0], *words]
