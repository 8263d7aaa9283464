"""What a controller can ask of its lab, as functions on lists and texts from the wire.

The words and their arguments are those that lab.py sends. Answers are values for JSON; refusals
are exceptions whose text is one line for the person who asked.
"""

import os
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING

from nepishell.hosts import launching
from nepishell.hosts.netns import addressing, messages
from nepishell.hosts.netns.building import Builder, BuildError, End, PortFields
from nepishell.hosts.netns.namespaces import Core
from nepishell.hosts.netns.processes import Processes, Report

if TYPE_CHECKING:
    from nepishell.hosts.netns.linking import Linking, Listen, Measured

#: How an operation says no; anything else is a bug of ours.
Refusal = (BuildError, launching.LaunchError, messages.BadAddress, OSError)

_HOSTS_FILE = "nepishell.hosts.netns.hostsfile"
_LINKING = "nepishell.hosts.netns.linking"
#: What is done while the removal of devices still waits for more of them.
_BEFORE_REMOVALS = (
    "remove_hosts", "remove_port", "remove_switch", "remove_link", "remove_half", "remove_trunk",
    "signal", "stop", "close",
)  # fmt: skip
_LINK_WORDS = (
    "add_link", "set_shape", "remove_link", "measure", "losses", "queues",
    "underlay", "add_half", "set_half", "remove_half", "add_trunk", "remove_trunk",
)  # fmt: skip


def open_door(path: str) -> socket.socket:
    """A socket at *path*, at which the next controller knocks, for our user alone."""
    folder = os.open(os.path.dirname(path), os.O_PATH | os.O_CLOEXEC)  # noqa: PTH120
    try:
        # the path itself may be longer than the name of a socket can be
        name = f"/proc/self/fd/{folder}/{os.path.basename(path)}"  # noqa: PTH119
        with suppress(FileNotFoundError):
            os.unlink(name)  # noqa: PTH108
        door = socket.socket(socket.AF_UNIX)
        door.bind(name)
        os.chmod(name, 0o600)  # noqa: PTH101
        door.listen(2)
    finally:
        os.close(folder)
    return door


