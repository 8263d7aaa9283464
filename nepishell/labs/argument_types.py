"""Argument types of the verbs: a lab, by the name of one that ships or by its path."""

from collections.abc import Iterable

from nepishell.labs.shelf import shipped_labs
from nepishell.lang.registry import commands
from nepishell.lang.types.base import Candidate, Env
from nepishell.lang.types.plain import TextType
from nepishell.lang.view import View


class LabType(TextType):
    """Any text, since a lab may be a folder; names of labs that ship complete."""

    name, sample = "lab", "routes"
    help = "a lab that ships, or the path of its folder or zip"

    def complete(self, view: View, env: Env, prefix: str, limit: int) -> Iterable[Candidate]:
        known = sorted(name for name in shipped_labs() if name.startswith(prefix))
        return [Candidate(name, "lab") for name in known[:limit]]


commands.add_type("lab", LabType)
