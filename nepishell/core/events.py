"""What happened, as values: the engine publishes them, in order, to everybody who asked.

Named tuples rather than dataclasses: three times cheaper to make, and a deployment makes many.
*at* is seconds on the run's clock (0 at construction of the controller).
"""

from typing import NamedTuple

from nepishell.core.states import ResourceAction, ResourceState


class StateChanged(NamedTuple):
    """A resource moved; *reason* says why it FAILED, otherwise ''."""

    at: float
    guid: int
    old: ResourceState
    new: ResourceState
    reason: str = ""


class ResourceAdded(NamedTuple):
    """A resource was registered."""

    at: float
    guid: int
    rtype: str


class ResourceRemoved(NamedTuple):
    """A resource was forgotten."""

    at: float
    guid: int


class Connected(NamedTuple):
    """Two resources were connected."""

    at: float
    guid: int
    other: int


class Disconnected(NamedTuple):
    """Two resources were disconnected."""

    at: float
    guid: int
    other: int


class Labelled(NamedTuple):
    """A resource was given a name, or lost it ('')."""

    at: float
    guid: int
    label: str


class AttributeSet(NamedTuple):
    """An attribute has a new value; *value* is formatted, and hidden for credentials."""

    at: float
    guid: int
    name: str
    value: str


class ConditionAdded(NamedTuple):
    """*action* of *guid* waits until all of *group* reached *state*, and *delay* seconds more."""

    at: float
    guid: int
    action: ResourceAction
    group: tuple[int, ...]
    state: ResourceState
    delay: float = 0.0


class ConditionRemoved(NamedTuple):
    """A condition was taken back; the fields are those of ConditionAdded."""

    at: float
    guid: int
    action: ResourceAction
    group: tuple[int, ...]
    state: ResourceState
    delay: float = 0.0


class SettingAwaited(NamedTuple):
    """*name* of *guid* will be set to *value* once all of *group* reached *state*, and *delay*."""

    at: float
    guid: int
    name: str
    value: str
    group: tuple[int, ...]
    state: ResourceState
    delay: float = 0.0


class SettingOver(NamedTuple):
    """A setting that was awaited was made, or taken back."""

    at: float
    guid: int
    name: str


class TraceSwitched(NamedTuple):
    """Whether a trace is recorded from now on."""

    at: float
    guid: int
    name: str
    enabled: bool


class Deployed(NamedTuple):
    """Resources were sent on their way in *group*; *together*: they start when all are READY."""

    at: float
    group: int
    guids: tuple[int, ...]
    together: bool


class Intended(NamedTuple):
    """Something is about to be done outside this program; told, and kept, before it is done."""

    at: float
    guid: int
    act: str
    text: str


class TaskFinished(NamedTuple):
    """A scheduled callback ended; *error* is '' when it went well."""

    at: float
    task: int
    error: str


class Noted(NamedTuple):
    """A resource or the engine says something to people. *guid* 0: the engine."""

    at: float
    guid: int
    level: str
    text: str


class Suspected(NamedTuple):
    """From *since* until *at* the run was not what was asked, as *text* says. *guid* 0: all of it.

    One that is told again, with the same *since*, lasts longer.
    """

    at: float
    guid: int
    kind: str
    since: float
    text: str


class RunAborted(NamedTuple):
    """A critical resource failed: nothing more will be deployed, started or stopped by itself."""

    at: float
    guid: int


Event = (
    StateChanged
    | ResourceAdded
    | ResourceRemoved
    | Connected
    | Disconnected
    | Labelled
    | AttributeSet
    | ConditionAdded
    | ConditionRemoved
    | SettingAwaited
    | SettingOver
    | TraceSwitched
    | Deployed
    | Intended
    | TaskFinished
    | Noted
    | Suspected
    | RunAborted
)
