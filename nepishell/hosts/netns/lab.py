"""The embedded lab, from the controller's side: a keeper process and what it is asked to make.

All of it lives and dies with the keeper. Methods block, are safe from any thread, raise HostError
with the reason in one line, and travel together when several threads call at once.
"""

import hashlib
import os
import re
import socket
import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import count, islice
from pathlib import Path
from types import TracebackType

from nepishell.core.errors import BadValue, HostError
from nepishell.hosts.base import OnExit
from nepishell.hosts.netns import hostsfile
from nepishell.hosts.netns.host import NetnsHost
from nepishell.hosts.netns.inventory import Inventory
from nepishell.hosts.netns.keeping import Fields, KeeperProcess
from nepishell.hosts.netns.link import LinkHandle, engine_and_why
from nepishell.hosts.netns.model import Port, Route, Shape
from nepishell.hosts.netns.shapes import to_fields
from nepishell.hosts.netns.transport import HeldTransport, LocalTransport
from nepishell.hosts.process import SpawnedProcess
from nepishell.hosts.terminals import PtyTerminal

#: where the keeper of a lab that outlives its controller waits for the next one
_DOOR = "door"
#: hosts that get routes by one request: others must not wait long behind it
_HOSTS_AT_ONCE = 64
#: IFNAMSIZ with its closing zero
_IFNAME = re.compile(r"[^\s/:]{1,15}")


