"""Keys of our own: `?` and F1 explain without leaving the line, F4 changes how it is edited."""

from collections.abc import Callable

from prompt_toolkit.enums import EditingMode
from prompt_toolkit.filters import (
    Condition,
    emacs_insert_mode,
    has_completions,
    vi_insert_mode,
)
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.key_binding.bindings.named_commands import get_by_name
from prompt_toolkit.keys import Keys

from nepishell.lang.complete import Completion
from nepishell.lang.usage import help_text
from nepishell.lang.walk import Walk
from nepishell.output.cells import hung
from nepishell.shell.adapters import Walks
from nepishell.shell.guard import Guard

MODES = {"emacs": EditingMode.EMACS, "vi": EditingMode.VI}
#: Words that `?` shows of those that one argument may become.
SHOWN = 12


def our_keys(walks: Walks, guard: Guard, text: Callable[[], str], write: Callable[[str], None]
             ) -> KeyBindings:  # fmt: skip
    """*text*: what stands before the cursor; *write*: prints above the prompt."""
    keys = KeyBindings()
    guard = guard.part("help on the line")

    @Condition
    def explains() -> bool:
        if guard.is_off:
            return False
        with guard:
            return may_explain(walks.of(text()))
        return False

    @keys.add("?", filter=explains)
    def what_may_come(event: KeyPressEvent) -> None:
        with guard:
            write(hung(explain(walks.of(text())), _columns(event)))

    @keys.add("escape", filter=has_completions & emacs_insert_mode)
    def close_menu(event: KeyPressEvent) -> None:
        event.current_buffer.cancel_completion()

    @keys.add("f1")
    def help_on_command(event: KeyPressEvent) -> None:
        with guard:
            write(hung(manual(walks, event.current_buffer.text), _columns(event)))

    @keys.add("f4")
    def other_mode(event: KeyPressEvent) -> None:
        is_vi = event.app.editing_mode is EditingMode.VI
        event.app.editing_mode = EditingMode.EMACS if is_vi else EditingMode.VI
        write(f"keys are those of {'emacs' if is_vi else 'vi'} now; F4 changes back")

    @keys.add(Keys.BracketedPaste)
    def paste(event: KeyPressEvent) -> None:
        # the end of the last line is no line to be typed
        text = event.data.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
        event.current_buffer.insert_text(text)

    # a vi user who never leaves the insert mode has no other way to it
    keys.add("escape", ".", filter=vi_insert_mode)(get_by_name("yank-last-arg"))
    return keys


def _columns(event: KeyPressEvent) -> int:
    return event.app.output.get_size().columns


def may_explain(found: Walk) -> bool:
    """Whether `?` asks: not in quotes or a comment, nor inside words that may be any text."""
    if found.in_quotes or found.in_comment:
        return False
    expected = found.expected()
    return (
        found.word is None
        or not expected
        or any(one.style != "string" or not one.text.startswith("<") for one in expected)
    )


def explain(found: Walk) -> str:
    """What may come next, or what the word before the cursor may become, one line each."""
    expected = found.expected()
    words = found.candidates(limit=SHOWN + 1) if found.word is not None else []
    known = {one.text for one in expected}
    words = [word for word in words if word.shown not in known]
    if not expected and not words:
        return "  nothing more; press Enter" if found.word is None else "  nothing begins like that"
    lines = [(one.text, one.help) for one in expected] + [_line(word) for word in words[:SHOWN]]
    width = min(24, max(len(text) for text, _ in lines))
    more = ["  ..."] if len(words) > SHOWN else []
    return "\n".join([*(f"  {text:<{width}}  {help_}".rstrip() for text, help_ in lines), *more])


def _line(word: Completion) -> tuple[str, str]:
    return word.shown, word.meta


def manual(walks: Walks, line: str) -> str:
    """The help of the command that *line* ends in."""
    found = walks.of(line).commands
    if not found:
        return "  F1 explains the command on the line; 'help' lists all of them"
    return "\n\n".join(help_text(one, walks.argument_types) for one in found)
