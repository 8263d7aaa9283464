"""A prompt in the middle of a recipe that is played without one; apart, so that few load it."""

import sys
from contextlib import ExitStack

from nepishell.commands.context import Context
from nepishell.commands.settings import config_file, read_settings
from nepishell.commands.signals import Signals
from nepishell.shell.prompt import Prompt
from nepishell.shell.quiet import quiet


def pause_here(ctx: Context, signals: Signals, text: str) -> None:
    """Serve a prompt at what *ctx* drives until the person goes on.

    Raises Quit when they end the recipe, and Stopped when the terminal goes away.
    """
    with ExitStack() as stack:
        if sys.stdin.isatty():
            stack.enter_context(quiet(sys.stdin))
        settings, _ = read_settings(config_file())
        on_idle = signals.on_idle
        prompt = Prompt(ctx.ec, signals, settings=settings)
        stack.callback(prompt.close)
        stack.callback(setattr, signals, "on_idle", on_idle)
        _share(ctx, prompt.ctx)
        prompt.serve_pause(text)


def _share(ctx: Context, here: Context) -> None:
    """What the recipe knows, the person does, and the other way round."""
    here.jobs, here.journal, here.hidden = ctx.jobs, ctx.journal, ctx.hidden
    here.parameters, here.declared, here.fixed = ctx.parameters, ctx.declared, ctx.fixed
    here.kinds, here.bound = ctx.kinds, ctx.bound
    here.remember()
