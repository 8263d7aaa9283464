import struct
from random import Random

from nepishell.hosts.netns.relayframe import ETHERNET_HEADER, VNET_HEADER, with_flipped_bit

ETHERNET = bytes(range(ETHERNET_HEADER))


def differing_bits(one: bytes, other: bytes) -> list[int]:
    both = zip(one, other, strict=True)
    return [
        8 * at + bit for at, (x, y) in enumerate(both) for bit in range(8) if (x ^ y) >> bit & 1
    ]


def ones_complement_sum(data: bytes) -> int:
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return total


def test_exactly_one_bit_is_flipped_and_never_in_the_ethernet_header() -> None:
    frame = bytes(VNET_HEADER) + ETHERNET + bytes(50)
    rng = Random(7)
    for _ in range(200):
        [bit] = differing_bits(frame, with_flipped_bit(frame, rng))
        assert bit >= 8 * (VNET_HEADER + ETHERNET_HEADER)


def test_a_frame_without_payload_stays_as_it_is() -> None:
    frame = bytes(VNET_HEADER) + ETHERNET
    assert with_flipped_bit(frame, Random(1)) == frame


def test_the_same_seed_flips_the_same_bits() -> None:
    frame = bytes(VNET_HEADER) + ETHERNET + bytes(99)
    assert with_flipped_bit(frame, Random(3)) == with_flipped_bit(frame, Random(3))


def test_a_checksum_left_to_the_hardware_is_completed_so_that_the_harm_is_noticed() -> None:
    # the checksum field, 6 bytes into what it covers, holds the sum of the pseudo header
    pseudo = 0x1234
    covered = bytearray(b"\x13\x88\x14\x50\x00\x0d\x00\x00hello")
    struct.pack_into("!H", covered, 6, pseudo)
    header = struct.pack("=BBHHHH", 1, 0, 0, 0, ETHERNET_HEADER, 6)
    harmed = with_flipped_bit(header + ETHERNET + bytes(covered), Random(5))

    assert harmed[:VNET_HEADER] == bytes(VNET_HEADER)
    received = harmed[VNET_HEADER + ETHERNET_HEADER :] + b"\0"
    assert ones_complement_sum(received + struct.pack("!H", pseudo)) != 0xFFFF
    # and without the harm it would have been right
    mended = bytearray(covered)
    struct.pack_into("!H", mended, 6, 0)
    total = ones_complement_sum(bytes(mended) + b"\0" + struct.pack("!H", pseudo))
    struct.pack_into("!H", mended, 6, ~total & 0xFFFF)
    assert len(differing_bits(bytes(mended), harmed[VNET_HEADER + ETHERNET_HEADER :])) == 1
