"""Keys of our own: `?` tells what may come next, without leaving the line."""

from collections.abc import Callable

from prompt_toolkit.filters import Condition
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from nepishell.lang.complete import Expected
from nepishell.shell.adapters import Walks
from nepishell.shell.guard import Guard


def our_keys(walks: Walks, guard: Guard, text: Callable[[], str], write: Callable[[str], None]
             ) -> KeyBindings:  # fmt: skip
    """*text*: what stands before the cursor; *write*: prints above the prompt."""
    keys = KeyBindings()

    @Condition
    def at_a_new_word() -> bool:
        before = text()
        return not before or before[-1].isspace()

    @keys.add("?", filter=at_a_new_word)
    def help_(event: KeyPressEvent) -> None:
        with guard:
            write(explain(walks.of(text()).expected()))

    return keys


def explain(expected: list[Expected]) -> str:
    """What may come next, one line each."""
    if not expected:
        return "  nothing more; press Enter"
    width = min(24, max(len(one.text) for one in expected))
    return "\n".join(f"  {one.text:<{width}}  {one.help}".rstrip() for one in expected)
