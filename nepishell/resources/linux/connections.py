"""One connection for each host, however many resources use it; the last one closes it."""

from collections.abc import Callable
from threading import Lock

from nepishell.hosts.base import Host


class Connections:
    """The hosts of one run by what they are reached with. Safe from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._users: dict[object, int] = {}
        self._hosts: dict[object, Host] = {}

    def take(self, key: object, make: Callable[[], Host]) -> Host:
        """The host of *key*, made when first asked for; *make* must not block."""
        with self._lock:
            if key not in self._hosts:
                self._hosts[key] = make()
            self._users[key] = self._users.get(key, 0) + 1
            return self._hosts[key]

    def give_back(self, key: object) -> None:
        """One user less; closes the connection with the last."""
        with self._lock:
            self._users[key] -= 1
            host = None if self._users[key] else self._hosts.pop(key)
            if host is not None:
                del self._users[key]
        if host is not None:
            host.close()

    def close(self) -> None:
        """Close what is left."""
        with self._lock:
            left = list(self._hosts.values())
            self._hosts.clear()
            self._users.clear()
        for host in left:
            host.close()
