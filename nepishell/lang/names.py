"""Many names, found in microseconds: by their beginning, by a part, by letters in order.

Sorted once and searched by bisection. Parts and letters are looked for in a bounded number of
names, so what a key costs does not grow with the experiment; a beginning is found among all.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from enum import Enum

#: A menu of more names helps nobody, and making the entries costs more than the search.
LIMIT = 200
#: Names in which a part is looked for: about 0.05 ms.
SEARCHED = 10_000
#: Names whose letters are compared one by one.
COMPARED = 500
#: New names that are put in their places one by one; more are sorted in.
_FEW = 32


class Fit(Enum):
    """How a name may fit what was typed, when it does not begin with it."""

    PART = "has it somewhere"
    LETTERS = "begins with the same letter, and has the others in that order"


def fits(fit: Fit, typed: str, name: str) -> bool:
    """Whether *name* fits *typed*; a name that begins with it does not."""
    if fit is Fit.PART:
        return name.find(typed) > 0
    if not typed or name[:1] != typed[0]:
        return False
    at = 0
    for letter in typed[1:]:
        at = name.find(letter, at + 1)
        if at < 0:
            return False
    return not name.startswith(typed)


class Names:
    """An immutable sorted collection of strings."""

    __slots__ = ("_joined", "_sorted")

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._sorted = sorted(set(names))
        self._joined: str | None = None

    def plus(self, names: list[str]) -> "Names":
        """These and *names*, none of which is among these."""
        more = Names()
        if len(names) > _FEW:
            more._sorted = sorted([*self._sorted, *names])
        else:
            more._sorted = self._sorted.copy()
            for name in names:
                insort(more._sorted, name)
        return more

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

    def fitting(self, fit: Fit, typed: str, limit: int = LIMIT) -> list[str]:
        """At most *limit* names that fit *typed* but do not begin with it, sorted."""
        if not typed or "\n" in typed:
            return []
        if fit is Fit.PART:
            return self._with_part(typed, limit)
        at = bisect_left(self._sorted, typed[0])
        some = self._sorted[at : at + COMPARED]
        for letter in set(typed):
            some = [name for name in some if letter in name]
        return [name for name in some if fits(fit, typed, name)][:limit]

    def _with_part(self, part: str, limit: int) -> list[str]:
        if self._joined is None:
            # one search in a long text costs a tenth of many in short ones
            self._joined = "\n".join(self._sorted[:SEARCHED])
        text = self._joined
        found: list[str] = []
        at = text.find(part)
        while at >= 0 and len(found) < limit:
            start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
            end = len(text) if end < 0 else end
            if start < at:
                found.append(text[start:end])
            at = text.find(part, end)
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
