"""The life of a resource: its states, the legal moves, and the actions that cause them.

Rules: names and numbers are NEPI's (ResourceState, ResourceAction, ECState, FailureLevel).
NEW to STOPPED are ordered; FAILED and RELEASED are ends, not "beyond STOPPED", although their
numbers are larger. A new state or move is added to this file and nowhere else.
"""

from enum import IntEnum

from nepishell.core.errors import UnknownName, did_you_mean


class ResourceState(IntEnum):
    """Where a resource is in its life."""

    NEW = 0
    DISCOVERED = 1
    PROVISIONED = 2
    READY = 3
    STARTED = 4
    STOPPED = 5
    FAILED = 6
    RELEASED = 7


class ResourceAction(IntEnum):
    """What a condition can hold back."""

    DEPLOY = 0
    START = 1
    STOP = 2


class ECState(IntEnum):
    """Where the controller is in its life."""

    RUNNING = 1
    FAILED = 2
    RELEASED = 3
    TERMINATED = 4


class FailureLevel(IntEnum):
    """How bad it is: nothing failed, a critical resource failed, the controller failed."""

    OK = 1
    RM_FAILURE = 2
    EC_FAILURE = 3


_NEW, _DISCOVERED, _PROVISIONED, _READY, _STARTED, _STOPPED, _FAILED, _RELEASED = ResourceState

# A deployment may skip states (NEPI's base hook went from NEW to READY at once), never go back;
# STOPPED may start again; FAILED can only be released; RELEASED is final.
MOVES: dict[ResourceState, frozenset[ResourceState]] = {
    _NEW: frozenset({_DISCOVERED, _PROVISIONED, _READY, _FAILED, _RELEASED}),
    _DISCOVERED: frozenset({_PROVISIONED, _READY, _FAILED, _RELEASED}),
    _PROVISIONED: frozenset({_READY, _FAILED, _RELEASED}),
    _READY: frozenset({_STARTED, _FAILED, _RELEASED}),
    _STARTED: frozenset({_STOPPED, _FAILED, _RELEASED}),
    _STOPPED: frozenset({_STARTED, _FAILED, _RELEASED}),
    _FAILED: frozenset({_RELEASED}),
    _RELEASED: frozenset(),
}

#: The states in which each action may run (NEPI section 4).
READY_FOR: dict[ResourceAction, frozenset[ResourceState]] = {
    ResourceAction.DEPLOY: frozenset({_NEW, _DISCOVERED, _PROVISIONED}),
    ResourceAction.START: frozenset({_READY, _STOPPED}),
    ResourceAction.STOP: frozenset({_STARTED}),
}

#: The state each action leads to.
GOAL_OF: dict[ResourceAction, ResourceState] = {
    ResourceAction.DEPLOY: _READY,
    ResourceAction.START: _STARTED,
    ResourceAction.STOP: _STOPPED,
}


def is_legal(old: ResourceState, new: ResourceState) -> bool:
    """Whether a resource in *old* may become *new*."""
    return new in MOVES[old]


def parse_state(text: "str | int | ResourceState") -> ResourceState:
    """A state from its name (any case) or number; raises UnknownName."""
    if isinstance(text, ResourceState):
        return text
    try:
        return ResourceState(text) if isinstance(text, int) else ResourceState[text.upper()]
    except (KeyError, ValueError):
        raise UnknownName(
            f"'{text}' is not a state; states are {', '.join(s.name for s in ResourceState)}"
            f"{did_you_mean(str(text).upper(), ResourceState.__members__)}"
        ) from None


def parse_action(text: "str | int | ResourceAction") -> ResourceAction:
    """An action from its name (any case) or number; raises UnknownName."""
    if isinstance(text, ResourceAction):
        return text
    try:
        return ResourceAction(text) if isinstance(text, int) else ResourceAction[text.upper()]
    except (KeyError, ValueError):
        raise UnknownName(
            f"'{text}' is not an action; actions are {', '.join(a.name for a in ResourceAction)}"
        ) from None
