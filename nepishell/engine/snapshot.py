"""The experiment at one moment, frozen: what a prompt or a listing may read without a lock."""

from dataclasses import dataclass
from typing import NamedTuple

from nepishell.core.states import ECState, FailureLevel, ResourceState


class ResourceRow(NamedTuple):
    """One resource. *group* 0: not deployed; *reason*: why it FAILED, or ''."""

    guid: int
    rtype: str
    label: str
    state: ResourceState
    group: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """*version* grows with every change; *at* is seconds on the run's clock."""

    version: int
    at: float
    ecstate: ECState
    failure_level: FailureLevel
    resources: tuple[ResourceRow, ...]
