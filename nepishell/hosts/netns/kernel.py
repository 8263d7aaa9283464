"""The system calls that a lab needs and Python does not offer: namespaces, mounts, subreaper.

Every function acts on the calling thread or process and raises OSError with the kernel's errno.
"""

import ctypes
import os

CLONE_NEWNS, CLONE_NEWUTS = 0x00020000, 0x04000000
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000

_MS_BIND, _MS_REC, _MS_SLAVE = 4096, 16384, 1 << 19
_MS_NOSUID, _MS_NODEV, _MS_NOEXEC = 2, 4, 8
_PR_SET_CHILD_SUBREAPER = 36

_libc = ctypes.CDLL(None, use_errno=True)
_libc.mount.argtypes = (
    ctypes.c_char_p,
    ctypes.c_char_p,
    ctypes.c_char_p,
    ctypes.c_ulong,
    ctypes.c_char_p,
)


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), what)


def unshare(flags: int) -> None:
    """Leave some namespaces for new ones."""
    _check(_libc.unshare(flags), "unshare")


def setns(fd: int, kind: int) -> None:
    """Enter the namespace that *fd* holds."""
    _check(_libc.setns(fd, kind), "setns")


def become_subreaper() -> None:
    """Make this process the parent of its orphaned descendants."""
    _check(_libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), "prctl")


def set_hostname(name: str) -> None:
    """Name this UTS namespace; Linux takes 64 bytes."""
    text = name.encode()[:64]
    _check(_libc.sethostname(text, len(text)), "sethostname")


def stop_mount_propagation() -> None:
    """Let nothing that we mount from here on be seen outside this mount namespace."""
    _check(_libc.mount(None, b"/", None, _MS_REC | _MS_SLAVE, None), "mount --make-rslave /")


def bind_mount(source: str, target: str) -> None:
    """Show the file *source* at *target*."""
    _check(_libc.mount(os.fsencode(source), os.fsencode(target), None, _MS_BIND, None), target)


def mount_sysfs(target: str) -> None:
    """Show the devices of the current network namespace at *target*."""
    flags = _MS_NOSUID | _MS_NODEV | _MS_NOEXEC
    _check(_libc.mount(b"sysfs", os.fsencode(target), b"sysfs", flags, None), target)
