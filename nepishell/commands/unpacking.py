"""Runs by name, and runs that were handed over as files: unpacked while they are looked at."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from nepishell.core.errors import BadValue, NepishellError
from nepishell.core.ids import check_exp_id
from nepishell.journal.bundle import RUN, Bundle, BundleError
from nepishell.journal.runs import Run, find, look

#: What the name of a bundle ends in.
SUFFIX = ".zip"


@contextmanager
def unpacked(
    path: Path, progress: Callable[[int, int], None] = lambda done, total: None
) -> Iterator[tuple[Run, dict[str, Any]]]:
    """The run in the bundle *path*, in a folder of our own while the `with` lasts, and its facts.

    Raises BundleError.
    """
    with Bundle(path) as bundle, TemporaryDirectory(prefix="nepishell-") as folder:
        about = facts(bundle)
        place = Path(folder, about["experiment"], about["run"])
        place.mkdir(parents=True, mode=0o700)
        bundle.unpack(place, progress)
        run = look(place)
        if run.head and (run.head.get("exp"), run.head.get("run")) != (run.exp_id, run.run_id):
            raise BundleError(f"{path}: its journal is of another run than its {RUN}")
        yield run, about | {"files": len(bundle.names), "size": bundle.size}


def facts(bundle: Bundle) -> dict[str, Any]:
    """What its run.json says, with names that are safe; raises BundleError."""
    try:
        about = json.loads(bundle.text(RUN))
        name, run = check_exp_id(str(about["experiment"])), str(about["run"])
        if not (run.isascii() and run.isdigit() and len(run) <= 20):
            raise BadValue(run)
    except (ValueError, TypeError, KeyError, RecursionError, NepishellError):
        raise BundleError(f"{bundle.path}: its {RUN} does not say which run it is of") from None
    return {**about, "experiment": name, "run": run}


@contextmanager
def run_or_bundle(name: str, local_dir: Path) -> Iterator[Run]:
    """The run called *name* in *local_dir*, or the one in the file of that name.

    Raises NepishellError.
    """
    path = Path(name).expanduser()
    if path.suffix == SUFFIX:
        with unpacked(path) as (run, _):
            yield run
    else:
        yield find(local_dir, name)
