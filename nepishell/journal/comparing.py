"""What is different between two moments, or between two runs."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from nepishell.journal.world import Past, World


class Difference(NamedTuple):
    """*what* of *resource* was *before*, and is *after*; '' where there was none."""

    resource: str
    what: str
    before: str
    after: str


def compare(before: World, after: World, key: Callable[[Past], object]) -> Iterator[Difference]:
    """All differences, resource by resource; *key* says which resources are the same one."""
    old = {key(past): past for past in before.resources.values()}
    new = {key(past): past for past in after.resources.values()}
    for same in sorted(old.keys() | new.keys(), key=str):
        one, two = old.get(same), new.get(same)
        if one is None and two is not None:
            yield Difference(two.name, "is new", "", two.rtype)
        elif two is None and one is not None:
            yield Difference(one.name, "is gone", one.rtype, "")
        elif one is not None and two is not None:
            yield from _between(one, two, _named(before), _named(after))


def _named(world: World) -> Callable[[int], str]:
    return lambda guid: world.resources[guid].name if guid in world.resources else str(guid)


def _between(
    one: Past, two: Past, name1: Callable[[int], str], name2: Callable[[int], str]
) -> Iterator[Difference]:
    old, new = dict(_facts(one, name1)), dict(_facts(two, name2))
    for what in dict.fromkeys([*old, *new]):
        if old.get(what, "") != new.get(what, ""):
            yield Difference(two.name, what, old.get(what, ""), new.get(what, ""))


def _facts(past: Past, name: Callable[[int], str]) -> Iterator[tuple[str, str]]:
    yield "rtype", past.rtype
    yield "label", past.label
    yield "state", past.state.name
    yield "reason", past.reason
    yield "with", ",".join(sorted(name(guid) for guid in past.connections))
    for value in sorted(past.values):
        yield value, past.values[value]
    yield "conditions", "; ".join(sorted(str(one) for one in past.conditions))
    for trace in sorted(past.traces):
        yield f"trace {trace}", "on" if past.traces[trace] else "off"
