"""Which node has which host: all that are deployed together are placed together, in one matching.

The first node that asks has all of them placed and reserved; the others find their place made.
Nodes that are described but not deployed yet are considered, so that the others leave them what
only they can use, but nothing is reserved for them.
"""

from collections.abc import Callable, Mapping, Sequence
from threading import Lock

from nepishell.core.errors import NepishellError
from nepishell.journal.machine import this_process
from nepishell.resources.pool.explaining import Wish, check_names, explain
from nepishell.resources.pool.hosts import PoolHost
from nepishell.resources.pool.inventory import Inventory
from nepishell.resources.pool.ledger import Book, Ledger
from nepishell.resources.pool.ranking import Weights, score
from nepishell.topologies.allocation import Infeasible, Request, allocate

#: The wishes of all nodes that have no place yet, he who asks among them.
Wishes = Callable[[], Sequence[Wish]]
#: Hosts that this run uses without us: key -> by whom.
Used = Callable[[], Mapping[str, str]]


class Allocator:
    """The places of one run. Safe from any thread."""

    def __init__(self, run: str, ledger: Ledger | None = None) -> None:
        self._run = run
        self._ledger = ledger or Ledger()
        self._lock = Lock()
        self._placed: dict[int, PoolHost] = {}
        self._names: dict[int, str] = {}
        #: what the others of a deployment that cannot be placed are told
        self._refused: dict[int, str] = {}
        #: hosts that failed this run: not tried again in it, forgiven or not
        self._failed: dict[str, str] = {}
        #: told what people should know
        self.warn: Callable[[str], None] = lambda text: None

    def place(self, guid: int, wishes: Wishes, used: Used) -> PoolHost:
        """The host of node *guid*, placed now if it has none. Raises NepishellError."""
        with self._lock:
            if guid not in self._placed:
                refused = self._refused.pop(guid, None)
                if refused is not None:
                    raise NepishellError(refused)
                try:
                    self._place(guid, wishes(), used())
                finally:
                    self._refused.pop(guid, None)
            return self._placed[guid]

    def held(self, guid: int) -> PoolHost | None:
        """The host that node *guid* has."""
        return self._placed.get(guid)

    def adopt(self, guid: int, name: str, host: PoolHost) -> None:
        """Node *guid* has *host* from an earlier controller: keep it."""
        with self._lock, self._ledger.open() as book:
            self._note(book)
            other = book.reserved.get(host.key)
            if other is not None and other.run != self._run:
                self.warn(f"{host.name}, which {name} has, was given to {other.run} meanwhile")
            self._placed[guid], self._names[guid] = host, name
            book.reserve([(host.key, host.name)], self._run, this_process())

    def replace(self, guid: int, why: str, for_s: float) -> None:
        """The host of *guid* failed: black-list it for that long; the node has no place now."""
        with self._lock, self._ledger.open() as book:
            self._note(book)
            host = self._placed.pop(guid)
            self._failed[host.key] = f"failed {self._names[guid]}"
            book.avoid(host.key, host.name, why, for_s)
            book.free(self._run, [host.key])

    def give_back(self, guid: int) -> None:
        """Node *guid* needs its host no more."""
        with self._lock:
            host = self._placed.pop(guid, None)
            if host is not None:
                with self._ledger.open() as book:
                    book.free(self._run, [host.key])

    def close(self) -> None:
        """Give back what is left."""
        with self._lock:
            if self._placed:
                self._placed.clear()
                with self._ledger.open() as book:
                    book.free(self._run)

    # -- placing ------------------------------------------------------------------------------

    def _place(self, guid: int, wishes: Sequence[Wish], used: Mapping[str, str]) -> None:
        check_names(next(wish for wish in wishes if wish.guid == guid))
        wishes = [wish for wish in wishes if wish.guid not in self._placed and _is_sane(wish)]
        certain = [wish for wish in wishes if wish.is_certain]
        with self._ledger.open() as book:
            self._note(book)
            taken = self._taken(book, wishes, used)
            places = _Places(taken)
            try:
                found = places.of(wishes)
            except Infeasible:
                found = self._only(certain, places)
            mine = [(wish, host) for wish, host in found if wish.is_certain]
            book.reserve([(h.key, h.name) for _, h in mine], self._run, this_process())
        for wish, host in mine:
            self._placed[wish.guid], self._names[wish.guid] = host, wish.name

    def _only(self, certain: Sequence[Wish], places: "_Places") -> list[tuple[Wish, PoolHost]]:
        """Without those that may come later. Raises NepishellError, for each of them."""
        try:
            return places.of(certain)
        except Infeasible as problem:
            why = explain(problem, certain, places.fitting, places.taken)
            self._refused |= {wish.guid: why for wish in certain}
            raise NepishellError(why) from None

    def _taken(self, book: Book, wishes: Sequence[Wish], used: Mapping[str, str]) -> dict[str, str]:
        """key -> why a host cannot be had."""
        inventories = {id(wish.inventory): wish.inventory for wish in wishes}.values()
        hosts = [host for inventory in inventories for host in inventory.hosts.values()]
        unfit = {host.key: host.unfit for host in hosts if host.unfit}
        avoided = {host.key: "black-listed" for host in hosts if book.whether_avoided(host)}
        reserved = {key: f"reserved by {each.run}" for key, each in book.reserved.items()}
        ours = {host.key: f"used by {self._names[guid]}" for guid, host in self._placed.items()}
        named = {key: f"used by {name}" for key, name in used.items()}
        return unfit | avoided | reserved | self._failed | named | ours

    def _note(self, book: Book) -> None:
        if book.problem:
            self.warn(book.problem)


