"""Which links of a lab may measure themselves at once, so that they do not measure each other."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from threading import Lock, Semaphore

#: Links with a rate are filled for a tenth of a second: few at once. The others send few packets.
FEW, MANY = 4, 16


class Turns:
    """Whose turn it is. Safe from any thread."""

    def __init__(self) -> None:
        self._few = Semaphore(FEW)
        self._many = Semaphore(MANY)
        self._alone = Lock()

    @contextmanager
    def take(self, *, fills: bool) -> Iterator[None]:
        """Inside, a link may measure itself; *fills*: whether it is filled for that."""
        few: AbstractContextManager[object] = self._few if fills else ExitStack()
        with few, self._many:
            yield

    @contextmanager
    def alone(self) -> Iterator[None]:
        """For a link that missed, and measures itself again: nobody else does meanwhile."""
        with self._alone, ExitStack() as stack:
            for _ in range(MANY):
                stack.enter_context(self._many)
            yield
