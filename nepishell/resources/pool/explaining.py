"""Why there is no placement: who competes for too few hosts, and what would have to give way."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nepishell.core.errors import BadValue, did_you_mean
from nepishell.resources.pool.inventory import Inventory
from nepishell.resources.pool.ranking import ORDINARY, Weights
from nepishell.resources.pool.where import TAGS, Constraint
from nepishell.topologies.allocation import Infeasible, Request, is_feasible

_MOST_NAMES = 5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Wish:
    """What one node wants. *is_certain*: it is being deployed, others only may be later."""

    guid: int
    name: str
    inventory: Inventory
    constraints: tuple[Constraint, ...]
    weights: Weights
    is_certain: bool = True

    @property
    def said(self) -> str:
        """The constraints as people read them."""
        return ", ".join(each.text for each in self.constraints) or "any host"


#: The hosts (keys) that a wish accepts, free or not.
Fitting = Callable[[Wish], Sequence[str]]


def check_names(wish: Wish) -> None:
    """Raise BadValue where no host at all says anything of what is wanted: most likely a typo."""
    hosts = wish.inventory.hosts.values()
    for name, _ in wish.weights:
        if name not in ORDINARY and not any(name in host.facts for host in hosts):
            raise _unknown(wish, name, {name for host in hosts for name in host.facts})
    for each in wish.constraints:
        if any(each.name in host.facts for host in hosts):
            continue
        tags = {tag for host in hosts for tag in host.facts.get(TAGS, ())}
        if each.is_bare and (each.text.startswith(("!", "not")) or each.name in tags):
            continue
        known = {name for host in hosts for name in host.facts} | (tags if each.is_bare else set())
        raise _unknown(wish, each.name, known)


def _unknown(wish: Wish, name: str, known: set[str]) -> BadValue:
    tail = did_you_mean(name, known) or f"; they say {_listed(sorted(known))}"
    return BadValue(f"no host of {wish.inventory.path} says '{name}'{tail}")


def explain(
    problem: Infeasible, wishes: Sequence[Wish], fitting: Fitting, taken: dict[str, str]
) -> str:
    """One line; *taken*: key of a host that cannot be had -> why."""
    short = [wishes[index] for index in problem.requests]
    if not problem.supply:
        # each of them is impossible by itself: one is told
        short = [wish for wish in short if wish.said == short[0].said]
    wanted = {key for wish in short for key in fitting(wish)}
    lost = [taken[key] for key in wanted if key in taken]
    hints = [*_relaxed(short, wishes, fitting, taken), *_held(lost, wishes, fitting)]
    return "; ".join([f"{_who(short)}: {_supply(len(wanted), len(lost), _files(short))}", *hints])


def _supply(fit: int, lost: int, files: str) -> str:
    if not fit:
        return f"no host of {files} fits"
    hosts = "1 host" if fit == 1 else f"{fit} hosts"
    does = "fits" if fit == 1 else "fit"
    if not lost:
        return f"only {hosts} of {files} {does}"
    left = f"{fit - lost} of them" if fit > lost else "none of them" if fit > 1 else "and it"
    free = "free" if fit > 1 else "is not free"
    return f"{hosts} of {files} {does}, {left} {free}"


def _who(short: Sequence[Wish]) -> str:
    """'3 nodes (a, b, c) want country=fr', or each kind of wish by itself."""
    kinds: dict[str, list[str]] = {}
    for wish in short:
        kinds.setdefault(wish.said, []).append(wish.name)
    if len(kinds) == 1:
        said, names = next(iter(kinds.items()))
        if len(names) == 1:
            return f"{names[0]} wants {said}"
        return f"{len(names)} nodes ({_listed(names)}) want {said}"
    each = [
        f"{_listed(names)} want{'s' if len(names) == 1 else ''} {said}"
        for said, names in kinds.items()
    ]
    return f"{len(short)} nodes share too few hosts ({'; '.join(each[:_MOST_NAMES])})"


def _relaxed(
    short: Sequence[Wish], wishes: Sequence[Wish], fitting: Fitting, taken: dict[str, str]
) -> list[str]:
    """Which single constraint is the one too many."""
    among = {id(wish) for wish in short}
    enough: list[str] = []
    for text in dict.fromkeys(each.text for wish in short for each in wish.constraints):
        loose = [
            _without(wish, text) if id(wish) in among else wish
            for wish in wishes
        ]  # fmt: skip
        if is_feasible([_request(wish, fitting, taken) for wish in loose]):
            enough.append(f"'{text}'")
    return [f"without {' or '.join(enough)} there are enough"] if enough else []


def _held(lost: list[str], wishes: Sequence[Wish], fitting: Fitting) -> list[str]:
    """Who has the others that would fit."""
    if not lost:
        return []
    # the most frequent first, and always in the same order
    counts = sorted(
        ((lost.count(why), why) for why in set(lost)), key=lambda one: (-one[0], one[1])
    )
    held = ", ".join(f"{count} {why}" for count, why in counts)
    would = is_feasible([_request(wish, fitting, {}) for wish in wishes])
    return [f"not to be had: {held}{'' if would else ' (and too few with them)'}; see 'pool'"]


def _without(wish: Wish, text: str) -> Wish:
    return Wish(
        guid=wish.guid,
        name=wish.name,
        inventory=wish.inventory,
        constraints=tuple(each for each in wish.constraints if each.text != text),
        weights=wish.weights,
    )


def _request(wish: Wish, fitting: Fitting, taken: dict[str, str]) -> Request:
    return Request([key for key in fitting(wish) if key not in taken])


def _files(wishes: Sequence[Wish]) -> str:
    return " and ".join(dict.fromkeys(str(wish.inventory.path) for wish in wishes))


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(names[:_MOST_NAMES]) + more
