"""Deployment groups: their members start together, once all are ready."""

from collections.abc import Container


class Group:
    """*waiting* counts the members that are neither READY nor out of the race: the barrier."""

    __slots__ = ("called_off", "gone", "held", "id", "members", "together", "waiting")

    def __init__(self, group_id: int, *, together: bool) -> None:
        self.id = group_id
        self.together = together
        self.members: list[int] = []
        self.waiting = 0
        #: whether nothing of it goes on by itself any more
        self.called_off = False
        #: members that may start when the barrier falls
        self.held: list[int] = []
        #: members that were removed and are still listed
        self.gone = 0

    def lost(self, there: Container[int]) -> None:
        """One of the members is not *there* any more: the list is cut when half of it is gone.

        Taking each out at once would look through the list for each; keeping them would let a
        controller grow that deploys and removes for days.
        """
        self.gone += 1
        if 2 * self.gone >= len(self.members):
            self.members = [guid for guid in self.members if guid in there]
            self.gone = 0
