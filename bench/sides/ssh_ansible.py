"""`true` on many endpoints by Ansible: its raw module, which needs nothing there, and its command.

As it ships, but for the forks; the whole command is timed. Each run opens its own connections.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

#: Ansible's own default is 5; more than as many as there are hosts is of no use.
FORKS = 100


def inventory(folder: Path, endpoints: list[dict[str, Any]]) -> Path:
    """The hosts as Ansible wants them, their keys known."""
    known = folder / "known_hosts"
    known.write_text(
        "".join(f"[{each['hostname']}]:{each['port']} {each['server_key']}\n" for each in endpoints)
    )
    hosts = [
        f"{each['hostname']} ansible_port={each['port']} ansible_user={each['username']} "
        f"ansible_ssh_private_key_file={each['identity']}"
        for each in endpoints
    ]
    options = f"-F /dev/null -o UserKnownHostsFile={known} -o IdentityAgent=none"
    found = folder / "hosts"
    found.write_text(
        "\n".join(
            [
                "[all]",
                *hosts,
                "[all:vars]",
                # it need not look for it
                f"ansible_python_interpreter={shutil.which('python3', path='/usr/bin:/bin')}",
                f"ansible_ssh_common_args={options}",
                "",
            ]
        )
    )
    return found


def measure(endpoints: list[dict[str, Any]], module: str) -> float:
    """Seconds of one command."""
    with TemporaryDirectory(prefix="bench-ansible-") as name:
        folder = Path(name)
        (folder / "ansible.cfg").touch()
        masters = folder / "m"
        env = {
            **os.environ,
            "ANSIBLE_CONFIG": str(folder / "ansible.cfg"),
            "ANSIBLE_HOME": str(folder / "home"),
            "ANSIBLE_SSH_CONTROL_PATH_DIR": str(masters),
        }
        program = str(Path(sys.executable).with_name("ansible"))
        hosts = str(inventory(folder, endpoints))
        argv = [program, "all", "-i", hosts, "-m", module, "-a", "true", "-f", str(FORKS)]
        began = time.perf_counter()
        try:
            subprocess.run(argv, env=env, check=True, stdout=subprocess.DEVNULL)
            return time.perf_counter() - began
        finally:
            for master in masters.glob("*"):
                subprocess.run(["ssh", "-q", "-O", "exit", "-S", str(master), "any"], check=False)


if __name__ == "__main__":
    given = json.loads(Path(sys.argv[1]).read_text())["endpoints"]
    print(json.dumps({module: measure(given, module) for module in ("raw", "command")}))
