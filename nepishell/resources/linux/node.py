"""A real host, reached by SSH; or this machine, where its hostname is localhost and nothing more.

All resources that name the same host share one connection. What is made there lies below
`.nepishell` in the host's home and is gone after the release. A host that cannot be reached is
suspect, not failed: what runs there runs on, until `lost_after` has passed.
"""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from nepishell.core.attributes import Attribute, Flags
from nepishell.core.errors import BadValue, HostError, Unreachable
from nepishell.core.states import ResourceState
from nepishell.engine.jobs import LATER
from nepishell.engine.resource import ResourceManager
from nepishell.hosts.base import Host
from nepishell.hosts.local import LocalHost
from nepishell.hosts.ssh import Endpoint
from nepishell.resources.linux import probing, tidying
from nepishell.resources.linux.connections import Connections
from nepishell.resources.linux.layout import Layout, on_host
from nepishell.resources.linux.reaching import Reachable
from nepishell.resources.node import by_sudo, kept_here

if TYPE_CHECKING:
    from nepishell.engine.controller import ExperimentController

_HERE = ("localhost", "127.0.0.1", "::1")
#: Where administrators' programs are: an ordinary user's PATH may lack it.
_SBIN = "/usr/local/sbin:/usr/sbin:/sbin"
#: Seconds that tearDown may take.
_TEAR_DOWN_S = 120.0


class LinuxNode(Reachable):
    """A host that is reached by SSH."""

    rtype = "linux::Node"

    hostname = Attribute(help="its name, address, or Host of ~/.ssh/config (default: its label)")
    username = Attribute(help="who logs in (default: as ssh does)")
    port = Attribute(int, min=1, max=65535, help="of its SSH server (default: as ssh does)")
    # a path is no secret, and whoever resumes the run needs it
    identity = Attribute(help="file of the private key (default: as ssh)")
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
    about = Attribute(flags=Flags.NoWrite, help="what it runs: system, kernel, Python")

    def __init__(self, ec: "ExperimentController", guid: int) -> None:
        super().__init__(ec, guid)
        self._endpoint: Endpoint | None = None
        self._homes: dict[Path, None] = {}  # of applications, in order
        self._has_folder = False
        self._tools: dict[Path, str] = {}
        self._tools_lock = Lock()

    # -- who it is ------------------------------------------------------------------------------

    @property
    def host_name(self) -> str:
        """What it is reached by; raises BadValue when it has neither a hostname nor a label."""
        found: str = self.hostname or self.label
        if not found:
            raise BadValue(f"{self.name} needs a hostname, or a label that is one")
        return found

    @property
    def endpoint(self) -> Endpoint:
        """What is said of the way there; raises BadValue when there is no name."""
        return Endpoint(
            hostname=self.host_name,
            username=self.username,
            port=self.port,
            identity=self.identity,
            server_key=self.serverKey,
            accept_key=self.accept_key,
            gateway=self.gateway,
            gateway_user=self.gatewayUser,
            password=self.password,
        )

    @property
    def is_here(self) -> bool:  # type: ignore[override] # it depends on the hostname
        """Whether it is this machine."""
        end = self.endpoint
        return end.hostname in _HERE and end.port is None and end.username is None

    @property
    def address(self) -> str:
        """How others reach it."""
        # what answered us, since others know no Host of our ~/.ssh/config; not so behind a gateway
        seen = "" if self.gateway else getattr(self._host, "address", "")
        found: str = self.ip or seen or self.host_name
        return found

    @property
    def machine(self) -> str:
        """User, host and port."""
        end = self.endpoint
        return f"{end.username or ''}@{end.hostname}:{end.port or ''}"

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
            self.watch_reach()
        self._system = probing.probe(self._host)
        if not self._system.alive or not self._system.home:
            raise HostError(f"{self.name} ran no POSIX shell: is sh installed there?")
        python = self._system.python and f"python {self._system.python}"
        about = (self._system.system, self._system.kernel, python or "no python3")
        self.set("about", ", ".join(filter(None, about)))
        super().do_discover()

    def _connect(self) -> Host:
        if self.is_here:
            return LocalHost(self.label or "localhost", kept_here(self.ec))
        self._endpoint = self.endpoint
        return self._pool.take(self._endpoint, self._make_host)

    @property
    def _pool(self) -> Connections:
        return self.ec.shared("connections", Connections)

    def _make_host(self) -> Host:
        # paramiko is loaded by who needs it
        ssh: Any = import_module("nepishell.hosts.ssh")
        host: Host = ssh.SshHost(self._endpoint, name=self.host_name)
        return host

    def do_resume(self, acts: dict[str, str]) -> None:
        """Connect again; what runs there is found by who started it."""
        if self.state >= ResourceState.DISCOVERED:
            self._host = self._connect()
            self.watch_reach()
            self._system = probing.probe(self._host)
            self._has_folder = self.state >= ResourceState.PROVISIONED

    def do_provision(self) -> object:
        """Make our folder there."""
        self.patiently(self._provision)
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
        self.patiently(self._deploy)
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
            self._clear()
        except Unreachable as problem:
            why = str(problem)
            self.when_back(lambda back: self.later(self._give_back_again, back, why))
            return
        except HostError as problem:
            self.error(f"{self.name} is not as it was: {problem}")
        self._let_go()

    def _clear(self) -> None:
        tidying.clear(
            self.host,
            self.layout,
            self.ec.run_id,
            self._holder,
            self._mark,
            list(self._homes),
            keep=self.keep_files,
        )

    def _give_back_again(self, back: bool, why: str) -> None:
        if back:
            self._give_back()
            return
        folder = self.layout.exp_home
        self.error(f"{self.name} is not as it was: {folder} stays there, and what runs: {why}")
        self._let_go()

    def _leave(self) -> None:
        """Have nothing to do with the host any more."""
        self.unwatch_reach()
        if self._endpoint is not None:
            self._pool.give_back(self._endpoint)
            self._endpoint = None
        elif self._host is not None:
            self._host.close()

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
        self._leave()
        if self.state is not ResourceState.RELEASED:
            super().do_release()
