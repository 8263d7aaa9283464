"""Recipes in one spelling: one blank between words, blocks indented, comments as they are.

Words that stand below each other with more than a blank before one of them were aligned by
somebody, and stay aligned. Nothing else is touched: what a recipe means is never looked at, so
one with mistakes can be tidied too.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from nepishell.lang.lexer import Kind, Lexeme
from nepishell.replay.blocks import END, OPENERS, verb_of
from nepishell.replay.reader import Together, Unfinished, read_together
from nepishell.replay.recipe import Recipe, RecipeError, caret_under

INDENT = 4
#: Blanks before a piece at least; a comment keeps its distance from what it is about.
_BEFORE = {Kind.END: 0, Kind.COMMENT: 2}


def tidy(recipe: Recipe) -> str:
    """The text of *recipe* in its one spelling; raises RecipeError for a quote never closed.

    The same commands, and tidying it again changes nothing.
    """
    try:
        rows = list(_rows(read_together(recipe.text.splitlines(), recipe.file)))
    except Unfinished as problem:
        caret = caret_under(problem.line, problem.place.column, 1)
        raise RecipeError(
            f"{problem.place}: {problem}", caret, place=problem.place, length=1, what=str(problem)
        ) from None
    lines = [line for run in _runs(rows) for line in _aligned(run)]
    # a line after a backslash is needed, also when there is nothing in it
    while lines and not lines[-1] and not (len(lines) > 1 and lines[-2].endswith("\\")):
        lines.pop()
    return "".join(f"{line}\n" for line in lines)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word, a sign or a comment: where it stood, and how many blanks were before it."""

    text: str
    column: int
    before: int
    at_least: int


@dataclass(frozen=True, slots=True)
class _Row:
    """A line that is to be written; *alone*: nothing in it is aligned with its neighbours."""

    indent: int
    pieces: Sequence[_Piece]
    alone: bool = False


def _rows(source: Iterable[Together]) -> Iterator[_Row]:
    depth = 0
    for together in source:
        verbs = [verb_of(statement) for statement in together.statements]
        ends = bool(verbs) and verbs[0] == END
        yield from _written(together, INDENT * max(0, depth - ends))
        for verb in verbs:
            depth = max(0, depth + (verb in OPENERS) - (verb == END))


def _written(together: Together, indent: int) -> Iterator[_Row]:
    if any("\n" in lexeme.text for lexeme in together.lexemes if lexeme.kind is Kind.WORD):
        # in a quote that spans lines each blank counts
        for line in together.lines:
            yield _Row(0, [_Piece(line, 0, 0, 0)], alone=True)
        return
    by_line: list[list[Lexeme]] = [[] for _ in together.lines]
    for lexeme in together.lexemes:
        by_line[bisect_right(together.starts, lexeme.start) - 1].append(lexeme)
    last = len(together.lines) - 1
    for number, (line, start) in enumerate(zip(together.lines, together.starts, strict=True)):
        pieces = _pieces(by_line[number], line, start)
        if number < last:
            pieces.append(_Piece("\\", _column(line, len(line)), 0, 1 if pieces else 0))
        deeper = INDENT if number and pieces else 0
        yield _Row(indent + deeper, pieces, alone=last > 0 or _is_apart(by_line[number]))


def _is_apart(lexemes: Sequence[Lexeme]) -> bool:
    return not lexemes or lexemes[0].kind is Kind.COMMENT


def _pieces(lexemes: Sequence[Lexeme], line: str, start: int) -> list[_Piece]:
    found: list[_Piece] = []
    end = 0
    last: Lexeme | None = None
    for lexeme in lexemes:
        column = _column(line, lexeme.start - start)
        is_comment = lexeme.kind is Kind.COMMENT
        text = lexeme.text.rstrip() if is_comment else lexeme.text
        least = _BEFORE.get(lexeme.kind, 1) if found else 0
        if last is not None and last.text[-1] == "|" and lexeme.start == last.end:
            # `param x a||`: a blank here would make another sign of what is before it
            found[-1] = replace(found[-1], text=found[-1].text + text)
        else:
            found.append(_Piece(text, column, column - end, least))
        last = lexeme if lexeme.kind is Kind.WORD else None
        end = _column(line, lexeme.end - start)
    return found


def _column(line: str, at: int) -> int:
    return len(line[:at].expandtabs())


def _runs(rows: Iterable[_Row]) -> Iterator[list[_Row]]:
    """Rows between which words may be aligned; one that is alone is a run of its own."""
    run: list[_Row] = []
    for row in rows:
        if run and (row.alone or run[-1].alone or run[-1].indent != row.indent):
            yield run
            run = []
        run.append(row)
    if run:
        yield run


#: A piece by the numbers of its row and of itself in it.
_Key = tuple[int, int]


def _aligned(run: Sequence[_Row]) -> Iterator[str]:
    """The lines of *run*: what stood in one column stands in one again, as far left as all can."""
    groups = _groups(run)
    ends = [row.indent for row in run]
    lines = [" " * row.indent for row in run]
    # further left comes first, so that what stands before a piece has its place already
    for group in sorted(groups, key=lambda keys: run[keys[0][0]].pieces[keys[0][1]].column):
        members = [(row, run[row].pieces[number], number) for row, number in group]
        place = max(ends[row] + (piece.at_least if number else 0) for row, piece, number in members)
        for row, piece, _ in members:
            lines[row] += " " * (place - ends[row]) + piece.text
            ends[row] = place + len(piece.text)
    for each, line in zip(run, lines, strict=True):
        yield line if each.pieces else ""


def _groups(run: Sequence[_Row]) -> list[list[_Key]]:
    """Pieces that share a column; most are alone."""
    group_of: dict[_Key, list[_Key]] = {}
    found: list[list[_Key]] = []
    above: dict[int, int] = {}
    for row, each in enumerate(run):
        here: dict[int, int] = {}
        for number, piece in enumerate(each.pieces):
            key = row, number
            here[piece.column] = number
            up = above.get(piece.column, 0)
            if number and up and _is_aligned(piece, run[row - 1].pieces[up]):
                group = group_of[row - 1, up]
                group.append(key)
            else:
                group = [key]
                found.append(group)
            group_of[key] = group
        above = here
    return found


def _is_aligned(one: _Piece, other: _Piece) -> bool:
    return one.before > one.at_least or other.before > other.at_least
