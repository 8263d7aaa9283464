"""Starting a program: where it is found, what it inherits, where its output goes.

The child leads a new session, reads /dev/null unless told otherwise, writes straight into files
(nobody pumps bytes) and begins with default signals. Used in this process and in a lab's keeper.
"""

# pathlib doubles the start of the keeper, and these calls are in every spawn
# ruff: noqa: PTH102, PTH103, PTH112, PTH113, PTH118

import errno
import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

STDOUT, STDERR, EXIT_STATUS = "stdout", "stderr", "exitcode"

#: Python ignores or catches these; a child must not inherit that.
_RESET = (
    signal.SIGPIPE, signal.SIGXFSZ, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD,
    signal.SIGQUIT, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU,
)  # fmt: skip
_OUTPUT = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC


class LaunchError(Exception):
    """A program could not be started; the text says which and why."""


def find_program(name: str, path: str, cwd: str = ".") -> str:
    """The file that *name* means: along *path*, or seen from *cwd* when it has a slash.

    Raises LaunchError when nothing is found or it is not executable.
    """
    if not name:
        raise LaunchError("the command is empty: name a program")
    if "/" in name:
        candidates = [os.path.join(cwd, name)]
    else:
        candidates = [f"{directory or cwd}/{name}" for directory in path.split(":")]
    seen_but_not_executable = ""
    for file in candidates:
        if os.access(file, os.X_OK) and not os.path.isdir(file):
            return file
        if not seen_but_not_executable and os.path.isfile(file):
            seen_but_not_executable = file
    if seen_but_not_executable:
        raise LaunchError(f"command '{name}' is not executable: chmod +x {seen_but_not_executable}")
    where = "" if "/" in name else "; install it, or give its full path"
    raise LaunchError(f"command '{name}' is not found{where}")


def environment(base: Mapping[str, str], extra: Mapping[str, str] | None) -> dict[str, str]:
    """*base* with *extra* laid over it."""
    return {**base, **extra} if extra else dict(base)


def open_streams(run_dir: str, stdin: str | None) -> tuple[int, int, int]:
    """Open stdin, stdout and stderr of a process in *run_dir*, made if missing."""
    opened: list[int] = []
    try:
        opened.append(os.open(stdin or os.devnull, os.O_RDONLY | os.O_CLOEXEC))
        _make_directory(run_dir)
        opened.append(os.open(f"{run_dir}/{STDOUT}", _OUTPUT, 0o644))
        opened.append(os.open(f"{run_dir}/{STDERR}", _OUTPUT, 0o644))
    except OSError as exc:
        for fd in opened:
            os.close(fd)
        raise LaunchError(f"cannot open {exc.filename}: {exc.strerror}") from exc
    return opened[0], opened[1], opened[2]


def _make_directory(path: str) -> None:
    try:
        os.mkdir(path)
    except FileExistsError:
        return
    except FileNotFoundError:
        os.makedirs(path, exist_ok=True)


def posix_spawn(
    file: str, argv: Sequence[str], env: Mapping[str, str], streams: tuple[int, int, int]
) -> int:
    """Start *file* in this thread's namespaces and working directory; its pid.

    No close_fds: every descriptor that Python opens is closed on exec by itself.
    """
    return _spawn(file, argv, env, [(os.POSIX_SPAWN_DUP2, fd, n) for n, fd in enumerate(streams)])


def spawn_on_terminal(file: str, argv: Sequence[str], env: Mapping[str, str], terminal: str) -> int:
    """Start *file* as posix_spawn() does, on the terminal whose path is given; its pid.

    The leader of a session that has no terminal yet gets the first one that it opens as its
    controlling terminal, and the new process leads its session before it opens anything.
    """
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, terminal, os.O_RDWR, 0),
        (os.POSIX_SPAWN_DUP2, 0, 1),
        (os.POSIX_SPAWN_DUP2, 0, 2),
    ]
    return _spawn(file, argv, env, actions)


def _spawn(
    file: str, argv: Sequence[str], env: Mapping[str, str], actions: Sequence[tuple[Any, ...]]
) -> int:
    try:
        return os.posix_spawn(
            file,
            list(argv),
            env,
            file_actions=actions,
            setsid=True,
            setsigmask=(),
            setsigdef=_RESET,
        )
    except OSError as exc:
        raise LaunchError(start_failure(argv[0], exc)) from exc


def start_failure(name: str, exc: OSError) -> str:
    """One line for an exec that the kernel refused."""
    if exc.errno == errno.ENOEXEC:
        return f"command '{name}' is not a program: a script needs a first line like #!/bin/sh"
    if exc.errno == errno.ENOENT:
        return f"command '{name}' is not found, or the interpreter in its first line is not"
    return f"command '{name}' cannot start: {exc.strerror}"


def shell_status(code: int) -> int:
    """The exit status as a shell shows it, from Python's code (negative: killed by a signal)."""
    return code if code >= 0 else 128 - code


def write_exit_status(run_dir: str, code: int) -> None:
    """Leave the status in *run_dir*; silent when somebody removed the directory."""
    with suppress(OSError):
        fd = os.open(f"{run_dir}/{EXIT_STATUS}", _OUTPUT, 0o644)
        os.write(fd, b"%d\n" % shell_status(code))
        os.close(fd)
