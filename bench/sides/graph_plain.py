"""The graph by graphlib.TopologicalSorter and plain loops: no threads, checks, stamps or waits.

The hooks are the same no-op hooks, and the base's hook keeps the state, as an attribute.
"""

from graphlib import TopologicalSorter

from bench.sides.graph_shape import arguments, size, time_phases


class Thing:
    """A resource that knows what it needs and which state it is in."""

    __slots__ = ("needs", "state")

    def __init__(self, *needs: "Thing") -> None:
        self.needs = needs
        self.state = "NEW"

    def do_discover(self) -> None:
        self.state = "DISCOVERED"

    def do_provision(self) -> None:
        self.state = "PROVISIONED"

    def do_deploy(self) -> None:
        self.do_discover()
        self.do_provision()
        self.state = "READY"

    def do_start(self) -> None:
        self.state = "STARTED"

    def do_stop(self) -> None:
        self.state = "STOPPED"

    def do_release(self) -> None:
        self.state = "RELEASED"


class NoOp(Thing):
    """Hooks that do nothing of their own."""

    __slots__ = ()

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


class Plain:
    """The four phases."""

    def __init__(self, nodes: int, apps: int) -> None:
        self.shape = nodes, apps
        self.things: list[Thing] = []
        self.applications: list[Thing] = []
        self.order: list[Thing] = []

    def describe(self) -> None:
        nodes, apps = self.shape
        interfaces = []
        for _ in range(nodes):
            node = NoOp()
            interface = NoOp(node)
            interfaces.append(interface)
            mine = [NoOp(node) for _ in range(apps)]
            self.applications += mine
            self.things += [node, interface, *mine]
        self.things.append(NoOp(*interfaces))

    def deploy(self) -> None:
        sorter = TopologicalSorter({thing: thing.needs for thing in self.things})
        sorter.prepare()
        while sorter.is_active():
            for thing in sorter.get_ready():
                thing.do_deploy()
                self.order.append(thing)
                sorter.done(thing)

    def finish(self) -> None:
        for thing in self.order:
            thing.do_start()
        for thing in self.applications:
            thing.do_stop()

    def release(self) -> None:
        for thing in reversed(self.order):
            thing.do_release()


def main() -> None:
    nodes, apps = arguments()
    side = Plain(nodes, apps)
    phases = {name: getattr(side, name) for name in ("describe", "deploy", "finish", "release")}
    time_phases(phases, size(nodes, apps))


if __name__ == "__main__":
    main()
