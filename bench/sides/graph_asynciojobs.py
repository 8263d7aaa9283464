"""The graph by asynciojobs: one job per resource and phase, one scheduler per phase.

Its schedulers run once, so deploying, running and releasing are three schedulers over the same
dependencies (reversed for release). An application's run is one job, although ours starts and
stops it in two hooks: the difference is in their favour.
"""

from asynciojobs import Job, Scheduler

from bench.sides.graph_shape import arguments, size, time_phases


async def no_op() -> None:
    """A hook that does nothing."""


def job(scheduler: Scheduler, *required: Job) -> Job:
    """One no-op job after *required*."""
    return Job(no_op(), scheduler=scheduler, required=required)


class AsyncioJobs:
    """The four phases."""

    def __init__(self, nodes: int, apps: int) -> None:
        self.shape = nodes, apps

    def describe(self) -> None:
        self.deployment = Scheduler()
        self.life = Scheduler()
        self.releases = Scheduler()
        self._forward(self.deployment)
        self._forward(self.life)
        self._backward(self.releases)

    def _forward(self, scheduler: Scheduler) -> None:
        nodes, apps = self.shape
        interfaces = []
        for _ in range(nodes):
            node = job(scheduler)
            interfaces.append(job(scheduler, node))
            for _ in range(apps):
                job(scheduler, node)
        job(scheduler, *interfaces)

    def _backward(self, scheduler: Scheduler) -> None:
        nodes, apps = self.shape
        link = job(scheduler)
        for _ in range(nodes):
            interface = job(scheduler, link)
            applications = [job(scheduler) for _ in range(apps)]
            job(scheduler, interface, *applications)

    def deploy(self) -> None:
        run(self.deployment)

    def finish(self) -> None:
        run(self.life)

    def release(self) -> None:
        run(self.releases)


def run(scheduler: Scheduler) -> None:
    """Run to the end; its verdict must be that all jobs are done."""
    if not scheduler.run():
        raise SystemExit("asynciojobs did not finish")


def main() -> None:
    nodes, apps = arguments()
    side = AsyncioJobs(nodes, apps)
    phases = {name: getattr(side, name) for name in ("describe", "deploy", "finish", "release")}
    time_phases(phases, size(nodes, apps))


if __name__ == "__main__":
    main()
