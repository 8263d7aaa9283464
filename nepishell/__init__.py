"""nepishell: a shell in which people steer network experiments while they run.

`from nepishell import ExperimentController` and the other names of NEPI's API; each is imported
when it is first asked for, so that `nepishell --version` loads none of them.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_NAMES = {
    "Attribute": "nepishell.core.attributes",
    "BadValue": "nepishell.core.errors",
    "ECState": "nepishell.core.states",
    "ExperimentController": "nepishell.engine.controller",
    "FailureLevel": "nepishell.core.states",
    "FailureManager": "nepishell.engine.failure",
    "Flags": "nepishell.core.attributes",
    "HeapScheduler": "nepishell.engine.tasks",
    "LATER": "nepishell.engine.jobs",
    "NepishellError": "nepishell.core.errors",
    "NetGraph": "nepishell.topologies.netgraph",
    "ParallelRun": "nepishell.engine.parallel",
    "PFormats": "nepishell.engine.saving",
    "Peer": "nepishell.core.peers",
    "ResourceAction": "nepishell.core.states",
    "ResourceFactory": "nepishell.engine.factory",
    "ResourceManager": "nepishell.engine.resource",
    "ResourceState": "nepishell.core.states",
    "SFormats": "nepishell.engine.saving",
    "Task": "nepishell.engine.tasks",
    "TaskStatus": "nepishell.engine.tasks",
    "TopologyType": "nepishell.topologies.netgraph",
    "Trace": "nepishell.core.traces",
    "TraceAttr": "nepishell.core.traces",
    "Types": "nepishell.core.attributes",
    "UnknownName": "nepishell.core.errors",
    "VirtualClock": "nepishell.engine.clock",
    "WaitResult": "nepishell.engine.waits",
    "WallClock": "nepishell.engine.clock",
    "WrongState": "nepishell.core.errors",
    "clsinit": "nepishell.engine.legacy",
    "clsinit_copy": "nepishell.engine.legacy",
}

#: Names that are of use only where the resource types are known.
_NEED_TYPES = {"ExperimentController", "ResourceFactory"}

__all__ = [*sorted(_NAMES), "__version__"]


def __getattr__(name: str) -> Any:
    if name not in _NAMES:
        raise AttributeError(f"module 'nepishell' has no attribute '{name}'")
    if name in _NEED_TYPES:
        import_module("nepishell.resources.table").register_all()
        import_module("nepishell.topologies.automatic").register()
        import_module("nepishell.formats.files").register_all()
    value = getattr(import_module(_NAMES[name]), name)
    globals()[name] = value
    return value
