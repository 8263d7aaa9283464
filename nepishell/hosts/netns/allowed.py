"""Whether this machine lets us make a lab, found out by making one."""

import os
import tempfile
from pathlib import Path

from nepishell.core.errors import HostError
from nepishell.hosts.netns.lab import Lab


def namespaces_allowed() -> tuple[bool, str]:
    """(True, how) or (False, why not and what to do); takes as long as an empty lab, 50 ms."""
    with tempfile.TemporaryDirectory() as scratch:
        try:
            with Lab.open(Path(scratch), seed=0) as lab:
                lab.add_host("probe")
        except HostError as exc:
            return False, str(exc)
    if os.geteuid() == 0:
        return True, "as root"
    return True, "as an ordinary user, in a user namespace"
