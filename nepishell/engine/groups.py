"""Deployment groups: their members start together, once all are ready."""


class Group:
    """*waiting* counts the members that are neither READY nor out of the race: the barrier."""

    __slots__ = ("called_off", "held", "id", "members", "together", "waiting")

    def __init__(self, group_id: int, *, together: bool) -> None:
        self.id = group_id
        self.together = together
        self.members: list[int] = []
        self.waiting = 0
        #: whether nothing of it goes on by itself any more
        self.called_off = False
        #: members that may start when the barrier falls
        self.held: list[int] = []
