"""A Mininet topology in Python, read from its syntax tree: the file is never run.

Followed are the `build` of a Topo, or what adds hosts otherwise: assignments, loops, and the calls
that add things. Where only running the file could tell what is added, that is an error.
"""

import ast
import re
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from nepishell.core.errors import NepishellError
from nepishell.replay.foreign import mininet_topo
from nepishell.replay.foreign.arithmetic import UNKNOWN, Known, items_of, value_of
from nepishell.replay.foreign.network import MOST, Network
from nepishell.replay.foreign.programs import do
from nepishell.replay.foreign.source import Source, read_source

MOST_STEPS = 10_000
_ADDS = frozenset({"addHost", "addNode", "addSwitch", "addLink"})
#: What a link does to packets.
_SHAPES = ("bw", "delay", "jitter", "loss", "max_queue_size")
#: What is carried over otherwise, or makes no difference here.
_SILENT = frozenset({"cls", "use_htb", "use_tbf", "use_hfsc", "enable_ecn", "enable_red", "port1",
                     "port2", "intfName1", "intfName2", "params1", "params2", "addr1", "addr2",
                     "intf", "link"})  # fmt: skip
_VIA = re.compile(r"\s*via\s+([\d.]+)\s*")


class Added(NamedTuple):
    """A host or switch as the value of a variable."""

    label: str


def read(path: Path) -> Network:
    """The network that a file builds; raises RecipeError."""
    source = read_source(path)
    tree = _parsed(source)
    maker = _Maker(source)
    try:
        maker.run(*_begin(tree))
    except RecursionError:
        raise source.wrong(1, "too deep to be a topology that is meant") from None
    return maker.finished()


def _parsed(source: Source) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source.text)
    except SyntaxError as problem:
        what = f"no Python: {problem.msg}"
        raise source.wrong(problem.lineno or 1, what, problem.offset or 1, 1) from None
    except (ValueError, RecursionError, MemoryError):
        raise source.wrong(1, "no Python") from None


