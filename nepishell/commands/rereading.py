"""Lines of a journal read again as they were meant, and written with names that stay."""

from collections.abc import Mapping

from nepishell.commands.declared import our_grammar
from nepishell.commands.deeds import Deeds
from nepishell.core import events
from nepishell.core.events import Event
from nepishell.engine.factory import ResourceFactory
from nepishell.lang.call import Call, Writer
from nepishell.lang.credentials import MASK
from nepishell.lang.lexer import quote
from nepishell.lang.view import StaticRow, StaticType, StaticView
from nepishell.lang.walk import walk
from nepishell.resources.linux.layout import NAMES as HOST_PLACES

#: How an attribute that is secret stands in the journal.
_HIDDEN = ("(hidden)", MASK)
#: `${SRC}` and its like are for the host that a command runs on: they stay as they are.
_OF_HOSTS = {name: f"${{{name}}}" for name in HOST_PLACES}


class Rereader:
    """Reads lines with the labels of their moment; note() tells of each change, in order.

    *names*: what resources are called in the end, and in all that is written. *wanted*: parameters
    that stand for secrets in what was written so far.
    """

    def __init__(self, deeds: Deeds) -> None:
        self.grammar = our_grammar()
        self.names = names_for(deeds)
        self.wanted: dict[str, None] = {}
        self._rtypes = deeds.rtypes
        self._types: dict[str, StaticType] = {}
        self._labels: dict[int, str] = {}

    def note(self, event: Event) -> None:
        """Know the names that later lines are read with."""
        match event:
            case events.ResourceAdded(guid=guid):
                self._labels[guid] = ""
            case events.Labelled(guid=guid, label=label):
                self._labels[guid] = label
            case events.ResourceRemoved(guid=guid):
                self._labels.pop(guid, None)

    def is_there(self, guid: int) -> bool:
        """Whether this resource is there at the moment."""
        return guid in self._labels

    def read(self, line: str) -> Call | None:
        """What *line* meant; None for one that cannot be read any more, or had a secret in it."""
        if MASK in line:
            return None
        found = walk(self.grammar, line, self._view(self._labels), params=_OF_HOSTS)
        return found.calls[0] if found.error is None and len(found.calls) == 1 else None

    def spell(self, call: Call) -> str:
        """*call* as a line."""
        view = self._view({guid: self.names[guid] for guid in self._labels})
        return Writer(self.grammar, view).line(call)

    def value(self, guid: int, name: str, value: str) -> str:
        """A value of an attribute as one word, or the parameter that stands for it."""
        if value not in _HIDDEN:
            return quote(value)
        wanted = f"{self.names[guid]}_{name}".replace("-", "_").replace(".", "_")
        self.wanted[wanted] = None
        return f"${{{wanted}}}"

    def without_secrets(self, line: str) -> str:
        """*line* with a parameter for what is masked in it."""
        if MASK not in line:
            return line
        name = f"secret{len(self.wanted) + 1}"
        self.wanted[name] = None
        return line.replace(f"'{MASK}'", f"${{{name}}}").replace(MASK, f"${{{name}}}")

    def _view(self, labels: Mapping[int, str]) -> StaticView:
        for rtype in {self._rtypes[guid] for guid in labels} - self._types.keys():
            rclass = ResourceFactory.get_resource_type(rtype)
            if rclass is not None:
                self._types[rtype] = StaticType(
                    "", rclass._attributes, tuple(rclass._traces.values()), rclass._rtypes
                )
        rows = (StaticRow(guid, self._rtypes[guid], label) for guid, label in labels.items())
        return StaticView(rows, self._types)


def names_for(deeds: Deeds) -> dict[int, str]:
    """What each resource is called in the recipe: its label, or one made of its type."""
    taken = set(deeds.labels.values())
    names = dict(deeds.labels)
    for guid, rtype in deeds.rtypes.items():
        if guid not in names:
            stem = rtype.rpartition(":")[2].lower()
            name = f"{stem}{guid}"
            while name in taken:
                name = f"{stem}-{name}"
            names[guid] = name
            taken.add(name)
    return names
