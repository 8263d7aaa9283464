"""A prompt in a run that another controller began: apart, so that others need not load it."""

import sys

from nepishell.commands.resuming import Resumption, go_on
from nepishell.engine.adopting import Late
from nepishell.shell.main import SWITCH_INTERVAL_S, serve


def go_on_here(resumption: Resumption, late: Late) -> int:
    """Serve a prompt in a run that another controller began; returns the exit status."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    return serve(resumption.ec, lambda prompt: go_on(prompt.ctx, resumption, prompt.perform, late))
