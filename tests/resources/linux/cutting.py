"""A real host at the other end of a cable that a test cuts in the middle of something."""

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from nepishell.hosts.ssh import SshHost, Timing
from nepishell.resources.linux.node import LinuxNode
from tests.cable import Cable
from tests.resources.linux.test_node import Told
from tests.sshd import PATIENCE_S

#: Until a brief cut is over: longer than the silence after which a sign of life is asked for.
BRIEF_S = 0.4
TIMINGS = {
    "brief": Timing(keep_alive_s=0.1, patience_s=60.0),
    "long": Timing(
        connect_s=5.0, keep_alive_s=0.1, patience_s=1.0, first_retry_s=0.02, most_retry_s=0.1
    ),
}


class CableHost(SshHost):
    """Tells when it is in the middle of a transfer or about to start a program."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: called once, by the name of the request
        self.during: dict[str, Callable[[], None]] = {}

    def reached(self, name: str) -> None:
        action = self.during.pop(name, None)
        if action is not None:
            action()

    def spawn(self, *args: Any, **kwargs: Any) -> Any:
        self.reached("spawn")
        return super().spawn(*args, **kwargs)

    def put_all(self, files: Any, progress: Any = None) -> None:
        super().put_all(files, self._watched("put_all", progress))

    def get(self, source: Path, target: Path, *, offset: int = 0, progress: Any = None) -> None:
        super().get(source, target, offset=offset, progress=self._watched("get", progress))

    def _watched(self, name: str, progress: Any) -> Any:
        def told(done: int, total: int) -> None:
            if progress is not None:
                progress(done, total)
            if done < total:
                self.reached(name)

        return told

    def after(self, delay_s: float) -> None:
        """Return after *delay_s* of the connection's own time."""
        over = threading.Event()
        self._shell.after(delay_s, over.set)
        assert over.wait(PATIENCE_S)


class CableNode(LinuxNode):
    """A host at the far end of the cable of a test."""

    rtype = "cable::Node"
    cable: ClassVar[Cable]
    timing: ClassVar[Timing]

    def _make_host(self) -> CableHost:
        end = self.cable.sshd.endpoint()
        return CableHost(end, name="n", timing=self.timing, dial=self.cable.dial)


class Cut:
    """The cable between a resource's node n and its host."""

    def __init__(self, lab: Any, cable: Cable, is_long: bool) -> None:
        self._lab = lab
        self._cable = cable
        self._is_long = is_long
        self.told = Told(lab.ec)
        self._is_out = threading.Event()

    @property
    def host(self) -> CableHost:
        host: CableHost = self._lab.rm("n").host
        return host

    def at(self, name: str) -> None:
        """Cut when the host is in the middle of the request *name*."""
        self.host.during[name] = self.begin

    def begin(self) -> None:
        self._cable.plug(False)
        self._is_out.set()

    def last(self) -> None:
        """Return once it has lasted long enough: nobody noticed, or the node tells it."""
        assert self._is_out.wait(PATIENCE_S)
        if not self._is_long:
            self.host.after(BRIEF_S)
            assert self.host.reach.up
            assert not self._lab.rm("n").suspect
            return
        assert "what runs there runs on, for 5m" in self.told.wait("n is unreachable since")
        node = self._lab.rm("n")
        assert node.suspect
        assert "unreachable since" in node.concern
        assert self._lab.ec.state(self._lab.ec.find("n"), hr=True) in ("STARTED", "STOPPED")

    def end(self) -> None:
        self._cable.plug(True)
        if self._is_long:
            self.told.wait("n can be reached again")
            assert (self._lab.rm("n").suspect, self._lab.rm("n").concern) == (False, "")

    def is_told(self) -> bool:
        """Whether each loss and each return were told, and nothing of a brief cut.

        A machine that is busy beyond the patience may lose it once more.
        """
        lost, back = (
            sum(part in text for text in self.told.texts)
            for part in ("is unreachable since", "can be reached again")
        )
        return lost == back and (lost > 0) is self._is_long


def fifo(path: Path) -> Path:
    os.mkfifo(path)
    return path


def is_left_clean(lab: Any, home: Path) -> bool:
    """Whether no file and no process of the run is there."""
    mark = f"NEPISHELL_RUN={lab.ec.exp_id}/{lab.ec.run_id}".encode()
    carriers = [path.parent for path in Path("/proc").glob("[0-9]*/environ") if has(path, mark)]
    return list(home.iterdir()) == [] and carriers == []


def has(path: Path, mark: bytes) -> bool:
    try:
        return mark in path.read_bytes()
    except OSError:
        return False
