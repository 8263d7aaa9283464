"""A measurement tool: an application whose command line is made from attributes."""

from typing import ClassVar

from nepishell.resources.linux.application import Application

#: (attribute, option): the option alone for true, the option and the value for anything else.
Options = tuple[tuple[str, str], ...]


class Tool(Application):
    """The base of measurement tools."""

    rtype = "abstract::Tool"
    #: what the tool is called, and what is always given
    program: ClassVar[tuple[str, ...]] = ()
    #: in the order in which they are given
    options: ClassVar[Options] = ()

    def argv(self) -> list[str]:
        """The user's own command where there is one, else made from the attributes."""
        if self.command:
            return super().argv()
        return [*self.program, *self.option_words(), *self.operands()]

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
