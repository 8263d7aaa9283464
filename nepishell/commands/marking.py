"""Moments of a run: mark gives one a name, pause hands the live experiment to a person."""

from nepishell.commands.context import Context, Quit
from nepishell.commands.notes import Note, note, tell
from nepishell.core.errors import NepishellError
from nepishell.lang.registry import LOOK, RUN, command


class GoOn(Quit):
    """`continue` was typed: a recipe that paused goes on."""


@command("mark <words:argv>", effects=RUN, group="recipes")
def mark(ctx: Context, *, words: tuple[str, ...]) -> Note:
    """Give this moment a name: `timeline`, `log`, `history` and the journal show it.

    mark the queue is cut
    """
    text = " ".join(words)
    ctx.ec.mark(text)
    # the event tells it to everybody, who gave the name included
    return note("", mark=text)


@command("pause [<words:argv>]", effects=RUN, group="recipes")
def pause(ctx: Context, *, words: tuple[str, ...] = ()) -> Note:
    """Stop a recipe here and give the prompt to a person, at the live experiment.

    `continue` goes on, `quit` ends the recipe. Where nobody is at a terminal it is passed over.

    pause look at the queue before it is cut
    """
    text = " ".join(words)
    if ctx.pause is None:
        return tell(f"not paused, for there is no terminal{f': {text}' if text else ''}")
    ctx.pause(text)
    return note("going on")


@command("continue", effects=LOOK, group="recipes")
def continue_(ctx: Context) -> Note:
    """Go on with the recipe that has paused."""
    if not ctx.is_paused:
        raise NepishellError("nothing has paused here: 'pause' in a recipe does")
    raise GoOn
