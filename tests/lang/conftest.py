"""A small language and a small experiment to try it on."""

import pytest

from nepishell.core.attributes import Attribute, Types
from nepishell.core.states import ResourceState
from nepishell.core.traces import Trace
from nepishell.lang import syntax
from nepishell.lang.grammar import Grammar, compile_grammar
from nepishell.lang.registry import DESIGN, DESTROY, LOOK, RUN, Command, Registry
from nepishell.lang.view import StaticRow, StaticType, StaticView

PATTERNS = {
    "add <rtype> [<label:name>] [<attributes:assignment(rtype)>...]": DESIGN,
    "at <when:instant> <what:command>": RUN,
    "connect <one:guid> <others:guids>": DESIGN,
    "deploy [<targets:guids>] {(mode:wait|nowait)|timeout <timeout:duration>}": RUN,
    "exec <node:guid> <argv>": RUN,
    "expect <metric> <bound>": LOOK,
    "get <res:guid> [<attr:attr(res)>]": LOOK,
    "group <group> [<task>]": LOOK,
    "help [<topic:verb>]": LOOK,
    "label <res:guid> <label:name>": DESIGN,
    "let <res:guid> (<attr:attr(res)>|<settings:assignment(res)>...)": DESIGN,
    "link <rate> <size> <percent> <host> [<number>] [<port:int(1,65535)>]": DESIGN,
    "list [<targets:guids>]": LOOK,
    "release <targets:guids(STARTED)>": DESTROY,
    "repeat <times:int(1)> every <period:duration> <text>...": RUN,
    "save <path> [as <form:choice(json,xml)>]": LOOK,
    "set <targets:guids> <attr:attr(targets)> <value:value(targets,attr)>": DESIGN,
    "source <file:path(.nepi)>": RUN,
    "wait <targets:guids> <state>": LOOK,
    "wait <task>": LOOK,
    "wait <span:duration>": LOOK,
    "show tasks": LOOK,
    "show status": LOOK,
    "show <res:guid>": LOOK,
    "trace <res:guid> (mode:on|off|show) <trace:trace(res)>": DESIGN,
    "unset <param>": DESIGN,
    "when <group:guids> <state> [+<delay:duration>] <action> <targets:guids>": DESIGN,
    "<node:label> <argv>": RUN,
}

#: Names of those that do not take theirs from their first words.
NAMES = {
    "show <res:guid>": "show one",
    "<node:label> <argv>": "h1 cmd",
    "wait <targets:guids> <state>": "wait state",
    "wait <span:duration>": "wait time",
}


def _nothing(ctx: object, **args: object) -> None:
    """Help."""


@pytest.fixture(scope="session")
def registry() -> Registry:
    registry = Registry()
    for pattern, effects in PATTERNS.items():
        tree = syntax.read(pattern)
        words = pattern.partition(" <")[0].partition(" [")[0].partition(" (")[0]
        name = NAMES.get(pattern, words)
        # into the table by hand: one function stands for all, so the contract is not checked
        registry.commands[name] = Command(
            name=name,
            pattern=pattern,
            syntax=tree,
            fn=_nothing,
            effects=effects,
            group="",
            summary="Help.",
            help="Help.",
            columns=("guid", "label", "state", "rtt") if name == "list" else (),
        )
    return registry


@pytest.fixture(scope="session")
def grammar(registry: Registry) -> Grammar:
    return compile_grammar(registry)


@pytest.fixture(scope="session")
def view() -> StaticView:
    return make_view()


def named(**attributes: Attribute) -> dict[str, Attribute]:
    """As a class body would name them."""
    for name, attribute in attributes.items():
        attribute.name = name
    return attributes


def make_view() -> StaticView:
    ping = StaticType(
        "Echo requests.",
        named(
            target=Attribute(str, help="whom", default="h2", names="a::Host"),
            count=Attribute(int, min=1),
            interval=Attribute(Types.Duration, default="1s", live=True),
            rate=Attribute(Types.Rate),
            size=Attribute(Types.Size, default="64B"),
            loss=Attribute(Types.Percent),
            quiet=Attribute(bool),
            factor=Attribute(float),
            engine=Attribute(str, choices=("netem", "tbf", "relay"), default="relay", live=True),
        ),
        (Trace("stdout", "what it writes"), Trace("rtt", "round trips")),
    )
    node = StaticType(
        "A host.", named(forwarding=Attribute(bool, live=True)), rtypes=("a::Host", "netns::Node")
    )
    rows = [
        StaticRow(1, "netns::Node", "h1", ResourceState.STARTED, 1),
        StaticRow(2, "netns::Node", "h2", ResourceState.STARTED, 1),
        StaticRow(3, "linux::Ping", "probe", ResourceState.READY, 2),
        StaticRow(4, "linux::Ping", "", ResourceState.NEW),
        *(StaticRow(9 + n, "netns::Node", f"web{n}", ResourceState.NEW) for n in range(1, 9)),
        StaticRow(30, "netns::Node", "tasks", ResourceState.FAILED),
        StaticRow(31, "netns::Node", "lab3.n7", ResourceState.NEW),
    ]
    return StaticView(
        rows,
        {"linux::Ping": ping, "netns::Node": node, "netns::Switch": StaticType("A bridge.")},
        values={(3, "interval"): 0.25},
        metrics={3: ("rtt.avg", "rtt.max", "loss")},
        names={
            "param": {"n": "3"}, "task": {"7": "deploy", "12": "every"}, "recipe": {"star": ""}
        },
    )  # fmt: skip
