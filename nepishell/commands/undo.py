"""Going back: undo and redo of what was described, and the list of what was commanded."""

from nepishell.commands.context import Context
from nepishell.commands.notes import Note, names_of, tell
from nepishell.commands.past import Deed, Past
from nepishell.core.errors import NepishellError
from nepishell.journal.runs import Run
from nepishell.lang.registry import DESIGN, LOOK, command
from nepishell.output.records import Records

COLUMNS = ("number", "at:duration", "line", "undo")


@command("undo [how:past] [<count:int(1)>]", effects=DESIGN, group="design")
def undo(ctx: Context, *, how: str = "", count: int = 1) -> Note:
    """Take back what was described last, exactly: add, connect, set, label, when, trace, param.

    What runs cannot be undone: it says what gives it back. `past` goes past that, to what was
    described before it.

        undo 3
    """
    past = _past(ctx)
    found = past.undo(count, past_walls=bool(how))
    if not found:
        raise NepishellError("nothing to undo: nothing was described yet; see 'history'")
    stays = [
        deed.line for deed in past.done if deed.change is None and deed.number > found[-1].number
    ]
    more = f"; '{stays[-1]}' stays done" if stays else ""
    return _told("undone", found, more)


@command("redo [<count:int(1)>]", effects=DESIGN, group="design")
def redo(ctx: Context, *, count: int = 1) -> Note:
    """Do again what was undone last; whatever is described anew forgets it."""
    found = _past(ctx).redo(count)
    if not found:
        raise NepishellError("nothing to redo: nothing was undone since the last description")
    return _told("done again", found, "")


def _past(ctx: Context) -> Past:
    if ctx.past is None:
        raise NepishellError("nothing is remembered here: undo and redo are for the prompt")
    return ctx.past


def _told(what: str, found: list[Deed], more: str) -> Note:
    lines = "\n".join(f"{what}: {deed.line}" for deed in found)
    return tell(f"{lines}{more}", numbers=[deed.number for deed in found])


@command("history [<count:int(1)>]", effects=LOOK, group="look", columns=names_of(COLUMNS))
def history(ctx: Context, *, count: int = 0) -> Records:
    """What was commanded, oldest first, or the last few; and whether it can be undone."""
    if ctx.opened is not None:
        return _commanded(ctx.opened, count)
    past = _past(ctx)
    deeds = sorted([*past.done, *past.undone], key=lambda deed: deed.number)[-count:]
    undone = {deed.number for deed in past.undone}
    rows = [
        (f"#{deed.number}", round(deed.at, 3), deed.line, _undo(deed, deed.number in undone))
        for deed in deeds
    ]
    return Records(COLUMNS, rows, "commands")


def _commanded(run: Run, count: int) -> Records:
    """What the journal of a run of the past says."""
    found = [record for record in run.records() if record.kind == "command"][-count:]
    rows = [
        (f"#{one.data.get('c')}", round(one.at, 3), one.data.get("line", ""), "no") for one in found
    ]
    return Records(COLUMNS, rows, "commands")


def _undo(deed: Deed, is_undone: bool) -> str:
    if is_undone:
        return "undone; redo"
    return "yes" if deed.change is not None else f"no: {deed.advice}"
