"""The /etc/hosts that all hosts of a lab share: one file, changed in place.

In place, because every host shows this very inode: a new file under the same name would not be
seen by what runs already.
"""

import ipaddress
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from nepishell.core.errors import BadValue

_LOOPBACK = "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n"


def hosts_text(names: Mapping[str, Sequence[str]]) -> str:
    """The file that resolves each name to its addresses (a prefix length is left out).

    Raises BadValue for what is no address.
    """
    lines = [_LOOPBACK]
    for name, addresses in names.items():
        for text in addresses:
            bare = text.partition("/")[0]
            try:
                ipaddress.ip_address(bare)
            except ValueError as exc:
                raise BadValue(
                    f"'{text}' is not an address of '{name}'; write one as 10.0.1.1"
                ) from exc
            lines.append(f"{bare}\t{name}\n")
    return "".join(lines)


def rewrite(path: Path, text: str) -> None:
    """Replace what the file says without replacing the file; made if missing."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        data = text.encode()
        os.pwrite(fd, data, 0)
        os.ftruncate(fd, len(data))
    finally:
        os.close(fd)
