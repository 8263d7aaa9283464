"""Types that need no experiment: numbers, choices, text, paths, states and actions."""

from collections.abc import Iterable
from pathlib import Path

from nepishell.core.states import ResourceAction, ResourceState, parse_action, parse_state
from nepishell.lang.errors import Bad
from nepishell.lang.types.base import BaseType, Candidate, Env
from nepishell.lang.view import View

#: int() refuses thousands of digits with an error of its own.
MOST_DIGITS = 18


class TextType(BaseType):
    """Any one word; blanks need quotes."""

    name, style, help, sample = "text", "string", "text; in quotes when it has blanks", "hello"
    rank = 80

    def partial(self, view: View, env: Env, text: str) -> bool:
        return True


class IntType(BaseType):
    """A whole number; `int(1)` at least 1, `int(1,65535)` within bounds."""

    name, style, help, sample = "int", "number", "a whole number", "1"
    rank = 20

    def __init__(self, deps: tuple[str, ...] = ()) -> None:
        super().__init__(deps)
        self.low = int(deps[0]) if deps else None
        self.high = int(deps[1]) if len(deps) > 1 else None
        self.sample = str(self.low if self.low is not None else 1)

    def parse(self, view: View, env: Env, text: str) -> int:
        digits = text.removeprefix("-")
        if not (digits.isascii() and digits.isdigit()):
            raise Bad(f"'{text}' is not a whole number; write digits, as in 42")
        if len(digits) > MOST_DIGITS:
            raise Bad(f"'{text[:9]}...' has more than {MOST_DIGITS} digits")
        value = int(text)
        if self.low is not None and value < self.low:
            raise Bad(f"'{text}' is less than {self.low}")
        if self.high is not None and value > self.high:
            raise Bad(f"'{text}' is more than {self.high}")
        return value

    def partial(self, view: View, env: Env, text: str) -> bool:
        negative = self.low is None or self.low < 0
        digits = text.removeprefix("-") if negative else text
        return digits == "" or (digits.isascii() and digits.isdigit())


class NumberType(BaseType):
    """A number, with a point or not."""

    name, style, help, sample = "number", "number", "a number", "0.5"
    rank = 21

    def parse(self, view: View, env: Env, text: str) -> float:
        try:
            value = float(text) if text.isascii() and "_" not in text else float("nan")
        except ValueError:
            value = float("nan")
        if value != value or abs(value) == float("inf"):
            raise Bad(f"'{text}' is not a number; write digits, as in 0.5")
        return value

    def partial(self, view: View, env: Env, text: str) -> bool:
        # a digit more completes '-', '1e', '1e-', '.'
        try:
            return float(text + "0") is not None
        except ValueError:
            return text == ""

    def format(self, value: object, view: View | None, env: Env) -> str:
        return repr(value)


class ChoiceType(BaseType):
    """One of the words in its parentheses: `choice(a,b)`."""

    name, style = "choice", "keyword"
    rank = 5

    def __init__(self, deps: tuple[str, ...] = ()) -> None:
        super().__init__(deps)
        self.help = "one of " + ", ".join(deps)
        self.sample = deps[0] if deps else ""

    def parse(self, view: View, env: Env, text: str) -> str:
        if text not in self.deps:
            message = f"'{text}' is not one of {', '.join(self.deps)}"
            raise Bad(message, near=(text, lambda: self.deps))
        return text

    def complete(self, view: View, env: Env, prefix: str, limit: int) -> Iterable[Candidate]:
        return (Candidate(word) for word in self.deps if word.startswith(prefix))


class StateType(BaseType):
    """A state, in any case; bound as a ResourceState."""

    name, style, help, sample = "state", "state", "a state, as in STARTED", "STARTED"
    rank = 5

    def parse(self, view: View, env: Env, text: str) -> ResourceState:
        return parse_state(text)

    def complete(self, view: View, env: Env, prefix: str, limit: int) -> Iterable[Candidate]:
        wanted = prefix.upper()
        return (Candidate(s.name, str(s.value)) for s in ResourceState if s.name.startswith(wanted))

    def format(self, value: object, view: View | None, env: Env) -> str:
        return parse_state(value).name if isinstance(value, int | str) else str(value)


class ActionType(BaseType):
    """deploy, start or stop; bound as a ResourceAction."""

    name, style, help, sample = "action", "keyword", "deploy, start or stop", "start"
    rank = 5

    def parse(self, view: View, env: Env, text: str) -> ResourceAction:
        return parse_action(text)

    def complete(self, view: View, env: Env, prefix: str, limit: int) -> Iterable[Candidate]:
        wanted = prefix.upper()
        return (Candidate(a.name.lower()) for a in ResourceAction if a.name.startswith(wanted))

    def format(self, value: object, view: View | None, env: Env) -> str:
        return parse_action(value).name.lower() if isinstance(value, int | str) else str(value)


class PathType(BaseType):
    """A file or folder; `path(.nepi)` offers files with that ending and folders."""

    name, style, help, sample = "path", "path", "a file", "results.json"
    rank = 70

    def parse(self, view: View, env: Env, text: str) -> str:
        if not text or "\0" in text:
            raise Bad("an empty path; write a file's name")
        return text

    def partial(self, view: View, env: Env, text: str) -> bool:
        return "\0" not in text

    def complete(self, view: View, env: Env, prefix: str, limit: int) -> Iterable[Candidate]:
        yield from self._files(prefix, limit)
        if ".nepi" in self.deps:
            for name in view.names("recipe").starting_with(prefix, limit):
                yield Candidate(name, "a recipe that ships")

    def kept(self, text: str) -> int:
        return text.rfind("/") + 1

    def _files(self, prefix: str, limit: int) -> Iterable[Candidate]:
        folder, _, beginning = prefix.rpartition("/")
        shown = f"{folder}/" if folder or prefix.startswith("/") else ""
        for name, is_folder in _listing(shown or ".", beginning, limit):
            if is_folder:
                yield Candidate(f"{shown}{name}/", "folder", more=True)
            elif not self.deps or name.endswith(self.deps):
                yield Candidate(f"{shown}{name}")


def _listing(folder: str, beginning: str, limit: int) -> list[tuple[str, bool]]:
    try:
        found = sorted(
            (entry.name, entry.is_dir())
            for entry in Path(folder).expanduser().iterdir()
            if entry.name.startswith(beginning)
            and (beginning.startswith(".") or not entry.name.startswith("."))
        )
    except (OSError, RuntimeError, ValueError):  # unreadable, an unknown ~user, a NUL
        return []
    return found[:limit]
