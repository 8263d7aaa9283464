"""Which of the hosts that fit are better: a sum of measured values with weights.

The default is NEPI's (its `rate_nodes`): reliability counts most; a host that was not measured
counts as an ordinary one.
"""

import re
from collections.abc import Iterator

from nepishell.core.errors import BadValue
from nepishell.resources.pool.hosts import Facts
from nepishell.resources.pool.where import numbers

DEFAULT = "reliability + 0.1*cpu - 0.2*load - 0.001*bandwidth"
#: What a host is taken to have where nothing is said of it; of everything else 0.
ORDINARY = {"reliability": 100.0, "cpu": 40.0, "load": 3.0, "bandwidth": 1024.0}
_NUMBER = r"(?:\d+(?:\.\d*)?|\.\d+)"
_TERM = re.compile(
    rf"\s*(?P<sign>[+-])?\s*(?:(?P<weight>{_NUMBER})\s*\*\s*)?(?P<name>[A-Za-z_][\w.]*)"
    rf"(?:\s*\*\s*(?P<after>{_NUMBER}))?\s*"
)

Weights = tuple[tuple[str, float], ...]


def parse_rank(text: str) -> Weights:
    """(name, weight) of each term of *text*. Raises BadValue."""
    return tuple(_terms(text))


def _terms(text: str) -> Iterator[tuple[str, float]]:
    at = 0
    while at < len(text):
        term = _TERM.match(text, at)
        if term is None or (at and not term["sign"]) or (term["weight"] and term["after"]):
            rest = text[at:].strip()
            raise BadValue(f"'{rest}' is not a ranking; write it as in reliability - 0.2*load")
        weight = float(term["weight"] or term["after"] or 1.0)
        yield term["name"].lower(), -weight if term["sign"] == "-" else weight
        at = term.end()


def score(weights: Weights, facts: Facts) -> float:
    """The more the better."""
    return sum(weight * _value(name, facts) for name, weight in weights)


def _value(name: str, facts: Facts) -> float:
    found = numbers(facts, name)
    return found[0] if found else ORDINARY.get(name, 0.0)
