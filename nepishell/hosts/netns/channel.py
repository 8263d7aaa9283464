"""The controller's side of the request socket (wire.py): group commit of concurrent calls.

Whoever finds the line free leads: writes everything that is queued, reads the answers, hands them
out. Those who call meanwhile queue up and travel together in the next round, so twenty threads
that add hosts cost a few round trips, and a single caller pays no thread switch of ours.
"""

import json
import threading
from collections import deque

from nepishell.core.errors import HostError
from nepishell.hosts.netns import wire
from nepishell.hosts.netns.transport import Duplex


class _Call:
    """One request under way."""

    __slots__ = ("answer", "leads", "line", "turn")

    def __init__(self, line: bytes) -> None:
        self.line = line
        self.turn = threading.Event()
        self.leads = False
        self.answer: dict[str, wire.Json] | None = None


class Channel:
    """Requests to the keeper. Safe from any thread."""

    def __init__(self, to_keeper: Duplex) -> None:
        self._socket = to_keeper
        self._lines = wire.Lines(to_keeper)
        self._lock = threading.Lock()
        self._queue: deque[_Call] = deque()
        self._is_led = False

    def close(self) -> None:
        self._socket.close()

    def hello(self) -> int:
        """Wait until the keeper is ready; its pid. Raises HostError with its reason otherwise."""
        try:
            answer = self._read(1)[0]
        except OSError:
            answer = None
        pid = self._unpack(answer)
        assert isinstance(pid, int)  # that is how a keeper says hello
        return pid

    def call(self, *request: object) -> wire.Json:
        """Have the keeper do something; its answer. Raises HostError with the keeper's reason."""
        call = _Call(wire.encode(request))
        with self._lock:
            self._queue.append(call)
            call.leads = not self._is_led
            self._is_led = True
        if not call.leads:
            call.turn.wait()
        if call.leads:
            self._lead()
        return self._unpack(call.answer)

    def _lead(self) -> None:
        """Serve everything that is queued now, then give the lead away."""
        with self._lock:
            calls = list(self._queue)
            self._queue.clear()
        try:
            self._socket.sendall(b"".join([call.line for call in calls]))
            for call, answer in zip(calls, self._read(len(calls)), strict=True):
                call.answer = answer
        except OSError:
            # answers stay None: the keeper is gone
            pass
        finally:
            self._pass_on(calls)

    def _pass_on(self, served: list[_Call]) -> None:
        with self._lock:
            following = self._queue[0] if self._queue else None
            self._is_led = following is not None
        for call in served:
            call.turn.set()
        if following is not None:
            following.leads = True
            following.turn.set()

    def _read(self, count: int) -> list[dict[str, wire.Json]]:
        answers: list[dict[str, wire.Json]] = []
        while len(answers) < count:
            lines = self._lines.read()
            if not lines:
                raise ConnectionResetError
            answers += [json.loads(line) for line in lines]
        return answers

    @staticmethod
    def _unpack(answer: dict[str, wire.Json] | None) -> wire.Json:
        if answer is None:
            raise HostError("the lab is closed or its keeper has died: open a new one")
        if "error" in answer:
            raise HostError(str(answer["error"]))
        return answer["ok"]
