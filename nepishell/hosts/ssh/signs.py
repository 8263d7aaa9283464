"""When the other end of a TCP connection was last heard of, as the kernel knows it.

A host that is far too busy with our upload to answer acknowledges what it gets: that is a sign of
life, too. See tcp(7), TCP_INFO.
"""

import socket
import struct
from time import monotonic

#: Of struct tcp_info: tcpi_last_data_recv and tcpi_last_ack_recv, in milliseconds before now.
_LASTS = struct.Struct("@II")
_OFFSET = 52


def heard_at(way: object) -> float:
    """Seconds of monotonic() when the kernel last got something there; 0 for what is not TCP."""
    if not isinstance(way, socket.socket):
        return 0.0
    try:
        info = way.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _OFFSET + _LASTS.size)
        lasts_ms: tuple[int, int] = _LASTS.unpack_from(info, _OFFSET)
    except (OSError, struct.error):
        return 0.0
    return monotonic() - min(lasts_ms) / 1000
