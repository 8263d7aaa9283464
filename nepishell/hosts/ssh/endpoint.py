"""Where a host is and who logs in there, as a person names it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Each None is filled from ~/.ssh/config, then as ssh does by itself.

    Equal endpoints are one host: a run opens one connection for all of its resources that name it.
    """

    hostname: str  # a name, an address, or a Host of ~/.ssh/config
    username: str | None = None
    port: int | None = None
    identity: str | None = None  # file of a private key
    server_key: str | None = None  # "TYPE BASE64": the only key that is accepted then
    accept_key: bool = False  # remember the key of a host that known_hosts does not have yet
    gateway: str | None = None  # [user@]host[:port]; several, separated by commas, in order
    gateway_user: str | None = None
    password: str | None = field(default=None, repr=False)
