"""Subscribers of packages that are really installed."""

from pathlib import Path

from nepishell.commands.subscribers import GROUP
from tests.commands.test_plugins import install, play

LISTENS = """
from pathlib import Path
def hear(event):
    with Path(__file__).with_name("heard").open("a") as file:
        file.write(type(event).__name__ + "\\n")
"""
LINES = "add local::Node me; deploy"


def test_a_function_of_another_package_hears_the_run(tmp_path: Path) -> None:
    install(tmp_path, "ears", LISTENS, GROUP, "hear")
    play(tmp_path, LINES)
    heard = (tmp_path / "heard").read_text().split()
    assert heard[0] == "ResourceAdded"
    assert "StateChanged" in heard


def test_one_that_stands_still_or_raises_ends_no_run(tmp_path: Path) -> None:
    source = "import threading\ndef hear(event):\n    threading.Event().wait()\n"
    install(tmp_path, "still", source, GROUP, "hear")
    install(tmp_path, "angry", "def hear(event):\n    raise ValueError('no')\n", GROUP, "hear")
    shown, _ = play(tmp_path, f"{LINES}; say done")
    assert "done" in shown


def test_one_that_cannot_be_loaded_costs_one_line(tmp_path: Path) -> None:
    install(tmp_path, "broken", "raise ValueError('at import')", GROUP, "hear")
    shown, said = play(tmp_path, f"{LINES}; say done")
    assert "done" in shown
    assert "is left out: at import" in said
    assert "Traceback" not in said
