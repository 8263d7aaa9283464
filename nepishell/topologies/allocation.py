"""Which host for which request, exactly: a placement whenever one exists, and the cheapest one.

The sets of hosts that can all be used at once form a matroid: looking at the cheapest host first,
and keeping each for which the ones kept before can still be served, ends at the least total cost.
That holds while all requests rate hosts alike; where they differ, see flow.py.
What cannot be served is named by Hall's theorem: requests that have fewer hosts than they are.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from types import MappingProxyType
from typing import Any

from nepishell.core.errors import NepishellError
from nepishell.topologies.flow import cheapest_flow

Id = str | int
#: Of strings or of numbers: a mapping is invariant in its keys.
Costs = Mapping[Any, float]
_NO_COSTS: Costs = MappingProxyType({})
#: Shortages that are worked out; the smallest is told.
_MOST_TOLD = 10


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """One host is wanted out of *accepts*; *costs*: the less the better, 0 for hosts not in it."""

    accepts: Collection[Id]
    costs: Costs = field(default_factory=lambda: _NO_COSTS)


class Infeasible(NepishellError):
    """No placement exists: the *requests* (by their index) have no hosts but *supply*."""

    def __init__(self, requests: Iterable[int], supply: Iterable[Id]) -> None:
        self.requests = tuple(sorted(requests))
        self.supply = frozenset(supply)
        super().__init__(f"{len(self.requests)} requests, and {len(self.supply)} hosts for them")


def allocate(requests: Sequence[Request]) -> list[Id]:
    """A host for each request, in order, no host twice, with the least total cost.

    Among equals the host that is named first by an earlier request is taken. Raises Infeasible.
    (What NEPI 2 searched for with a limit on backtracking.)
    """
    classes = _classes(requests)
    if len({id(kind.costs) for kind in classes}) > 1:
        _Matching(classes, _order(classes, _NO_COSTS)).fill()  # says what is impossible
        groups = [(kind.named, kind.costs, len(kind.requests)) for kind in classes]
        chosen = cheapest_flow(groups)
    else:
        costs = classes[0].costs if classes else _NO_COSTS
        chosen = _Matching(classes, _order(classes, costs)).fill()
    placed: list[Id] = [""] * len(requests)
    for kind, hosts in zip(classes, chosen, strict=True):
        for index, host in zip(kind.requests, hosts, strict=True):
            placed[index] = host
    return placed


def is_feasible(requests: Sequence[Request]) -> bool:
    """Whether allocate() would find a placement."""
    classes = _classes(requests)
    try:
        _Matching(classes, _order(classes, _NO_COSTS)).fill()
    except Infeasible:
        return False
    return True


@dataclass(slots=True, eq=False)
class _Class:
    """Requests that want the same. *named*: their hosts in the order given."""

    accepts: frozenset[Id]
    named: Collection[Id]
    costs: Costs
    requests: list[int]


def _classes(requests: Sequence[Request]) -> list[_Class]:
    found: dict[object, _Class] = {}
    sets: dict[int, frozenset[Id]] = {}
    for index, request in enumerate(requests):
        named = request.accepts
        # most requests share one object: it is hashed once
        accepts = sets.get(id(named))
        if accepts is None:
            accepts = sets[id(named)] = frozenset(named)
        key = (accepts, id(request.costs))
        if key in found:
            found[key].requests.append(index)
        else:
            found[key] = _Class(accepts, named, request.costs, [index])
    return list(found.values())


def _order(classes: Sequence[_Class], costs: Costs) -> list[Id]:
    """All hosts, the cheapest first."""
    hosts = dict.fromkeys(host for kind in classes for host in kind.named)
    return sorted(hosts, key=lambda host: costs.get(host, 0.0))


class _Matching:
    """Hosts are offered one by one; each that can be used finds a class by an alternating path.

    Sets of classes are bits of a number: a class is looked at once for each host at most.
    """

    def __init__(self, classes: Sequence[_Class], order: Sequence[Id]) -> None:
        self._classes = classes
        self._order = order
        self._held: list[list[Id]] = [[] for _ in classes]
        self._wanted: dict[Id, int] = {}
        self._open = (1 << len(classes)) - 1  # classes that still need hosts
        self._shut = 0  # classes from which no path leads to an open one, now or later

    def fill(self) -> list[list[Id]]:
        """The hosts of each class; raises Infeasible."""
        for host in self._order:
            if not self._open:
                break
            wanted = 0
            for number, kind in enumerate(self._classes):
                if host in kind.accepts:
                    wanted |= 1 << number
            self._wanted[host] = wanted
            self._offer(host, wanted & ~self._shut)
        if self._open:
            short = (self._shortage(number) for number in islice(_bits(self._open), _MOST_TOLD))
            raise min(short, key=lambda problem: len(problem.requests))
        ranks = {host: rank for rank, host in enumerate(self._wanted)}
        return [sorted(held, key=ranks.__getitem__) for held in self._held]

    def _offer(self, host: Id, wanted: int) -> None:
        """Keep *host* if there is a path from it to an open class."""
        came: dict[int, tuple[int, Id]] = {}  # class -> (class that gives the host up, the host)
        seen = wanted | self._shut
        queue = [(number, -1, host) for number in _bits(wanted)]
        for number, giver, moved in queue:
            came[number] = (giver, moved)
            if self._open >> number & 1:
                self._shift(number, came)
                return
            for held in self._held[number]:
                new = self._wanted[held] & ~seen
                if new:
                    seen |= new
                    queue += [(other, number, held) for other in _bits(new)]
        self._shut = seen

    def _shift(self, number: int, came: dict[int, tuple[int, Id]]) -> None:
        last = number
        while number >= 0:
            giver, host = came[number]
            self._held[number].append(host)
            if giver >= 0:
                self._held[giver].remove(host)
            number = giver
        if len(self._held[last]) == len(self._classes[last].requests):
            self._open &= ~(1 << last)

    def _shortage(self, first: int) -> Infeasible:
        """From an open class, all that compete for its hosts, until nobody else wants them."""
        among, queue, supply = 1 << first, [first], set[Id]()
        for number in queue:
            supply |= self._classes[number].accepts
            # every host that this class accepts is held: it would have been taken otherwise
            for other, held in enumerate(self._held):
                if not among >> other & 1 and not supply.isdisjoint(held):
                    among |= 1 << other
                    queue.append(other)
        requests = [index for number in _bits(among) for index in self._classes[number].requests]
        return Infeasible(requests, supply)


def _bits(number: int) -> Iterator[int]:
    """The places of the ones."""
    while number:
        low = number & -number
        yield low.bit_length() - 1
        number ^= low
