"""A tar archive of local files, made while it is read: nothing is held but one block."""

import tarfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

_BLOCK = 1 << 18
_RECORD = tarfile.BLOCKSIZE


def archive(pairs: Sequence[tuple[Path, str]], told: Callable[[int], None]) -> Iterator[bytes]:
    """The archive of (local file, name in it); *told* gets the number of bytes of each block.

    Permissions are kept, owners are not. Raises OSError.
    """
    pending = bytearray()
    for source, name in pairs:
        with source.open("rb") as file:
            status = source.stat()
            info = tarfile.TarInfo(name)
            info.size, info.mode, info.mtime = (
                status.st_size,
                status.st_mode & 0o7777,
                int(status.st_mtime),
            )
            pending += info.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape")
            left = info.size
            while left:
                # one that shrinks meanwhile is filled up, one that grows is cut off
                block = file.read(min(_BLOCK, left)) or bytes(min(_BLOCK, left))
                left -= len(block)
                pending += block
                told(len(block))
                if len(pending) >= _BLOCK:
                    yield bytes(pending)
                    pending.clear()
            pending += bytes(-info.size % _RECORD)
    yield bytes(pending) + bytes(2 * _RECORD)
