"""The two ends of a relayed link: packet sockets, and how far the hosts may leave work undone.

All functions act in the network namespace of the calling thread.
"""

import fcntl
import socket
import struct
from array import array

from nepishell.core.errors import HostError

SIOCETHTOOL = 0x8946
# from linux/ethtool.h: get and set: TCP segments, segments of any kind
GTSO, STSO, GGSO, SGSO = 0x1E, 0x1F, 0x23, 0x24
ETH_P_ALL = 3
SOL_PACKET = 263
PACKET_VNET_HDR, PACKET_QDISC_BYPASS, PACKET_IGNORE_OUTGOING = 15, 20, 23
SO_SNDBUFFORCE, SO_RCVBUFFORCE = 32, 33
#: Bytes of frames (with the kernel's own share) that wait while the relay does something else.
BUFFER = 32 << 20


def open_port(ifname: str) -> socket.socket:
    """A packet socket that reads and writes whole frames of *ifname*, each after a virtio header.

    Raises HostError. The interface should be up, have no addresses, and an MTU of the link's.
    """
    port = socket.socket(socket.AF_PACKET, socket.SOCK_RAW | socket.SOCK_CLOEXEC, 0)
    try:
        port.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
        port.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)  # never see what we sent
        port.setsockopt(SOL_PACKET, PACKET_QDISC_BYPASS, 1)
        _grow(port, SO_RCVBUFFORCE, socket.SO_RCVBUF)
        _grow(port, SO_SNDBUFFORCE, socket.SO_SNDBUF)
        # only now does it hear anything: no frame of another interface can slip in
        port.bind((ifname, ETH_P_ALL))
        port.setblocking(False)
    except OSError as error:
        port.close()
        raise HostError(f"no packet socket on '{ifname}': {error.strerror}") from error
    return port


def _grow(port: socket.socket, forced: int, asked: int) -> None:
    try:
        port.setsockopt(socket.SOL_SOCKET, forced, BUFFER)
    except PermissionError:  # not root outside: as much as the system allows
        port.setsockopt(socket.SOL_SOCKET, asked, BUFFER)


def set_offloads(ifname: str, *, on: bool) -> None:
    """Let the stack behind *ifname* hand over segments joined (*on*) or one by one. HostError."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
            for command in (STSO, SGSO):
                _ethtool(any_socket.fileno(), ifname, command, int(on))
    except OSError as error:
        raise HostError(f"offloads of '{ifname}' do not change: {error.strerror}") from error


def offloads(ifname: str) -> bool:
    """Whether segments are handed over joined."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        return any(_ethtool(any_socket.fileno(), ifname, get, 0) for get in (GTSO, GGSO))


def _ethtool(fd: int, ifname: str, command: int, value: int) -> int:
    wanted = array("I", [command, value])
    request = struct.pack("16sP", ifname.encode(), wanted.buffer_info()[0])
    fcntl.ioctl(fd, SIOCETHTOOL, request.ljust(40, b"\0"))
    return wanted[1]
