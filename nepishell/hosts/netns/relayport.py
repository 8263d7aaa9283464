"""The two ends of a relayed link: packet sockets, and how far the hosts may leave work undone.

All functions act in the network namespace of the calling thread.
"""

import socket
import struct
from contextlib import closing

from nepishell.core.errors import HostError
from nepishell.hosts.netns import netlink, relayfeatures

RTM_NEWLINK, RTM_GETLINK = 16, 18
IFLA_IFNAME, IFLA_GSO_MAX_SEGS = 3, 40
IFINFO = bytes(16)  # no family, no index: the name says which
SEGMENTS_JOINED = 65535
#: Joined segments that a virtio header cannot describe: inside tunnels, and of other protocols.
UNTELLABLE = frozenset(
    {
        "tx-gre-segmentation",
        "tx-gre-csum-segmentation",
        "tx-ipxip4-segmentation",
        "tx-ipxip6-segmentation",
        "tx-udp_tnl-segmentation",
        "tx-udp_tnl-csum-segmentation",
        "tx-gso-list",
        "tx-sctp-segmentation",
        "tx-esp-segmentation",
    }
)
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
    """Let the stack behind *ifname* hand over segments joined (*on*) or one by one. HostError.

    A limit of one segment holds for TCP and UDP, for connections that exist too; the switches of
    ethtool leave UDP joined. Joined ones are of kinds that a virtio header can tell.
    """
    most = SEGMENTS_JOINED if on else 1
    body = (
        IFINFO + netlink.attr_text(IFLA_IFNAME, ifname) + netlink.attr_u32(IFLA_GSO_MAX_SEGS, most)
    )
    change = netlink.Message(RTM_NEWLINK, 0, body, f"segments of '{ifname}'")
    with closing(netlink.Socket()) as kernel:
        try:
            kernel.send((change,))
            relayfeatures.switch_off(ifname, UNTELLABLE)
        except netlink.NetlinkError as error:
            raise HostError(f"offloads of '{ifname}' do not change: {error.why}") from error
        except OSError as error:
            raise HostError(f"offloads of '{ifname}' do not change: {error.strerror}") from error


def offloads(ifname: str) -> bool:
    """Whether segments are handed over joined."""
    body = IFINFO + netlink.attr_text(IFLA_IFNAME, ifname)
    question = netlink.Message(RTM_GETLINK, 0, body, f"look at '{ifname}'")
    with closing(netlink.Socket()) as kernel:
        answer = netlink.attributes(kernel.ask(question)[len(IFINFO) :])
    most: int = struct.unpack("=I", answer[IFLA_GSO_MAX_SEGS])[0]
    return most > 1
