"""What a refusal of the kernel says to a person."""

import errno

import pytest

from nepishell.core.errors import HostError
from nepishell.hosts.netns import permission
from nepishell.hosts.netns.netlink import NetlinkError

REFUSED = OSError(errno.EPERM, "Operation not permitted", "unshare")


@pytest.mark.parametrize(
    ("settings", "remedy"),
    [
        ({"user.max_user_namespaces": "0"}, "sysctl -w user.max_user_namespaces=10000"),
        ({"user.max_net_namespaces": "0"}, "sysctl -w user.max_net_namespaces=10000"),
        (
            {"kernel.apparmor_restrict_unprivileged_userns": "1"},
            "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
        ),
        (
            {"kernel.unprivileged_userns_clone": "0"},
            "sysctl -w kernel.unprivileged_userns_clone=1",
        ),
        ({}, "SYS_ADMIN and a seccomp profile"),
    ],
)
def test_the_setting_that_forbids_it_is_named(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], remedy: str
) -> None:
    monkeypatch.setattr(permission, "_sysctl", lambda name: settings.get(name, ""))
    text = permission.explain(REFUSED)
    assert text.startswith("network namespaces are not allowed: ")
    assert remedy in text
    assert "\n" not in text


def test_a_limit_that_was_reached_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(permission, "_sysctl", lambda name: "100")
    text = permission.explain(OSError(errno.ENOSPC, "No space left on device", "unshare"))
    assert "the limit of namespaces is reached" in text


@pytest.mark.parametrize(
    ("refusal", "line"),
    [
        (OSError(2, "No such file or directory", "/x"), "/x: No such file or directory"),
        (
            OSError(24, "Too many open files"),
            "too many open files for a lab of this size: raise `ulimit -n`",
        ),
        (NetlinkError(17, "h1 eth0", "File exists"), "h1 eth0: File exists"),
        (HostError("relay: gone"), "relay: gone"),
    ],
)
def test_every_refusal_is_one_line(refusal: OSError, line: str) -> None:
    assert permission.one_line(refusal) == line
