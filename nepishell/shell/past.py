"""A prompt at a run that is over: it looks, and changes nothing."""

import signal
import sys
from contextlib import ExitStack

from nepishell.commands.opened import OnlyLooking
from nepishell.commands.settings import config_file, read_settings
from nepishell.commands.signals import Signals, Stopped
from nepishell.engine.controller import ExperimentController
from nepishell.journal.runs import Run
from nepishell.shell.main import mute
from nepishell.shell.prompt import Prompt
from nepishell.shell.quiet import quiet
from nepishell.shell.reading import PAST_MARK

_GREETING = (
    "this is over: nothing runs, nothing can be changed\n"
    "look at it by 'timeline', 'goto t+1s', 'story NAME', 'history'; Ctrl-D leaves\n"
)


def look_here(ec: ExperimentController, run: Run) -> int:
    """Serve a prompt on this terminal at *ec*, which remembers *run*; returns the exit status."""
    with ExitStack() as stack:
        signals = stack.enter_context(Signals())
        stack.enter_context(quiet(sys.stdin))
        settings, warnings = read_settings(config_file())
        prompt = Prompt(ec, signals, settings=settings)
        stack.callback(prompt.close)
        prompt.ctx.opened, prompt.ctx.seat = run, OnlyLooking(run)
        prompt.reader.mark = PAST_MARK
        sys.stdout.write("".join(f"{warning}\n" for warning in warnings) + _GREETING)
        try:
            prompt.loop()
        except Stopped as stopped:
            if stopped.signum == signal.SIGHUP:
                mute()
            return 128 + stopped.signum
        finally:
            signals.forget()
    return 0
