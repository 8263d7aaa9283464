"""What waits in a resource's queue: one hook each, or somebody's turn to run one himself."""

from collections.abc import Callable, Iterable
from operator import methodcaller
from threading import Event
from typing import Any

from nepishell.core.states import READY_FOR, ResourceAction, ResourceState


class _Later:
    """Type of LATER."""


#: Returned by a hook whose move comes later, through self.later() from a watcher's callback.
LATER = _Later()


class Job:
    """A hook to run: a method of the resource, by name, or *call*, which is given the resource.

    *goal* is the state it should lead to, None when it need not move. *needs*: the states in which
    it still makes sense when its turn comes, None for all.
    """

    __slots__ = ("call", "goal", "hook", "needs", "turn", "urgent")

    def __init__(
        self,
        hook: str,
        goal: ResourceState | None = None,
        *,
        needs: Iterable[ResourceState] | None = None,
        call: Callable[[Any], object] | None = None,
        urgent: bool = False,
        turn: Event | None = None,
    ) -> None:
        self.hook = hook
        self.goal = goal
        # a tuple is searched by identity: an IntEnum's hash is a Python function
        self.needs = None if needs is None else tuple(needs)
        self.call = call or methodcaller(hook)
        #: whether it goes to the lane that blocked deployments cannot hold up
        self.urgent = urgent
        #: set when the resource is this caller's, who runs the hook in his own thread
        self.turn = turn

    def __str__(self) -> str:
        return self.hook


# shared by all resources: a deployment makes no objects for them
DISCOVER = Job("do_discover")
PROVISION = Job("do_provision")
DEPLOY = Job("do_deploy", ResourceState.READY, needs=READY_FOR[ResourceAction.DEPLOY])
START = Job("do_start", ResourceState.STARTED, needs=READY_FOR[ResourceAction.START])
STOP = Job("do_stop", ResourceState.STOPPED, needs=READY_FOR[ResourceAction.STOP], urgent=True)
RELEASE = Job("do_release", ResourceState.RELEASED, needs=list(ResourceState)[:-1], urgent=True)
FAIL = Job("do_fail", ResourceState.FAILED, needs=list(ResourceState)[:-2], urgent=True)
