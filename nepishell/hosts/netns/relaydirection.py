"""One direction of a userspace link: a transmitter with a queue, then frames in flight.

The shape says what happens to a frame: lost, harmed, copied, held until the transmitter is free
(rate), held until it has arrived (delay). Times are seconds of the monotonic clock, handed in:
the work may be late, what is due never moves. Frames begin with the virtio header of
PACKET_VNET_HDR: checksums and segments that the sender left undone stay undone.
"""

import os
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from random import Random
from time import monotonic
from typing import Any

from nepishell.hosts.netns.relayframe import FRAME_MAX, VNET_HEADER, with_flipped_bit

#: Frames handled for one socket before the others get their turn.
BATCH = 64
#: Bytes one direction may hold in flight; more are dropped and counted ("memory").
MEMORY_MAX = 256 << 20
#: What a frame costs beyond its own bytes while it is held.
FRAME_COST = 128
NEVER = float("inf")

Read = Callable[[int, int], bytes]
Write = Callable[[int, bytes], int]
Lateness = Callable[[], float]
EFFECTS = ("loss", "duplicate", "reorder", "corrupt", "jitter")
DROPS = ("loss", "queue", "down", "memory", "send")


def on_time() -> float:
    """The lateness of frames that are read at the moment they arrive."""
    return 0.0


