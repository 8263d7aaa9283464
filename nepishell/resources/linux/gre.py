"""GRE tunnels of the kernel, in the words of ip(8): pure functions."""

_KINDS = {"tap": "gretap", "tun": "gre"}
_TTL = "64"
#: How the kernel says that it has no such kind of device.
_UNKNOWN = ("Unknown device type", "Operation not supported", "RTNETLINK answers: Not supported")


def gre_words(name: str, mode: str, remote: str, local: str, key: str) -> list[str]:
    """`ip` ... that makes device *name*: frames for mode tap, packets for mode tun."""
    kind = _KINDS[mode]
    if ":" in remote:
        kind = f"ip6{kind}"
    words = ["link", "add", "name", name, "type", kind, "remote", remote]
    words += ["local", local] if local else []
    # a tunnel inside IPv6 calls the same a hop limit
    return [*words, "key", key, "hoplimit" if ":" in remote else "ttl", _TTL]


def is_missing(message: str) -> bool:
    """Whether a kernel said that it cannot do GRE at all."""
    return any(text in message for text in _UNKNOWN)
