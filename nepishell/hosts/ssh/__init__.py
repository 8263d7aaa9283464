"""Hosts that are reached by SSH. The only package that imports paramiko, when a host is made.

`Endpoint` says where one is; it costs nothing to import.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from nepishell.hosts.ssh.endpoint import Endpoint

if TYPE_CHECKING:
    from nepishell.hosts.ssh.host import SshHost
    from nepishell.hosts.ssh.lasting import Timing

__all__ = ["Endpoint", "SshHost", "Timing"]
_HEAVY = {"SshHost": "nepishell.hosts.ssh.host", "Timing": "nepishell.hosts.ssh.lasting"}


def __getattr__(name: str) -> Any:
    if name not in _HEAVY:
        raise AttributeError(f"module 'nepishell.hosts.ssh' has no attribute '{name}'")
    return getattr(import_module(_HEAVY[name]), name)
