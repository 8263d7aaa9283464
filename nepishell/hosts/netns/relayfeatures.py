"""The features of a network device, switched off by name as `ethtool -K` does.

They are numbered bits; what each number means is asked of the kernel, once. Functions act in the
network namespace of the calling thread and raise OSError.
"""

import fcntl
import socket
import struct
from array import array
from collections.abc import Iterable
from functools import cache

SIOCETHTOOL = 0x8946
GSTRINGS, GSSET_INFO, GFEATURES, SFEATURES = 0x1B, 0x37, 0x3A, 0x3B
SS_FEATURES = 4
NAME_SIZE = 32


def switch_off(ifname: str, features: Iterable[str]) -> None:
    """Switch off those of *features* that this kernel knows; silent where they are off."""
    numbers = feature_numbers(ifname)
    blocks = [0] * _blocks(numbers)
    for feature in features:
        if feature in numbers:
            blocks[numbers[feature] // 32] |= 1 << numbers[feature] % 32
    request = array("I", [SFEATURES, len(blocks)])
    for mask in blocks:
        request.extend((mask, 0))  # these bits change, to nothing
    _ethtool(ifname, request)


def active(ifname: str) -> set[str]:
    """The features that are on."""
    numbers = feature_numbers(ifname)
    count = _blocks(numbers)
    answer = array("I", [GFEATURES, count, *[0] * (4 * count)])
    _ethtool(ifname, answer)
    blocks = answer[4::4]  # of each four: available, requested, active, never changed
    return {name for name, number in numbers.items() if blocks[number // 32] >> number % 32 & 1}


@cache
def feature_numbers(ifname: str) -> dict[str, int]:
    """The number of each feature; the same for every device, which is only there to be asked."""
    question = array("I", [GSSET_INFO, 0, 1 << SS_FEATURES, 0, 0])
    _ethtool(ifname, question)
    count = question[4]
    answer = array("I", [GSTRINGS, SS_FEATURES, count, *[0] * (count * NAME_SIZE // 4)])
    _ethtool(ifname, answer)
    text = answer.tobytes()[12:]
    names = (text[at : at + NAME_SIZE] for at in range(0, len(text), NAME_SIZE))
    return {name.rstrip(b"\0").decode(): number for number, name in enumerate(names) if name}


def _blocks(numbers: dict[str, int]) -> int:
    return max(numbers.values()) // 32 + 1


def _ethtool(ifname: str, request: "array[int]") -> None:
    address = struct.pack("16sP", ifname.encode(), request.buffer_info()[0])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCETHTOOL, address.ljust(40, b"\0"))
