"""House rules that a linter does not know: where files stand, how long they are, what they hide."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
MOST_LINES = 400

#: Modules without a test file of their own. This set may only shrink.
WITHOUT_TEST: set[str] = set()


def sources(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((TOP / folder).rglob("*.py"))]


def name(path: Path) -> str:
    return str(path.relative_to(TOP))


def expected_test(module: Path) -> Path:
    inside = module.relative_to(TOP / "nepishell")
    return TOP / "tests" / inside.parent / f"test_{inside.name}"


def is_untested(module: Path) -> bool:
    return not expected_test(module).exists()


def found(paths: list[Path], wrong: Callable[[ast.AST], bool]) -> list[str]:
    """'file:line' of every node that is *wrong*."""
    return [
        f"{name(path)}:{getattr(node, 'lineno', 0)}"
        for path in paths
        for node in ast.walk(ast.parse(path.read_text(), name(path)))
        if wrong(node)
    ]


def test_each_module_has_its_test_file() -> None:
    entry_points = {"__init__.py", "__main__.py"}  # a docstring, and two lines that cli's tests run
    modules = [path for path in sources("nepishell") if path.name not in entry_points]

    assert {name(module) for module in modules if is_untested(module)} == WITHOUT_TEST


def test_no_file_is_too_long_to_read_at_once() -> None:
    lengths = {
        name(path): len(path.read_text().splitlines())
        for path in sources("nepishell", "tests", "bench")
    }

    assert {path: lines for path, lines in lengths.items() if lines > MOST_LINES} == {}


def test_no_import_hides_in_a_function() -> None:
    def hides_imports(node: ast.AST) -> bool:
        return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and any(
            isinstance(inner, ast.Import | ast.ImportFrom) for inner in ast.walk(node)
        )

    assert found(sources("nepishell", "tests", "bench"), hides_imports) == []


def test_no_test_sleeps() -> None:
    def sleeps(node: ast.AST) -> bool:
        match node:
            case ast.ImportFrom(module="time" | "asyncio", names=names):
                return any(alias.name == "sleep" for alias in names)
            case ast.Attribute(attr="sleep", value=ast.Name(id="time" | "asyncio")):
                return True
        return False

    assert found(sources("tests"), sleeps) == []


def caught_types(handler: ast.ExceptHandler) -> Iterator[ast.expr | None]:
    if isinstance(handler.type, ast.Tuple):
        yield from handler.type.elts
    else:
        yield handler.type


def swallows_everything(node: ast.AST) -> bool:
    """A handler that undoes something and raises again swallows nothing."""
    return (
        isinstance(node, ast.ExceptHandler)
        and not isinstance(node.body[-1], ast.Raise)
        and any(
            caught is None
            or (isinstance(caught, ast.Name) and caught.id in {"Exception", "BaseException"})
            for caught in caught_types(node)
        )
    )


def test_everything_is_caught_only_round_a_hook_a_task_or_a_subscriber() -> None:
    places = found(sources("nepishell"), swallows_everything)
    unexplained = [
        place
        for place in places
        if not place.startswith("nepishell/engine/")
        or not re.search(r"# round a (hook|task|subscriber): ", line_at(place))
    ]

    assert unexplained == []


def line_at(place: str) -> str:
    path, _, line = place.rpartition(":")
    return (TOP / path).read_text().splitlines()[int(line) - 1]
