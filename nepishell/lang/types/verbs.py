"""Types that speak of the language itself: a command's name, a whole command, the raw rest."""

from collections.abc import Iterable

from nepishell.lang.errors import Bad
from nepishell.lang.names import Names
from nepishell.lang.types.base import BaseType, Candidate, Env
from nepishell.lang.view import View


class VerbType(BaseType):
    """The first word of a command. The grammar fills in the words when it is compiled."""

    name, style, help, sample = "verb", "command", "a command", "help"
    rank = 10

    def __init__(self, deps: tuple[str, ...] = ()) -> None:
        super().__init__(deps)
        self.verbs = Names()

    def parse(self, view: View, env: Env, text: str) -> str:
        if text not in self.verbs:
            raise Bad(f"no command '{text}'", near=(text, lambda: self.verbs))
        return text

    def complete(self, view: View, env: Env, prefix: str, limit: int) -> Iterable[Candidate]:
        return (Candidate(name) for name in self.verbs.starting_with(prefix, limit))

    def example(self, view: View, env: Env) -> str:
        return next(iter(self.verbs), "")


class NestedCommand(BaseType):
    """A command inside a command: `at t+5s stop web`. Bound as a Call; stands last."""

    name, style, help, sample = "command", "command", "any command", ""
    takes_rest = True


class RestType(BaseType):
    """The rest of the line, word by word as typed, bound as a tuple of strings; stands last.

    Labels complete in it, since they are host names inside the lab.
    """

    name, style, help, sample = "argv", "string", "a program and its arguments", "true"
    rank = 90
    takes_rest = True

    def partial(self, view: View, env: Env, text: str) -> bool:
        return True

    def complete(self, view: View, env: Env, prefix: str, limit: int) -> Iterable[Candidate]:
        if not prefix:
            return
        for label in view.names("label").starting_with(prefix, limit):
            yield Candidate(label, "host name")
