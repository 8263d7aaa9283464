"""Open: an interactive program on a node, in the terminal of the person who typed it."""

import os
from collections.abc import Mapping

from nepishell.commands.context import Context
from nepishell.commands.notes import Note, note
from nepishell.commands.programs import host_of
from nepishell.core.errors import NepishellError
from nepishell.core.states import ResourceState
from nepishell.hosts.base import Terminal
from nepishell.lang.registry import RUN, command

#: The person's own shell there, as the host knows it.
_SHELL = ("sh", "-c", 'exec "${SHELL:-sh}"')
#: What of our terminal a program there should know.
_TOLD = ("TERM", "COLORTERM")


@command("open <node:guid> [<argv:argv>]", effects=RUN, group="run")
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
    gone = ctx.ec.state(node) >= ResourceState.FAILED
    how = f": {name} is {ctx.ec.state(node).name}" if gone else f" (status {status})" * bool(status)
    return note(f"back from {name}{how}", node=node, status=status)


def _environment(name: str) -> Mapping[str, str]:
    told = {key: os.environ[key] for key in _TOLD if key in os.environ}
    # many shells set their own; those that do not would not say where one is
    mark = "#" if os.geteuid() == 0 else "$"
    return {**told, "PS1": f"{name}{mark} "}
