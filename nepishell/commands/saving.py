"""Save and load: the experiment as a file that others read, XML as NEPI's or JSON."""

from pathlib import Path

from nepishell.commands.context import Context
from nepishell.commands.notes import Note, note, tell
from nepishell.core.attributes import Flags
from nepishell.formats.optional import load as find
from nepishell.lang.registry import DESIGN, LOOK, command

# loaded when a file is written or read: no start pays for it
_WRITE, _READ = "nepishell.formats.files:write", "nepishell.formats.files:load_into"


@command("save <file:path(.json,.xml)>", effects=LOOK, group="design")
def save(ctx: Context, *, file: str) -> Note:
    """Write the experiment into a file: as JSON, or as XML that NEPI reads, by the file's name.

    Resources, attributes, connections, conditions, traces, labels, and their states and times;
    no secrets. To do the same again later, keep a recipe.

        save net.json
        save net.xml
    """
    path = Path(file).expanduser()
    found = find(_WRITE)(path, ctx.ec)
    hidden = [
        f"{rm.name}.{name}"
        for rm in list(ctx.ec.managers.values())
        for name in rm._values or ()
        if rm._attributes[name].has_flag(Flags.Credential)
    ]
    text = f"wrote {len(found.resources)} resources into {path}"
    if hidden:
        text += f"; without the secret {', '.join(hidden[:3])}{' ...' * (len(hidden) > 3)}"
    return tell(text, file=str(path), resources=len(found.resources), hidden=hidden)


@command("load <file:path(.json,.xml)>", effects=DESIGN, group="design")
def load(ctx: Context, *, file: str) -> Note:
    """Add what a file describes, with its numbers and labels; all of it is NEW. Or nothing.

    A number or a label that is taken is a mistake: a file is loaded before others are added.

        load net.json
        load nepi.xml
    """
    path = Path(file).expanduser()
    found = find(_READ)(ctx.ec, path)
    joined = sum(len(one.connections) for one in found.resources) // 2
    held = sum(len(one.conditions) for one in found.resources)
    return note(
        f"{len(found.resources)} resources, {joined} connections and {held} conditions from {path}",
        file=str(path), resources=len(found.resources), exp_id=found.exp_id,
    )  # fmt: skip
