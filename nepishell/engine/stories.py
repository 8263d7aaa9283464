"""What a resource went through. Its stamps tell it, until a state is entered a second time.

Most resources never do that, so only those that do have a list of their own.
"""

from typing import TYPE_CHECKING

from nepishell.core.states import ResourceState

if TYPE_CHECKING:
    from nepishell.engine.resource import ResourceManager

#: (seconds on the run's clock, the state that was entered)
Entry = tuple[float, ResourceState]

#: Entries of one resource that are kept besides the first; of more, the newest.
MOST = 1000


def entries(rm: "ResourceManager") -> list[Entry]:
    """The states that *rm* entered, in order, NEW included."""
    if rm._told is not None:
        return list(rm._told)
    stamps = zip(ResourceState, rm._stamps, strict=True)
    # sorted() is stable: at equal times the order of the states is the order of the moves
    return sorted(((at, s) for s, at in stamps if at is not None), key=lambda entry: entry[0])


def enter_again(rm: "ResourceManager", state: ResourceState, at: float) -> None:
    """Take note of what the stamps of *rm* alone would not tell; with the lock held."""
    if rm._told is None:
        rm._told = entries(rm)
    rm._stamps[state] = at
    rm._told.append((at, state))
    if len(rm._told) > 2 * MOST:
        del rm._told[1 : MOST + 1]
