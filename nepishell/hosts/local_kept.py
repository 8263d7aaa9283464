"""Programs on this machine that outlive their controller, seen from the controller.

One keeper per run (local_keeper.py), started by the first program.
"""

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Any

from nepishell.core.errors import HostError
from nepishell.hosts.base import OnExit
from nepishell.hosts.netns.keeping import KeeperProcess
from nepishell.hosts.netns.transport import HeldTransport, LocalTransport
from nepishell.hosts.process import SpawnedProcess

_KEEPER = "nepishell.hosts.local_keeper"
#: Where the keeper waits for the next controller.
_DOOR = "door"


class Kept:
    """The programs of one run. Safe from any thread; close it in the end."""

    def __init__(self, run_dir: Path) -> None:
        """Nothing is started here. Files are kept below *run_dir*."""
        self._folder = run_dir.absolute() / "local"
        self._lock = Lock()
        self._keeper: KeeperProcess | None = None
        self._tokens = count(1)
        self._found: dict[str, tuple[int, int, int]] = {}
        self._is_closed = False

    def spawn(
        self,
        argv: Sequence[str],
        *,
        run_dir: Path,
        env: Mapping[str, str] | None = None,
        stdin: Path | None = None,
        on_exit: OnExit | None = None,
    ) -> SpawnedProcess:
        """Start a command in *run_dir*; raises HostError."""
        keeper = self._ours()
        process = SpawnedProcess(next(self._tokens), run_dir, self, on_exit)
        where = os.path.abspath(run_dir)  # noqa: PTH100
        words = [os.fspath(word) for word in argv] or [""]
        source = None if stdin is None else os.path.abspath(stdin)  # noqa: PTH100
        keeper.watch(process)
        try:
            pid = keeper.channel.call(
                "spawn", process.token, words, where, where, dict(env or {}), source
            )
        except HostError:
            keeper.forget(process)
            raise
        assert isinstance(pid, int)  # that is how a spawn is answered
        process.started(pid)
        return process

    def adopt(self, run_dir: Path, on_exit: OnExit | None) -> SpawnedProcess | None:
        """What runs in *run_dir* since an earlier controller; None when it has ended."""
        if not (self._folder / _DOOR).exists() and self._keeper is None:
            return None
        keeper = self._ours()
        found = self._found.pop(os.path.abspath(run_dir), None)  # noqa: PTH100
        if found is None:
            return None
        token, pid, started = found
        process = SpawnedProcess(token, run_dir, self, on_exit)
        process.started(pid, started)
        keeper.watch(process)
        return process

    def signal_session(self, process: SpawnedProcess, signum: int) -> None:
        """See nepishell.hosts.process.Steering; silent when all is closed."""
        self._ask("signal", process.token, int(signum))

    def stop_session(self, process: SpawnedProcess, grace_s: float) -> None:
        """See nepishell.hosts.process.Steering."""
        self._ask("stop", process.token, grace_s)

    def close(self) -> None:
        """End all that runs, and the keeper. Idempotent."""
        with self._lock:
            self._is_closed = True
            keeper, self._keeper = self._keeper, None
        if keeper is None and (self._folder / _DOOR).exists():
            # nobody asked for what an earlier controller left
            with suppress(OSError, HostError):
                keeper = KeeperProcess(HeldTransport(self._folder / _DOOR))
        if keeper is not None:
            keeper.close()
        (self._folder / _DOOR).unlink(missing_ok=True)
        with suppress(OSError):
            self._folder.rmdir()

    def _ask(self, word: str, *arguments: object) -> None:
        keeper = self._keeper
        if keeper is not None:
            keeper.channel.call(word, *arguments)

    def _ours(self) -> KeeperProcess:
        """The keeper: that of an earlier controller, or a new one."""
        with self._lock:
            if self._is_closed:
                raise HostError("the run is over: nothing more can be started in it")
            if self._keeper is None:
                self._keeper = self._found_again() or self._started()
            return self._keeper

    def _started(self) -> KeeperProcess:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        log = self._folder / "keeper.log"
        made = KeeperProcess(LocalTransport(Path(), log, _KEEPER))
        if log.stat().st_size == 0:
            log.unlink()
        made.channel.call("hold", str(self._folder / _DOOR))
        return made

    def _found_again(self) -> KeeperProcess | None:
        door = self._folder / _DOOR
        if not door.exists():
            return None
        try:
            found = KeeperProcess(HeldTransport(door))
        except (OSError, HostError):
            # it went with a reboot
            door.unlink(missing_ok=True)
            return None
        listed: Any = found.channel.call("inventory")
        self._found = {place: (token, pid, start) for token, pid, start, place in listed}
        self._tokens = count(max((token for token, *_ in listed), default=0) + 1)
        return found
