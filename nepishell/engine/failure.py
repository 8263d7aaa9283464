"""What a failure means for the run (NEPI section 2): a critical one aborts, another does not."""

from typing import TYPE_CHECKING

from nepishell.core.states import FailureLevel, ResourceState

if TYPE_CHECKING:
    from nepishell.engine.controller import ExperimentController


class FailureManager:
    """Decides, for each resource that failed, whether the run is aborted.

    Give your own to ExperimentController(fm=...): anything with these methods will do.
    Called without the engine's lock, from the thread that saw the failure.
    """

    def __init__(self) -> None:
        self._ec: ExperimentController | None = None
        self._failure_level = FailureLevel.OK
        self._abort = False

    def set_ec(self, ec: "ExperimentController") -> None:
        """The controller this manager judges for."""
        self._ec = ec

    @property
    def abort(self) -> bool:
        """Whether nothing more should be deployed, started or stopped by itself."""
        return self._abort

    @property
    def failure_level(self) -> FailureLevel:
        """How bad it is."""
        return self._failure_level

    def eval_failure(self, guid: int) -> None:
        """Judge the failure of resource *guid*."""
        rm = self._ec.get_resource(guid) if self._ec is not None else None
        failed = rm is not None and rm.state == ResourceState.FAILED and rm.get("critical")
        if failed and self._failure_level == FailureLevel.OK:
            self._failure_level = FailureLevel.RM_FAILURE
            self._abort = True

    def set_ec_failure(self) -> None:
        """The controller itself failed."""
        self._failure_level = FailureLevel.EC_FAILURE

    def recover(self) -> None:
        """The failed critical resources were released by hand: the run may go on."""
        if self._failure_level == FailureLevel.RM_FAILURE:
            self._failure_level = FailureLevel.OK
            self._abort = False
