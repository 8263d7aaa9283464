"""Files of a host that is reached by SSH: small ones by its shell, large ones as streams."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from shlex import quote
from typing import BinaryIO

from nepishell.core.errors import HostError, Unreachable
from nepishell.hosts.base import Progress
from nepishell.hosts.files import walk
from nepishell.hosts.ssh.archive import archive
from nepishell.hosts.ssh.asking import Answer, Asker
from nepishell.hosts.ssh.script import line
from nepishell.hosts.ssh.streams import Streams

#: Bytes that are read, and written, by the shell.
_SMALL_OUT, _SMALL_IN = 1 << 18, 1 << 15
_BLOCK = 1 << 20
#: So many names fit into one request.
_NAMES = 200
_SUMS = """
for one do
    shift
    if [ -f "$one" ] && [ -r "$one" ]; then
        set -- "$@" "$one"
        printf '1'
    else
        printf '0'
    fi
done
echo
[ $# -eq 0 ] || sha256sum -- "$@"
"""


def _refused(what: str, path: Path, why: str) -> HostError:
    return HostError(f"cannot {what} {path}: {why}")


class SshFiles:
    """The file part of nepishell.hosts.base.Host."""

    def __init__(self, name: str, asker: Asker, streams: Streams) -> None:
        self._file_name = name
        self._asker = asker
        self._streams = streams

    # -- reading ----------------------------------------------------------------------------------

    def read(self, path: Path, offset: int = 0, size: int = -1) -> bytes:
        first = _SMALL_OUT if size < 0 else min(size, _SMALL_OUT)
        found = self._read_small(path, offset, first + 1)
        if len(found) <= first or 0 <= size <= first:
            return found[:first]
        rest = bytearray(found)
        script = f"{_from(path, offset + len(rest))}"
        if size >= 0:
            script += f" | head -c {size - len(rest)}"
        answer = self._streams.drain(script, rest.extend)
        if answer.status:
            raise _refused("read", path, answer.problem)
        return bytes(rest)

    def _read_small(self, path: Path, offset: int, size: int) -> bytes:
        script = f"{line('_np_file', path)}; {_from(path, offset)} | head -c {size}"
        return self._do("read", path, script).out

    def size(self, path: Path) -> int:
        where = quote(str(path))
        script = f"[ ! -e {where} ] || {{ {line('_np_file', path)}; wc -c <{where}; }}"
        return int(self._do("read", path, script).out or b"0")

    def checksums(self, paths: Sequence[Path]) -> dict[Path, str]:
        found: dict[Path, str] = {}
        for at in range(0, len(paths), _NAMES):
            some = paths[at : at + _NAMES]
            # a name that spans lines would be taken for two
            plain = [path for path in some if "\n" not in str(path) and "\\" not in str(path)]
            for group in (plain, *([path] for path in some if path not in plain)):
                found.update(self._sums(group))
        return found

    def _sums(self, paths: Sequence[Path]) -> dict[Path, str]:
        if not paths:
            return {}
        done = self._asker.ask(line("set", "--", *paths) + _SUMS, timeout_s=None)
        if done.status:
            raise _refused("read", paths[0], done.problem)
        flags, *sums = done.out.decode(errors="replace").split("\n")
        there = [path for path, flag in zip(paths, flags, strict=True) if flag == "1"]
        return {path: text.lstrip("\\").split()[0] for path, text in zip(there, sums, strict=False)}

    def get(
        self, source: Path, target: Path, *, offset: int = 0, progress: Progress | None = None
    ) -> None:
        what = f"copy {source} to {target}:"
        asked = f"{line('_np_file', source)}; stat -Lc '%a %s' -- {quote(str(source))}"
        mode, total = map(int, self._do(what, source, asked).out.split())
        try:
            with target.open("r+b" if offset else "wb") as file:
                file.seek(offset)
                taking = _Taking(file, offset, total, progress)
                # it may grow as fast as it is read
                script = f"{_from(source, offset)} | head -c {max(0, total - offset)}"
                answer = self._streams.drain(script, taking)
                file.truncate()
            # what a host says must not make a file here one that runs as somebody else
            target.chmod(int(str(mode), 8) & 0o777)
        except HostError as exc:
            if isinstance(exc, Unreachable):
                raise self._unreachable(exc) from exc
            raise
        except OSError as exc:
            raise _refused(what, target, exc.strerror or str(exc)) from exc
        if answer.status:
            raise _refused(what, source, answer.problem)

    # -- writing ----------------------------------------------------------------------------------

    def write(self, path: Path, data: bytes, mode: int = 0o644) -> None:
        fresh = path.parent / f".{path.name[:100]}-{self._asker.number()}"
        script = (
            f"{line('mkdir', '-p', '--', path.parent)} && "
            f"{{ cat >{quote(str(fresh))} && {line('chmod', f'{mode:o}', fresh)} && "
            f"{line('mv', '-f', '--', fresh, path)} || "
            f"{{ {line('rm', '-f', '--', fresh)}; exit 1; }}; }}"
        )
        if len(data) <= _SMALL_IN:
            self._do("write", path, script, stdin=data)
            return
        answer = self._feed(script, _pieces(data))
        if answer.status:
            raise _refused("write", path, answer.problem)

    def put(self, source: Path, target: Path, progress: Progress | None = None) -> None:
        what = f"copy {source} to {target}:"
        inside = target / source.name
        to, within = quote(str(target)), quote(str(inside))
        try:
            status = source.stat()
            with source.open("rb") as file:
                giving = _giving(file, status.st_size, progress)
                script = (
                    f"t={to}; [ ! -d {to} ] || t={within}; "
                    f'cat >"$t" && chmod {status.st_mode & 0o7777:o} -- "$t"'
                )
                if status.st_size <= _SMALL_IN:
                    answer = self._asker.ask(script, stdin=b"".join(giving))
                else:
                    answer = self._feed(script, giving)
        except HostError:
            raise
        except OSError as exc:
            raise _refused(what, source, exc.strerror or str(exc)) from exc
        if answer.status:
            raise _refused(what, target, answer.problem)

    def put_all(self, files: Mapping[Path, Path], progress: Progress | None = None) -> None:
        if not files:
            return
        folders: list[Path] = []
        pairs = list(walk(files, folders.append))
        try:
            total = sum(source.stat().st_size for source, _ in pairs)
            done = 0

            def told(size: int) -> None:
                nonlocal done
                done += size
                if progress is not None:
                    progress(done, total)

            names = [(source, self._name_in_root(target)) for source, target in pairs]
            first = f"{line('mkdir', '-p', '--', *folders[:_NAMES])} && " if folders else ""
            answer = self._feed(f"{first}exec tar -xpof - -C /", archive(names, told))
        except HostError:
            raise
        except OSError as exc:
            culprit = Path(exc.filename) if exc.filename else next(iter(files))
            raise _refused("copy", culprit, exc.strerror or str(exc)) from exc
        if answer.status:
            raise _refused("copy files to", next(iter(files)).parent, answer.problem)
        for at in range(_NAMES, len(folders), _NAMES):
            some = folders[at : at + _NAMES]
            self._do("make the directory", some[0], line("mkdir", "-p", "--", *some))

    def remove(self, path: Path) -> None:
        self._do("remove", path, line("rm", "-rf", "--", path), timeout_s=None)

    def mkdir(self, path: Path) -> None:
        self._do("make the directory", path, line("mkdir", "-p", "--", path))

    # -- how --------------------------------------------------------------------------------------

    @property
    def home(self) -> Path:
        raise NotImplementedError

    def _name_in_root(self, target: Path) -> str:
        return str(self.home / target).removeprefix("/")

    def _feed(self, script: str, blocks: Iterator[bytes]) -> Answer:
        try:
            return self._streams.feed(script, blocks)
        except Unreachable as exc:
            raise self._unreachable(exc) from exc

    def _unreachable(self, exc: Unreachable) -> Unreachable:
        text = str(exc)
        if text.startswith(self._file_name):
            return exc
        return Unreachable(f"{self._file_name} cannot be reached: {text}")

    def _do(
        self,
        what: str,
        path: Path,
        script: str,
        *,
        stdin: bytes = b"",
        timeout_s: float | None = 60.0,
    ) -> Answer:
        """Ask; a refusal names the *path*. Raises HostError."""
        try:
            answer = self._asker.ask(script, stdin=stdin, timeout_s=timeout_s)
        except Unreachable:
            raise
        except HostError as exc:
            raise _refused(what, path, str(exc)) from exc
        if answer.status:
            raise _refused(what, path, answer.problem)
        return answer


class _Taking:
    """Writes what comes."""

    def __init__(self, file: BinaryIO, offset: int, total: int, progress: Progress | None) -> None:
        self._file = file
        self._done = offset
        self._total = total
        self._progress = progress

    def __call__(self, block: bytes) -> None:
        self._file.write(block)
        self._done += len(block)
        if self._done > self._total:
            raise HostError("the host sends more than it said there was")
        if self._progress is not None:
            self._progress(self._done, self._total)


def _giving(file: BinaryIO, total: int, progress: Progress | None) -> Iterator[bytes]:
    done = 0
    while block := file.read(_BLOCK):
        yield block
        done += len(block)
        if progress is not None:
            progress(done, max(done, total))


def _pieces(data: bytes) -> Iterator[bytes]:
    for at in range(0, len(data), _BLOCK):
        yield data[at : at + _BLOCK]


def _from(path: Path, offset: int) -> str:
    """A command that prints a file from *offset* on."""
    where = quote(str(path))
    return f"tail -c +{offset + 1} <{where}" if offset else f"cat <{where}"
