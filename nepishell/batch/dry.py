"""`--dry`: what a recipe would do and when, on a virtual clock with stand-ins; nothing is built."""

from nepishell.batch.exits import Exit
from nepishell.batch.printer import Printer
from nepishell.commands.interpreter import Interpreter
from nepishell.core.errors import NepishellError
from nepishell.engine.controller import ExperimentController
from nepishell.lang.secrets import hide
from nepishell.replay.check import Checker
from nepishell.replay.reader import Statement
from nepishell.replay.recipe import Recipe


class _Acts(Checker):
    """Keeps the lines that run something, without their secrets."""

    def __init__(self, ec: ExperimentController, parameters: dict[str, str]) -> None:
        super().__init__(ec, parameters)
        self.acts: list[str] = []

    def _one(self, statement: Statement) -> None:
        super()._one(statement)
        found = self._interpreter.walk(statement.text)
        effects = {self._interpreter.grammar.commands[call.command].effects for call in found.calls}
        said = {call.command.split()[0] for call in found.calls} & {"wait", "expect"}
        if said or any(effect.value not in ("look", "design") for effect in effects):
            text = " ".join(hide(statement.text, found.secret_words).split())
            self.acts.append(f"  {statement.place().line:>5}  {text}")


def rehearsed(recipe: Recipe, parameters: dict[str, str], printer: Printer) -> int:
    """Print the predicted timeline of *recipe*, and the lines that run; the exit status.

    All that it describes is taken as deployed at once: what it adds later comes too early.
    """
    with ExperimentController() as ec:
        acts = _Acts(ec, parameters)
        acts.check(recipe)
        try:
            for problem in acts.problems:
                printer.say(f"{problem}\n{problem.caret}".rstrip())
            if acts.problems:
                return Exit.USAGE
            for shown in Interpreter(acts.context).run("plan"):
                printer.show(shown)
            if acts.acts:
                printer.say("lines that run, in their order:\n" + "\n".join(acts.acts))
        except NepishellError as problem:
            printer.say(f"nepishell: {problem}")
            return Exit.USAGE
        finally:
            acts.forget()
    return Exit.DONE
