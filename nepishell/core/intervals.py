"""How sure a mean is: intervals of Student's t, for one sample and for the difference of two.

Values are taken as independent samples of roughly normal noise; what one run measured packet by
packet is not quite that, so its interval is too narrow rather than too wide. Importing this loads
scipy: only what compares runs does, when it is asked to.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from scipy.special import stdtrit

from nepishell.core.errors import BadValue


class Interval(NamedTuple):
    """A mean, in the unit of the values, and where the true one lies with the asked confidence.

    *n*: how many values. *half_width*: infinite where there are too few to say.
    """

    mean: float
    low: float
    high: float
    n: int
    half_width: float


def mean_interval(values: Sequence[float], level: float = 0.95) -> Interval:
    """The mean of *values* with its interval at confidence *level*; raises BadValue for none."""
    mean, variance = _moments(values)
    n = len(values)
    error = math.sqrt(variance / n)
    return _around(mean, error, n - 1, n, level)


def difference(a: Sequence[float], b: Sequence[float], level: float = 0.95) -> Interval:
    """How much greater the mean of *b* is than that of *a* (Welch 1947: variances may differ).

    *n* is that of both together. Raises BadValue when one has no values.
    """
    (mean1, variance1), (mean2, variance2) = _moments(a), _moments(b)
    part1, part2 = variance1 / len(a), variance2 / len(b)
    error = math.sqrt(part1 + part2)
    return _around(mean2 - mean1, error, _freedom(a, b, part1, part2), len(a) + len(b), level)


def _freedom(a: Sequence[float], b: Sequence[float], part1: float, part2: float) -> float:
    """Degrees of freedom by Welch and Satterthwaite; 0 where a single value has no spread."""
    if min(len(a), len(b)) < 2:
        return 0.0
    if part1 + part2 == 0:
        return float(len(a) + len(b) - 2)
    # shares of one, so that no spread is too small or too great to be squared
    share1, share2 = part1 / (part1 + part2), part2 / (part1 + part2)
    return 1.0 / (share1**2 / (len(a) - 1) + share2**2 / (len(b) - 1))


def _moments(values: Sequence[float]) -> tuple[float, float]:
    """(mean, variance of the sample); one value has variance 0."""
    if not len(values):
        raise BadValue("no interval of no values: nothing was measured")
    mean = math.fsum(values) / len(values)
    if len(values) == 1:
        return mean, 0.0
    return mean, math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)


def _around(mean: float, error: float, freedom: float, n: int, level: float) -> Interval:
    if not 0 < level < 1:
        raise BadValue(f"a confidence of {level:g} is not between 0 and 1, as 0.95 is")
    half = float(stdtrit(freedom, (1 + level) / 2)) * error if freedom > 0 else math.inf
    return Interval(mean, mean - half, mean + half, n, half)
