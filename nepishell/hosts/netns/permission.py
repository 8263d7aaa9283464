"""May we make namespaces here? The kernel's refusal, and what a person can do about it.

Light: the keeper imports it at its start.
"""

# pathlib doubles the start of the keeper
# ruff: noqa: PTH110, PTH123

import errno
import os

_APPARMOR = "kernel.apparmor_restrict_unprivileged_userns"
_DEBIAN = "kernel.unprivileged_userns_clone"
_USER_LIMIT = "user.max_user_namespaces"
_NET_LIMIT = "user.max_net_namespaces"


def one_line(exc: BaseException) -> str:
    """The text of a refusal."""
    if isinstance(exc, OSError) and not hasattr(exc, "what"):
        named = f"{exc.filename}: " if exc.filename else ""
        if exc.errno == errno.EMFILE:
            return "too many open files for a lab of this size: raise `ulimit -n`"
        return f"{named}{exc.strerror or exc}"
    return str(exc)


def _sysctl(name: str) -> str:
    try:
        with open(f"/proc/sys/{name.replace('.', '/')}") as file:
            return file.read().strip()
    except OSError:
        return ""


def explain(exc: OSError) -> str:
    """Why no lab can be opened, and what to do; one line."""
    if not os.path.exists("/proc/self/ns/user"):
        return "network namespaces are not allowed: this kernel has no user namespaces; run as root"
    return "network namespaces are not allowed: " + _cause(exc)


def _cause(exc: OSError) -> str:
    if _sysctl(_USER_LIMIT) == "0":
        return f"{_USER_LIMIT} is 0; run as root, or `sysctl -w {_USER_LIMIT}=10000` as root"
    if _sysctl(_NET_LIMIT) == "0":
        return f"{_NET_LIMIT} is 0; `sysctl -w {_NET_LIMIT}=10000` as root"
    if _sysctl(_APPARMOR) == "1":
        return f"AppArmor forbids it to users; run as root, or `sysctl -w {_APPARMOR}=0` as root"
    if _sysctl(_DEBIAN) == "0":
        return f"{_DEBIAN} is 0; run as root, or `sysctl -w {_DEBIAN}=1` as root"
    if exc.errno in (errno.EPERM, errno.EACCES):
        return (
            f"{exc.filename or 'unshare'} is forbidden ({exc.strerror}); run as root, and in a "
            "container with the capability SYS_ADMIN and a seccomp profile that allows unshare"
        )
    if exc.errno == errno.ENOSPC:
        return f"the limit of namespaces is reached; see `sysctl {_USER_LIMIT} {_NET_LIMIT}`"
    return f"{exc.filename or 'unshare'}: {exc.strerror}; run as root"
