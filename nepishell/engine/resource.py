"""ResourceManager: the controller of one resource; every resource type is a subclass.

A type declares (rtype, attributes, traces, peers) and implements `do_*` hooks. A hook does its
work and ends with `super().do_start()`: the base hook asks the life cycle for the move. Hooks run
on worker threads without any lock, at most one at a time per resource, and never wait for another
resource. NEPI's way of declaring (`_rtype`, `_register_attributes`, `clsinit_copy`) and of waiting
(returning early after `self.ec.schedule("0.5s", self.deploy)`) works too (NEPI section 3).
"""

import logging
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from nepishell.core.attributes import Attribute, Value
from nepishell.core.conditions import Condition
from nepishell.core.errors import UnknownName, did_you_mean
from nepishell.core.peers import Peer
from nepishell.core.states import ResourceAction, ResourceState
from nepishell.core.traces import Trace, TraceAttr
from nepishell.engine import jobs
from nepishell.engine.declaring import declare
from nepishell.engine.described import Switches
from nepishell.engine.jobs import Job
from nepishell.engine.legacy import NepiStyle

if TYPE_CHECKING:
    from nepishell.engine.controller import ExperimentController
    from nepishell.engine.gates import Gate, Watch
    from nepishell.engine.groups import Group
    from nepishell.engine.lifecycle import Lifecycle


# bound once: looking a member up in an Enum class costs more than the comparison
NEW, DISCOVERED, PROVISIONED, READY, STARTED, STOPPED, FAILED, RELEASED = ResourceState
_PATH = (DISCOVERED, PROVISIONED, READY)


