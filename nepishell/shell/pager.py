"""Long listings in the person's pager: $PAGER, or less; where neither is, they are shown whole.

It gets the terminal itself to write to and to read keys from; what it does not show stays unread.
"""

import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress

#: What less does unless $LESS says otherwise: colours as they are, and the last page stays.
_LESS = "-RX -Ps?ltlines %lt-%lb.?L of %L.  Space\\: on   q\\: back"
#: Rows that are kept for the line of the prompt and the toolbar.
_KEPT_ROWS = 2


def is_long(text: str, size: os.terminal_size) -> bool:
    """Whether *text* would push its own beginning off the screen."""
    return text.count("\n") + 1 > size.lines - _KEPT_ROWS


def pager(environ: Mapping[str, str]) -> list[str]:
    """The command of the pager that there is; [] for none. Never through a shell."""
    try:
        wanted = shlex.split(environ.get("PAGER", ""))
    except ValueError:
        wanted = []
    # `cat` is how people say that they want none
    if wanted and wanted[0] == "cat":
        return []
    found = (argv for argv in (wanted, ["less"]) if argv and _is_there(argv[0], environ))
    return next(found, [])


def _is_there(program: str, environ: Mapping[str, str]) -> bool:
    return shutil.which(program, path=environ.get("PATH")) is not None


def page(argv: Sequence[str], text: str, target: int, environ: Mapping[str, str]) -> bool:
    """Show *text* on the terminal *target* until the person is done; whether that was possible."""
    env = {"LESS": _LESS, **environ}
    try:
        process = subprocess.Popen(
            argv, stdin=subprocess.PIPE, stdout=target, stderr=target, env=env
        )
    except OSError:
        return False
    assert process.stdin is not None
    # a person who leaves early has not read it all
    with suppress(BrokenPipeError), process.stdin as pipe:
        pipe.write(f"{text}\n".encode(errors="replace"))
    process.wait()
    return True
