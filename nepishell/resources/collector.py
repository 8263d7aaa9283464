"""Fetches traces of the connected resources before they are released.

A trace of any length passes through memory in blocks only. One that was cut off goes on where it
was once its host is back; what the program still writes until its own release is added.
"""

import os
from collections import deque
from contextlib import suppress
from pathlib import Path
from shutil import copyfile

from nepishell.core.attributes import Attribute
from nepishell.core.errors import NepishellError, Unreachable
from nepishell.core.peers import Peer
from nepishell.core.traces import TraceAttr
from nepishell.engine.jobs import LATER
from nepishell.engine.resource import ResourceManager
from nepishell.resources.linux.traces import Recording
from nepishell.resources.linux.uploads import Tally
from nepishell.resources.node import AbstractNode

#: (whose trace, its name), in order.
Wanted = deque[tuple[ResourceManager, str]]
#: Instead of the name of a trace: every one that is recorded.
ALL = "all"


class Collector(ResourceManager):
    """Collects traces of the resources it is connected to, when they are released."""

    rtype = "Collector"

    traceName = Attribute(required=True, help="which trace to fetch; all: every one it records")
    subDir = Attribute(help="folder in the run's directory to write into")
    rename = Attribute(help="file name after the guid (default: the trace's)")

    # it needs them, so that it is released, and fetches, before they are
    sources = Peer("Resource", max=None, help="whose trace it fetches")

    def do_release(self) -> object:
        """Write <guid>.<rename or traceName> for each; one that fails is told and skipped."""
        wanted: Wanted = deque(
            (source, name) for source in self.sources for name in self._names(source)
        )
        self._fetch_all(wanted)
        return LATER

    def _names(self, source: ResourceManager) -> list[str]:
        if self.traceName != ALL:
            return [self.traceName]
        return [name for name in source._traces if source.trace_enabled(name)]

    def _fetch_all(self, wanted: Wanted) -> None:
        while wanted:
            source, name = wanted[0]
            try:
                self._fetch(source, name)
            except Unreachable as problem:
                self._wait_for(source, wanted, str(problem))
                return
            except (NepishellError, OSError) as problem:
                self._tell(source, name, problem)
            wanted.popleft()
        super().do_release()

    def _wait_for(self, source: ResourceManager, wanted: Wanted, why: str) -> None:
        """Go on once the host of *source* is back."""
        node: AbstractNode = source.node  # type: ignore[attr-defined] # only hosts are unreachable
        node.when_back(lambda back: self.later(self._go_on, back, wanted, why))

    def _go_on(self, back: bool, wanted: Wanted, why: str) -> None:
        if not back:
            self._tell(*wanted.popleft(), why)
        self._fetch_all(wanted)

    def _tell(self, source: ResourceManager, name: str, problem: object) -> None:
        self.warning(f"trace {name} of {source.name} was not collected: {problem}")

    def _fetch(self, source: ResourceManager, name: str) -> None:
        ending = self.rename or name
        if self.rename and self.traceName == ALL:
            ending = f"{self.rename}.{name}"
        target = self.ec.run_dir / (self.subDir or "") / f"{source.guid}.{ending}"
        if not target.resolve().is_relative_to(self.ec.run_dir.resolve()):
            raise NepishellError(f"'{target}' is not in the directory of the run; name another")
        if isinstance(source, Recording):
            source.declared_trace(name)
            found = source.bring_home(name, Tally(f"fetching {name} of {source.name}", self.info))
            if found is not None:
                _same_file(found, target)
                return
        else:
            content = source.trace(name, TraceAttr.ALL)
            if content is not None:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content if isinstance(content, bytes) else str(content).encode())
                return
        if self.traceName != ALL:
            raise NepishellError("nothing was recorded")


def _same_file(source: Path, target: Path) -> None:
    """Have *source* as *target* too: a second name for it, so it takes no room and stays whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    with suppress(OSError):
        os.link(source, target)
        return
    copyfile(source, target)
