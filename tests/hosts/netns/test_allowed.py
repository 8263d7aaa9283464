"""May we? As root, as an ordinary user, and where the kernel forbids it."""

import subprocess
import sys
import textwrap

import pytest

from nepishell.hosts.netns import barestart
from nepishell.hosts.netns.allowed import namespaces_allowed

NOBODY = 65534
AS_NOBODY = (
    "setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--inh-caps=-all",
    "--bounding-set=-all", "env", f"PYTHONPATH={barestart.ROOT}",
)  # fmt: skip

#: Builds a lab of each kind of part, as an ordinary user would, and says what came of it.
STORY = textwrap.dedent("""
    import sys, tempfile
    from pathlib import Path
    from nepishell.hosts.netns.allowed import namespaces_allowed
    from nepishell.hosts.netns.lab import Lab
    from nepishell.hosts.netns.model import Port, Shape

    with tempfile.TemporaryDirectory() as scratch, Lab.open(Path(scratch), seed=1) as lab:
        lab.add_hosts(["a", "b"])
        ports = [Port(host=h, ifname="eth0", addresses=(f"10.0.0.{n}/24",))
                 for n, h in enumerate("ab", 1)]
        lab.add_switch("s", ports)
        slow = Shape(delay=0.01)
        ends = [Port(host=h, ifname="eth1", addresses=(f"10.0.1.{n}/24",))
                for n, h in enumerate("ab", 1)]
        link = lab.add_link("l", *ends, slow, slow, engine="relay")
        lab.set_names({"web": ["10.0.0.2"]})
        for target in ("web", "10.0.1.2"):
            print(lab.host("a").run(["ping", "-c1", "-W2", target]).status)
        print(lab.host("a").run(["hostname"]).stdout.strip())
        print(lab.host("a").run(["ls", "/sys/class/net"]).stdout.split())
        print(0.01 < link.measure().forward.delay < 0.1)
    print(namespaces_allowed())
""")


def python_for_nobody() -> str:
    """An interpreter that the user nobody may run."""
    for name in (sys.executable, "/usr/bin/python3"):
        check = [name, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
        if subprocess.run([*AS_NOBODY, *check], capture_output=True, check=False).returncode == 0:
            return name
    pytest.skip("no Python 3.11 that the user nobody may run")


@pytest.mark.lab
def test_this_machine_allows_it() -> None:
    assert namespaces_allowed()[0] is True


@pytest.mark.root
def test_a_whole_lab_works_for_an_ordinary_user() -> None:
    command = [*AS_NOBODY, python_for_nobody(), "-c", STORY]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "0",
        "0",
        "a",
        "['eth0', 'eth1', 'lo']",
        "True",
        "(True, 'as an ordinary user, in a user namespace')",
    ]


@pytest.mark.root
def test_a_kernel_that_forbids_it_is_named_with_the_remedy() -> None:
    """In a user namespace whose limit is 0: the limit of an inner one binds those below it."""
    ask = (
        "from nepishell.hosts.netns.allowed import namespaces_allowed; print(namespaces_allowed())"
    )
    script = (
        "echo 0 > /proc/sys/user/max_user_namespaces; echo 0 > /proc/sys/user/max_net_namespaces;"
        f'exec "$0" -c "{ask}"'
    )
    command = [
        *AS_NOBODY, "unshare", "--user", "--map-root-user", "sh", "-c", script, python_for_nobody(),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    assert done.stderr == ""
    assert done.stdout == (
        "(False, 'network namespaces are not allowed: user.max_user_namespaces is 0; run as root, "
        "or `sysctl -w user.max_user_namespaces=10000` as root')\n"
    )
