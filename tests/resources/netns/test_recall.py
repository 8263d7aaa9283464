"""Finding again what was built; what cannot be found is told."""

from pathlib import Path

import pytest

from nepishell.core.errors import HostError
from nepishell.engine.controller import ExperimentController
from nepishell.resources.netns.recall import Recall
from nepishell.resources.netns.sites import Sites
from nepishell.resources.table import register_all

pytestmark = pytest.mark.lab


def test_of_what_was_never_built_nothing_is_found_and_nothing_is_missed(tmp_path: Path) -> None:
    register_all()
    sites = Sites(tmp_path, 1, lambda hosts, why: None)
    try:
        with ExperimentController("recall", local_dir=tmp_path) as ec:
            node = ec._rm(ec.register_resource("netns::Node", label="h1"))
            link = ec._rm(ec.register_resource("netns::Link", label="wire"))
            switch = ec._rm(ec.register_resource("netns::Switch", label="s"))
            recall = Recall(sites)
            assert recall.host(node) is None  # type: ignore[arg-type]
            assert recall.link(link) is None  # type: ignore[arg-type]
            assert recall.switch(switch, up=True) is None  # type: ignore[arg-type]
    finally:
        sites.close()


def test_what_was_built_and_is_gone_is_told(tmp_path: Path) -> None:
    register_all()
    sites = Sites(tmp_path / "other", 1, lambda hosts, why: None)
    try:
        with ExperimentController("recall", local_dir=tmp_path) as ec:
            guid = ec.register_resource("netns::Node", label="h1")
            ec.deploy()
            ec.wait_deployed(guid)
            with pytest.raises(HostError, match="what was built for h1 is gone"):
                Recall(sites).host(ec._rm(guid))  # type: ignore[arg-type]
    finally:
        sites.close()
