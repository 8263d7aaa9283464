"""This machine as a host whose connection a test cuts and mends; what runs there runs on."""

from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

from nepishell.core.errors import Unreachable
from nepishell.hosts.base import Reach
from nepishell.hosts.local import LocalHost
from nepishell.resources.linux.node import LinuxNode

_CUT = ("run", "spawn", "read", "size", "put_all", "write", "get", "put", "remove", "checksums",
        "mkdir")  # fmt: skip


class CuttableHost(LocalHost):
    """While it is cut every request raises, and ends of processes are told afterwards."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._reach = Reach(up=True, since=monotonic())
        self._listeners: list[Callable[[Reach], None]] = []
        self._held: list[Callable[[], None]] = []
        #: called before each request with its name
        self.before: Callable[[str], None] = lambda name: None
        self.requests: list[str] = []

    @property
    def reach(self) -> Reach:
        return self._reach

    def on_reach(self, callback: Callable[[Reach], None]) -> Callable[[], None]:
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback)

    def cut(self) -> None:
        self._change(Reach(up=False, since=monotonic(), why="the test cut it"))

    def mend(self) -> None:
        self._change(Reach(up=True, since=monotonic()))
        held, self._held = self._held, []
        for tell in held:
            tell()

    def _change(self, reach: Reach) -> None:
        self._reach = reach
        for listener in list(self._listeners):
            listener(reach)

    def spawn(self, argv: Any, **kwargs: Any) -> Any:
        self._ask("spawn")
        told = kwargs.pop("on_exit", None)

        def on_exit(end: Any) -> None:
            if self._reach.up:
                told(end)
            else:
                self._held.append(lambda: told(end))

        return super().spawn(argv, on_exit=on_exit if told else None, **kwargs)

    def _ask(self, name: str) -> None:
        self.requests.append(name)
        self.before(name)
        if not self._reach.up:
            raise Unreachable(f"{self.name}: {self._reach.why}")


def _checked(name: str) -> Callable[..., Any]:
    def method(self: CuttableHost, *args: Any, **kwargs: Any) -> Any:
        self._ask(name)
        return getattr(super(CuttableHost, self), name)(*args, **kwargs)

    return method


for _name in _CUT:
    if _name != "spawn":
        setattr(CuttableHost, _name, _checked(_name))


class CuttableNode(LinuxNode):
    """A real host, as far as its resource can tell."""

    rtype = "cuttable::Node"

    def _connect(self) -> CuttableHost:
        return CuttableHost(self.name)


def home_of(tmp_path: Path) -> Path:
    """Where its folder is."""
    return tmp_path / ".nepishell"