class Lab:
    """One run's hosts, switches and links. Close it, or use it in a with statement."""

    def __init__(self, directory: Path, keeper: KeeperProcess, seed: int) -> None:
        """For open()."""
        self.directory = directory
        self.seed = seed
        self._keeper = keeper
        self.call = keeper.channel.call
        self._tokens = count(1)
        #: what stood when this controller took over
        self.found = Inventory()
        self._closing = threading.Lock()
        self._is_closed = False

    @classmethod
    def open(cls, run_dir: Path, *, seed: int) -> "Lab":
        """Start an empty lab that keeps its few files below *run_dir*.

        Raises HostError, saying what to do, where the kernel does not allow namespaces.
        """
        directory = run_dir.absolute() / "lab"
        try:
            directory.mkdir(parents=True, exist_ok=True)
            hostsfile.rewrite(directory / "hosts", hostsfile.hosts_text({}))
        except OSError as exc:
            raise HostError(f"cannot write {exc.filename}: {exc.strerror}") from exc
        log = directory / "keeper.log"
        try:
            keeper = KeeperProcess(LocalTransport(directory / "hosts", log))
        finally:
            _drop_empty(log)
        return cls(directory, keeper, seed)

    @classmethod
    def open_again(cls, run_dir: Path, *, seed: int) -> "Lab":
        """The lab of a run whose controller is gone; raises HostError when its keeper is, too."""
        directory = run_dir.absolute() / "lab"
        try:
            keeper = KeeperProcess(HeldTransport(directory / _DOOR))
        except OSError as exc:
            raise HostError(
                f"nothing is left of the lab in {directory}: {exc.strerror or exc}"
            ) from exc
        lab = cls(directory, keeper, seed)
        lab.found = Inventory.read(lab.call("inventory"))
        lab._tokens = count(lab.found.last_token + 1)
        return lab

    @classmethod
    def open_or_again(cls, run_dir: Path, *, seed: int) -> "Lab":
        """The lab that an earlier controller of this run left, or an empty one."""
        door = run_dir.absolute() / "lab" / _DOOR
        if door.exists():
            try:
                return cls.open_again(run_dir, seed=seed)
            except HostError:
                # it went with a reboot: there is nothing to be found
                door.unlink(missing_ok=True)
        return cls.open(run_dir, seed=seed)

    def hold(self) -> None:
        """Let the lab outlive this controller: open_again() finds it; close() ends it as before."""
        self.call("hold", str(self.directory / _DOOR))

    def adopt(self, run_dir: Path, on_exit: OnExit | None = None) -> SpawnedProcess | None:
        """The process that runs in *run_dir* since before open_again(); None when it has ended."""
        where = os.path.abspath(run_dir)  # noqa: PTH100
        for token, pid, started, place in self.found.processes:
            if place == where:
                process = SpawnedProcess(token, run_dir, self, on_exit)
                process.started(pid, started)
                self._keeper.watch(process)
                return process
        return None

    def __enter__(self) -> "Lab":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def keeper_pid(self) -> int:
        """The process that owns everything of this lab."""
        return self._keeper.pid

    @property
    def is_gone(self) -> bool:
        """Whether its keeper has ended, and everything with it."""
        return self._keeper.is_gone

    def close(self) -> None:
        """End every process, remove every device; all is gone when it returns. Idempotent."""
        with self._closing:
            if not self._is_closed:
                self._is_closed = True
                self._keeper.close()
                _drop_empty(self.directory / "keeper.log")
                (self.directory / _DOOR).unlink(missing_ok=True)

    # other machines

    @property
    def address(self) -> str:
        """How other machines reach this part of a lab; "" when nobody told."""
        return ""

    def resolve(self, name: str) -> str:
        """An address of *name*, as it is known where this part is. Raises HostError."""
        try:
            found = socket.getaddrinfo(name, None, type=socket.SOCK_DGRAM)
        except OSError as exc:
            raise HostError(f"'{name}' does not resolve: {exc.strerror or exc}") from exc
        return str(found[0][4][0])

    def underlay(self, remote: str) -> tuple[str, int]:
        """Our address towards the address *remote*, and the largest packet on the way there."""
        match self.call("underlay", remote):
            case [str(local), int(mtu)]:
                return local, mtu
        raise AssertionError("not an answer")

    # hosts

    def add_host(self, name: str, forwarding: bool = False) -> NetnsHost:
        """A new host, its loopback up; *forwarding* makes it a router."""
        return self.add_hosts([name], forwarding=forwarding)[0]

    def add_hosts(self, names: Iterable[str], *, forwarding: bool = False) -> list[NetnsHost]:
        """Many hosts in one request."""
        wanted = list(names)
        self.call("add_hosts", [(name, forwarding) for name in wanted])
        return [NetnsHost(self, name) for name in wanted]

    def host(self, name: str) -> NetnsHost:
        """A host that was added, by its name; whether it is there shows when it is used."""
        return NetnsHost(self, name)

    def remove_host(self, name: str) -> None:
        """End all that runs there, unplug it and forget it; gone when it returns."""
        self.call("remove_hosts", [name])

    def set_forwarding(self, host: str, on: bool) -> None:
        """Make a host a router, or no longer."""
        self.call("forward", host, on)

    def set_names(self, names: Mapping[str, Sequence[str]]) -> None:
        """What every host of the lab resolves: name -> addresses. Replaces what was set before."""
        hostsfile.rewrite(self.directory / "hosts", hostsfile.hosts_text(names))

    # switches

    def add_switch(self, name: str, ports: Sequence[Port] = (), *, up: bool = True) -> None:
        """A switch with hosts plugged into it, or nothing of it."""
        self.call("add_switch", name, self._fields(ports), up)

    def add_ports(self, switch: str, ports: Sequence[Port]) -> None:
        """Plug more hosts into a switch, or none of them."""
        self.call("add_ports", switch, self._fields(ports))

    def remove_port(self, switch: str, host: str, ifname: str) -> None:
        """Unplug; the interface is gone from the host."""
        self.call("remove_port", switch, host, ifname)

    def remove_switch(self, name: str) -> None:
        """Take the switch and the interfaces that were plugged into it away."""
        self.call("remove_switch", name)

    def set_switch_up(self, name: str, up: bool) -> None:
        """Switch it on or off."""
        self.call("switch_up", name, up)

    # links

    def add_link(
        self,
        name: str,
        a: Port,
        b: Port,
        forward: Shape = Shape(),  # noqa: B008 - frozen
        backward: Shape = Shape(),  # noqa: B008
        *,
        seed: int | None = None,
        engine: str = "auto",
    ) -> LinkHandle:
        """A cable between two hosts, or nothing of it; *forward* is from *a* to *b*.

        *seed* decides which packets are lost; without it, the lab's seed and the name do.
        """
        answer = self.call(
            "add_link",
            name,
            self.port_fields(a),
            self.port_fields(b),
            to_fields(forward),
            to_fields(backward),
            derived_seed(self.seed, name) if seed is None else seed,
            engine,
        )
        return LinkHandle(self, name, *engine_and_why(answer))

    def measure(self, link: str) -> tuple[Fields, Fields]:
        """See LinkHandle.measure()."""
        token = next(self._tokens)
        return self._keeper.measured(token, lambda: self.call("measure", token, link))

    def losses(self) -> dict[str, int]:
        """Frames that were lost because the lab's machine was too slow, by link, if any were."""
        found = self.call("losses")
        assert isinstance(found, dict)
        return {name: lost for name, lost in found.items() if isinstance(lost, int)}

    # addresses and routes

    def set_port(
        self,
        host: str,
        ifname: str,
        *,
        addresses: Sequence[str] | None = None,
        up: bool | None = None,
        mtu: int | None = None,
    ) -> None:
        """Change an interface in use; None leaves a property as it is."""
        wanted = None if addresses is None else list(addresses)
        self.call("set_port", host, ifname, wanted, up, mtu)

    def set_routes(self, host: str, routes: Sequence[Route]) -> None:
        """Make *routes* the only ones that the lab set on a host; on an error the old ones stay."""
        self.call("routes", host, [(route.network, route.via) for route in routes])

    def set_all_routes(self, routes: Mapping[str, Sequence[Route]]) -> None:
        """As set_routes, of many hosts in few requests; those before a failing one have theirs."""
        hosts = iter(routes.items())
        while some := dict(islice(hosts, _HOSTS_AT_ONCE)):
            wanted = {host: [(r.network, r.via) for r in of] for host, of in some.items()}
            self.call("all_routes", wanted)

    # processes

    def spawn(
        self,
        host: str,
        argv: Sequence[str],
        *,
        run_dir: Path,
        cwd: Path,
        env: Mapping[str, str] | None = None,
        stdin: Path | None = None,
        on_exit: OnExit | None = None,
        record: bool = True,
    ) -> SpawnedProcess:
        """Start a command in a host; NetnsHost.spawn is what most want."""
        process = self._process(run_dir, on_exit)
        where = os.path.abspath(run_dir), os.path.abspath(cwd)  # noqa: PTH100 - a tenth of the time of Path.absolute
        source = None if stdin is None else os.path.abspath(stdin)  # noqa: PTH100
        return self._start(process, "spawn", host, argv, *where, dict(env or {}), source, record)

    def terminal(
        self,
        host: str,
        argv: Sequence[str],
        *,
        rows: int,
        cols: int,
        env: Mapping[str, str] | None = None,
    ) -> PtyTerminal:
        """Start a command on a terminal of its own in a host; see NetnsHost.terminal."""

        def start(path: str, on_exit: OnExit) -> SpawnedProcess:
            process = self._process(Path(), on_exit)
            return self._start(
                process, "terminal", host, argv, path, str(Path.cwd()), dict(env or {})
            )

        return PtyTerminal(rows, cols, start)

    def _process(self, run_dir: Path, on_exit: OnExit | None) -> SpawnedProcess:
        return SpawnedProcess(next(self._tokens), run_dir, self, on_exit)

    def _start(
        self, process: SpawnedProcess, word: str, host: str, argv: Sequence[str], *more: object
    ) -> SpawnedProcess:
        """Have the keeper start *process* and watch it."""
        self._keeper.watch(process)
        try:
            answer = self.call(word, process.token, host, [os.fspath(arg) for arg in argv], *more)
        except HostError as exc:
            self._keeper.forget(process)
            raise HostError(f"{host}: {exc}") from exc
        assert isinstance(answer, int)  # that is how a spawn is answered
        process.started(answer)
        return process

    def signal_session(self, process: SpawnedProcess, signum: int) -> None:
        """See nepishell.hosts.process.Steering; silent when the lab is closed."""
        if not self._is_closed:
            self.call("signal", process.token, int(signum))

    def stop_session(self, process: SpawnedProcess, grace_s: float) -> None:
        if not self._is_closed:
            self.call("stop", process.token, grace_s)

    # values for the wire

    def _fields(self, ports: Sequence[Port]) -> list[tuple[object, ...]]:
        return [self.port_fields(port) for port in ports]

    def port_fields(self, port: Port) -> tuple[object, ...]:
        """A port as the keeper is told of it; raises BadValue."""
        if not _IFNAME.fullmatch(port.ifname):
            raise BadValue(
                f"'{port.ifname}' is no name for an interface: 1 to 15 characters, no space, / or :"
            )
        mac = port.mac or derived_mac(self.seed, port.host, port.ifname)
        return port.host, port.ifname, mac, port.addresses, port.mtu, port.up


def _drop_empty(log: Path) -> None:
    """Remove a log in which nothing was written."""
    with suppress(FileNotFoundError):
        if log.stat().st_size == 0:
            log.unlink()


def derived_seed(seed: int, link: str) -> int:
    """A number that is the same whenever the same lab is built, and another for each link."""
    digest = hashlib.blake2b(f"{seed} {link}".encode(), digest_size=6).digest()
    return int.from_bytes(digest, "big")


def derived_mac(seed: int, host: str, ifname: str) -> str:
    """A MAC address that is the same whenever the same lab is built; locally administered."""
    digest = hashlib.blake2b(f"{seed} {host} {ifname}".encode(), digest_size=5).digest()
    return ":".join(f"{byte:02x}" for byte in b"\x02" + digest)
