"""Open: an interactive program on a node, in the terminal of the person who typed it."""

import os
from collections.abc import Iterable, Mapping

from nepishell.commands.context import Context
from nepishell.commands.notes import Note, note
from nepishell.commands.programs import host_of
from nepishell.core.errors import NepishellError
from nepishell.core.states import ResourceState
from nepishell.hosts.base import Terminal
from nepishell.lang.errors import Bad
from nepishell.lang.names import Fit
from nepishell.lang.registry import RUN, command, commands
from nepishell.lang.types.base import Candidate, Env
from nepishell.lang.types.resources import LOOKED_AT, GuidType
from nepishell.lang.view import View
from nepishell.resources.node import AbstractNode

#: The person's own shell there, as the host knows it.
_SHELL = ("sh", "-c", 'exec "${SHELL:-sh}"')
#: What of our terminal a program there should know.
_TOLD = ("TERM", "COLORTERM")


class NodeType(GuidType):
    """One node; others are neither offered nor taken."""

    name, help = "node", "a node: its label or number"

    def parse(self, view: View, env: Env, text: str) -> int:
        guid = super().parse(view, env, text)
        row = view.row(guid)
        if row is not None and not _is_node(view, row.rtype):
            raise Bad(f"{text} is a {row.rtype}: programs run on nodes only")
        return guid

    def complete(self, view: View, env: Env, prefix: str, limit: int) -> Iterable[Candidate]:
        return self._nodes(view, super().complete(view, env, prefix, LOOKED_AT), limit)

    def similar(self, view: View, env: Env, text: str, fit: Fit, limit: int) -> Iterable[Candidate]:
        return self._nodes(view, super().similar(view, env, text, fit, LOOKED_AT), limit)

    def _nodes(self, view: View, found: Iterable[Candidate], limit: int) -> list[Candidate]:
        """The nodes among *found*, those that are up first."""
        up: list[Candidate] = []
        others: list[Candidate] = []
        for entry in found:
            guid = view.find(entry.text)
            row = view.row(int(entry.text) if guid is None else guid)
            if row is not None and _is_node(view, row.rtype):
                is_up = ResourceState.READY <= row.state <= ResourceState.STOPPED
                (up if is_up else others).append(entry)
        return [*up, *others][:limit]


def _is_node(view: View, rtype: str) -> bool:
    info = view.info(rtype)
    return info is not None and AbstractNode.rtype in info.rtypes


commands.add_type(NodeType.name, NodeType)


@command("open <node:node> [<argv:argv>]", effects=RUN, group="run")
def open_(ctx: Context, *, node: int, argv: tuple[str, ...] = ()) -> Note:
    """Work on a node: a shell (or another interactive program) in this terminal until it ends.

    Ctrl-] three times in a row comes back whatever runs. What happens meanwhile is told then.

        open h1
        open h1 top
    """
    name = ctx.name(node)
    if ctx.attach is None:
        other = " ".join(argv) or "COMMAND"
        raise NepishellError(f"'open' needs a terminal; without one, 'exec {name} {other}'")
    host = host_of(ctx, node)
    env = _environment(name)

    def start(rows: int, cols: int) -> Terminal:
        return host.terminal(argv or _SHELL, rows=rows, cols=cols, env=env)

    with ctx.waiting():
        status = ctx.attach(start)
    return note(f"back from {name}{_how(ctx, node, status)}", node=node, status=status)


def _how(ctx: Context, node: int, status: int) -> str:
    """What ended the program, as far as that is worth a word."""
    rm = ctx.rm(node)
    # its programs are ended first, and it is RELEASED some time after
    if rm.releasing:
        return f": {rm.name} was released"
    if rm.state is ResourceState.FAILED:
        return f": {rm.name} is FAILED"
    return f" (status {status})" if status else ""


def _environment(name: str) -> Mapping[str, str]:
    told = {key: os.environ[key] for key in _TOLD if key in os.environ}
    # many shells set their own; those that do not would not say where one is
    mark = "#" if os.geteuid() == 0 else "$"
    return {**told, "PS1": f"{name}{mark} "}