class ResourceManager(NepiStyle):
    """One resource of a running experiment; see the module for how to write a type."""

    rtype: ClassVar[str] = "Resource"
    #: names of the traces this type adds to those of its base
    traces: ClassVar[tuple[Trace, ...]] = ()
    _attributes: ClassVar[dict[str, Attribute]] = {}
    _traces: ClassVar[dict[str, Trace]] = {}
    _peers: ClassVar[tuple[Peer, ...]] = ()
    _rtypes: ClassVar[frozenset[str]] = frozenset()
    _help: ClassVar[str] = ""
    _backend: ClassVar[str] = ""
    _reschedule_delay: ClassVar[str] = "0.5s"
    #: by number of the action, what it needs of which peer: derived from _peers
    _needs: ClassVar[tuple[list[tuple[Peer, ResourceState]], ...]] = ([], [], [])
    _required: ClassVar[tuple[Attribute, ...]] = ()
    #: whether do_discover and do_provision are the base's: nothing to run on the way to READY
    _is_plain: ClassVar[bool] = True

    critical = Attribute(bool, default=True, help="whether its failure aborts the run")
    hardRelease = Attribute(
        bool, default=False, help="whether release also forgets it and removes its files"
    )

    __slots__ = (
        "__weakref__", "_conditions", "_connections", "_enabled", "_gates", "_group", "_guid",
        "_hook", "_label", "_life", "_queue", "_reason", "_releasing", "_since", "_stamps",
        "_state", "_told", "_values", "_watches", "ec",
    )  # fmt: skip

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        declare(cls)
        cls._is_plain = (
            cls.do_discover is ResourceManager.do_discover
            and cls.do_provision is ResourceManager.do_provision
        )

    def __init__(self, ec: "ExperimentController", guid: int) -> None:
        self.ec = ec
        self._life: Lifecycle = ec._life
        self._guid = guid
        self._state = NEW
        self._stamps: list[float | None] = [0.0, *[None] * 7]
        self._told: list[tuple[float, ResourceState]] | None = None  # see stories
        self._values: dict[str, Value] | None = None
        self._connections: dict[int, None] = {}  # a set that keeps the order
        self._conditions: list[Condition] | None = None
        self._enabled: dict[str, bool] | None = None
        self._watches: list[Watch] | None = None  # who waits for its states
        self._gates: list[Gate] | None = None  # what holds back its actions
        self._queue: tuple[Job, ...] | None = None  # None: no hook in flight
        self._hook: Job | None = None  # the last one begun that has a state to reach, and when
        self._since = 0.0
        self._group: Group | None = None
        self._label = self._reason = ""
        self._releasing = False

    def __repr__(self) -> str:
        return f"<{self.rtype} {self._guid} {self._label} {self._state.name}>"

    # -- who it is -------------------------------------------------------------------------

    @property
    def guid(self) -> int:
        """Its number in the experiment."""
        return self._guid

    @property
    def label(self) -> str:
        """The name the user gave it, or ''."""
        return self._label

    @property
    def name(self) -> str:
        """Its label, or its rtype and guid: how messages call it."""
        return self._label or f"{self.rtype.rpartition('::')[2].lower()}{self._guid}"

    @property
    def state(self) -> ResourceState:
        """Where it is in its life."""
        return self._state

    @property
    def failure(self) -> str:
        """Why it FAILED, or ''."""
        return self._reason

    @property
    def concern(self) -> str:
        """What casts doubt on it now although it has not FAILED, or ''; types override this."""
        return ""

    @property
    def releasing(self) -> bool:
        """Whether its release was asked for: a long hook may look here and stop early."""
        return self._releasing

    @property
    def deployment_group(self) -> int | None:
        """The group it was deployed in: helpers may be deployed into the same."""
        return self._group.id if self._group is not None else None

    def stamp(self, state: ResourceState) -> datetime | None:
        """When it last entered *state*, as an aware datetime; None when it never did."""
        at = self._stamps[state]
        return None if at is None else self._life.clock.date(at)

    # -- attributes ------------------------------------------------------------------------

    def get(self, name: str) -> Any:
        """The value of an attribute; raises UnknownName."""
        values = self._values
        if values is not None and name in values:
            return values[name]
        return self.attribute(name).default

    def set(self, name: str, value: object) -> None:
        """Give an attribute a checked value; the type's own door, so flags do not apply.

        Raises UnknownName, BadValue.
        """
        attribute = self.attribute(name)
        parsed = attribute.parse(value)
        if attribute.set_hook is not None:
            changed = attribute.set_hook(self.get(name), parsed)
            parsed = parsed if changed is None else attribute.parse(changed)
        self._life.store(self, attribute, parsed)

    @classmethod
    def attribute(cls, name: str) -> Attribute:
        """The declaration of an attribute; raises UnknownName."""
        try:
            return cls._attributes[name]
        except KeyError:
            raise UnknownName(
                f"{cls.rtype} has no attribute '{name}'{did_you_mean(name, cls._attributes)}"
            ) from None

    @classmethod
    def declared_trace(cls, name: str) -> Trace:
        """The declaration of a trace; raises UnknownName."""
        try:
            return cls._traces[name]
        except KeyError:
            known = f"; it has {', '.join(cls._traces)}" if cls._traces else "; it has none"
            raise UnknownName(
                f"{cls.rtype} has no trace '{name}'{did_you_mean(name, cls._traces) or known}"
            ) from None

    # -- connections -----------------------------------------------------------------------

    @property
    def connections(self) -> AbstractSet[int]:
        """Guids of the connected resources, in order of connection."""
        return dict(self._connections).keys()

    def get_connected(self, rtype: str | None = None) -> "list[ResourceManager]":
        """The connected resources, in order of connection, that are of *rtype* or a subclass."""
        rms = self._life.resources
        found = [rms[guid] for guid in self._connections if guid in rms]
        return found if rtype is None else [rm for rm in found if rtype in rm._rtypes]

    def get_peers(self, peer: Peer) -> "list[ResourceManager]":
        """The connected resources that a declared peer stands for."""
        find, accepts = self._life.resources.get, peer.accepts
        return [
            rm
            for guid in self._connections
            if (rm := find(guid)) is not None and accepts(rm._rtypes)
        ]

    def valid_connection(self, guid: int) -> bool:
        """Whether this type may be connected to resource *guid*: as its peers declare, or any."""
        return not self.why_not_connect(self._life.resources[guid])

    def why_not_connect(self, other: "ResourceManager") -> str:
        """Why this resource refuses *other*: one line, or '' when it accepts."""
        if not self._peers:
            return ""
        fitting = [peer for peer in self._peers if peer.accepts(other._rtypes)]
        if not fitting:
            wanted = ", ".join(rtype for peer in self._peers for rtype in peer.rtypes)
            return f"a {self.rtype} connects to {wanted}, not to a {other.rtype}"
        if all(p.max is not None and len(self.get_peers(p)) >= p.max for p in fitting):
            peer = fitting[0]
            return f"{self.name} has its {peer.max} {' or '.join(peer.rtypes)} already"
        return ""

    def do_connect(self, guid: int) -> None:
        """Called on both ends after both accepted; a deployed resource attaches here."""

    def do_disconnect(self, guid: int) -> None:
        """Called on both ends before they part; a deployed resource detaches here."""

    # -- hooks -----------------------------------------------------------------------------

    def do_discover(self) -> None:
        """Find what this resource needs. Base: DISCOVERED."""
        if self._state < DISCOVERED:
            self._life.move(self, DISCOVERED)

    def do_provision(self) -> object:
        """Get what was found. Base: PROVISIONED."""
        if self._state < PROVISIONED:
            self._life.move(self, PROVISIONED)
        return None

    def do_deploy(self) -> object:
        """Make it ready. Base: runs do_discover and do_provision where not yet done, then READY."""
        if self._is_plain:
            self._life.move_on(self, _PATH)
            return None
        if self._state < DISCOVERED:
            self.do_discover()
        if self._state < PROVISIONED:
            self.do_provision()
        if self._state < READY:
            self._life.move(self, READY)
        return None

    def do_start(self) -> object:
        """Let it run. Base: STARTED."""
        self._life.move(self, STARTED)
        return None

    def do_stop(self) -> object:
        """Stop it. Base: STOPPED."""
        self._life.move(self, STOPPED)
        return None

    def do_release(self) -> object:
        """Give everything back. Base: RELEASED."""
        self._life.move(self, RELEASED)
        return None

    def do_fail(self) -> None:
        """Note the failure. Base: FAILED, and the failure manager is told."""
        self._life.move(self, FAILED, self._reason)
        self.ec.inform_failure(self._guid)

    def do_set(self, name: str, old: Value, new: Value) -> None:
        """Apply a live attribute that a user changed; raise NepishellError to refuse."""

    def do_resume(self, acts: dict[str, str]) -> None:
        """Find again what an earlier controller made; *acts*: what it intended. Raise when lost."""

    def recollect(self) -> None:
        """The run is over and only looked at: what was recorded is in its directory."""

    # -- actions: what hooks and callbacks may call ------------------------------------------

    def discover(self) -> None:
        """Run do_discover now, in this thread, after the hook in flight."""
        self._life.act(self, jobs.DISCOVER)

    def provision(self) -> None:
        """Run do_provision now, in this thread, after the hook in flight."""
        self._life.act(self, jobs.PROVISION)

    def deploy(self) -> None:
        """Run do_deploy now; logs and returns when the state does not allow it."""
        self._life.act(self, jobs.DEPLOY, ResourceAction.DEPLOY)

    def start(self) -> None:
        """Run do_start now; logs and returns when the state does not allow it."""
        self._life.act(self, jobs.START, ResourceAction.START)

    def stop(self) -> None:
        """Run do_stop now; logs and returns when the state does not allow it."""
        self._life.act(self, jobs.STOP, ResourceAction.STOP)

    def release(self) -> None:
        """Run do_release now; whatever it raises, the resource ends RELEASED, and that is told."""
        self._life.act(self, jobs.RELEASE)

    def fail(self, reason: str = "") -> None:
        """Become FAILED because of *reason*; from any thread, once its hook in flight ended."""
        self._life.fail(self, reason or "it reported a failure without a reason")

    def later(self, fn: Callable[..., object], *args: object) -> None:
        """Run fn(*args) as a hook of this resource, soon, on a worker; from any thread.

        For callbacks of watchers: serialised with the other hooks; what it raises fails the
        resource.
        """
        self._life.post(self, fn, *args)

    # -- traces ----------------------------------------------------------------------------

    def enable_trace(self, name: str) -> None:
        """Record trace *name*; raises UnknownName."""
        self._switch_trace(name, True)

    def disable_trace(self, name: str) -> None:
        """Do not record trace *name*; raises UnknownName."""
        self._switch_trace(name, False)

    def trace_enabled(self, name: str) -> bool:
        """Whether trace *name* is recorded; raises UnknownName."""
        default = self.declared_trace(name).enabled
        return default if self._enabled is None else self._enabled.get(name, default)

    def _switch_trace(self, name: str, on: bool) -> None:
        self.declared_trace(name)
        if self._life.recorder is not None:
            self._life.recorder.touch(Switches(self))
        self._switch(name, on)

    def _switch(self, name: str, on: bool | None) -> None:
        """Record trace *name* or not; None: as its type declares."""
        enabled = {**(self._enabled or {}), name: on}
        self._enabled = {n: known for n, known in enabled.items() if known is not None} or None
        self._life.tell_trace(self, name)

    def trace(
        self, name: str, attr: TraceAttr = TraceAttr.ALL, block: int = 512, offset: int = 0
    ) -> Any:
        """What trace *name* holds (see TraceAttr); None when nothing is there yet."""
        self.declared_trace(name)
        return None

    # -- saying things -----------------------------------------------------------------------

    @property
    def logger(self) -> logging.Logger:
        """The logger named after the rtype."""
        return logging.getLogger(f"nepishell.{self.rtype}")

    def log_message(self, text: str) -> str:
        """How a message of this resource begins."""
        return f"{self.rtype} guid {self._guid} - {text}"

    def debug(self, text: str, out: object = None, err: object = None) -> None:
        """A message for developers."""
        self._say("debug", text, out, err)

    def info(self, text: str, out: object = None, err: object = None) -> None:
        """A message for people."""
        self._say("info", text, out, err)

    def warning(self, text: str, out: object = None, err: object = None) -> None:
        """Something that may spoil the experiment."""
        self._say("warning", text, out, err)

    def error(self, text: str, out: object = None, err: object = None) -> None:
        """Something that went wrong."""
        self._say("error", text, out, err)

    def _say(self, level: str, text: str, out: object, err: object) -> None:
        for name, extra in (("OUTPUT", out), ("ERROR", err)):
            text += f" {name} {extra}" if extra else ""
        getattr(self.logger, level)(self.log_message(text))
        self._life.note(self._guid, level, text)


ResourceManager._attributes = {
    name: value for name, value in vars(ResourceManager).items() if isinstance(value, Attribute)
}
ResourceManager._rtypes = frozenset({ResourceManager.rtype})
