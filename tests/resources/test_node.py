from pathlib import Path

import pytest

from nepishell.core.errors import WrongState


def test_a_node_that_is_not_deployed_has_no_host(lab):
    lab.add("local::Node", "here")
    with pytest.raises(WrongState, match="here is NEW: nothing runs on it yet"):
        _ = lab.rm("here").host


def test_our_own_scripts_run_isolated(lab):
    lab.add("local::Node", "here")
    assert lab.rm("here").tool(Path("/x.py"))[1:] == ["-I", "-S", "/x.py"]
