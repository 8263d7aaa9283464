"""The whole of the coupling: one walk of the grammar as completer and lexer of prompt_toolkit."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from prompt_toolkit.application import get_app
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.layout.processors import Processor, Transformation, TransformationInput
from prompt_toolkit.lexers import Lexer

from nepishell.commands.interpreter import Interpreter
from nepishell.lang.complete import Completion as Entry
from nepishell.lang.secrets import masked
from nepishell.lang.types.base import TypeFactory
from nepishell.lang.walk import Walk
from nepishell.shell.guard import Guard

#: Letters of a text beyond which it is a script, without colours and menu: a key would take 10 ms.
LONGEST = 2_000


class Walks:
    """One walk per key, shared by all that look: menu, colours, hint and `?`.

    With the cursor inside the line there are two: along all of it, and up to the cursor.
    """

    def __init__(self, interpreter: Interpreter) -> None:
        self._interpreter = interpreter
        self._version = -1
        self._walks: dict[str, Walk] = {}

    @property
    def argument_types(self) -> Mapping[str, TypeFactory]:
        """Argument types by name, for the help."""
        return self._interpreter.grammar.factories

    def forget(self) -> None:
        """Lines mean something else from now on."""
        self._walks = {}

    def of(self, text: str) -> Walk:
        """The walk along *text* in the experiment as it is now."""
        version = self._interpreter.ctx.ec.version
        if version != self._version or len(self._walks) > 1:
            kept = self._walks if version == self._version and text in self._walks else {}
            self._walks, self._version = kept, version
        found = self._walks.get(text)
        if found is None:
            found = self._walks[text] = self._interpreter.walk(text, glance=True)
        return found


class GrammarCompleter(Completer):
    """What may stand at the cursor."""

    def __init__(self, walks: Walks, guard: Guard) -> None:
        self._walks = walks
        self._guard = guard.part("completion")

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterable[Completion]:
        """The entries of the menu."""
        text = document.text_before_cursor
        if self._guard.is_off or len(text) > LONGEST:
            return []
        with self._guard:
            return [
                Completion(
                    found.text if found.more else f"{found.text} ",
                    start_position=found.start - len(text),
                    display=found.shown,
                    display_meta=partial(_meta, found),
                )
                for found in self._walks.of(text).candidates()
            ]
        return []


def _meta(found: Entry) -> str:
    # asked for the entries that are on the screen, not for all of them
    return found.meta


class GrammarLexer(Lexer):
    """Each word in the colour of what it is; what cannot stand there in red."""

    def __init__(self, walks: Walks, guard: Guard) -> None:
        self._walks = walks
        self._guard = guard.part("the colouring of lines")

    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        """A function from the number of a line to its fragments."""
        lines: list[StyleAndTextTuples] = [[("", line)] for line in document.lines]
        if self._guard.is_off or len(document.text) > LONGEST:
            return lambda number: lines[number] if number < len(lines) else []
        with self._guard:
            lines = split_lines(paint(document.text, self._walks.of(document.text)))
        return lambda number: lines[number] if number < len(lines) else []


def paint(text: str, found: Walk) -> StyleAndTextTuples:
    """*text* as fragments: tokens in their style, the rest plain, secrets as stars."""
    if found.secrets:
        text = masked(text, found.secrets, same_length=True)
    fragments: StyleAndTextTuples = []
    at = 0
    for token in found.tokens:
        if token.end <= at:
            continue  # a further word of what an alias stands for
        if token.start > at:
            fragments.append(("", text[at : token.start]))
        style = token.style if token.valid else "invalid"
        fragments.append((f"class:{style}", text[token.start : token.end]))
        at = token.end
    if at < len(text):
        fragments.append(("", text[at:]))
    return fragments


def split_lines(fragments: StyleAndTextTuples) -> list[StyleAndTextTuples]:
    """Fragments by line."""
    lines: list[StyleAndTextTuples] = [[]]
    for style, text, *_ in fragments:
        first, *others = text.split("\n")
        lines[-1].append((style, first))
        lines.extend([(style, other)] for other in others)
    return lines


class ArgumentHint(Processor):
    """What is still to come, dim, after the end of the line; it is shown, never inserted."""

    def __init__(self, walks: Walks, guard: Guard) -> None:
        self._walks = walks
        self._guard = guard.part("the hint")

    def apply_transformation(self, ti: TransformationInput) -> Transformation:
        """Append the hint to the last line."""
        fragments = ti.fragments
        last = ti.lineno == ti.document.line_count - 1
        # what stays on the screen after Enter is what was typed
        if last and ti.buffer_control.buffer.suggestion is None and not get_app().is_done:
            hint = self.hint(ti.document)
            fragments = [*fragments, ("class:hint", hint)] if hint else fragments
        return Transformation(fragments)

    def hint(self, document: Document) -> str:
        """The text to show; '' where there is none."""
        text = document.text
        if not document.is_cursor_at_the_end or not text.strip():
            return ""
        if self._guard.is_off or len(text) > LONGEST:
            return ""
        with self._guard:
            found = self._walks.of(text).hint
            return f" {found}" if found and not text.endswith(" ") else found
        return ""
