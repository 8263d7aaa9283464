"""Fetches one trace of each connected resource before they are released."""

from nepishell.core.attributes import Attribute
from nepishell.core.errors import NepishellError
from nepishell.core.peers import Peer
from nepishell.core.traces import TraceAttr
from nepishell.engine.resource import ResourceManager


class Collector(ResourceManager):
    """Collects one trace of the resources it is connected to, when they are released."""

    rtype = "Collector"

    traceName = Attribute(required=True, help="which trace to fetch")
    subDir = Attribute(help="folder in the run's directory to write into")
    rename = Attribute(help="file name after the guid (default: traceName)")

    # it needs them, so that it is released, and fetches, before they are
    sources = Peer("Resource", max=None, help="whose trace it fetches")

    def do_release(self) -> object:
        """Write <guid>.<rename or traceName> for each; one that fails is told and skipped."""
        for source in self.sources:
            try:
                self._fetch(source)
            except (NepishellError, OSError) as problem:
                self.warning(
                    f"trace {self.traceName} of {source.name} was not collected: {problem}"
                )
        return super().do_release()

    def _fetch(self, source: ResourceManager) -> None:
        content = source.trace(self.traceName, TraceAttr.ALL)
        if content is None:
            raise NepishellError("nothing was recorded")
        target = self.ec.run_dir / (self.subDir or "")
        target.mkdir(parents=True, exist_ok=True)
        data = content if isinstance(content, bytes) else str(content).encode()
        (target / f"{source.guid}.{self.rename or self.traceName}").write_bytes(data)