def _begin(tree: ast.Module) -> tuple[list[ast.stmt], dict[str, Any]]:
    """The statements that build the network, and what is known before."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    constants = [node for node in tree.body if isinstance(node, ast.Assign)]
    for wanted in ("build", "__init__", ""):
        for function in functions:
            if (not wanted or function.name == wanted) and _adds(function):
                return [*constants, *function.body], _defaults(function)
    return tree.body, {}


def _adds(node: ast.AST) -> bool:
    return any(isinstance(each, ast.Attribute) and each.attr in _ADDS for each in ast.walk(node))


def _defaults(function: ast.FunctionDef) -> dict[str, Any]:
    arguments = [*function.args.posonlyargs, *function.args.args]
    given = function.args.defaults
    pairs = [*zip(arguments[len(arguments) - len(given) :], given, strict=True)]
    named = zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
    pairs += [(name, value) for name, value in named if value is not None]
    return {name.arg: value_of(value, {}, lambda call, known: UNKNOWN) for name, value in pairs}


class _Maker:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._network = Network(source, "Mininet, in Python")
        self._known: dict[str, Any] = {}
        self._addresses: dict[str, str] = {}
        self._macs: dict[str, str] = {}
        self._steps = 0

    def run(self, body: Iterable[ast.stmt], known: dict[str, Any]) -> None:
        self._known.update(known)
        self._run(body)

    def finished(self) -> Network:
        network = self._network
        if not network.hosts:
            raise self._source.wrong(1, "nothing in it adds hosts: no addHost() that is followed")
        for number, label in enumerate(network.hosts, start=1):
            first = next(network.ends_of(label), None)
            if first is None:
                if label in self._addresses:
                    network.leave(0, f"the address of {label}, which nothing is connected to")
                continue
            default = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}/8"
            first.ip4 = first.ip4 or self._addresses.get(label, default)
            first.mac = first.mac or self._macs.get(label, "")
        mininet_topo.note_circles(network)
        return network

    def _run(self, body: Iterable[ast.stmt]) -> None:
        for statement in body:
            self._steps += 1
            if self._steps > MOST_STEPS:
                raise self._wrong(statement, f"more than {MOST_STEPS} steps")
            self._one(statement)

    def _one(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Assign(targets, value):
                found = self._value(value)
                for target in targets:
                    self._assign(target, found)
            case ast.AnnAssign(target, _, value):
                self._assign(target, self._value(value))
            case ast.AugAssign(target, operator, value):
                whole = ast.BinOp(target, operator, value)
                self._assign(target, self._value(ast.copy_location(whole, value)))
            case ast.Expr(value):
                self._value(value)
            case ast.For(target, items, body):
                self._loop(statement, target, items, body)
            case ast.If(test, body, other):
                self._choose(statement, self._value(test), body, other)
            case ast.With(_, body) | ast.Try(body):
                self._run(body)
            case ast.FunctionDef() | ast.ClassDef():
                pass
            case _ if _adds(statement):
                raise self._wrong(statement, "this adds to the network in a way not followed here")

    def _choose(
        self, statement: ast.If, holds: Any, body: list[ast.stmt], other: list[ast.stmt]
    ) -> None:
        if holds is not UNKNOWN:
            self._run(body if holds else other)
        elif _adds(statement):
            raise self._wrong(statement.test, "only running the file could tell whether this is so")

    def _loop(
        self, statement: ast.For, target: ast.expr, items: ast.expr, body: list[ast.stmt]
    ) -> None:
        try:
            values = items_of(self._value(items))
        except ValueError:
            if _adds(statement):
                what = "only running the file could tell what this loop goes over"
                raise self._wrong(items, what) from None
            return
        for value in values:
            self._assign(target, value)
            self._run(body)

    def _assign(self, target: ast.expr, value: Any) -> None:
        match target:
            case ast.Name(name):
                self._known[name] = value
            case ast.Tuple(parts) | ast.List(parts):
                several = isinstance(value, list | tuple) and len(value) == len(parts)
                for number, part in enumerate(parts):
                    self._assign(part, value[number] if several else UNKNOWN)
            case ast.Subscript(base, index):
                into, key = self._value(base), self._value(index)
                fits = isinstance(into, list) and isinstance(key, int) and -1 <= key < len(into)
                if fits or (isinstance(into, dict) and isinstance(key, int | str)):
                    into[key] = value

    def _value(self, node: ast.expr | None) -> Any:
        found = value_of(node, self._known, self._call)
        if found is UNKNOWN and node is not None and _adds(node):
            raise self._wrong(node, "this adds to the network in a way not followed here")
        return found

    def _call(self, call: ast.Call, known: Known) -> Any:
        if not isinstance(call.func, ast.Attribute):
            return UNKNOWN
        method = call.func.attr
        arguments = [value_of(argument, known, self._call) for argument in call.args]
        if method == "append" and len(arguments) == 1:
            into = self._value(call.func.value)
            if isinstance(into, list) and len(into) < MOST:
                into.append(arguments[0])
            return None
        keywords = self._keywords(call, known)
        match method:
            case "addHost" | "addNode" | "addSwitch":
                return self._add(call, method, arguments, keywords)
            case "addLink":
                self._link(call, arguments, keywords)
                return None
            case "get" | "getNodeByName" if arguments and isinstance(arguments[0], str):
                return Added(self._network.label_of(arguments[0], call.lineno))
        return UNKNOWN

    def _keywords(self, call: ast.Call, known: Known) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for each in call.keywords:
            value = value_of(each.value, known, self._call)
            if each.arg is not None:
                found[each.arg] = value
            elif isinstance(value, dict):
                found |= {str(name): one for name, one in value.items()}
        return found

    def _add(
        self, call: ast.Call, method: str, arguments: list[Any], keywords: dict[str, Any]
    ) -> Added:
        name = arguments[0] if arguments else keywords.pop("name", UNKNOWN)
        if not isinstance(name, str):
            raise self._wrong(call, f"only running the file could tell what {method}() calls it")
        line, network = call.lineno, self._network
        if method == "addSwitch":
            return Added(network.add_switch(name, line))
        kind = next((ast.unparse(each.value) for each in call.keywords if each.arg == "cls"), "")
        label = network.add_host(name, line, routes="router" in kind.lower())
        address, mac = keywords.pop("ip", ""), keywords.pop("mac", "")
        if isinstance(address, str) and address:
            self._addresses[label] = address if "/" in address else f"{address}/8"
            network.check_address(self._addresses[label], line)
        if isinstance(mac, str):
            self._macs[label] = mac
        via = _VIA.fullmatch(str(keywords.pop("defaultRoute", "")))
        if via is not None:
            do(network, label, ["ip", "route", "add", "default", "via", via[1]])
        for other in keywords.keys() - {"cls"}:
            network.leave(line, f"{other} of {name}")
        return Added(label)

    def _link(self, call: ast.Call, arguments: list[Any], keywords: dict[str, Any]) -> None:
        ends = [self._label(call, each) for each in arguments[:2]]
        ends += [
            self._label(call, keywords.pop(name)) for name in ("node1", "node2") if name in keywords
        ]
        if len(ends) != 2:
            raise self._wrong(call, "addLink() has two ends")
        shape = {name: keywords[name] for name in _SHAPES if keywords.get(name) is not None}
        if UNKNOWN in shape.values():
            raise self._wrong(call, "only running the file could tell what this link does")
        for other in sorted(keywords.keys() - _SILENT - set(_SHAPES)):
            self._network.leave(call.lineno, f"{other} of a link")
        addresses = tuple(_text(keywords.get(name), "ip") for name in ("params1", "params2"))
        names = tuple(_text(keywords.get(name)) for name in ("intfName1", "intfName2"))
        given = {name: str(value) for name, value in shape.items()}
        mininet_topo.join(
            self._network, ends[0], ends[1],
            mininet_topo.shape_of(self._network, given, call.lineno), call.lineno,
            (addresses[0], addresses[1]), (names[0], names[1]),
        )  # fmt: skip

    def _label(self, call: ast.Call, value: Any) -> str:
        if isinstance(value, Added):
            return value.label
        if isinstance(value, str):
            return self._network.label_of(value, call.lineno)
        raise self._wrong(call, "only running the file could tell what this connects")

    def _wrong(self, node: ast.expr | ast.stmt, what: str) -> NepishellError:
        # columns of the syntax tree count bytes
        line = self._source.text.splitlines()[node.lineno - 1]
        column = len(line.encode()[: node.col_offset].decode(errors="ignore"))
        return self._source.wrong(node.lineno, what, column + 1)


def _text(value: Any, key: str = "") -> str:
    found = value.get(key) if key and isinstance(value, dict) else value
    return found if isinstance(found, str) else ""
