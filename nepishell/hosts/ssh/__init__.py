"""Hosts that are reached by SSH. The only package that imports paramiko."""

from nepishell.hosts.ssh.endpoint import Endpoint

__all__ = ["Endpoint"]
