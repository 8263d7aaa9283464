"""Options of the prompt: what a person prefers, changed at once and kept for the next time.

They are of the person, not of the experiment: they are refused in recipes, and undo leaves them.
"""

from collections.abc import Callable, Iterable

from nepishell.commands.context import Context
from nepishell.commands.notes import Note, note
from nepishell.commands.settings import CHOICES, HELP, Settings
from nepishell.core.errors import NepishellError, UnknownName, did_you_mean
from nepishell.lang.errors import Bad
from nepishell.lang.registry import LOOK, command, commands
from nepishell.lang.types.base import BaseType, Candidate, Env
from nepishell.lang.types.plain import TextType
from nepishell.lang.view import View
from nepishell.output.records import Records

COLUMNS = ("option", "value", "default", "choices", "help")
_SWITCH = ("on", "off")


class OptionType(BaseType):
    """The name of an option of the prompt."""

    name, style, help, sample = "option", "attr", "an option; 'options' lists them", "theme"
    rank = 5

    def parse(self, view: View, env: Env, text: str) -> str:
        if text not in HELP:
            raise Bad(f"no option '{text}'", near=(text, lambda: HELP))
        return text

    def complete(self, view: View, env: Env, prefix: str, limit: int) -> Iterable[Candidate]:
        return (Candidate(name, text) for name, text in HELP.items() if name.startswith(prefix))


class SettingType(TextType):
    """A value of the option that an earlier word names: `setting(option)`."""

    name, style, help, sample = "setting", "value", "a value of the option", "default"

    def complete(self, view: View, env: Env, prefix: str, limit: int) -> Iterable[Candidate]:
        choices = CHOICES.get(str(env.get(self.deps[0])), _SWITCH)
        return (Candidate(value) for value in choices if value.startswith(prefix))

    def parse(self, view: View, env: Env, text: str) -> str:
        Settings().with_option(str(env.get(self.deps[0])), text)
        return text

    def partial(self, view: View, env: Env, text: str) -> bool:
        return any(True for _ in self.complete(view, env, text, 1))

    def example(self, view: View, env: Env) -> str:
        return next(each.text for each in self.complete(view, env, "", 1))


for _type in (OptionType, SettingType):
    commands.add_type(_type.name, _type)


@command("options", effects=LOOK, group="session", columns=COLUMNS)
def options(ctx: Context) -> Records:
    """What can be chosen about the prompt, and what is chosen."""
    usual = {name: value for name, value, _ in Settings().rows()}
    rows = [
        (name, value, usual.get(name, ""), _choices(name), text)
        for name, value, text in ctx.settings.rows()
    ]
    return Records(COLUMNS, rows, "options")


def _choices(name: str) -> str:
    return " ".join(CHOICES.get(name, _SWITCH)) if name in HELP else ""


@command(
    "set option <option> <chosen:setting(option)>", effects=LOOK, group="session", name="set option"
)
def set_option(ctx: Context, *, option: str, chosen: str) -> Note:
    """Choose something about the prompt, for now and for the next time.

    A resource that is labelled 'option' is reached by its number: `set 3 delay 5ms`.

    set option theme colour-blind
    set option toolbar off
    """
    _change(ctx, lambda settings: settings.with_option(option, chosen))
    return note(f"{option} is {chosen}", option=option, value=chosen)


@command("alias <key:text> = <words:argv>", effects=LOOK, group="session")
def alias(ctx: Context, *, key: str, words: tuple[str, ...]) -> Note:
    """Let a word stand for the beginning of a line; quote what has a `|` or `;` in it.

    alias l = list
    alias broken = "list | where state=FAILED"
    """
    line = " ".join(words)
    if any(one.name.split()[0] == key for one in commands):
        raise NepishellError(f"'{key}' is a command; choose another name")
    _change(ctx, lambda settings: settings.with_option(f"alias.{key}", line))
    return note(f"{key} stands for '{line}'", alias=key, line=line)


@command("unalias <key:text>", effects=LOOK, group="session")
def unalias(ctx: Context, *, key: str) -> Note:
    """Forget what a word stands for."""
    known = ctx.settings.aliases
    if key not in known:
        raise UnknownName(f"no alias '{key}'{did_you_mean(key, known)}; see 'options'")
    _change(ctx, lambda settings: settings.with_option(f"alias.{key}", "none"))
    return note(f"{key} stands for nothing now")


def _change(ctx: Context, change: Callable[[Settings], Settings]) -> None:
    if ctx.prefer is None:
        raise NepishellError("options are of the prompt: start nepishell on a terminal to set them")
    settings = change(ctx.settings)
    ctx.prefer(settings)
    ctx.settings = settings
