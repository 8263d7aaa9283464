"""What a controller needs to have a graph."""

import inspect
import subprocess
import sys

from nepishell.topologies.automatic import KEYWORDS
from nepishell.topologies.netgraph import NetGraph


def test_all_keywords_of_a_graph_are_taken_but_the_one_that_a_controller_has() -> None:
    assert KEYWORDS | {"seed"} == {*inspect.signature(NetGraph).parameters}


def test_networkx_is_loaded_with_the_first_graph_only() -> None:
    code = (
        "import sys; from nepishell import ExperimentController as E\n"
        "with E('x'): assert 'networkx' not in sys.modules\n"
        "with E('x', topo_type='mesh', node_count=2, add_node_callback=print): pass\n"
        "assert 'networkx' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)
