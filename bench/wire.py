"""Two hosts and a relayed link between them, in namespaces of their own, gone after close().

Stands apart from the lab, so that the link alone is measured and tested. Needs root, or the root
of a user namespace, and `ip`.
"""

import json
import os
import subprocess
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from nepishell.hosts.netns import kernel
from nepishell.hosts.netns.engines import segments_apart
from nepishell.hosts.netns.model import Measured, Shape
from nepishell.hosts.netns.probe import ProbedLink, measure, open_probe_socket
from nepishell.hosts.netns.relaypool import RelayLink, RelayPool
from nepishell.hosts.netns.relayport import open_port, set_offloads

P = ParamSpec("P")
T = TypeVar("T")

NAMES = ("a", "b")
ADDRESSES = {"a": "10.9.0.1", "b": "10.9.0.2"}
LINK = "wire"


class Namespaces:
    """Network namespaces by name, and one thread that goes into them."""

    def __init__(self, *names: str) -> None:
        self._thread = ThreadPoolExecutor(1)
        self.fds = {name: self._thread.submit(new_namespace).result() for name in names}

    def inside(self, name: str, function: Callable[P, T], *args: P.args, **more: P.kwargs) -> T:
        """Call a function on a thread that is in the namespace of *name*."""

        def enter_and_call() -> T:
            kernel.setns(self.fds[name], kernel.CLONE_NEWNET)
            return function(*args, **more)

        return self._thread.submit(enter_and_call).result()

    def start(self, name: str, *argv: str) -> "subprocess.Popen[str]":
        """Start a program; its output is in a pipe."""

        def popen() -> "subprocess.Popen[str]":
            return subprocess.Popen(
                argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
            )

        return self.inside(name, popen)

    def run(self, name: str, *argv: str) -> str:
        """Run a program to its end; what it printed."""
        with self.start(name, *argv) as process:
            return process.communicate(timeout=60)[0]

    def ip(self, name: str, commands: Sequence[str]) -> None:
        """Run `ip` commands; raises CalledProcessError."""

        def batch() -> None:
            subprocess.run(["ip", "-batch", "-"], input="\n".join(commands), text=True, check=True)

        self.inside(name, batch)

    def path(self, name: str) -> str:
        """How another program can name the namespace."""
        return f"/proc/{os.getpid()}/fd/{self.fds[name]}"

    def close(self) -> None:
        """Let the kernel free them."""
        self._thread.shutdown()
        for fd in self.fds.values():
            os.close(fd)


def new_namespace() -> int:
    """A quiet network namespace, and the calling thread in it; a descriptor that holds it."""
    kernel.unshare(kernel.CLONE_NEWNET)
    for switch, value in (
        # no frames but those that a test or a bench sends
        ("ipv6/conf/all/disable_ipv6", "1"),
        ("ipv6/conf/default/disable_ipv6", "1"),
        # the system's bound on a sender's window may be less than 1.5 Gbit/s x 20 ms
        ("ipv4/tcp_wmem", "4096 16384 33554432"),
        ("ipv4/tcp_rmem", "4096 131072 33554432"),
    ):
        fd = os.open(f"/proc/sys/net/{switch}", os.O_WRONLY)
        os.write(fd, value.encode())
        os.close(fd)
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


class Cable(Namespaces):
    """Hosts a and b, each behind a veth pair whose other end is in a core, with a packet socket."""

    def __init__(self, *, mtu: int = 1500) -> None:
        super().__init__("core", *NAMES)
        for number, name in enumerate(NAMES, 1):
            end = f"to-{name}"
            pair = f"link add {end} mtu {mtu} type veth peer name eth0 netns {self.path(name)}"
            self.ip("core", [pair, f"link set {end} up"])
            up = f"link set eth0 mtu {mtu} address 02:00:00:00:00:{number:02x} up"
            self.ip(name, [up, f"address add {ADDRESSES[name]}/24 dev eth0"])
        self.a, self.b = (self.inside("core", open_port, f"to-{name}") for name in NAMES)

    def received(self, name: str) -> int:
        """Packets that came in at a host."""
        said = self.run(name, "ip", "-json", "-stats", "link", "show", "eth0")
        return int(json.loads(said)[0]["stats64"]["rx"]["packets"])

    def close(self) -> None:
        """Let the kernel free all of it."""
        self.a.close()
        self.b.close()
        super().close()


class Wire(Cable):
    """A relayed link between hosts a and b."""

    def __init__(self, forward: Shape, backward: Shape, *, seed: int = 1, mtu: int = 1500) -> None:
        super().__init__(mtu=mtu)
        self.forward, self.backward = forward, backward
        self.pool = RelayPool()
        link = RelayLink(
            name=LINK, a=self.a, b=self.b, forward=forward, backward=backward, seed=seed
        )
        self.pool.add([link])
        self.shape(forward, backward)

    def shape(self, forward: Shape, backward: Shape) -> None:
        """Change both directions while traffic flows."""
        self.forward, self.backward = forward, backward
        for name, shape in zip(NAMES, (forward, backward), strict=True):
            self.inside(name, set_offloads, "eth0", on=not segments_apart(shape))
        self.pool.set_shape(LINK, forward, backward)

    def measure(self) -> tuple[Measured, Measured]:
        """What our own probes see of both directions."""
        a, b = (self.inside(name, open_probe_socket, "eth0") for name in NAMES)
        with a, b:
            link = ProbedLink(
                a=a, b=b, forward=self.forward, backward=self.backward, engine="relay"
            )
            return measure([link])[0]

    def close(self) -> None:
        """End the relay and let the kernel free the namespaces."""
        self.pool.close()
        super().close()
