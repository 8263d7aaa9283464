"""Many names, found by their beginning in microseconds: sorted once, searched by bisection.

A menu of more than LIMIT names helps nobody, and making the entries costs more than the search.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator

LIMIT = 200


class Names:
    """An immutable sorted collection of strings."""

    __slots__ = ("_sorted",)

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._sorted = sorted(set(names))

    def __len__(self) -> int:
        return len(self._sorted)

    def __iter__(self) -> Iterator[str]:
        return iter(self._sorted)

    def __contains__(self, name: object) -> bool:
        if not isinstance(name, str):
            return False
        at = bisect_left(self._sorted, name)
        return at < len(self._sorted) and self._sorted[at] == name

    def starting_with(self, prefix: str, limit: int = LIMIT) -> list[str]:
        """At most *limit* names that begin with *prefix*, sorted."""
        at = bisect_left(self._sorted, prefix)
        found = self._sorted[at : at + limit]
        if found and not found[-1].startswith(prefix):
            return [name for name in found if name.startswith(prefix)]
        return found

    def near(self, wrong: str, limit: int = LIMIT) -> list[str]:
        """Names worth comparing with *wrong*: all when few, else its neighbours in order."""
        if len(self._sorted) <= limit:
            return self._sorted
        at = bisect_left(self._sorted, wrong[:1])
        close = bisect_left(self._sorted, wrong)
        half = limit // 4
        around = self._sorted[max(0, close - half) : close + half]
        return [*self._sorted[at : at + 2 * half], *around]
