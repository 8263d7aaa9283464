"""Start a module of this program in a bare interpreter: python -I -S barestart.py MODULE ARGS...

The processes that stand beside the controller must start fast: no site, no environment, and the
packages above the module are named without running their __init__. MODULE.main() is called.
"""

import importlib
import os
import sys
from types import ModuleType

ROOT = os.path.dirname(os.path.abspath(__file__)).removesuffix("/nepishell/hosts/netns")  # noqa: PTH100, PTH120 - pathlib costs more than the start


def command(module: str, *arguments: str) -> list[str]:
    """The argv that starts *module* of this program with *arguments*."""
    return [sys.executable, "-I", "-S", __file__, module, *arguments]


def main() -> None:
    """Import the module named first on the command line and call its main()."""
    name = sys.argv.pop(1)
    package = ""
    for part in name.split(".")[:-1]:
        package = f"{package}.{part}".lstrip(".")
        stub = ModuleType(package)
        stub.__path__ = [f"{ROOT}/{package.replace('.', '/')}"]
        sys.modules[package] = stub
    importlib.import_module(name).main()


if __name__ == "__main__":
    main()
