"""Commands of packages that are really installed, in a process that finds them."""

import subprocess
import sys
from pathlib import Path

import pytest

from nepishell.commands.plugins import GROUP, extended

GOOD = '''
from nepishell.commands.notes import tell
from nepishell.lang.registry import LOOK, command

@command("greet <name:text> [loudly:loudly]", effects=LOOK, group="session")
def greet(ctx, *, name, loudly=""):
    """Say hello to somebody."""
    return tell(f"hello {name}" + ("!" if loudly else ""))
'''
TAKES_OURS = (
    GOOD
    + '''
@command("deploy <name:text> slowly", effects=LOOK, group="session", name="deploy slowly")
def slow(ctx, *, name):
    """Deploy, but slowly."""
'''
)
RESOURCES = '''
from nepishell.core.attributes import Attribute
from nepishell.engine.resource import ResourceManager

class Thing(ResourceManager):
    """A thing from elsewhere."""
    rtype = "elsewhere::Thing"
    size = Attribute(int, help="how large")
'''


def install(folder: Path, name: str, source: str, group: str = GROUP, target: str = "") -> None:
    (folder / f"{name}.py").write_text(source)
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    entry = f"elsewhere::Thing = {name}:{target}" if target else f"{name} = {name}"
    (info / "entry_points.txt").write_text(f"[{group}]\n{entry}\n")


def play(folder: Path, lines: str) -> tuple[str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "nepishell", "-c", lines], capture_output=True, text=True,
        check=False, env={"PYTHONPATH": f"{folder}:{Path.cwd()}", "PATH": "/usr/bin:/bin",
                          "HOME": str(folder), "XDG_STATE_HOME": str(folder)},
    )  # fmt: skip
    return done.stdout, done.stderr


def test_a_command_of_another_package_is_run(tmp_path: Path) -> None:
    install(tmp_path, "polite", GOOD)
    assert play(tmp_path, "greet world; greet world loudly") == ("hello world\nhello world!\n", "")


def test_it_is_in_the_help_like_ours(tmp_path: Path) -> None:
    install(tmp_path, "polite", GOOD)
    said, wrong = play(tmp_path, "help greet; apropos hello")
    assert said.count("Say hello to somebody.") == 2
    assert wrong == ""


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (TAKES_OURS, "'deploy' is a command of nepishell's own"),
        ("import no_such_module_anywhere", "No module named 'no_such_module_anywhere'"),
        ("1 / 0", "ZeroDivisionError"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        (GOOD.replace("name:text", "name:nothing"), "has no type 'nothing'"),
        (GOOD.replace("name, loudly", "loudly"), "has no such parameter"),
        ("def broken(:", "invalid syntax"),
    ],
)
def test_a_package_that_is_broken_costs_a_line(tmp_path: Path, source: str, why: str) -> None:
    install(tmp_path, "another", source)
    install(tmp_path, "polite", GOOD)
    assert play(tmp_path, "greet world")[0] == "hello world\n"
    said, wrong = play(tmp_path, "say before; nothing")
    assert said == ""  # the whole is checked before anything is done
    assert "commands 'another' of another are left out: " in wrong
    assert why in wrong
    assert "Traceback" not in wrong


def test_two_packages_with_one_command_are_one_and_a_line(tmp_path: Path) -> None:
    install(tmp_path, "polite", GOOD)
    install(tmp_path, "rude", GOOD.replace("hello", "go away"))
    assert play(tmp_path, "greet world")[0] == "hello world\n"
    assert (
        "'rude' of rude are left out: command 'greet' is declared twice"
        in (play(tmp_path, "nothing")[1])
    )


def test_a_type_of_another_package_is_like_ours(tmp_path: Path) -> None:
    install(tmp_path, "things", RESOURCES, "nepishell.resources", "Thing")
    said, wrong = play(tmp_path, "add elsewhere::Thing it size=3; get it size | cols value | csv")
    assert (said, wrong) == ("value\n3\n", "")


def test_a_line_of_ours_does_not_look_for_packages(tmp_path: Path) -> None:
    install(tmp_path, "loud", "print('imported')")
    assert play(tmp_path, "say one") == ("one\n", "")


def test_nothing_installed_is_nothing_told() -> None:
    assert extended().problems == ()
