"""A run that is served, from a program of yours:

with Client() as run:
    run.do("add linux::Ping probe target=h2")
    for event in run.events("StateChanged"):
        ...
"""

import json
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from nepishell.core.errors import NepishellError
from nepishell.journal import door
from nepishell.service.attaching import served

_CHUNK = 1 << 16


class Refused(NepishellError):
    """What the run answered to a line. *line*, *column* from 1, *length*; 0 where not known."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(str(error.get("message", error)))
        self.line = int(error.get("line", 0))
        self.column = int(error.get("column", 0))
        self.length = int(error.get("length", 0))


class Client:
    """One session at a run. Use it in one thread, and in a `with`.

    *run*: its id, the beginning of it, its experiment, or its directory (default: the last run
    that is served). Raises NepishellError when nothing answers there. *timeout*: seconds to wait
    for anything that is received (default: for ever); TimeoutError then.
    """

    def __init__(self, run: str | Path = "", timeout: float | None = None) -> None:
        folder = run if isinstance(run, Path) else self._find(run)
        self._socket, self.greeting = door.knock(folder)
        self._socket.settimeout(timeout)
        self._rest = b""
        self._heard: deque[dict[str, Any]] = deque()
        self._last = 0
        #: what was said without being asked for: {"notice": ...} and {"output": ...}
        self.told: deque[dict[str, Any]] = deque(maxlen=1000)
        #: events that were left out because we read too slowly
        self.left_out = 0

    @staticmethod
    def _find(name: str) -> Path:
        return served(name).path

    def do(self, line: str, *, yes: bool = False) -> list[Any]:
        """Execute lines of the command language; a result for each, as JSON has it.

        *yes*: to what destroys something. Raises Refused; what came before in *line* was done.
        """
        return self.ask(do=line, yes=yes)

    def ask(self, **request: Any) -> list[Any]:
        """Send a request and wait for its answer; raises Refused, ConnectionError."""
        self._last += 1
        self.send(id=self._last, **request)
        while True:
            message = self._next()
            if message.get("id") == self._last:
                if "error" in message:
                    raise Refused(message["error"])
                found: list[Any] = message["results"]
                return found
            self._keep(message)

    def send(self, **request: Any) -> None:
        """Send a request and wait for nothing."""
        self._socket.sendall(json.dumps(request).encode() + b"\n")

    def interrupt(self) -> None:
        """End what waits in this session, as Ctrl-C does; callable from another thread."""
        self.send(interrupt=True)

    def subscribe(self, *kinds: str) -> None:
        """Hear of events from now on; of these *kinds* only, if any are named."""
        self.ask(subscribe=list(kinds) or True)

    def events(self, *kinds: str) -> Iterator[dict[str, Any]]:
        """Events from now on, as they come, until the run ends; see subscribe()."""
        self.subscribe(*kinds)
        return self._events()

    def _events(self) -> Iterator[dict[str, Any]]:
        while True:
            while self._heard:
                yield self._heard.popleft()
            try:
                self._keep(self._next())
            except ConnectionError:
                return

    def _keep(self, message: dict[str, Any]) -> None:
        if "event" in message or "events" in message:
            self._heard.append(message)
        elif "left_out" in message:
            self.left_out += int(message["left_out"])
        elif "error" in message and message.get("id") is None:
            raise Refused(message["error"])
        else:
            self.told.append(message)

    def _next(self) -> dict[str, Any]:
        while b"\n" not in self._rest:
            data = self._socket.recv(_CHUNK)
            if not data:
                raise ConnectionResetError("the run has ended, or let us go")
            self._rest += data
        line, _, self._rest = self._rest.partition(b"\n")
        found: dict[str, Any] = json.loads(line)
        return found

    def close(self) -> None:
        """Leave; the run goes on. Idempotent."""
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
