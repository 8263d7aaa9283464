"""The message of a line that cannot be read: what, which word, what to type instead."""

from collections.abc import Sequence
from difflib import get_close_matches

from nepishell.lang.errors import Bad, LangError
from nepishell.lang.lexer import Lexeme
from nepishell.lang.reader import Failure
from nepishell.lang.steps import Problem, State, completions_of, keywords, typed

#: Alternatives that a message lists before it says "...".
MOST = 8


def error(failure: Failure, line: str) -> LangError:
    """The error of *failure*, with its place in *line*."""
    lexeme = failure.lexeme
    if failure.text:
        return _at(lexeme, failure.text, line, failure)
    if failure.missing:
        return _at(lexeme, f"incomplete: expected {_list(expectations(failure.states))}", line,
                   failure)  # fmt: skip
    if any(state.command is None for state in failure.states):
        message = _no_command(failure)
        if message:
            return _at(lexeme, message, line, failure)
    known = [word for state in failure.states for word, _ in keywords(state)]
    close = [] if lexeme.quoted else get_close_matches(lexeme.value, known, n=1)
    problem = _best(failure.followed or failure.problems)
    if close and (problem is None or not _has_near(problem)):
        message = f"unexpected '{lexeme.value}'; did you mean '{close[0]}'?"
        return _at(lexeme, message, line, failure)
    if problem is not None:
        return _from_type(problem, lexeme, line, failure)
    expected = expectations(failure.states)
    message = (
        f"unexpected '{lexeme.value}'; expected {_list(expected)}"
        if expected
        else f"unexpected '{lexeme.value}': nothing more may follow"
    )
    return _at(lexeme, message, line, failure)


def expectations(states: Sequence[State]) -> list[str]:
    """What may come next, keywords first, each once."""
    words: list[str] = []
    arguments: list[str] = []
    for state in states:
        if state.frames and state.command is None:
            # a whole command may stand here: its name says more than all commands
            arguments.append(f"<{state.frames[-1][2]}>")
            continue
        words += [word for word, _ in keywords(state)]
        arguments += [edge.label for edge in typed(state)]
    return list(dict.fromkeys([*words, *arguments]))


def _list(expected: Sequence[str]) -> str:
    shown = expected if len(expected) <= MOST else [*expected[:MOST], "..."]
    return " | ".join(shown) or "nothing more"


def _at(lexeme: Lexeme, message: str, line: str, failure: Failure) -> LangError:
    length = lexeme.end - lexeme.start
    return LangError(message, lexeme.start, length, text=line, incomplete=failure.incomplete)


def _no_command(failure: Failure) -> str:
    """The message for a wrong first word; '' when a command has begun in another reading."""
    states = [state for state in failure.states if state.command is None]
    begun = [state for state in failure.states if state.command is not None]
    if any(typed(state) or any(keywords(state)) for state in begun):
        return ""
    word = failure.lexeme.value
    stage = bool(states[0].env)
    kind = "stage" if stage else "command"
    full = completions_of(states, word)
    if len(full) > 1:
        return f"no {kind} '{word}'; it may be the beginning of {_list(full)}"
    if len(full) == 1:
        return f"no {kind} '{word}'; did you mean '{full[0]}'?"
    known = [name for state in states for name, _ in keywords(state)]
    close = get_close_matches(word, known, n=1)
    return f"no {kind} '{word}'" + (f"; did you mean '{close[0]}'?" if close else "")


def _best(problems: Sequence[Problem]) -> Problem | None:
    """The refusal that says most: of a type that the word looks like, then the most specific.

    Asked of those that the next word speaks for, where it does.
    """
    return min(problems, key=_weight, default=None)


def _weight(problem: Problem) -> tuple[bool, bool, bool, int]:
    kind = problem.edge.type
    weak = isinstance(problem.error, Bad) and problem.error.weak
    return weak, not problem.edge.prefix, not _has_near(problem), kind.rank if kind else 0


def _has_near(problem: Problem) -> bool:
    return "did you mean" in str(problem.error)


def _from_type(problem: Problem, lexeme: Lexeme, line: str, failure: Failure) -> LangError:
    found, start, length = problem.error, lexeme.start, lexeme.end - lexeme.start
    # inside quotes, or after a parameter, a place in the value is none in the text
    if lexeme.text == lexeme.value and problem.state.pending is None:
        offset = len(problem.edge.prefix)
        if isinstance(found, Bad):
            offset += found.offset
        start += offset
        length -= offset
        if isinstance(found, Bad) and found.length is not None:
            length = found.length
    return LangError(str(found), start, length, text=line, incomplete=failure.incomplete)