class Operations:
    """Everything of one run that is in the kernel."""

    def __init__(
        self, core: Core, told_exit: Report, listen: "Listen", measured: "Measured"
    ) -> None:
        self.builder = builder = Builder(core)
        self.processes = Processes(core, told_exit)
        self._linking: Linking | None = None
        self._listen = listen
        self._measured = measured
        self.is_closed = False
        #: where the next controller knocks; None: there will be none
        self.door: socket.socket | None = None
        self._by_name: dict[str, Callable[..., object]] = {
            "add_hosts": builder.add_hosts,
            "remove_hosts": self._remove_hosts,
            "forward": self._forward,
            "doors": self._doors,
            "names": self._names,
            "add_switch": self._add_switch,
            "add_ports": self._add_ports,
            "remove_port": self._remove_port,
            "remove_switch": builder.remove_switch,
            "switch_up": self._switch_up,
            "set_port": self._set_port,
            "routes": self._set_routes,
            "all_routes": self._set_all_routes,
            "spawn": self._spawn,
            "terminal": self._terminal,
            "signal": self.processes.signal,
            "stop": self.processes.stop,
            "hold": self._hold,
            "inventory": self._inventory,
            "close": self.close,
        }

    def __call__(self, name: str, *arguments: object) -> object:
        """Do what a request asks; raises a Refusal."""
        if name not in _BEFORE_REMOVALS:
            self.builder.removals.flush()
        if name in _LINK_WORDS:
            return self._links().by_name[name](*arguments)
        return self._by_name[name](*arguments)

    def _links(self) -> "Linking":
        if self._linking is None:
            # half of the keeper's start would be this module, and many labs need no link
            module = import_module(_LINKING)
            self._linking = module.Linking(self.builder, self._listen, self._measured)
        return self._linking

    def next_deadline_s(self) -> float | None:
        """Seconds until act() has something to do; None while nothing is planned."""
        planned = (self.processes.next_deadline_s(), self.builder.removals.due_in_s())
        return min((seconds for seconds in planned if seconds is not None), default=None)

    def act(self) -> None:
        """Do what is due."""
        self.processes.kill_overdue()
        if self.builder.removals.due_in_s() == 0.0:
            self.builder.removals.flush()

    def close(self) -> None:
        """Leave nothing behind; idempotent."""
        if self.is_closed:
            return
        self.is_closed = True
        if self.door is not None:
            self.door.close()
        hosts = self.builder.hosts.values()
        if any(host.space.was_entered for host in hosts):
            spare = self._linking.pids if self._linking else []
            self.processes.end_all([host.space for host in hosts], spare)
        if self._linking:
            self._linking.close()
        self.builder.close()

    def _hold(self, path: str) -> None:
        """Outlive the controller, and wait at the socket *path* for the next one."""
        if self.door is None:
            self.door = open_door(path)

    def _inventory(self) -> dict[str, object]:
        """What there is: hosts, switches, links with their engines, processes with their places."""
        return {
            "hosts": list(self.builder.hosts),
            "switches": {
                name: [end.fields() for end in switch.ends]
                for name, switch in self.builder.switches.items()
            },
            "links": self._linking.listed() if self._linking else {},
            "processes": self.processes.listed(),
        }

    def _remove_hosts(self, names: Sequence[str]) -> None:
        spaces = [self.builder.host(name).space for name in names]
        if inhabited := [space for space in spaces if space.was_entered]:
            self.processes.end_in(inhabited)
        if self._linking:
            self._linking.remove_of(names)
        for name in names:
            self.builder.remove_host(name)

    def _doors(self, host: str) -> tuple[int, int, int]:
        """Our descriptors of a host's network, mount and UTS namespaces, for who enters it."""
        try:
            return self.builder.host(host).space.doors()
        finally:
            self.builder.core.enter()

    def _names(self, text: str) -> None:
        """What /etc/hosts of every host says from now on."""
        # only a lab on another machine is told this way, and not before it stands
        import_module(_HOSTS_FILE).rewrite(self.builder.core.hosts_file, text)

    def _forward(self, host: str, on: bool) -> None:
        self.builder.host(host).space.forward(on=on)

    def _add_switch(self, name: str, ports: Sequence[PortFields], up: bool) -> None:
        self.builder.add_switch(name, [End(*port) for port in ports], up=up)

    def _add_ports(self, name: str, ports: Sequence[PortFields]) -> None:
        self.builder.add_ports(name, [End(*port) for port in ports])

    def _remove_port(self, switch: str, host: str, ifname: str) -> None:
        end = self.builder.end(host, ifname)
        if end not in self.builder.switch(switch).ends:
            raise BuildError(f"{end} is not plugged into switch '{switch}'")
        self.builder.remove_ends([end])

    def _switch_up(self, name: str, up: bool) -> None:
        self.builder.set_switch_up(name, up=up)

    def _set_port(
        self,
        host: str,
        ifname: str,
        addresses: Sequence[str] | None,
        up: bool | None,
        mtu: int | None,
    ) -> None:
        addressing.set_port(self.builder, host, ifname, addresses, up, mtu)

    def _set_routes(self, host: str, routes: Sequence[tuple[str, str]]) -> None:
        addressing.set_routes(self.builder, host, [(network, via) for network, via in routes])

    def _set_all_routes(self, routes: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        for host, wanted in routes.items():
            self._set_routes(host, wanted)

    def _spawn(
        self,
        token: int,
        host: str,
        argv: Sequence[str],
        run_dir: str,
        cwd: str,
        env: Mapping[str, str] | None,
        stdin: str | None,
        record: bool,
    ) -> int:
        space = self.builder.host(host).space
        return self.processes.spawn(token, space, argv, run_dir, cwd, env, stdin, record)

    def _terminal(
        self,
        token: int,
        host: str,
        argv: Sequence[str],
        path: str,
        cwd: str,
        env: Mapping[str, str] | None,
    ) -> int:
        space = self.builder.host(host).space
        return self.processes.spawn_on_terminal(token, space, argv, path, cwd, env)
