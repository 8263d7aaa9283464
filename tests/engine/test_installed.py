import subprocess
import sys

from nepishell.engine.installed import entry_points


def test_entry_points_come_sorted_by_name() -> None:
    names = [point.name for point in entry_points("console_scripts")]

    assert "nepishell" in names
    assert names == sorted(names)


def test_a_group_that_nobody_knows_is_empty() -> None:
    assert entry_points("nepishell.nobody") == []


def test_the_reader_of_packages_is_loaded_at_the_first_look_only() -> None:
    code = "import sys, nepishell.shell.main; print('importlib.metadata' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "False\n"
