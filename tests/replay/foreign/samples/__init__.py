"""Files of other programs, written for these tests, and where they are."""

from pathlib import Path

HERE = Path(__file__).parent
CONTAINERLAB, KATHARA = HERE / "triangle.clab.yml", HERE / "kathara"
SCRIPT, SESSION, PYTHON = HERE / "tree.cli", HERE / "session.txt", HERE / "lans.py.txt"
#: kind -> where
SAMPLES = {
    "containerlab": CONTAINERLAB,
    "kathara": KATHARA,
    "mininet": SESSION,
    "mininet-python": PYTHON,
}
