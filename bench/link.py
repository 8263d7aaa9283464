"""What one relayed link of 2 x 10 ms really gives: round trip, throughput, packets, loss.

Run as root (or inside `unshare -Urn`): python -m bench.link. Two hosts and a core are made in
namespaces of their own, and gone at the end. ping and iperf3 measure where they are installed.
"""

import argparse
import json
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

from nepishell.hosts.netns import kernel, messages, netlink
from nepishell.hosts.netns.engines import segments_apart
from nepishell.hosts.netns.messages import Cidr
from nepishell.hosts.netns.model import Shape
from nepishell.hosts.netns.relaypool import RelayLink, RelayPool
from nepishell.hosts.netns.relayport import open_port, set_offloads

T = TypeVar("T")
DEVICE = 2
NAMES = ("a", "b")
ADDRESSES = {"a": "10.9.0.1", "b": "10.9.0.2"}


class Wire:
    """Hosts a and b, each behind a veth pair whose other end is in a core, and a relayed link."""

    def __init__(self, forward: Shape, backward: Shape, *, seed: int = 1, mtu: int = 1500) -> None:
        self._thread = ThreadPoolExecutor(1)
        self.pool = RelayPool(1)
        self._thread.submit(self._build, mtu).result()
        ports = [self.inside("core", open_port, f"to-{name}") for name in NAMES]
        self.shapes = (Shape(), Shape())
        self.pool.add(
            [
                RelayLink(
                    name="wire",
                    a=ports[0],
                    b=ports[1],
                    forward=forward,
                    backward=backward,
                    seed=seed,
                )
            ]
        )
        self.shape(forward, backward)

    def _build(self, mtu: int) -> None:
        self.namespaces = {}
        for name in ("core", *NAMES):
            kernel.unshare(kernel.CLONE_NEWNET)
            fd = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
            self.namespaces[name] = fd
            for which in ("all", "default"):
                path = f"/proc/sys/net/ipv6/conf/{which}/disable_ipv6"
                with open(path, "w") as switch:
                    switch.write("1")
            # the system's bound on a sender's window is less than 1.5 Gbit/s x 20 ms
            with open("/proc/sys/net/ipv4/tcp_wmem", "w") as window:
                window.write("4096 16384 33554432")
        kernel.setns(self.namespaces["core"], kernel.CLONE_NEWNET)
        core = netlink.Socket()
        for index, name in enumerate(NAMES):
            pair = messages.veth(
                what=name,
                index=DEVICE + index,
                name=f"to-{name}",
                peer_ns=self.namespaces[name],
                peer_index=DEVICE,
                peer_name="eth0",
                peer_mac=bytes((2, 0, 0, 0, 0, index + 1)),
                peer_up=False,
                mtu=mtu,
            )
            core.send([pair])
        core.close()
        for name in NAMES:
            kernel.setns(self.namespaces[name], kernel.CLONE_NEWNET)
            host = netlink.Socket()
            host.send(
                [
                    messages.set_link("lo", 1, up=True),
                    messages.set_link("eth0", DEVICE, up=True),
                    messages.address(name, DEVICE, Cidr(f"{ADDRESSES[name]}/24")),
                ]
            )
            host.close()

    def inside(self, name: str, function: Callable[..., T], *args: object, **more: object) -> T:
        """Call a function on a thread that is in the namespace of *name*."""

        def enter_and_call() -> T:
            kernel.setns(self.namespaces[name], kernel.CLONE_NEWNET)
            return function(*args, **more)

        return self._thread.submit(enter_and_call).result()

    def start(self, name: str, argv: Sequence[str]) -> "subprocess.Popen[str]":
        """Start a program in a host."""
        return self.inside(
            name,
            subprocess.Popen,
            argv,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, name: str, *argv: str) -> str:
        """Run a program in a host; what it printed."""
        with self.start(name, argv) as process:
            return process.communicate(timeout=60)[0]

    def shape(self, forward: Shape, backward: Shape) -> None:
        """Change both directions while traffic flows."""
        for name, shape in zip(NAMES, (forward, backward), strict=True):
            self.inside(name, set_offloads, "eth0", on=not segments_apart(shape))
        self.pool.set_shape("wire", forward, backward)

    def close(self) -> None:
        """End the relay and let the kernel free the namespaces."""
        self.pool.close()
        self._thread.shutdown()
        for fd in self.namespaces.values():
            os.close(fd)
