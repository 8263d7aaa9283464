"""The graph by our controller, as a script would write it; hooks that only call the base's."""

import tempfile
from pathlib import Path

from bench.sides.graph_shape import arguments, size, time_phases
from nepishell.core.peers import Peer
from nepishell.core.states import ResourceAction, ResourceState
from nepishell.engine.controller import ExperimentController
from nepishell.engine.factory import ResourceFactory
from nepishell.engine.resource import ResourceManager

READY_FIRST = {ResourceAction.DEPLOY: ResourceState.READY}


class NoOp(ResourceManager):
    """Hooks that do nothing of their own."""

    def do_discover(self) -> None:
        super().do_discover()

    def do_provision(self) -> None:
        super().do_provision()

    def do_deploy(self) -> None:
        super().do_deploy()

    def do_start(self) -> None:
        super().do_start()

    def do_stop(self) -> None:
        super().do_stop()

    def do_release(self) -> None:
        super().do_release()


class Node(NoOp):
    rtype = "bench::Node"
    interfaces = Peer("bench::Interface", max=None, needs={})
    applications = Peer("bench::Application", max=None, needs={})


class Interface(NoOp):
    rtype = "bench::Interface"
    node = Peer("bench::Node", min=1, needs=READY_FIRST)
    link = Peer("bench::Link", needs={})


class Link(NoOp):
    rtype = "bench::Link"
    interfaces = Peer("bench::Interface", max=None, needs=READY_FIRST)


class Application(NoOp):
    rtype = "bench::Application"
    node = Peer("bench::Node", min=1, needs=READY_FIRST)

    def do_start(self) -> None:
        super().do_start()
        # ends at once, by the door a watcher of processes uses
        self.later(self.do_stop)


class Ours:
    """The four phases."""

    def __init__(self, nodes: int, apps: int, local_dir: Path) -> None:
        self.shape = nodes, apps
        self.ec = ExperimentController(local_dir=local_dir)
        self.applications: list[int] = []

    def describe(self) -> None:
        nodes, apps = self.shape
        ec = self.ec
        link = ec.register_resource("bench::Link")
        for _ in range(nodes):
            node = ec.register_resource("bench::Node")
            interface = ec.register_resource("bench::Interface")
            ec.register_connection(node, interface)
            ec.register_connection(interface, link)
            for _ in range(apps):
                application = ec.register_resource("bench::Application")
                ec.register_connection(application, node)
                self.applications.append(application)

    def deploy(self) -> None:
        self.ec.deploy()
        check(self.ec.wait_deployed(self.ec.resources))

    def finish(self) -> None:
        check(self.ec.wait_finished(self.applications))

    def release(self) -> None:
        self.ec.release()


def check(reached: object) -> None:
    """A figure of a run that failed is none."""
    if not reached:
        raise SystemExit(str(reached))


def main() -> None:
    nodes, apps = arguments()
    for rclass in (Node, Interface, Link, Application):
        ResourceFactory.register_type(rclass)
    with tempfile.TemporaryDirectory() as folder:
        side = Ours(nodes, apps, Path(folder))
        phases = {name: getattr(side, name) for name in ("describe", "deploy", "finish", "release")}
        time_phases(phases, size(nodes, apps))
        side.ec.shutdown()


if __name__ == "__main__":
    main()
