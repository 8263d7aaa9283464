"""What must hold for every line: legal, half typed, or nonsense."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nepishell.lang.call import Call, format_call
from nepishell.lang.grammar import Grammar
from nepishell.lang.lexer import quote, quote_always
from nepishell.lang.stages import STAGES
from nepishell.lang.syntax import AnyOrder, Arg, Choice, Maybe, Seq, Syntax, Word
from nepishell.lang.types.base import Env, accepts
from nepishell.lang.types.stages import COLUMNS
from nepishell.lang.view import StaticView
from nepishell.lang.walk import parse, walk

#: Words worth trying for a type, beside what it completes; those it refuses are left out.
SAMPLES = {
    "argv": ["ping", "-c", "3", "a b", "list", "x=y", "|", ""],
    "assignment": ["target=h2", "count=3", "interval=250ms", "rate=1.5mbit", "loss=5%",
                   "size=64kB", "quiet=yes", "factor=0.25", "target=a b", "target="],
    "bound": ["35ms..60ms", ">=3", "> 3", "<5%", "< 10mbit", "7", "=7", "1.5e3", "-2..3"],
    "column": ["guid", "rtt"],
    "columns": ["guid", "guid,label", "rtt,state,guid"],
    "condition": ["state=FAILED", "rtt>30ms", "rtt <= 3", "label~web.*", "label = ", "guid!=3"],
    "duration": ["5s", "250ms", "1.5s", "2m30s", "1h", "0s", "10us"],
    "group": ["1", "%2", "%g1"],
    "guid": ["3", "h1", "tasks", "lab3.n7"],
    "guids": ["3", "3-4", "10-13,h1", "h1,h2", "web[1-8]", "web[1-3,5]", "web*", "linux::Ping",
              "netns::*", "@READY", "%g1", "%2", "all", "all,-web3", "-h1", "@new,-web[1-2],h1"],
    "host": ["10.0.0.1", "h1", "fe80::1"],
    "instant": ["t+5s", "5s", "+250ms"],
    "int": ["1", "7", "65535"],
    "label": ["h1", "probe", "tasks"],
    "metric": ["probe.rtt.avg", "3.loss", "lab3.n7.x.y"],
    "name": ["new1", "a-b.c_d", "x"],
    "number": ["0.5", "-3", "1e-3", "2."],
    "percent": ["5%", "0.1%", "100"],
    "path": ["a.json", "/tmp/a b", "x>y", "~/x"],
    "rate": ["10mbit", "500kbit", "1.5gbit", "8000"],
    "size": ["64kB", "1500B", "1MiB", "10"],
    "sortkey": ["guid", "-rtt"],
    "state": ["STARTED", "failed"],
    "task": ["7", "%12"],
    "text": ["x", "a b", "'", "wait", "${n}"],
    "value": ["3", "5s", "1mbit", "64B", "5%", "true", "0.5", "relay", "any thing", ""],
}  # fmt: skip


@st.composite
def lines(draw: st.DrawFn, grammar: Grammar, view: StaticView, depth: int = 0) -> str:
    """A legal line, most of the time."""
    command = draw(st.sampled_from(sorted(grammar.commands)))
    env: dict[str, object] = {}
    words = _words(draw, grammar, view, grammar.commands[command].syntax, env, depth)
    line = " ".join(words)
    if depth:
        return line
    columns: Env = {COLUMNS: grammar.commands[command].columns}
    for _ in range(draw(st.integers(0, 2))):
        stage = draw(st.sampled_from(sorted(STAGES.commands)))
        tree = STAGES.commands[stage].syntax
        line += " | " + " ".join(_words(draw, STAGES, view, tree, dict(columns), depth))
        if stage == "cols":
            break  # those after it know the chosen columns only
    if draw(st.integers(0, 5)) == 0:
        line += draw(st.sampled_from([" > x.json", " >> 'a b'", " >x"]))
    return line


def _words(
    draw: st.DrawFn,
    grammar: Grammar,
    view: StaticView,
    tree: Syntax,
    env: dict[str, object],
    depth: int,
) -> list[str]:
    match tree:
        case Word(text):
            return [text]
        case Arg():
            return _argument(draw, grammar, view, tree, env, depth)
        case Seq(parts):
            lists = [_words(draw, grammar, view, part, env, depth) for part in parts]
        case Choice(options):
            lists = [_words(draw, grammar, view, draw(st.sampled_from(options)), env, depth)]
        case Maybe(part):
            lists = [_words(draw, grammar, view, part, env, depth)] * draw(st.integers(0, 1))
        case AnyOrder(parts):
            some = draw(st.permutations(parts))[: draw(st.integers(0, len(parts)))]
            lists = [_words(draw, grammar, view, part, env, depth) for part in some]
    return [word for words in lists for word in words]


def _argument(
    draw: st.DrawFn,
    grammar: Grammar,
    view: StaticView,
    argument: Arg,
    env: dict[str, object],
    depth: int,
) -> list[str]:
    kind = grammar.type_of(argument)
    if argument.type == "command":
        return [draw(lines(grammar, view, depth + 1)) if depth < 2 else "list"]
    offered = [c.text for c in kind.complete(view, env, "", 50) if not c.more]
    known = dict.fromkeys([*SAMPLES.get(argument.type, ()), *offered, kind.example(view, env)])
    good = [word for word in known if accepts(kind, view, env, word)]
    if not good:
        # what was drawn before leaves no legal word here: the line is not legal either
        return ["nothing-fits"]
    many = argument.many or argument.type == "argv"
    words = [draw(st.sampled_from(good)) for _ in range(draw(st.integers(1, 3 if many else 1)))]
    values = tuple(kind.parse(view, env, word) for word in words)
    env[argument.name] = values if many else values[0]
    keywords = {name for names in grammar.keywords.values() for name in names}
    return [
        quote_always(full) if (full := argument.prefix + word) in keywords else quote(full)
        for word in words
    ]


SLOW = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@SLOW
@given(data=st.data())
def test_a_call_written_as_a_line_is_read_as_the_same_call(
    data: st.DataObject, grammar: Grammar, view: StaticView
) -> None:
    line = data.draw(lines(grammar, view))
    for call in walk(grammar, line, view).calls:
        for shown in (view, None):
            written = format_call(grammar, call, shown)
            if shown is None and not _needs_no_units(call):
                continue
            assert parse(grammar, written, view) == [call], written


def _needs_no_units(call: Call) -> bool:
    """Without a view nobody knows that a number is a duration."""
    values = [value for name, value in call.args.items() if name in ("value", "attributes")]
    inner = call.args.get("what")
    return not values and (not isinstance(inner, Call) or _needs_no_units(inner))


@SLOW
@given(data=st.data())
def test_a_legal_line_is_a_call(data: st.DataObject, grammar: Grammar, view: StaticView) -> None:
    line = data.draw(lines(grammar, view))
    if "nothing-fits" in line:
        return
    found = walk(grammar, line, view)

    assert found.error is None, found.error.render()
    assert found.call is not None


@SLOW
@given(data=st.data())
def test_a_half_typed_legal_line_is_incomplete_but_not_wrong(
    data: st.DataObject, grammar: Grammar, view: StaticView
) -> None:
    line = data.draw(lines(grammar, view))
    if walk(grammar, line, view).error is not None:
        return
    for end in range(len(line)):
        found = walk(grammar, line[:end], view)

        assert found.error is None or found.error.incomplete, line[:end]
        assert all(token.valid for token in found.tokens)


@SLOW
@given(data=st.data())
def test_every_candidate_may_stand_where_it_is_offered(
    data: st.DataObject, grammar: Grammar, view: StaticView
) -> None:
    line = data.draw(lines(grammar, view))
    line = line[: data.draw(st.integers(0, len(line)))]
    before = walk(grammar, line, view)
    if before.error is not None and not before.error.incomplete:
        return
    for candidate in before.candidates():
        inserted = line[: candidate.start] + candidate.text + line[candidate.end :]
        found = walk(grammar, inserted, view)

        assert found.error is None or found.error.incomplete, inserted
        if not candidate.more:
            after = walk(grammar, f"{inserted} ", view).error
            # a set may be well written and have no member at the moment
            empty = ("no resource is", "leaves no resource")
            assert after is None or after.incomplete or any(why in str(after) for why in empty)


NONSENSE = """
add at deploy exec expect set when list show trace label h1 probe 3 web[1-8] @ @FAILED % %g2 all
- , [ ] [1-99999999999] web[ web[2-1] linux::Ping linux:: = target= count=0 5s t+ +2s > >> >= <
| where cols sort state=1 a.b.c ' " \\ ${ ${x} # ; ${n} ² ٣ 1e999 9999999999999999999999 0x1 1_0
nan inf .. 1..0 *
"""
LONG = ["9" * 5000, "9" * 5000 + "x", "1." * 2000, "[" * 2000, "1-" * 2000, "a," * 500, "٣"]
PIECES = st.sampled_from([*str.split(NONSENSE), *LONG])


@SLOW
@given(
    line=st.lists(PIECES | st.text(max_size=4), max_size=8).flatmap(
        lambda words: st.sampled_from(["", " "]).map(lambda gap: gap.join(words))
    ),
    interactive=st.booleans(),
)
def test_no_text_makes_the_walk_fail(
    line: str, interactive: bool, grammar: Grammar, view: StaticView
) -> None:
    found = walk(grammar, line, view, interactive=interactive, params={"n": "3"})

    assert [line[token.start : token.end] for token in found.tokens] == [
        token.text for token in found.tokens
    ]
    found.candidates()
    found.expected()
    assert isinstance(found.hint, str)
    if found.error is not None:
        assert found.error.render("f", 1)
        assert 0 <= found.error.column <= len(line) + 1


def test_the_same_line_gives_the_same_walk(grammar: Grammar, view: StaticView) -> None:
    line = "deploy web[1-3] timeout 5s"

    assert walk(grammar, line, view).calls == walk(grammar, line, view).calls


@pytest.mark.parametrize("command", ["add", "when", "deploy"])
def test_every_command_completes_from_its_first_letter(
    command: str, grammar: Grammar, view: StaticView
) -> None:
    offered = [candidate.text for candidate in walk(grammar, command[0], view).candidates()]

    assert command in offered
