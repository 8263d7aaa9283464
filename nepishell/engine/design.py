"""Describing an experiment: what there is, how it is connected, what waits for what.

Every method checks first and changes afterwards: one that raises has changed nothing.
"""

from typing import TYPE_CHECKING, Any

from nepishell.core.attributes import Attribute, Flags
from nepishell.core.errors import BadValue, NepishellError, UnknownName, WrongState, did_you_mean
from nepishell.core.events import (
    Connected,
    Disconnected,
    Labelled,
    ResourceAdded,
    ResourceRemoved,
)
from nepishell.core.ids import check_label
from nepishell.core.states import ResourceState
from nepishell.engine.described import Connections, Label, Presence
from nepishell.engine.factory import ResourceFactory
from nepishell.engine.ordering import Ordering
from nepishell.engine.parts import Guids
from nepishell.engine.resource import ResourceManager

FAILED = ResourceState.FAILED
_LIVE = (ResourceState.READY, ResourceState.STARTED, ResourceState.STOPPED)


class Design(Ordering):
    """The part of the controller that describes."""

    if TYPE_CHECKING:

        def deploy(
            self,
            guids: Guids | None = None,
            wait_all_ready: bool = True,
            group: int | None = None,
        ) -> int: ...

    # -- resources -------------------------------------------------------------------------

    def register_resource(
        self, rtype: str, guid: int | None = None, *, label: str | None = None, **attributes: Any
    ) -> int:
        """Add a resource of *rtype*; gives its guid. Attributes are set; `autoDeploy` deploys.

        Raises UnknownName (rtype, attribute), BadValue (value, guid or label in use).
        """
        self._check_alive()
        auto_deploy = bool(attributes.pop("autoDeploy", False))
        rclass = ResourceFactory.find(rtype)
        self._check_new_guid(guid)
        rm = rclass(self, guid or self._guids.peek())  # type: ignore[arg-type]
        self._fill(rm, attributes)
        with self._life.lock:
            # a mistake must not use up a number: a recipe without it would count differently
            self._check_new_guid(guid)
            if label is not None:
                self._check_new_label(label)
            self._touch(Presence(rm))
            rm._guid = guid = self._guids.generate(guid)
            self._life.resources[guid] = rm
            self._life.version += 1
            if label is not None:
                rm._label = label
                self._labels[label] = guid
            if self._scheduler.bus.active:
                self._tell_added(rm)
        if auto_deploy:
            self._deploy_or_forget(rm)
        return guid

    def _tell_added(self, rm: ResourceManager) -> None:
        self._post(ResourceAdded(self._now(), rm._guid, rm.rtype))
        if rm._label:
            self._post(Labelled(self._now(), rm.guid, rm.label))
        for name in rm._values or ():
            self._life._tell_value(rm, rm.attribute(name))

    def _check_new_guid(self, guid: int | None) -> None:
        if guid is not None:
            if isinstance(guid, bool) or not isinstance(guid, int) or guid < 1:
                raise BadValue(f"'{guid}' is not a guid; use a number from 1")
            if guid in self._life.resources:
                raise BadValue(f"guid {guid} is taken by {self._life.resources[guid].name}")

    def _fill(self, rm: ResourceManager, attributes: dict[str, Any]) -> None:
        """Give a resource that nobody knows yet its values: defaults of this run, then these."""
        for (rtype, name), value in self._globals.items():
            if rtype == rm.rtype and name not in attributes:
                rm.set(name, value)
        for name, value in attributes.items():
            self._check_writable(rm, rm.attribute(name))
            rm.set(name, value)

    def _deploy_or_forget(self, rm: ResourceManager) -> None:
        try:
            self.deploy(rm.guid)
        except NepishellError:
            self.remove_resource(rm.guid)
            raise

    def remove_resource(self, guid: int) -> None:
        """Forget a resource that is NEW or RELEASED; its peers forget the connection."""
        rm = self._rm(guid)
        if self._hook_of_mine(rm):
            raise WrongState(f"resource {guid} ({rm.name}) cannot be removed by its own hook")
        self._life.claim(rm)  # what its last hook does comes first
        try:
            self._remove(rm)
        finally:
            self._life.yield_(rm)

    def _remove(self, rm: ResourceManager) -> None:
        guid = rm.guid
        if rm.state not in (ResourceState.NEW, ResourceState.RELEASED) or (
            rm.state == ResourceState.NEW and rm.deployment_group is not None
        ):
            state = rm.state.name if rm.state else "being deployed"
            raise WrongState(f"resource {guid} ({rm.name}) is {state}; release it first")
        waiting = [self._rm(holder).name for holder in self._waited.get(guid, ())]
        if waiting and rm.state == ResourceState.NEW:
            raise WrongState(
                f"{', '.join(waiting)} waits for {rm.name}; remove the condition first"
            )
        for other in rm.get_connected():
            self._part(rm, other)
        self.set_label(guid, "")
        self._forget_conditions(rm, rm.conditions)
        self._touch(Presence(rm))
        with self._life.lock:
            self._life._remove(rm)
            self._post(ResourceRemoved(self._now(), guid))

    def set_label(self, guid: int, label: str) -> None:
        """Name a resource; '' takes the name away. Raises BadValue when it is taken."""
        rm = self._rm(guid)
        if label == rm.label:
            return
        if label:
            self._check_new_label(label)
        self._touch(Label(rm))
        with self._life.lock:
            if self._labels.pop(rm._label, None) is not None:
                self._life.withdrawn += 1
            if label:
                self._labels[label] = guid
            rm._label = label
            self._life.version += 1
            self._post(Labelled(self._now(), guid, label))

    def _check_new_label(self, label: str) -> None:
        check_label(label)
        if label in self._labels:
            raise BadValue(f"label '{label}' is taken by resource {self._labels[label]}")

    def find(self, label: str) -> int:
        """The guid of a label; raises UnknownName."""
        if label not in self._labels:
            raise UnknownName(f"no resource '{label}'{did_you_mean(label, self._labels)}")
        return self._labels[label]

    # -- attributes ------------------------------------------------------------------------

    def get(self, guid: int, name: str) -> Any:
        """The value of an attribute; raises UnknownName."""
        rm = self._rm(guid)
        if rm.attribute(name).has_flag(Flags.NoRead):
            raise WrongState(f"{rm.rtype}.{name} cannot be read")
        return rm.get(name)

    def set(self, guid: int, name: str, value: Any) -> None:
        """Give an attribute a value; a live one of a deployed resource is applied at once.

        Raises UnknownName, BadValue, or WrongState when its flags forbid it now.
        """
        rm = self._rm(guid)
        attribute = rm.attribute(name)
        parsed = attribute.parse(value)
        if self._hook_of_mine(rm):
            rm.set(name, parsed)
            return
        self._life.claim(rm)
        try:
            self._check_writable(rm, attribute)
            if rm.state in _LIVE:
                rm.do_set(name, rm.get(name), parsed)
            rm.set(name, parsed)
        finally:
            self._life.yield_(rm)

    def _check_writable(self, rm: ResourceManager, attribute: Attribute) -> None:
        if attribute.has_flag(Flags.NoWrite):
            raise WrongState(f"{rm.rtype}.{attribute.name} cannot be set; it is for reading")
        deployed = rm.state != ResourceState.NEW or rm.deployment_group is not None
        if attribute.has_flag(Flags.Design) and deployed:
            raise WrongState(
                f"{rm.rtype}.{attribute.name} is set before deployment; "
                f"resource {rm.guid} ({rm.name}) is {rm.state.name}"
            )

    def get_global(self, rtype: str, name: str) -> Any:
        """What new resources of *rtype* have in *name*; raises UnknownName."""
        attribute = ResourceFactory.find(rtype).attribute(name)
        return self._globals.get((rtype, name), attribute.default)

    def set_global(self, rtype: str, name: str, value: Any) -> None:
        """What resources of *rtype* that this controller makes from now on have in *name*."""
        parsed = ResourceFactory.find(rtype).attribute(name).parse(value)
        self._globals[rtype, name] = parsed

    # -- connections -----------------------------------------------------------------------

    def register_connection(self, guid1: int, guid2: int) -> None:
        """Connect two resources, both or neither; a second time changes nothing.

        Raises BadValue when either side refuses; says which and why.
        """
        one, two = self._rm(guid1), self._rm(guid2)
        if one is two:
            raise BadValue(f"resource {guid1} ({one.name}) cannot be connected to itself")
        claimed = self._claim_both(one, two)
        try:
            if two.guid not in one._connections:
                self._check_connection(one, two)
                self._join(one, two)
        finally:
            for rm in claimed:
                self._life.yield_(rm)

    def _check_connection(self, one: ResourceManager, two: ResourceManager) -> None:
        for side, other in ((one, two), (two, one)):
            if side._state >= FAILED:
                raise WrongState(f"resource {side.guid} ({side.name}) is {side.state.name}")
            if not side.valid_connection(other._guid):
                why = side.why_not_connect(other) or f"a {side.rtype} refuses a {other.rtype}"
                raise BadValue(f"{one.name} and {two.name} cannot be connected: {why}")
            self._check_order(side, other)

    def _join(self, one: ResourceManager, two: ResourceManager) -> None:
        self._touch(Connections(one))
        self._touch(Connections(two))
        with self._life.lock:
            one._connections[two._guid] = None
            two._connections[one._guid] = None
            self._life.version += 1
        done: list[tuple[ResourceManager, int]] = []
        try:
            one.do_connect(two._guid)
            done.append((one, two._guid))
            two.do_connect(one._guid)
        except BaseException:
            for rm, other_guid in done:
                rm.do_disconnect(other_guid)
            with self._life.lock:
                one._connections.pop(two.guid, None)
                two._connections.pop(one.guid, None)
            raise
        if self._scheduler.bus.active:
            with self._life.lock:
                self._post(Connected(self._now(), one._guid, two._guid))

    def unregister_connection(self, guid1: int, guid2: int) -> None:
        """Part two resources; raises UnknownName when they are not connected."""
        one, two = self._rm(guid1), self._rm(guid2)
        if two.guid not in one._connections:
            raise UnknownName(f"{one.name} and {two.name} are not connected")
        claimed = self._claim_both(one, two)
        try:
            self._part(one, two)
        finally:
            for rm in claimed:
                self._life.yield_(rm)

    def _part(self, one: ResourceManager, two: ResourceManager) -> None:
        self._touch(Connections(one))
        self._touch(Connections(two))
        one.do_disconnect(two.guid)
        two.do_disconnect(one.guid)
        with self._life.lock:
            one._connections.pop(two.guid, None)
            two._connections.pop(one.guid, None)
            self._life.version += 1
            self._post(Disconnected(self._now(), one.guid, two.guid))

    def _claim_both(self, one: ResourceManager, two: ResourceManager) -> list[ResourceManager]:
        """Keep the hooks of deployed ends out while they are joined; always lowest guid first."""
        if one._group is None and two._group is None:
            return []
        if getattr(self._scheduler.context, "rm", None) is not None:
            return []  # from a hook: it must not wait for another resource
        claimed = [rm for rm in (one, two) if rm._group is not None]
        claimed.sort(key=lambda rm: rm.guid)
        for rm in claimed:
            self._life.claim(rm)
        return claimed

    # -- traces ----------------------------------------------------------------------------

    def enable_trace(self, guid: int, name: str) -> None:
        """Record a trace; raises UnknownName."""
        self._rm(guid).enable_trace(name)

    def disable_trace(self, guid: int, name: str) -> None:
        """Do not record a trace; raises UnknownName."""
        self._rm(guid).disable_trace(name)
