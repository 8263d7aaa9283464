"""Namespaces held by descriptors: the lab's core, and one per host.

Nothing is mounted or named anywhere: a namespace lives as long as the keeper holds it open or a
process is in it. Functions here act on the calling thread, which is the keeper's only one, and
leave it in the core.
"""

import os
from contextlib import suppress

from nepishell.hosts.netns import kernel, messages, netlink

_LOOPBACK = 1
#: The kernel counts from 2 when somebody makes a device in a host: ours must not be in the way.
_FIRST_INDEX = 1 << 16
_HOSTS_FILE = "/etc/hosts"
_RESOLVER_FILE = "/etc/resolv.conf"


def write_sysctl(name: str, value: str) -> None:
    """Set net.<name> in the current namespace; silent where this kernel has no such switch."""
    with suppress(FileNotFoundError):
        fd = os.open(f"/proc/sys/net/{name}", os.O_WRONLY | os.O_CLOEXEC)
        try:
            os.write(fd, value.encode())
        finally:
            os.close(fd)


def read_sysctl(name: str) -> str:
    """net.<name> in the current namespace; "" where there is none."""
    try:
        fd = os.open(f"/proc/sys/net/{name}", os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return ""
    try:
        return os.read(fd, 64).decode().strip()
    finally:
        os.close(fd)


def _open_own(kind: str) -> int:
    return os.open(f"/proc/thread-self/ns/{kind}", os.O_RDONLY | os.O_CLOEXEC)


class Core:
    """The namespace of bridges, of the lab's ends of cables, and of the keeper itself."""

    def __init__(self, hosts_file: str, *, owns_machine: bool = False) -> None:
        """*owns_machine*: whether we may make devices that send through the machine's network."""
        self.hosts_file = hosts_file
        #: the machine's own network, through which tunnels to other machines go; -1: not ours
        self.outside = _open_own("net") if owns_machine else -1
        kernel.unshare(kernel.CLONE_NEWNET)
        self.net = _open_own("net")
        self.mnt = _open_own("mnt")
        self.uts = _open_own("uts")
        self.netlink = netlink.Socket()
        self._next_index = _FIRST_INDEX
        # the devices here carry frames for others and must stay silent themselves
        for which in ("all", "default"):
            write_sysctl(f"ipv6/conf/{which}/disable_ipv6", "1")
        # a new namespace inherits this from the machine; a router must not drop by it
        checks = (read_sysctl(f"ipv4/conf/{which}/rp_filter") for which in ("all", "default"))
        self.filters_by_source = any(value not in ("", "0") for value in checks)

    def new_index(self) -> int:
        """A device index that no device of the lab has or had.

        Were both ends of a pair to have the same one, each in its namespace, the kernel would take
        them for a device without a peer and let their carrier wait up to a second.
        """
        self._next_index += 1
        return self._next_index - 1

    def enter_net(self) -> None:
        kernel.setns(self.net, kernel.CLONE_NEWNET)

    def enter(self) -> None:
        """Come back from a host."""
        kernel.setns(self.mnt, kernel.CLONE_NEWNS)
        kernel.setns(self.uts, kernel.CLONE_NEWUTS)
        kernel.setns(self.net, kernel.CLONE_NEWNET)

    def close(self) -> None:
        self.netlink.close()
        for fd in (self.net, self.mnt, self.uts, self.outside):
            if fd >= 0:
                os.close(fd)


class Space:
    """The namespaces of one host. Its name, files and /sys are its own from the first process."""

    def __init__(self, core: Core, name: str) -> None:
        """Make it; the caller goes back to the core."""
        self.name = name
        self.was_entered = False
        self._core = core
        self._mnt = self._uts = -1
        kernel.unshare(kernel.CLONE_NEWNET)
        self.net = _open_own("net")
        # without this, link-local addresses and their chatter cost the kernel N*N on a switch
        write_sysctl("ipv6/conf/default/addr_gen_mode", "1")
        # a lab's routers answer every probe of a traceroute
        write_sysctl("ipv4/icmp_ratelimit", "0")
        write_sysctl("ipv6/icmp/ratelimit", "0")
        if core.filters_by_source:
            for which in ("all", "default"):
                write_sysctl(f"ipv4/conf/{which}/rp_filter", "0")
        self.netlink = netlink.Socket()
        self.netlink.send((messages.set_link(f"{name}: bring lo up", _LOOPBACK, up=True),))

    @property
    def inode(self) -> int:
        """What /proc/PID/ns/net of a process in it shows."""
        return os.fstat(self.net).st_ino

    def forward(self, *, on: bool) -> None:
        """Make it a router, or no longer."""
        value = "1" if on else "0"
        kernel.setns(self.net, kernel.CLONE_NEWNET)
        try:
            write_sysctl("ipv4/ip_forward", value)
            write_sysctl("ipv6/conf/all/forwarding", value)
        finally:
            self._core.enter_net()

    def enter(self) -> None:
        """Go in, with the host's own name and files; come back by Core.enter()."""
        kernel.setns(self.net, kernel.CLONE_NEWNET)
        if self._mnt < 0:
            self._furnish()
        else:
            kernel.setns(self._mnt, kernel.CLONE_NEWNS)
            kernel.setns(self._uts, kernel.CLONE_NEWUTS)

    def doors(self) -> tuple[int, int, int]:
        """Descriptors of its namespaces net, mnt and uts; the caller goes back to the core."""
        if self._mnt < 0:
            self.enter()
        return self.net, self._mnt, self._uts

    def _furnish(self) -> None:
        """Make the private mount and UTS namespaces, from inside the network namespace."""
        self.was_entered = True
        kernel.unshare(kernel.CLONE_NEWNS | kernel.CLONE_NEWUTS)
        kernel.stop_mount_propagation()
        kernel.set_hostname(self.name)
        with suppress(FileNotFoundError):
            kernel.bind_mount(self._core.hosts_file, _HOSTS_FILE)
        # the machine's name server is out of reach: an unknown name would take seconds to fail
        with suppress(FileNotFoundError, PermissionError):
            kernel.bind_mount("/dev/null", _RESOLVER_FILE)
        # the default of 4 MB holds one connection to 1.3 Gbit/s at a round trip of 20 ms
        write_sysctl("ipv4/tcp_wmem", "4096 16384 33554432")
        # an ordinary user may be refused a fresh /sys; the machine's is then seen
        with suppress(PermissionError):
            kernel.mount_sysfs("/sys")
        # lets ping work for whoever a program turns itself into; the map of groups may hold only 0
        try:
            write_sysctl("ipv4/ping_group_range", "0 2147483647")
        except OSError:
            write_sysctl("ipv4/ping_group_range", "0 0")
        self._mnt = _open_own("mnt")
        self._uts = _open_own("uts")

    def close(self) -> None:
        """Let the kernel free it; processes inside keep it alive."""
        self.netlink.close()
        for fd in (self.net, self._mnt, self._uts):
            if fd >= 0:
                os.close(fd)


def enter_user_namespace() -> None:
    """Become root over a user namespace of our own. The process must have one thread."""
    uid, gid = os.geteuid(), os.getegid()
    # a mount and a UTS namespace too: we may come back only into what we own
    kernel.unshare(kernel.CLONE_NEWUSER | kernel.CLONE_NEWNS | kernel.CLONE_NEWUTS)
    for name, text in (
        # the kernel wants this before it takes a map of groups from an ordinary user
        ("setgroups", "deny"),
        ("uid_map", f"0 {uid} 1"),
        ("gid_map", f"0 {gid} 1"),
    ):
        fd = os.open(f"/proc/self/{name}", os.O_WRONLY | os.O_CLOEXEC)
        try:
            os.write(fd, text.encode())
        finally:
            os.close(fd)
    kernel.stop_mount_propagation()


def open_core(hosts_file: str) -> Core:
    """Enter the lab: with root's rights directly, else through a user namespace.

    Raises PermissionError or OSError as the kernel refused; permission.py explains it.
    """
    if os.geteuid() == 0:
        try:
            return Core(hosts_file, owns_machine=True)
        except PermissionError:
            # root of a container that was denied CAP_SYS_ADMIN
            pass
    enter_user_namespace()
    return Core(hosts_file)
