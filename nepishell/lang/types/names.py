"""Types of names that are not resources: a new label, a host, a name of some known kind."""

from collections.abc import Iterable
from functools import partial

from nepishell.core.errors import NepishellError
from nepishell.core.ids import check_label
from nepishell.lang.errors import Bad
from nepishell.lang.folding import natural
from nepishell.lang.names import Fit
from nepishell.lang.types.base import BaseType, Candidate, Env, behind
from nepishell.lang.types.resources import fitting, labels
from nepishell.lang.view import View


class NewLabelType(BaseType):
    """A name that no resource has yet."""

    name, style, sample = "name", "label", "web1"
    help = "a new label: a letter, then letters, digits, '-', '_', '.'"
    rank = 60

    def parse(self, view: View, env: Env, text: str) -> str:
        check_label(text)
        if text == "all":
            raise Bad("'all' cannot be a label: it means all resources")
        taken = view.find(text)
        if taken is not None:
            raise Bad(f"label '{text}' is taken by resource {taken}; choose another")
        return text

    def partial(self, view: View, env: Env, text: str) -> bool:
        try:
            check_label(text or "x")
        except NepishellError:
            return False
        return len(text) < 63  # a letter more makes a taken one free


class HostType(BaseType):
    """A host name or address as text; labels complete, since they are names inside the lab."""

    name, style, help, sample = "host", "string", "a host name, address or label", "10.0.0.1"
    rank = 75

    def partial(self, view: View, env: Env, text: str) -> bool:
        return True

    def complete(self, view: View, env: Env, prefix: str, limit: int) -> Iterable[Candidate]:
        return labels(view, prefix, limit)

    def similar(self, view: View, env: Env, text: str, fit: Fit, limit: int) -> Iterable[Candidate]:
        return fitting(view, fit, text, limit)


class KnownType(BaseType):
    """One of the names of a kind that the view knows: `known(task)`."""

    style, rank = "name", 40

    def __init__(self, deps: tuple[str, ...] = ()) -> None:
        super().__init__(deps)
        self.name = self.kind = deps[0] if deps else ""
        self.help = f"a {self.kind}"

    def parse(self, view: View, env: Env, text: str) -> object:
        names = view.names(self.kind)
        if text not in names:
            raise Bad(f"no {self.kind} '{text}'", near=(text, lambda: names.near(text)))
        return text

    def complete(self, view: View, env: Env, prefix: str, limit: int) -> Iterable[Candidate]:
        note = partial(view.note, self.kind)
        return [
            Candidate(name, note) for name in view.names(self.kind).starting_with(prefix, limit)
        ]

    def similar(self, view: View, env: Env, text: str, fit: Fit, limit: int) -> Iterable[Candidate]:
        note = partial(view.note, self.kind)
        return [
            Candidate(name, note) for name in view.names(self.kind).fitting(fit, text, limit)
        ]  # fmt: skip

    def example(self, view: View, env: Env) -> str:
        return min(view.names(self.kind), key=natural, default="")


class NumberedType(KnownType):
    """A task or a group, by its number: 7, %7, %g2; bound as int."""

    style, rank = "number", 25

    def parse(self, view: View, env: Env, text: str) -> int:
        digits = text.removeprefix("%").removeprefix(self.kind[:1])
        if not digits.isdecimal():
            # the resource that such a word may have meant says more
            raise Bad(f"no {self.kind} '{text}'", weak=True)
        known = super().parse(view, env, digits)
        return int(str(known))

    def complete(self, view: View, env: Env, prefix: str, limit: int) -> Iterable[Candidate]:
        digits = prefix.removeprefix("%").removeprefix(self.kind[:1])
        mark = prefix[: len(prefix) - len(digits)]
        return behind(mark, super().complete(view, env, digits, limit))

    def similar(self, view: View, env: Env, text: str, fit: Fit, limit: int) -> Iterable[Candidate]:
        return ()
