"""How to probe a direction of a given shape, what its probes mean, and what misses: pure numbers.

As few probes as tell the truth: small frames for the delay, spaced so that none waits for another;
a train that keeps the rate busy for a tenth of a second and fits the queue; more when there is loss
to count.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, lgamma, log, log1p

from nepishell.hosts.netns import qdisc
from nepishell.hosts.netns.model import Measured, Shape

SMALL = 64
FULL_FRAME = 1514
INTERVAL = 0.002
SPACED, SPACED_WITH_JITTER = 11, 41
#: Frames of a train: for a rate at least, at most, and for counting losses.
TRAIN_MIN, TRAIN_MAX, TRAIN_FOR_LOSS = 8, 1000, 200
TRAIN_S, SLOW_TRAIN_S = 0.1, 1.0
#: What a socket's buffer is charged for a frame, at worst.
BUFFERED_FRAME = 2560
#: Delays nearer than this (seconds) to what was declared never miss.
DELAY_FLOOR = 0.001
#: Probability with which a link that keeps its promise is said to miss its loss.
LOSS_DOUBT = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Probes of one direction: *spaced* small ones every *interval* s, then *train* of *size*."""

    spaced: int
    interval: float
    train: int
    size: int
    longest: float  # seconds that the last of them may take
    burst: int = 0  # bytes that a token bucket lets through before its rate shows

    def measured(
        self,
        shape: Shape,
        delays: Sequence[float],
        arrivals: Sequence[float],
        offered_s: float,
        received: int,
    ) -> Measured:
        """What probes say that took *delays*, and a train that was sent in *offered_s*."""
        kept = sorted(delays)[round(shape.reorder / 100 * len(delays)) :]
        own = SMALL * 8 / shape.rate if shape.rate else 0.0
        delay = max(0.0, median(kept) - own) if kept else None
        return Measured(
            delay=delay,
            deviation=sum(abs(d - median(kept)) for d in kept) / len(kept) if kept else None,
            rate=self._rate(shape.rate, arrivals, offered_s),
            sent=self.spaced + self.train,
            received=received,
        )

    def _rate(self, declared: float, arrivals: Sequence[float], offered_s: float) -> float | None:
        if not declared:
            return None
        first = self.burst // self.size + 1 if self.burst else 0
        pace = steady_pace(sorted(arrivals)[first:])
        if not pace:
            return None
        rate = self.size * 8 / pace
        offered = (self.train - 1) * self.size * 8 / offered_s if offered_s else declared
        # a link that was never full has not shown its rate
        return None if offered < declared and rate > 0.9 * offered else rate


def plan(shape: Shape, buffer: int, *, burst: int = 0) -> Plan:
    """The probes for *shape*, read by a socket with *buffer* bytes; *burst* as of Plan."""
    own = SMALL * 8 / shape.rate if shape.rate else 0.0
    interval = max(INTERVAL, 2 * own)
    spaced = SPACED_WITH_JITTER if shape.jitter else SPACED
    train, size = _train(shape, buffer, burst)
    sending = train * size * 8 / shape.rate if shape.rate else 0.0
    return Plan(
        spaced=max(3, min(spaced, round(TRAIN_S / interval))),
        interval=interval,
        train=train,
        size=size,
        longest=shape.delay + shape.jitter + own + sending,
        burst=burst,
    )


def _train(shape: Shape, buffer: int, burst: int) -> tuple[int, int]:
    room = buffer // BUFFERED_FRAME
    for_loss = TRAIN_FOR_LOSS if shape.loss else 0
    if not shape.rate:
        return min(for_loss, room), SMALL
    room = min(TRAIN_MAX, room, shape.queue or qdisc.default_queue(shape.rate))
    budget = max(shape.rate / 8 * TRAIN_S, min(4.0 * burst, shape.rate / 8 * SLOW_TRAIN_S))
    size = min(FULL_FRAME, max(SMALL, int(budget / max(TRAIN_MIN, for_loss))))
    return max(2, min(room, int(budget / size))), size


