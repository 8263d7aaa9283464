"""The cheapest placement where requests rate hosts differently: shortest augmenting paths.

One request after the other gets a host, and whoever is best moved moves for it. A price for each
group, what one host more would cost it, keeps all detours from being cheaper than nothing, so that
Dijkstra's search finds the cheapest and seldom looks far (Edmonds and Karp 1972, Tomizawa 1971).
"""

from collections.abc import Collection, Mapping, Sequence
from heapq import heappop, heappush, nsmallest
from math import inf
from typing import Any

#: Requests that want the same: their hosts, what each costs (0: not named), how many they are.
Group = tuple[Collection[Any], Mapping[Any, float], int]


def cheapest_flow(groups: Sequence[Group]) -> list[list[Any]]:
    """The hosts of each group, at the least total cost; a placement must exist.

    Of each group only as many of its best hosts matter as there are requests in all: who has a
    worse one can swap it for a better one that nobody has.
    """
    demand = sum(count for _, _, count in groups)
    found = _Flow([_best(named, costs, demand) for named, costs, _ in groups])
    for number, (_, _, count) in enumerate(groups):
        for _ in range(count):
            found.serve(number)
    return found.held


def _best(named: Collection[Any], costs: Mapping[Any, float], count: int) -> dict[Any, float]:
    """The cheapest hosts with their costs, the cheapest first."""
    try:
        # most name all: a call less for each host
        hosts = nsmallest(count, named, key=costs.__getitem__)
    except KeyError:
        hosts = nsmallest(count, named, key=lambda host: costs.get(host, 0.0))
    return {host: costs.get(host, 0.0) for host in hosts}


class _Flow:
    """Who holds what. Groups are numbers."""

    def __init__(self, costs: Sequence[Mapping[Any, float]]) -> None:
        self._costs = costs
        self._order = [list(each) for each in costs]
        self._at = [0] * len(costs)  # before it all hosts of the group are held
        self._price = [min(each.values(), default=0.0) for each in costs]
        self._taken: set[Any] = set()
        self.held: list[list[Any]] = [[] for _ in costs]

    def serve(self, group: int) -> None:
        """One host more for *group*."""
        # the hosts that somebody holds, and what it costs its group to do without
        offers = [
            (host, other, self._price[other] - self._costs[other][host])
            for other, held in enumerate(self.held)
            for host in held
        ]
        came: dict[int, tuple[int, Any]] = {group: (-1, None)}  # group -> (who takes its host, it)
        length = [inf] * len(self.held)
        length[group] = 0.0
        done: dict[int, float] = {}
        queue = [(0.0, group)]
        best, last = inf, -1
        while queue:
            far, here = heappop(queue)
            if far >= best:
                break
            if here in done:
                continue
            done[here] = far
            free = far + self._cheapest_free(here)
            if free < best:
                best, last = free, here
            before, cost = far - self._price[here], self._costs[here].get
            for host, other, loss in offers:
                way = before + cost(host, inf) + loss
                if way < best and way < length[other] and other not in done:
                    length[other] = way
                    came[other] = (here, host)
                    heappush(queue, (way, other))
        for each, far in done.items():
            self._price[each] += best - far
        self._move(last, came)

    def _cheapest_free(self, group: int) -> float:
        """What the best host that nobody holds costs beyond the group's price; inf: there is none.

        A host that is held once is always held by somebody.
        """
        order, at = self._order[group], self._at[group]
        while at < len(order) and order[at] in self._taken:
            at += 1
        self._at[group] = at
        return self._costs[group][order[at]] - self._price[group] if at < len(order) else inf

    def _move(self, group: int, came: Mapping[int, tuple[int, Any]]) -> None:
        """The last of the way takes its free host, each before it the host of the next."""
        host = self._order[group][self._at[group]]
        self._taken.add(host)
        while True:
            taker, given = came[group]
            self.held[group].append(host)
            if taker < 0:
                return
            self.held[group].remove(given)
            group, host = taker, given
