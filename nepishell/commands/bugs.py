"""A mistake of ours: one line for people, the traceback in a file for whoever mends it."""

import os
import sys
import traceback
from contextlib import suppress
from pathlib import Path

from nepishell.commands.places import state_home


def report(problem: BaseException, log: Path | None = None) -> str:
    """Write the traceback to *log* (default: log.txt among our files); returns the line to show.

    With NEPISHELL_DEBUG=1 the traceback goes to standard error as well. Never raises for a disk
    that is full or a folder that is not ours.
    """
    text = "".join(traceback.format_exception(problem))
    if os.environ.get("NEPISHELL_DEBUG") == "1":
        sys.stderr.write(text)
    said = "".join(traceback.format_exception_only(problem)).strip().splitlines()[-1]
    with suppress(OSError):
        target = log or state_home() / "log.txt"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch(mode=0o600)
        with target.open("a", encoding="utf-8") as file:
            file.write(text)
        return f"a mistake of nepishell's own: {said} (traceback in {target})"
    return f"a mistake of nepishell's own: {said} (run with NEPISHELL_DEBUG=1 to see more)"
