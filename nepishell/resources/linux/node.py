"""A real host, reached by SSH; or this machine, where its hostname is localhost and nothing more.

All resources that name the same host share one connection. What is made there lies below
`.nepishell` in the host's home and is gone after the release. A host that cannot be reached is
suspect, not failed: what runs there runs on, until `lost_after` has passed.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any

from nepishell.core.attributes import Attribute, Flags, Types
from nepishell.core.errors import HostError, Unreachable
from nepishell.core.states import ResourceState
from nepishell.core.units import format_duration
from nepishell.engine.jobs import LATER
from nepishell.engine.resource import ResourceManager
from nepishell.hosts.base import Host
from nepishell.hosts.local import LocalHost
from nepishell.resources.linux import probing, tidying
from nepishell.resources.linux.application import Application
from nepishell.resources.linux.connections import Connections
from nepishell.resources.linux.layout import Layout, on_host
from nepishell.resources.linux.reaching import Then, WaitingRoom
from nepishell.resources.node import AbstractNode, by_sudo

if TYPE_CHECKING:
    from nepishell.engine.controller import ExperimentController
    from nepishell.hosts.base import Reach

_HERE = ("localhost", "127.0.0.1", "::1")
#: Where administrators' programs are: an ordinary user's PATH may lack it.
_SBIN = "/usr/local/sbin:/usr/sbin:/sbin"
#: Seconds that tearDown may take.
_TEAR_DOWN_S = 120.0


class LinuxNode(AbstractNode):
    """A host that is reached by SSH."""

    rtype = "linux::Node"

    hostname = Attribute(required=True, help="its name, address, or Host of ~/.ssh/config")
    username = Attribute(help="who logs in (default: as ssh does)")
    port = Attribute(int, min=1, max=65535, help="of its SSH server (default: as ssh does)")
    identity = Attribute(flags=Flags.Credential, help="file of the private key (default: as ssh)")
    password = Attribute(flags=Flags.Credential, help="where there is no key; never shown")
    serverKey = Attribute(help="its public key, TYPE BASE64: the only one that is accepted then")
    accept_key = Attribute(
        bool, default=False, help="whether a host that is not known yet is believed, and remembered"
    )
    gateway = Attribute(help="a host that leads there; several, separated by commas, in order")
    gatewayUser = Attribute(help="who logs in at the gateway")
    ip = Attribute(help="how the other hosts reach it (default: its hostname)")
    home = Attribute(help="where our folder goes: absolute, or below the login's home")
    cleanHome = Attribute(bool, default=False, help="whether to begin with removing our folder")
    cleanExperiment = Attribute(
        bool, default=False, help="whether to begin with removing this experiment's folder"
    )
    cleanProcesses = Attribute(
        bool, default=False, help="whether to begin with ending what carries nepishell's mark"
    )
    keep_files = Attribute(
        bool, default=False, help="whether what was staged stays there for the next run"
    )
    tearDown = Attribute(help="shell commands that are run there at the end")
    lost_after = Attribute(
        Types.Duration, default=300.0, help="how long it may be unreachable before it has failed"
    )

    suspect = Attribute(
        bool, flags=Flags.NoWrite, default=False, help="whether it cannot be reached now"
    )
    unreachable = Attribute(flags=Flags.NoWrite, help="since when it cannot be reached, and why")
    about = Attribute(flags=Flags.NoWrite, help="what it runs: system, kernel, Python")

    def __init__(self, ec: "ExperimentController", guid: int) -> None:
        super().__init__(ec, guid)
        self._room = WaitingRoom()
        self._stop_watching: Callable[[], None] | None = None
        self._key: tuple[object, ...] | None = None
        self._homes: dict[Path, None] = {}  # of applications, in order
        self._has_folder = False
        self._tools: dict[Path, str] = {}
        self._tools_lock = Lock()

    # -- who it is ------------------------------------------------------------------------------

    @property
    def is_here(self) -> bool:  # type: ignore[override] # it depends on the hostname
        """Whether it is this machine."""
        return self.hostname in _HERE and self.port is None and self.username is None

    @property
    def address(self) -> str:
        """How others reach it."""
        found: str = self.ip or self.hostname
        return found

    @property
    def machine(self) -> str:
        """User, host and port."""
        return f"{self.username or ''}@{self.hostname}:{self.port or ''}"

    @property
    def concern(self) -> str:
        """Why it is suspect."""
        return self.unreachable or ""

    @property
    def python(self) -> str:  # type: ignore[override] # it is the host's
        """The host's Python; raises HostError where it has none."""
        if not self.system.python:
            raise HostError(
                f"{self.name} has no python3 (3.6 or newer), which flows and ready conditions "
                f"need; other commands work without"
            )
        return self.system.python

    @property
    def layout(self) -> Layout:
        """Below its home."""
        home = probing.home_below(self.home or "", self.system.home)
        return on_host(home, self.ec.exp_id, self.guid)

    @property
    def environment(self) -> Mapping[str, str]:
        """Our mark, and the folders of administrators' programs."""
        found = {tidying.MARK: self._mark}
        if self.system.path:
            found["PATH"] = f"{self.system.path}:{_SBIN}"
        return found

    @property
    def _mark(self) -> str:
        return f"{self.ec.exp_id}/{self.ec.run_id}"

    @property
    def _holder(self) -> str:
        return f"{self.ec.exp_id}-{self.ec.run_id}-{self.guid}"

    def run_home(self, application: ResourceManager) -> Path:
        """Below the application's folder, one for each run."""
        home = self.layout.app_home(application.guid)
        self._homes[home] = None
        return home / self.ec.run_id

    def tool(self, script: Path) -> list[str]:
        """Our script is put there when it is first needed."""
        with self._tools_lock:
            if script not in self._tools:
                target = self.layout.node_home / self.ec.run_id / script.name
                self.host.write(target, script.read_bytes())
                self._tools[script] = str(target)
        return [self.python, "-I", "-S", self._tools[script]]

    def elevate(self, argv: list[str], env: Mapping[str, str]) -> list[str]:
        """By sudo, without a password, unless it logs in as root."""
        return argv if self.system.is_root else by_sudo(argv, {**self.environment, **env})

    # -- its life ---------------------------------------------------------------------------------

    def do_discover(self) -> None:
        """Connect, and ask what it is."""
        if self._host is None:
            self._host = self._connect()
            self._stop_watching = self._host.on_reach(self._reach_changed)
        self._system = probing.probe(self._host)
        if not self._system.alive or not self._system.home:
            raise HostError(f"{self.name} ran no POSIX shell: is sh installed there?")
        python = self._system.python and f"python {self._system.python}"
        about = (self._system.system, self._system.kernel, python or "no python3")
        self.set("about", ", ".join(filter(None, about)))
        super().do_discover()

    def _connect(self) -> Host:
        if self.is_here:
            return LocalHost(self.label or "localhost")
        self._key = (
            self.hostname, self.username, self.port, self.identity, self.password, self.serverKey,
            self.accept_key, self.gateway, self.gatewayUser,
        )  # fmt: skip
        return self._pool.take(self._key, self._make_host)

    @property
    def _pool(self) -> Connections:
        return self.ec.shared("connections", Connections)

    def _make_host(self) -> Host:
        ssh: Any = import_module("nepishell.hosts.ssh")  # paramiko is loaded by who needs it
        endpoint = ssh.Endpoint(
            hostname=self.hostname,
            username=self.username,
            port=self.port,
            identity=self.identity,
            server_key=self.serverKey,
            gateway=self.gateway,
            gateway_user=self.gatewayUser,
            password=self.password,
        )
        host: Host = ssh.SshHost(endpoint, name=self.name)
        return host

    def do_provision(self) -> object:
        """Make our folder there."""
        self._patiently(self._provision)
        return LATER

    def _provision(self) -> None:
        self._make_folder()
        super().do_provision()

    def _make_folder(self) -> None:
        self._has_folder = True
        tidying.make(
            self.host,
            self.layout,
            self.layout.node_home / self.ec.run_id,
            self._holder,
            end_processes=self.cleanProcesses,
            clean_home=self.cleanHome,
            clean_experiment=self.cleanExperiment,
        )

    def do_deploy(self) -> object:
        """READY once all of it is done, however often the connection is lost."""
        if self.state < ResourceState.DISCOVERED:
            self.do_discover()
        self._patiently(self._deploy)
        return LATER

    def _deploy(self) -> None:
        if self.state < ResourceState.PROVISIONED:
            self._provision()
        super().do_deploy()

    def do_release(self) -> object:
        """Take away what is ours, then let the connection go."""
        if self._has_folder:
            self._give_back()
        else:
            self._let_go()
        return LATER

    def _give_back(self) -> None:
        try:
            self._tear_down()
            tidying.clear(
                self.host,
                self.layout,
                self.ec.run_id,
                self._holder,
                self._mark,
                list(self._homes),
                keep=self.keep_files,
            )
        except Unreachable as problem:
            why = str(problem)
            self.when_back(lambda back: self.later(self._give_back_again, back, why))
            return
        except HostError as problem:
            self.error(f"{self.name} is not as it was: {problem}")
        self._let_go()

    def _give_back_again(self, back: bool, why: str) -> None:
        if back:
            self._give_back()
            return
        folder = self.layout.exp_home
        self.error(f"{self.name} is not as it was: {folder} stays there, and what runs: {why}")
        self._let_go()

    def _tear_down(self) -> None:
        if not self.tearDown or self.state is ResourceState.NEW:
            return
        done = self.host.run(
            ["sh", "-c", self.tearDown], cwd=self.layout.home, timeout_s=_TEAR_DOWN_S
        )
        if done.status:
            words = (done.stderr or done.stdout).strip().rpartition("\n")[2]
            self.warning(f"tearDown of {self.name} ended with status {done.status}: {words}")

    def _let_go(self) -> None:
        watching, self._stop_watching = self._stop_watching, None
        if watching is not None:
            watching()
        if self._key is not None:
            self._pool.give_back(self._key)
            self._key = None
        elif self._host is not None:
            self._host.close()
        if self.state is not ResourceState.RELEASED:
            super().do_release()

    # -- losing it and finding it again ------------------------------------------------------------

    def when_back(self, then: Then) -> None:
        """Call *then* once it can be reached again, or was given up."""
        self._room.enter(then)
        reach = self.host.reach
        if reach.up:
            self._room.call(True)
        else:
            self._expect(reach)

    def _patiently(self, step: Callable[[], object]) -> None:
        try:
            step()
        except Unreachable as problem:
            why = str(problem)
            self.when_back(lambda back: self.later(self._again, back, step, why))

    def _again(self, back: bool, step: Callable[[], object], why: str) -> None:
        if self.releasing or self.state >= ResourceState.FAILED:
            return
        if not back:
            raise HostError(why)
        self._patiently(step)

    def _reach_changed(self, reach: "Reach") -> None:
        """From the host's thread."""
        self.later(self._note_reach, reach)

    def _note_reach(self, reach: "Reach") -> None:
        if self._stop_watching is None or self._room.given_up or reach.up is not self.suspect:
            return
        if reach.up:
            self.set("suspect", False)
            self.set("unreachable", None)
            self.info(f"{self.name} can be reached again")
            self._room.call(True)
            return
        since = self.ec.clock.date(self.ec.clock.now()) - timedelta(seconds=_age(reach))
        self.set("suspect", True)
        self.set("unreachable", f"unreachable since {since:%H:%M:%S}: {reach.why}")
        limit = format_duration(self.lost_after)
        self.warning(f"{self.name} is {self.unreachable}; what runs there runs on, for {limit}")
        self._expect(reach)

    def _expect(self, reach: "Reach") -> None:
        """Look again when its time is over. At a release earlier timers may have been dropped."""
        left = max(0.0, self.lost_after - _age(reach))
        self.ec.schedule(left + 0.01, lambda: self.later(self._look_again))

    def _look_again(self) -> None:
        reach = self.host.reach
        if reach.up or self._stop_watching is None or self._room.given_up:
            return
        if _age(reach) < self.lost_after:
            return
        limit = format_duration(self.lost_after)
        why = f"{self.name} was unreachable for {limit}: {reach.why}"
        self._room.give_up(why)
        for other in self.get_connected():
            if isinstance(other, Application):
                other.later(other.host_lost, why)
        if not self.releasing and self.state < ResourceState.FAILED:
            self.fail(why)


def _age(reach: "Reach") -> float:
    """Seconds since it is as it is."""
    return monotonic() - reach.since