class Direction:
    """Reads frames from one descriptor, does what the shape says, writes them to another.

    Each effect draws from its own generator: the n-th frame offered to the loss is lost or not
    by the seed alone, whatever else the link does.
    """

    def __init__(
        self,
        source: int,
        target: int,
        seed: str,
        *,
        lateness: Lateness = on_time,
        read: Read = os.read,
        write: Write = os.write,
    ) -> None:
        self.source, self.target, self.lateness = source, target, lateness
        self.read, self.write = read, write  # 50 ns less than a socket's own methods, each
        self.line: deque[tuple[float, bytes]] = deque()  # in flight: (due, frame), due ascending
        self.queue: deque[bytes] = deque()  # waiting for the rate; the first is being sent
        self.finish_at = 0.0  # when the first of the queue has left the transmitter
        self.last_due = 0.0
        self.draw = {effect: Random(f"{seed} {effect}").random for effect in EFFECTS}
        self.bits = Random(f"{seed} bits")
        self.drops = dict.fromkeys(DROPS, 0)
        self.packets_in = self.bytes_in = self.packets_out = self.bytes_out = 0
        self.bytes_dropped = self.duplicated = self.corrupted = self.reordered = 0
        self.bytes_duplicated = 0
        self.armed_at = NEVER  # when the loop will look at this direction by itself
        self.delay = self.rate = 0.0
        self.shape({}, 0.0)

    def shape(self, wanted: dict[str, float], now: float) -> None:
        """Take a new shape; frames in flight arrive earlier when the delay shrinks, never later."""
        old_delay, old_rate = self.delay, self.rate
        self.up = bool(wanted.get("up", True))
        self.rate = wanted.get("rate", 0.0)
        self.delay, self.jitter = wanted.get("delay", 0.0), wanted.get("jitter", 0.0)
        self.limit = int(wanted.get("queue", 0)) or 1000
        self.loss, self.duplicate, self.reorder, self.corrupt = (
            wanted.get(effect, 0.0) / 100 for effect in EFFECTS[:4]
        )
        random = self.loss or self.duplicate or self.reorder or self.corrupt or self.jitter
        self.is_steady = self.up and not random
        self.is_full = False
        if not self.up:
            self._cut()
        self._hasten(old_delay - self.delay, now)
        self._change_rate(old_rate, now)

    def _cut(self) -> None:
        held = [*self.queue, *(frame for _, frame in self.line)]
        for frame in held:
            self._drop("down", frame)
        self.queue.clear()
        self.line.clear()
        self.last_due = 0.0

    def _hasten(self, by: float, now: float) -> None:
        if by > 0 and self.line:
            self.line = deque((max(now, due - by), frame) for due, frame in self.line)
        if by > 0:
            self.last_due = max(now, self.last_due - by)

    def _change_rate(self, old: float, now: float) -> None:
        if not self.queue or self.rate == old:
            return
        if self.rate:
            self.finish_at = now + max(0.0, self.finish_at - now) * old / self.rate
        else:
            while self.queue:
                self._fly(self.queue.popleft(), now)

    def receive(self) -> None:
        """Read the frames that are there, up to a batch."""
        self.is_full = self.held > MEMORY_MAX
        if self.is_steady and not self.is_full and (self.rate or self.delay):
            if self.rate:
                self._receive_queued()
            else:
                self._receive_delayed()
            return
        with suppress(OSError):  # no more frames, or the interface just went down
            frame = self.read(self.source, FRAME_MAX)
            self.offer(frame, -self.lateness() + monotonic())
            for _ in range(BATCH):
                frame = self.read(self.source, FRAME_MAX)
                self.offer(frame, monotonic())

    def _receive_delayed(self) -> None:
        """What receive() does, without the questions that a mere delay need not ask."""
        read, push, clock, delay = self.read, self.line.append, monotonic, self.delay
        source = self.source
        count = size = 0
        due = self.last_due
        with suppress(OSError):
            frame = read(source, FRAME_MAX)
            # lateness first: what time passes between the two readings delays, never hastens
            due = max(due, delay - self.lateness() + clock())
            push((due, frame))
            count, size = 1, len(frame)
            for _ in range(BATCH):
                frame = read(source, FRAME_MAX)
                arrival = clock() + delay
                if arrival > due:  # half the time of max()
                    due = arrival
                push((due, frame))
                count += 1
                size += len(frame)
        self.last_due = due
        self.packets_in += count
        self.bytes_in += size - count * VNET_HEADER

    def _receive_queued(self) -> None:
        """What receive() does when there is a rate, perhaps a delay, and nothing random."""
        read, clock, queue, limit = self.read, monotonic, self.queue, self.limit
        source = self.source
        count = size = 0
        with suppress(OSError):
            for _ in range(BATCH):
                frame = read(source, FRAME_MAX)
                now = clock() if count else -self.lateness() + clock()
                count += 1
                size += len(frame)
                if queue:
                    if self.finish_at <= now:
                        self._finish(now)
                    if len(queue) > limit:
                        self._drop("queue", frame)
                        continue
                if not queue:
                    self.finish_at = now + self._seconds(frame)
                queue.append(frame)
        self.packets_in += count
        self.bytes_in += size - count * VNET_HEADER

    def offer(self, frame: bytes, now: float) -> None:
        """A frame arrived: lose it, harm it, copy it, or send it on its way."""
        self.packets_in += 1
        self.bytes_in += len(frame) - VNET_HEADER
        if not self.up:
            self._drop("down", frame)
            return
        if self.loss and self.draw["loss"]() < self.loss:
            self._drop("loss", frame)
            return
        if self.corrupt and self.draw["corrupt"]() < self.corrupt:
            self.corrupted += 1
            frame = with_flipped_bit(frame, self.bits)
        if self.is_full:
            self._drop("memory", frame)
            return
        go = self._transmit if self.rate else self._fly
        go(frame, now)
        if self.duplicate and self.draw["duplicate"]() < self.duplicate:
            self.duplicated += 1
            self.bytes_duplicated += len(frame) - VNET_HEADER
            go(frame, now)

    def _transmit(self, frame: bytes, now: float) -> None:
        self._finish(now)
        if len(self.queue) > self.limit:
            self._drop("queue", frame)
            return
        if not self.queue:
            self.finish_at = now + self._seconds(frame)
        self.queue.append(frame)

    def _seconds(self, frame: bytes) -> float:
        return (len(frame) - VNET_HEADER) * 8 / self.rate

    def _finish(self, now: float) -> None:
        """Let go what the transmitter has sent by *now*, each at its own moment."""
        while self.queue and self.finish_at <= now:
            at = self.finish_at
            self._fly(self.queue.popleft(), at)
            if self.queue:
                self.finish_at = at + self._seconds(self.queue[0])

    def _fly(self, frame: bytes, at: float) -> None:
        if self.reorder and self.draw["reorder"]() < self.reorder:
            self.reordered += 1
            self._send(frame)
            return
        due = at + self.delay
        if self.jitter:
            due += (2 * self.draw["jitter"]() - 1) * self.jitter
        if not self.line and due <= at:
            self._send(frame)
        else:
            self.last_due = max(due, self.last_due)
            self.line.append((self.last_due, frame))

    def serve(self, now: float) -> None:
        """Write what is due at *now*, up to a batch."""
        if self.queue:
            self._finish(now)
        line, write, target = self.line, self.write, self.target
        count = size = 0
        for _ in range(BATCH):
            if not line or line[0][0] > now:
                break
            frame = line.popleft()[1]
            try:
                write(target, frame)
            except OSError:
                self._drop("send", frame)
                continue
            count += 1
            size += len(frame)
        self.packets_out += count
        self.bytes_out += size - count * VNET_HEADER

    def _send(self, frame: bytes) -> None:
        try:
            self.write(self.target, frame)
        except OSError:  # no buffers, interface down or gone: the frame is lost, as on a wire
            self._drop("send", frame)
            return
        self.packets_out += 1
        self.bytes_out += len(frame) - VNET_HEADER

    def _drop(self, cause: str, frame: bytes) -> None:
        self.drops[cause] += 1
        self.bytes_dropped += len(frame) - VNET_HEADER

    @property
    def next_at(self) -> float:
        """When serve() next has something to do."""
        at = self.line[0][0] if self.line else NEVER
        return min(at, self.finish_at) if self.queue else at

    @property
    def held(self) -> int:
        """Bytes of memory that frames on their way take."""
        return self.backlog_bytes + FRAME_COST * (len(self.line) + len(self.queue))

    @property
    def backlog_bytes(self) -> int:
        """Bytes of frames that are waiting or in flight."""
        return self.bytes_in + self.bytes_duplicated - self.bytes_out - self.bytes_dropped

    def stats(self) -> dict[str, Any]:
        """in + duplicated = out + drops + waiting + flying, in packets."""
        names = ("packets_in", "bytes_in", "packets_out", "bytes_out")
        copied = ("duplicated", "corrupted", "reordered")
        return {
            **{name: getattr(self, name) for name in (*names, *copied)},
            "drops": dict(self.drops),
            "waiting": len(self.queue),
            "flying": len(self.line),
            "backlog_bytes": self.backlog_bytes,
        }


def lost_of(counters: dict[str, Any]) -> int:
    """Frames of one direction that were lost because its relay could not keep up."""
    drops = counters.get("drops", {})
    return int(counters.get("overrun", 0)) + int(drops.get("memory", 0)) + int(drops.get("send", 0))
