"""What is put on a host: lists of local paths, where each goes, and only what is not there yet."""

import hashlib
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

from nepishell.core.errors import BadValue, NepishellError
from nepishell.hosts.base import Host

_SCHEMES = ("http://", "https://", "ftp://")
_BLOCK = 1 << 20


def listed(text: str | None, what: str) -> list[str]:
    """The items of a list as a user writes it: separated by `;`, or by blanks with quotes.

    Raises BadValue.
    """
    if not text:
        return []
    if ";" in text:
        return [item.strip() for item in text.split(";") if item.strip()]
    try:
        return shlex.split(text)
    except ValueError as problem:
        raise BadValue(f"{what}: {problem}: {text}") from None


def is_url(item: str) -> bool:
    """Whether the host fetches it by itself."""
    return item.startswith(_SCHEMES)


def url_name(url: str) -> str:
    """The file name at the end of a URL; raises BadValue when it has none."""
    name = urlsplit(url).path.rstrip("/").rpartition("/")[2]
    if not name:
        raise BadValue(f"'{url}' does not end with the name of a file")
    return name


def below(items: Iterable[str], folder: Path, what: str) -> dict[Path, Path]:
    """target on the host -> local file, for files and for folders with all that is in them.

    Raises BadValue for what is not there.
    """
    found: dict[Path, Path] = {}
    for item in items:
        local = Path(item).expanduser()
        if not local.exists():
            raise BadValue(f"{what}: '{item}' does not exist on this machine")
        name = local.name or local.resolve().name
        found.update((folder / name / inner, path) for inner, path in _files(local))
    return found


def inside(local: Path, folder: Path) -> dict[Path, Path]:
    """target -> local file for what is in *local*, a folder, directly below *folder*."""
    return {folder / inner: path for inner, path in _files(local)}


def _files(local: Path) -> Iterator[tuple[Path, Path]]:
    if not local.is_dir():
        yield Path(), local
        return
    for path in sorted(local.rglob("*")):
        if path.is_file():
            yield path.relative_to(local), path


def checksum(path: Path) -> str:
    """sha256 of a local file, as hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def changed(host: Host, wanted: Mapping[Path, Path]) -> dict[Path, Path]:
    """Those of *wanted* whose content is not on the host already. Raises HostError."""
    there = host.checksums(list(wanted))
    return {
        target: local
        for target, local in wanted.items()
        if target not in there or there[target] != checksum(local)
    }


def readable(wanted: Mapping[Path, Path]) -> int:
    """How many bytes *wanted* has; raises NepishellError for what cannot be read."""
    total = 0
    for local in wanted.values():
        try:
            with local.open("rb"):
                total += local.stat().st_size
        except OSError as problem:
            raise NepishellError(f"cannot read {local}: {problem.strerror}") from problem
    return total


class Tally:
    """How far a long upload or download is, said every few seconds; called as a Progress.

    *say* takes one line for people; *may_go_on* is asked at each block: raises Abandoned once it
    says no.
    """

    def __init__(
        self,
        what: str,
        say: Callable[[str], None],
        may_go_on: Callable[[], bool] = lambda: True,
        every_s: float = 2.0,
    ) -> None:
        self._what = what
        self._say = say
        self._may_go_on = may_go_on
        self._every_s = every_s
        self._said_at = monotonic()

    def __call__(self, done: int, total: int) -> None:
        if not self._may_go_on():
            raise Abandoned(f"{self._what}: given up after {done} of {total} bytes")
        if monotonic() - self._said_at >= self._every_s:
            self._said_at = monotonic()
            percent = 100 * done // total if total else 100
            self._say(f"{self._what}: {percent} % of {total / 1e6:.1f} MB")


class Abandoned(NepishellError):
    """Nobody wants the rest any more."""
