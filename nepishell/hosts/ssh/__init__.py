"""Hosts that are reached by SSH. The only package that imports paramiko."""

from nepishell.hosts.ssh.endpoint import Endpoint
from nepishell.hosts.ssh.host import SshHost
from nepishell.hosts.ssh.lasting import Timing

__all__ = ["Endpoint", "SshHost", "Timing"]
