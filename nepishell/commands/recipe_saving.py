"""`recipe save`: what was done in this run as a file that does it again."""

from pathlib import Path

# its types must be known before the commands that use them are declared
from nepishell.commands import argument_types  # noqa: F401
from nepishell.commands.context import Context
from nepishell.commands.notes import Note, note, tell
from nepishell.commands.places import RECIPE
from nepishell.commands.runs import run_of
from nepishell.core.errors import NepishellError
from nepishell.formats.optional import load
from nepishell.journal.runs import Fate
from nepishell.lang.registry import RUN as RUNS
from nepishell.lang.registry import command

#: Loaded when a recipe is written: it reads lines with the grammar of all commands, this one too.
_TEXT = "nepishell.commands.recipe_text:recipe_text"


@command(
    "recipe save <file:path(.nepi)> {from <mark:text>|(timing:causal|timed)|(over:over)}",
    effects=RUNS,
    group="journal",
)
def recipe_save(
    ctx: Context, *, file: str, mark: str = "", timing: str = "causal", over: str = ""
) -> Note:
    """Write what was done in this run as a recipe, without what was undone, looks and pauses.

    What was done by hand while it ran hangs on the last event before it (`when probe STARTED +2s
    ...`); with `timed` it comes after a time (`at 2s ...`). `from` begins at a mark; a file that
    exists is replaced with `over`. `nepishell run FILE` does it again.

        recipe save slow-link.nepi
        recipe save slow-link.nepi timed over
    """
    path = Path(file).expanduser()
    if path.suffix != RECIPE:
        raise NepishellError(f"'{file}': a recipe's name ends in {RECIPE}")
    if path.is_dir():
        raise NepishellError(f"'{file}' is a directory: name a file in it")
    run = run_of(ctx, "")
    if run.fate is Fate.BROKEN:
        raise NepishellError(run.problem)
    text, count = load(_TEXT)(run, timed=timing == "timed", mark=mark)
    if not count:
        raise NepishellError("nothing was done that a recipe could do again; see 'history'")
    if path.exists() and not over and not ctx.confirm(f"replace {path}?"):
        return note("nothing was written")
    _write(path, text)
    return tell(f"wrote {path} ({count} lines); 'nepishell run {path}' does it again",
                file=str(path), lines=count)  # fmt: skip


def _write(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as problem:
        beside.unlink(missing_ok=True)
        reason = (problem.strerror or str(problem)).lower()
        raise NepishellError(f"{path}: cannot be written: {reason}") from None
