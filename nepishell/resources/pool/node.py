"""A host that is chosen: any of an inventory that has what is wanted.

All pool nodes that are deployed together are placed together, so that one does not take what only
another can use. A host that does not answer before it is READY is black-listed, with the reason,
and another one is taken; the other nodes keep theirs.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from nepishell.core.attributes import Attribute, Flags, Types, Value
from nepishell.core.errors import BadValue, HostError, NepishellError, Unfit, Unreachable
from nepishell.core.states import ResourceState
from nepishell.hosts.ssh import Endpoint
from nepishell.resources.linux.node import LinuxNode
from nepishell.resources.linux.reaching import WaitingRoom
from nepishell.resources.pool import inventory as inventories
from nepishell.resources.pool.allocator import Allocator
from nepishell.resources.pool.explaining import Wish
from nepishell.resources.pool.hosts import PoolHost
from nepishell.resources.pool.ranking import DEFAULT, parse_rank
from nepishell.resources.pool.where import Constraint, at_least, at_most, equals, parse_where

if TYPE_CHECKING:
    from nepishell.engine.controller import ExperimentController

_TEXTS = ("hostname", "country", "region", "city", "architecture", "os")
_NUMBERS = ("Cpu", "Bandwidth", "Load", "Reliability")


def _checked_where(old: Value, new: Value) -> Value:
    parse_where(str(new or ""))
    return new


def _checked_rank(old: Value, new: Value) -> Value:
    parse_rank(str(new or ""))
    return new


def _wanted(what: str) -> Attribute:
    return Attribute(flags=Flags.Filter, help=f"{what}; several that will do: a|b")


def _bound(which: str, what: str) -> Attribute:
    return Attribute(float, flags=Flags.Filter, help=f"the {which} {what} that will do")


class PoolNode(LinuxNode):
    """A host that is chosen from an inventory, by what is wanted of it."""

    rtype = "pool::Node"

    inventory = Attribute(required=True, help="file of hosts: YAML, or Ansible's (YAML or INI)")
    hostname = _wanted("the name of its host in the inventory")
    country = _wanted("where its host is")
    region = _wanted("where its host is")
    city = _wanted("where its host is")
    architecture = _wanted("of its processor, as the inventory calls it")
    os = _wanted("what its host runs, as the inventory calls it")
    minCpu = _bound("least", "'cpu'")
    maxCpu = _bound("most", "'cpu'")
    minBandwidth = _bound("least", "'bandwidth'")
    maxBandwidth = _bound("most", "'bandwidth'")
    minLoad = _bound("least", "'load'")
    maxLoad = _bound("most", "'load'")
    minReliability = _bound("least", "'reliability'")
    maxReliability = _bound("most", "'reliability'")
    where = Attribute(
        flags=Flags.Filter,
        set_hook=_checked_where,
        help="what else is wanted, as in: tag >= 4, site=a|b, memory 8..64, wifi, !old",
    )
    rank = Attribute(
        default=DEFAULT, set_hook=_checked_rank, help="which are better: a sum of measured values"
    )
    tries = Attribute(int, default=5, min=1, help="how many hosts may fail before it has failed")
    avoid_for = Attribute(
        Types.Duration, default=3600.0, help="how long a host that failed is black-listed"
    )
    placed = Attribute(flags=Flags.NoWrite, help="the host that it has, by its name there")

    def __init__(self, ec: "ExperimentController", guid: int) -> None:
        super().__init__(ec, guid)
        self._chosen: PoolHost | None = None
        self._tried: list[str] = []

    # -- what is wanted -----------------------------------------------------------------------

    @property
    def wish(self) -> Wish:
        """What it wants; raises BadValue."""
        return Wish(
            guid=self.guid,
            name=self.name,
            inventory=inventories.load(str(self.inventory)),
            constraints=tuple(self._constraints()),
            weights=parse_rank(self.rank or ""),
            is_certain=self.deployment_group is not None,
        )

    def _constraints(self) -> Iterator[Constraint]:
        for name in _TEXTS:
            if self.get(name):
                yield equals(name, self.get(name))
        for name in _NUMBERS:
            for bound, make in (("min", at_least), ("max", at_most)):
                limit = self.get(f"{bound}{name}")
                if limit is not None:
                    yield make(name.lower(), limit)
        yield from parse_where(self.where or "")

    def _wishes(self) -> list[Wish]:
        """Of all pool nodes without a place; this one is certain in any case."""
        found = [replace(self.wish, is_certain=True)]
        for guid in self.ec.resources:
            other = self.ec.get_resource(guid)
            if not isinstance(other, PoolNode) or other is self or other.releasing:
                continue
            if other.state is ResourceState.NEW and other.inventory:
                try:
                    found.append(other.wish)
                except NepishellError:
                    continue  # it will be told when it is its turn
        return sorted(found, key=lambda wish: wish.guid)

    def _used(self) -> dict[str, str]:
        """Hosts that the run names without the pool."""
        others = (self.ec.get_resource(guid) for guid in self.ec.resources)
        return {
            f"{other.hostname or other.label}".lower() + f":{other.port or 22}": other.name
            for other in others
            if isinstance(other, LinuxNode) and not isinstance(other, PoolNode)
        }

    # -- the host that it has -----------------------------------------------------------------

    @property
    def _places(self) -> Allocator:
        ec = self.ec
        return ec.shared("pool", lambda: Allocator(f"{ec.exp_id}/{ec.run_id}"))

    @property
    def chosen(self) -> PoolHost | None:
        """Its host, or None before it has one. Raises HostError when the inventory lost it."""
        if self._chosen is None and self.placed and self.state < ResourceState.FAILED:
            # another controller placed it
            found = inventories.load(str(self.inventory)).hosts.get(self.placed)
            if found is None:
                raise HostError(
                    f"{self.placed} is no longer in {self.inventory}: put it back there"
                )
            self._places.warn = self.warning
            self._places.adopt(self.guid, self.name, found)
            self._chosen = found
        return self._chosen

    @property
    def host_name(self) -> str:
        """Of the host that it has; raises BadValue before it has one."""
        if self.chosen is None:
            raise BadValue(f"{self.name} has no host yet: it gets one when it is deployed")
        return self.chosen.hostname

    @property
    def endpoint(self) -> Endpoint:
        """As the inventory says, and this node where it says more."""
        name, chosen = self.host_name, self.chosen
        assert chosen is not None  # it has a name
        end = replace(super().endpoint, hostname=name)
        return replace(
            end,
            username=end.username or chosen.username,
            port=end.port or chosen.port,
            identity=end.identity or chosen.identity,
            server_key=end.server_key or chosen.server_key,
            gateway=end.gateway or chosen.gateway,
            gateway_user=end.gateway_user or chosen.gateway_user,
            password=end.password or chosen.password,
        )

    @property
    def is_here(self) -> bool:  # type: ignore[override] # it depends on the host
        """Whether it is this machine."""
        return self.chosen is not None and super().is_here

    # -- its life -----------------------------------------------------------------------------

    def do_discover(self) -> None:
        """Get a host that answers."""
        while True:
            self._choose()
            try:
                super().do_discover()
            except HostError as problem:
                if not self._is_to_blame(problem):
                    raise
                self._replace(problem)
            else:
                return

    def _make_folder(self) -> None:
        while True:
            try:
                super()._make_folder()
            except HostError as problem:
                # a folder that cannot be made where somebody wants it says nothing of the host
                if self.home and not isinstance(problem, Unfit | Unreachable):
                    raise
                self._replace(problem)
                self.do_discover()
            else:
                return

    def _choose(self) -> None:
        if self.chosen is None:
            self._places.warn = self.warning
            self._chosen = self._places.place(self.guid, self._wishes, self._used)
            self.set("placed", self._chosen.name)
            self.info(f"{self.name} is on {self._chosen.name}")

    def _is_to_blame(self, problem: HostError) -> bool:
        """Whether the host failed, and not our key, network or gateway."""
        if isinstance(problem, Unfit | Unreachable):
            return True
        # one that let us in and then did not serve; "" is a server that we never got to
        return self._host is not None and getattr(self._host, "address", "here") != ""

    def _replace(self, problem: HostError) -> None:
        """Leave the host that failed. Raises HostError when there were too many, or it is over."""
        chosen = self._chosen
        assert chosen is not None  # it failed
        if self._has_folder and not isinstance(problem, Unreachable):
            with suppress(HostError):
                self._clear()
        self._leave()
        self._host = self._system = self._chosen = None
        self._has_folder = False
        self._tools.clear()
        self._homes.clear()
        self._room = WaitingRoom()
        self.set("placed", None)
        self.set("suspect", False)
        self.set("unreachable", None)
        self._tried.append(chosen.name)
        self._places.replace(self.guid, str(problem), self.avoid_for)
        if self.releasing:
            raise problem
        if len(self._tried) >= self.tries:
            tried = ", ".join(self._tried)
            raise HostError(
                f"{len(self._tried)} hosts failed it ({tried}), the last: {problem}"
            ) from problem
        self.warning(f"{chosen.name} is black-listed, another is taken: {problem}")

    def _let_go(self) -> None:
        if self._chosen is not None:
            try:
                self._places.give_back(self.guid)
            except NepishellError as problem:
                self.error(f"{self._chosen.name} stays reserved until this run is over: {problem}")
        super()._let_go()
