import json
import subprocess
import sys
from pathlib import Path

from nepishell.hosts.netns import barestart


def test_only_what_the_module_needs_is_imported() -> None:
    # timeit is a module with a main() that tells nothing of us; ask the interpreter instead
    script = (
        Path(barestart.__file__)
        .read_text()
        .replace(
            "importlib.import_module(name).main()",
            "importlib.import_module(name); print(__import__('json').dumps(sorted(sys.modules)))",
        )
    )
    argv = [sys.executable, "-I", "-S", "-c", script, "nepishell.hosts.netns.relay"]
    script_with_file = f"__file__ = {barestart.__file__!r}\n{script}"
    argv[4] = script_with_file
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout))

    assert "nepishell.hosts.netns.relaydirection" in loaded
    assert {
        "nepishell.core.errors",
        "asyncio",
        "subprocess",
        "dataclasses",
        "site",
    } & loaded == set()


def test_the_command_runs_main_with_the_arguments_after_the_module() -> None:
    command = barestart.command("nepishell.hosts.netns.relay", "not-a-number")
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "invalid literal for int() with base 10: 'not-a-number'" in done.stderr
