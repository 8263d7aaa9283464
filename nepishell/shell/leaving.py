"""Leaving the prompt, and the little questions it asks: release, keep, stay; yes or no."""

from collections.abc import Sequence
from enum import Enum

from prompt_toolkit import PromptSession
from prompt_toolkit.input import Input
from prompt_toolkit.output import Output

from nepishell.shell.screen import Screen


class Answer(Enum):
    """What to do with what is deployed; KEEP: it goes on without a terminal."""

    RELEASE = "release"
    KEEP = "keep"
    STAY = "stay"


class Asking:
    """Asks the person at *screen*; *terminal*: for tests."""

    def __init__(
        self, terminal: tuple[Input, Output] | None = None, screen: Screen | None = None
    ) -> None:
        self._terminal = terminal
        self._screen = screen or Screen()

    def line(self, question: str) -> str:
        """What is typed; raises KeyboardInterrupt and EOFError for Ctrl-C and Ctrl-D."""
        source, target = self._terminal or (None, self._screen.canvas)
        session: PromptSession[str] = PromptSession(input=source, output=target)
        self._screen.follow(session, str)
        return session.prompt(question)

    def yes(self, question: str) -> bool:
        """Whether it was answered with yes."""
        try:
            answer = self.line(f"{question} [y/N] ")
        except (KeyboardInterrupt, EOFError):
            return False
        return answer.strip().lower() in ("y", "yes")

    def leave(self, names: str, deployed: Sequence[int]) -> Answer:
        """What to do with *deployed*, whose *names* are shown; stays when in doubt."""
        it = "it" if len(deployed) == 1 else f"these {len(deployed)} resources"
        try:
            answer = self.line(
                f"{names}: release {it} and leave, keep {it} running, stay? [r/k/S] "
            )
        except (KeyboardInterrupt, EOFError):
            return Answer.STAY
        match answer.strip().lower():
            case "r" | "release" | "y" | "yes":
                return Answer.RELEASE
            case "k" | "keep":
                return Answer.KEEP
        return Answer.STAY
