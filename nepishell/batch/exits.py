"""What the exit status says."""

from enum import IntEnum


class Exit(IntEnum):
    """0 to 3, and 128 + the signal for what ended from outside, as shells do it."""

    DONE = 0
    FAILED = 1  # the experiment, an expectation or a command
    USAGE = 2  # arguments, syntax, a name that does not exist
    TIMEOUT = 3
    HANGUP = 129
    INTERRUPTED = 130
    PIPE = 141  # nobody reads our output any more
    TERMINATED = 143