def _is_sane(wish: Wish) -> bool:
    """Whether its own turn would not refuse it."""
    try:
        check_names(wish)
    except NepishellError:
        return False
    return True


class _Places:
    """One look at the inventories: nodes that want the same share one list of hosts."""

    def __init__(self, taken: dict[str, str]) -> None:
        self.taken = taken
        self._hosts: dict[int, dict[str, PoolHost]] = {}
        self._fitting: dict[tuple[int, str], list[str]] = {}
        self._free: dict[tuple[int, str], list[str]] = {}
        self._costs: dict[tuple[int, Weights], dict[str, float]] = {}

    def of(self, wishes: Sequence[Wish]) -> list[tuple[Wish, PoolHost]]:
        """A host for each; raises Infeasible."""
        requests = [Request(self._free_for(wish), self._cost(wish)) for wish in wishes]
        return [
            (wish, self._by_key(wish.inventory)[key])
            for wish, key in zip(wishes, map(str, allocate(requests)), strict=True)
        ]

    def fitting(self, wish: Wish) -> list[str]:
        """What it accepts, free or not."""
        found = self._fitting.get((id(wish.inventory), wish.said))
        if found is None:
            found = self._fitting[id(wish.inventory), wish.said] = [
                key
                for key, host in self._by_key(wish.inventory).items()
                if all(each.fits(host.facts) for each in wish.constraints)
            ]
        return found

    def _free_for(self, wish: Wish) -> list[str]:
        key = (id(wish.inventory), wish.said)
        if key not in self._free:
            self._free[key] = [each for each in self.fitting(wish) if each not in self.taken]
        return self._free[key]

    def _cost(self, wish: Wish) -> dict[str, float]:
        key = (id(wish.inventory), wish.weights)
        if key not in self._costs:
            self._costs[key] = {
                each: -score(wish.weights, host.facts)
                for each, host in self._by_key(wish.inventory).items()
            }
        return self._costs[key]

    def _by_key(self, inventory: Inventory) -> dict[str, PoolHost]:
        """The first name counts where two name one machine."""
        if id(inventory) not in self._hosts:
            hosts: dict[str, PoolHost] = {}
            for host in inventory.hosts.values():
                hosts.setdefault(host.key, host)
            self._hosts[id(inventory)] = hosts
        return self._hosts[id(inventory)]
