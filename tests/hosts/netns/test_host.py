"""What is particular to a host of a lab; see contract/ for the rest."""

import resource
from pathlib import Path

import pytest

from nepishell.core.errors import HostError
from nepishell.hosts.netns.lab import Lab

pytestmark = pytest.mark.lab


def test_errors_name_the_host(lab: Lab, tmp_path: Path) -> None:
    host = lab.add_host("web")
    with pytest.raises(HostError, match=r"^web: command 'no-such-tool' is not found"):
        host.spawn(["no-such-tool"], run_dir=tmp_path / "run")


def test_programs_have_the_limit_of_open_files_that_we_have(lab: Lab) -> None:
    here = f"{resource.getrlimit(resource.RLIMIT_NOFILE)[0]}\n"
    assert lab.add_host("web").run(["sh", "-c", "ulimit -n"]).stdout == here


def test_closing_a_host_removes_it_and_no_other(lab: Lab) -> None:
    web, db = lab.add_hosts(["web", "db"])
    web.close()
    with pytest.raises(HostError, match="the lab has no host 'web'"):
        web.run(["true"])
    assert db.run(["true"]).status == 0
