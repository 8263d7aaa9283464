"""A host of the lab: commands run in its namespaces, files are those of this machine."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nepishell.hosts.base import Completed, OnExit, Process
from nepishell.hosts.commands import run_to_end
from nepishell.hosts.files import LocalFiles
from nepishell.hosts.process import SpawnedProcess
from nepishell.hosts.terminals import PtyTerminal

if TYPE_CHECKING:
    from nepishell.hosts.netns.lab import Lab


class NetnsHost(LocalFiles):
    """Implements nepishell.hosts.base.Host."""

    def __init__(self, lab: "Lab", name: str) -> None:
        super().__init__()
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
        def start(
            argv: Sequence[str],
            run_dir: Path,
            cwd: Path,
            env: Mapping[str, str] | None,
            stdin: Path | None,
        ) -> SpawnedProcess:
            return self._lab.spawn(
                self._name, argv, run_dir=run_dir, cwd=cwd, env=env, stdin=stdin, record=False
            )

        return run_to_end(
            start,
            argv,
            scratch=self._lab.directory,
            env=env,
            cwd=cwd,
            stdin=stdin,
            timeout_s=timeout_s,
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
        """What runs in *run_dir* since an earlier controller started it; None when it has ended."""
        return self._lab.adopt(run_dir, on_exit)

    def terminal(
        self,
        argv: Sequence[str],
        *,
        rows: int,
        cols: int,
        env: Mapping[str, str] | None = None,
    ) -> PtyTerminal:
        return self._lab.terminal(self._name, argv, rows=rows, cols=cols, env=env)

    def close(self) -> None:
        self.stop_following()
        self._lab.remove_host(self._name)
