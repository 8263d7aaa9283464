"""A frame as the relay holds it: the virtio header of PACKET_VNET_HDR, then the Ethernet frame.

The header tells what the sender left undone: a checksum to complete, segments to cut. Handing it
on with the frame leaves both to whoever needs them, in most cases nobody.
"""

import struct
from array import array
from random import Random

VNET_HEADER = 10  # flags, gso type, header length, gso size, checksum start and offset
ETHERNET_HEADER = 14
#: A header, and the longest that the stack hands over as one frame.
FRAME_MAX = 65536 + 256
NEEDS_CHECKSUM = 1


def with_flipped_bit(frame: bytes, rng: Random) -> bytes:
    """*frame* with one bit after its Ethernet header inverted.

    A checksum that was left to the hardware is completed first, or nobody would notice.
    """
    start = VNET_HEADER + ETHERNET_HEADER
    if len(frame) <= start:
        return frame
    harmed = bytearray(frame)
    flags, gso_type, _, _, csum_start, csum_offset = struct.unpack_from("=BBHHHH", harmed)
    if flags & NEEDS_CHECKSUM and gso_type == 0:
        covered = harmed[VNET_HEADER + csum_start :]
        words = array("H", bytes(covered) + b"\0" * (len(covered) % 2))
        total = sum(words)
        while total > 0xFFFF:
            total = (total & 0xFFFF) + (total >> 16)
        at = VNET_HEADER + csum_start + csum_offset
        struct.pack_into("=H", harmed, at, (~total & 0xFFFF) or 0xFFFF)
        harmed[:VNET_HEADER] = bytes(VNET_HEADER)
    bit = rng.randrange(8 * (len(harmed) - start))
    harmed[start + bit // 8] ^= 1 << (bit % 8)
    return bytes(harmed)
