"""Becomes another program that does not outlive its parent: `launcher.py PARENT PROGRAM ARGS...`.

Started by its path, with nothing of nepishell in it: between fork and exec a process with threads
must not run Python, so this small one asks the kernel for the signal, and is the program then.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1
#: What is said where PARENT was gone already, or PROGRAM cannot be started.
ORPHANED, NOT_STARTED = 143, 127


def main(argv: list[str]) -> int:
    """Does not return when all is well."""
    parent, program = int(argv[0]), argv[1:]
    # a run that is asked to end like this releases what it built
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        return ORPHANED
    try:
        os.execv(program[0], program)
    except OSError as problem:
        sys.stderr.write(f"{program[0]}: {problem.strerror}\n")
    return NOT_STARTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
