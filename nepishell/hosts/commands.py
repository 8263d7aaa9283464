"""Short commands on a host that can spawn: run to the end, then read what was written.

Output goes through files, not pipes, so nothing has to be pumped and a daemon that keeps its
output open does not hold us up.
"""

import signal
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from nepishell.core.errors import HostError
from nepishell.hosts.base import STDERR, STDOUT, Completed
from nepishell.hosts.process import SpawnedProcess

#: More output than this is not a short command's.
MAX_OUTPUT = 64 << 20

#: (argv, run_dir, cwd, env, stdin) -> the process
Start = Callable[[Sequence[str], Path, Path, Mapping[str, str] | None, Path | None], SpawnedProcess]


def run_to_end(
    start: Start,
    argv: Sequence[str],
    *,
    scratch: Path | None,
    env: Mapping[str, str] | None,
    cwd: Path | None,
    stdin: bytes,
    timeout_s: float | None,
) -> Completed:
    """Run *argv* in a directory of its own below *scratch*; it is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="run-", dir=scratch) as made:
        directory = Path(made)
        source = None
        if stdin:
            source = directory / "stdin"
            source.write_bytes(stdin)
        process = start(argv, directory, cwd or Path.cwd(), env, source)
        try:
            ended = process.wait(timeout_s)
        finally:
            # also when the wait was interrupted: nobody else knows of this process
            process.signal(signal.SIGKILL)
        if not ended:
            process.wait()
            raise HostError(f"'{' '.join(argv)}' did not end within {timeout_s:g} s: killed")
        return Completed(
            argv=tuple(argv),
            status=process.code,
            stdout=_text(directory / STDOUT, argv),
            stderr=_text(directory / STDERR, argv),
        )


def _text(path: Path, argv: Sequence[str]) -> str:
    with path.open("rb") as file:
        data = file.read(MAX_OUTPUT + 1)
    if len(data) > MAX_OUTPUT:
        raise HostError(
            f"'{argv[0]}' printed more than {MAX_OUTPUT >> 20} MiB: spawn it and read its files"
        )
    return data.decode(errors="replace")