def steady_pace(arrivals: Sequence[float]) -> float:
    """Seconds from one of *arrivals* to the next, when some may have been noticed late.

    It is the slope, in the middle, of the line that runs below all of them: whoever carries the
    frames is late at times, but never early. 0 when there are too few.
    """
    hull: list[tuple[int, float]] = []
    for point in enumerate(arrivals):
        while len(hull) > 1 and slope(hull[-2], hull[-1]) >= slope(hull[-1], point):
            hull.pop()
        hull.append(point)
    middle = (len(arrivals) - 1) / 2
    for left, right in pairwise(hull):
        if left[0] <= middle <= right[0]:
            return slope(left, right)
    return 0.0


def slope(left: tuple[int, float], right: tuple[int, float]) -> float:
    """Seconds per frame between two (number, arrival)."""
    return (right[1] - left[1]) / (right[0] - left[0])


def median(values: Sequence[float]) -> float:
    """The middle one of sorted *values*, or between the two middle ones."""
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


def misses(report: Measured, shape: Shape, tolerance_percent: float) -> list[str]:
    """One line for each property in which *report* is not what *shape* declares; [] is a pass.

    Loss is judged by whether a link of the declared loss would show it (99 % of the time); jitter
    widens the bounds of delay and rate, and 1 ms of delay is always forgiven.
    """
    if not shape.up:
        return [f"{report.received} of {report.sent} packets passed, declared down"] * (
            report.received > 0
        )
    found = [_delay_miss(report, shape, tolerance_percent / 100)]
    found.append(_rate_miss(report, shape, tolerance_percent / 100))
    found.append(_loss_miss(report, shape))
    return [line for line in found if line]


def _delay_miss(report: Measured, shape: Shape, tolerance: float) -> str:
    if report.delay is None:
        return ""
    bound = max(DELAY_FLOOR, shape.delay * tolerance) + shape.jitter
    if abs(report.delay - shape.delay) <= bound:
        return ""
    return f"delay is {_ms(report.delay)}, declared {_ms(shape.delay)}"


def _rate_miss(report: Measured, shape: Shape, tolerance: float) -> str:
    if report.rate is None or not shape.rate:
        return ""
    bound = shape.rate * (tolerance + 2 * shape.jitter / TRAIN_S)
    if abs(report.rate - shape.rate) <= bound:
        return ""
    return f"rate is {_bits(report.rate)}, declared {_bits(shape.rate)}"


def _loss_miss(report: Measured, shape: Shape) -> str:
    if not report.sent:
        return ""
    lost = max(0, report.sent - report.received)
    share = shape.loss / 100
    unlikely = min(at_most(lost, report.sent, share), at_least(lost, report.sent, share))
    if unlikely >= LOSS_DOUBT / 2:
        return ""
    seen = f"{lost / report.sent:.1%} ({lost} of {report.sent} packets)"
    return f"loss is {seen}, declared {shape.loss:g}%"


def at_most(count: int, trials: int, share: float) -> float:
    """Probability that at most *count* of *trials* happen, each with probability *share*."""
    return min(1.0, sum(_exactly(k, trials, share) for k in range(count + 1)))


def at_least(count: int, trials: int, share: float) -> float:
    """Probability that at least *count* of *trials* happen, each with probability *share*."""
    return min(1.0, sum(_exactly(k, trials, share) for k in range(count, trials + 1)))


def _exactly(k: int, n: int, share: float) -> float:
    if share <= 0:
        return float(k == 0)
    if share >= 1:
        return float(k == n)
    ways = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
    return exp(ways + k * log(share) + (n - k) * log1p(-share))


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:.4g}ms"


def _bits(rate: float) -> str:
    for unit, size in (("Gbit/s", 1e9), ("Mbit/s", 1e6), ("kbit/s", 1e3)):
        if rate >= size:
            return f"{rate / size:.3g}{unit}"
    return f"{rate:.3g}bit/s"
