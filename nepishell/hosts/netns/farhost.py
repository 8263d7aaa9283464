"""A host of a lab's part on another machine: commands enter it there, files are those of there."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nepishell.hosts.base import Completed, OnExit, Process, Terminal
from nepishell.hosts.netns.farfiles import FarFiles

if TYPE_CHECKING:
    from nepishell.hosts.netns.farlab import FarLab

#: nsenter leaves a command in /: it goes where it was told to first.
_GO = ("sh", "-c", 'cd "$1" && shift && exec "$@"', "sh")


class FarNetnsHost(FarFiles):
    """Implements nepishell.hosts.base.Host."""

    def __init__(self, lab: "FarLab", name: str) -> None:
        super().__init__(lab.machine.host)
        self._lab = lab
        self._name = name

    @property
    def name(self) -> str:
        return self._name

    def run(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        stdin: bytes = b"",
        timeout_s: float | None = 30.0,
    ) -> Completed:
        # by the machine's own line for short commands: one round trip
        done = self._machine.run(
            self._inside(argv, cwd, env), env=env, stdin=stdin, timeout_s=timeout_s
        )
        return Completed(
            argv=tuple(argv), status=done.status, stdout=done.stdout, stderr=done.stderr
        )

    def spawn(
        self,
        argv: Sequence[str],
        *,
        run_dir: Path,
        env: Mapping[str, str] | None = None,
        stdin: Path | None = None,
        on_exit: OnExit | None = None,
    ) -> Process:
        return self._lab.spawn(
            self._name, argv, run_dir=run_dir, cwd=run_dir, env=env, stdin=stdin, on_exit=on_exit
        )

    def adopt(self, run_dir: Path, on_exit: OnExit | None = None) -> Process | None:
        """None: a lab on another machine ends with the connection to it."""
        return None

    def terminal(
        self,
        argv: Sequence[str],
        *,
        rows: int,
        cols: int,
        env: Mapping[str, str] | None = None,
    ) -> Terminal:
        inside = self._inside(argv, None, env)
        return self._machine.terminal(inside, rows=rows, cols=cols, env=env)

    def close(self) -> None:
        self._lab.remove_host(self._name)

    def _inside(
        self, argv: Sequence[str], cwd: Path | None, env: Mapping[str, str] | None
    ) -> list[str]:
        where = str(cwd or self._lab.machine.folder)
        words = [*self._lab.door(self._name), *_GO, where, *argv]
        return self._lab.machine.elevate(words, env or {})
