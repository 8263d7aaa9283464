"""What a prompt turns into that let go of its run: it says who goes on, and ends.

Run as a script, by its path, in a bare interpreter: only the standard library.
"""

import sys
from pathlib import Path


def main() -> None:
    """Show what comes over the pipe of the given number, until it ends."""
    number, run_id = sys.argv[1:]
    with open(int(number), encoding="utf-8", errors="replace") as told:  # noqa: PTH123 - a number
        lines = [line.rstrip("\n") for line in told]
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    if not any(line.startswith(f"detached: run {run_id} ") for line in lines):
        sys.stderr.write(
            f"run {run_id} lost its controller: 'nepishell resume {run_id}' goes on with it; "
            f"what happened is in {Path('serve.log')} of its directory\n"
        )
        sys.exit(1)


if __name__ == "__main__":
    main()
