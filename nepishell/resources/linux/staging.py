"""What an application needs on its host before it can run: packages, files, sources, a build.

Steps follow each other as hooks of the resource: long ones run on the host as processes whose
end is told, so no thread waits. Packages and uploads take turns with those of other applications
on the same machine: the second finds done what the first did.
"""

import shlex
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from nepishell.core.attributes import Attribute
from nepishell.core.errors import BadValue, HostError, NepishellError, Unreachable
from nepishell.core.states import ResourceState
from nepishell.core.traces import Trace
from nepishell.engine.jobs import LATER
from nepishell.hosts.base import Exit, Process
from nepishell.resources.linux import packages, uploads
from nepishell.resources.linux.layout import for_shell, substituted
from nepishell.resources.linux.traces import Recording

if TYPE_CHECKING:
    from nepishell.engine.controller import ExperimentController
    from nepishell.resources.node import AbstractNode

#: What runs on the host in order to prepare: each has a folder of its own, and is a trace.
DEPENDS, DEPLOY = "depends", "deploy"
_FOLDERS = {DEPENDS: ".depends", DEPLOY: ".deploy"}
#: With which status deploy.sh ends when one of its parts failed.
_PARTS = {11: "fetching the sources", 12: "build", 13: "install"}
#: Text that is uploaded as a file: its name in the application's folder.
_CODE, _BUILD, _INSTALL, _SCRIPT = "code", "build.sh", "install.sh", "deploy.sh"
#: Seconds that tearDown may take.
_TEAR_DOWN_S = 120.0
#: An upload of less is over before a line about it could be read.
_LARGE = 1 << 20

#: Fetches a URL with what the host has; a part of a file never bears its name.
_FETCH = """
fetch() {
    [ -e "$2" ] && { echo "$2 is there already"; return 0; }
    if command -v curl >/dev/null 2>&1; then curl -fsSL --retry 2 -o "$2.part" "$1"
    elif command -v wget >/dev/null 2>&1; then wget -nv -O "$2.part" "$1"
    elif command -v python3 >/dev/null 2>&1; then
        python3 -c 'import sys, urllib.request as u; u.urlretrieve(*sys.argv[1:])' "$1" "$2.part"
    else echo "no curl, wget or python3 to fetch $1 with"; false
    fi && mv "$2.part" "$2" || { rm -f "$2.part"; echo "cannot fetch $1"; exit 11; }
}
"""


class _Step(NamedTuple):
    """*run* does it, or begins it; `_step_done` is called when it is over."""

    run: Callable[[], None]
    in_turn: bool


class Staged(Recording):
    """The part of an application that gets what it needs, and takes it away again."""

    depends = Attribute(help="packages that must be installed, separated by blanks")
    sources = Attribute(help="what comes into ${SRC}: URLs that the host fetches, or local files")
    files = Attribute(help="local files or folders that come into ${SHARE}")
    bins = Attribute(help="local programs that come into ${BIN}")
    libs = Attribute(help="local libraries that come into ${LIB}")
    code = Attribute(help="${APP_HOME}/code: its text, or @PATH for a local file or folder")
    build = Attribute(help="shell commands that build it, run in ${APP_HOME}")
    install = Attribute(help="shell commands that install it, run after build")
    tearDown = Attribute(help="shell commands that undo it, run at its release in ${APP_HOME}")

    traces: ClassVar[tuple[Trace, ...]] = (
        Trace(DEPENDS, "what installing packages printed", enabled=True),
        Trace(DEPLOY, "what fetching, building and installing printed", enabled=True),
    )
    places: ClassVar[Mapping[str, str]] = {
        name: f"{folder}/stdout" for name, folder in _FOLDERS.items()
    }

    if TYPE_CHECKING:
        node: AbstractNode

    def __init__(self, ec: "ExperimentController", guid: int) -> None:
        super().__init__(ec, guid)
        self._steps: deque[_Step] = deque()
        self._end_turn: Callable[[], None] | None = None
        self._preparing: Process | None = None
        self._prepared: Callable[[], object] | None = None
        self._has_home = False  # whether its folder was made on the host

    # -- names ----------------------------------------------------------------------------------

    def variables(self) -> dict[str, str]:
        """What the `${...}` of our layout stand for on its host."""
        return self.node.layout.variables(self.guid, self.node.run_home(self))

    def expanded(self, text: str) -> str:
        """One word with our `${...}` replaced."""
        return substituted(text, self.variables()) if "${" in text else text

    def shell_text(self, text: str) -> str:
        """A text for sh, which knows our `${...}`."""
        return for_shell(text, self.variables()) if "${" in text else text

    @property
    def app_home(self) -> Path:
        """Its folder on the host."""
        return self.node.layout.app_home(self.guid)

    # -- preparing --------------------------------------------------------------------------------

    def check_staging(self) -> None:
        """Refuse what could never be staged; raises BadValue, NepishellError."""
        packages.wanted(self.depends or "")
        uploads.readable(self._uploads())
        for item in filter(uploads.is_url, uploads.listed(self.sources, "sources")):
            uploads.url_name(item)

    def do_provision(self) -> object:
        """Get what it needs; PROVISIONED once all is there."""
        if self._prepared is not None:
            return LATER  # on its way
        self._steps.extend(self._needed_steps())
        if not self._steps:
            return super().do_provision()
        self.begin_recording(self.node.host, self.node.run_home(self))
        self._prepared = super().do_provision
        self.patiently(self._go_on)
        return LATER

    def _needed_steps(self) -> Iterator[_Step]:
        if self.depends:
            yield _Step(self._install_packages, in_turn=True)
        if self._uploads() or self._texts():
            yield _Step(self._upload, in_turn=True)
        if self._has_script():
            yield _Step(self._build, in_turn=False)

    def and_then(self, go_on: Callable[[], object]) -> bool:
        """Call *go_on*, as a hook, once it is prepared; False when nothing is under way."""
        before = self._prepared
        if before is None:
            return False

        def both() -> None:
            before()
            go_on()

        self._prepared = both
        return True

    def _go_on(self) -> None:
        """The next step, in our turn where it must be; in the end, what was waiting for it."""
        if self.releasing or self.state >= ResourceState.FAILED:
            self.end_preparing()
        elif not self._steps:
            done, self._prepared = self._prepared, None
            if done is not None:
                done()
        elif self._steps[0].in_turn and self._end_turn is None:
            self.node.turns().take(lambda over: self.later(self._take_turn, over))
        else:
            self._steps[0].run()

    def _take_turn(self, over: Callable[[], None]) -> None:
        self._end_turn = over
        self.patiently(self._go_on)

    def _give_turn(self) -> None:
        over, self._end_turn = self._end_turn, None
        if over is not None:
            over()

    def _step_done(self) -> None:
        self._steps.popleft()
        self._give_turn()
        self.patiently(self._go_on)

    def patiently(self, step: Callable[[], object]) -> None:
        """Do *step*; when its host cannot be reached now, again once it is back.

        A host that is given up fails the resource.
        """
        try:
            step()
        except Unreachable as problem:
            why = str(problem)
            self.node.when_back(lambda back: self.later(self._again, back, step, why))

    def _again(self, back: bool, step: Callable[[], object], why: str) -> None:
        if not back:
            raise HostError(why)
        self.patiently(step)

    def end_preparing(self) -> bool:
        """No more steps; whether one was running, which tells its end to prepared_no_more."""
        self._steps.clear()
        self._prepared = None
        self._give_turn()
        if self._preparing is None:
            return False
        self._preparing.stop()
        return True

    def prepared_no_more(self) -> None:
        """Called when a step has ended and nobody wants the next."""

    def _run_step(self, name: str, argv: list[str]) -> None:
        """Run one of the long steps."""

        def on_exit(end: Exit) -> None:
            self.later(self._step_ended, name, end)

        self._preparing = self.node.host.spawn(
            ["sh", "-c", 'exec 2>&1 "$@"', name, *argv],
            run_dir=self.recorded_in() / _FOLDERS[name],
            env=self.node.environment,
            on_exit=on_exit,
        )

    def _step_ended(self, name: str, end: Exit) -> None:
        self._preparing = None
        if self.releasing or self.state >= ResourceState.FAILED:
            self.prepared_no_more()
            return
        if end.status:
            words = self.last_line(self.place(name))
            what = "installing packages" if name == DEPENDS else _PARTS.get(end.status, "deploy.sh")
            how = f": {words}" if words else f" with status {end.status}"
            raise HostError(f"{what} failed on {self.node.name}{how}; see trace '{name}'")
        self._step_done()

    # -- packages ---------------------------------------------------------------------------------

    def needed_packages(self) -> str:
        """What `depends` names."""
        return self.depends or ""

    def _install_packages(self) -> None:
        names = packages.wanted(self.needed_packages())
        node = self.node
        packager = node.system.packager
        chosen = packages.manager(packager, node.name)
        found = node.host.run([*chosen.query, *names], timeout_s=60)
        lacking = packages.missing(packager, names, found.status, found.stdout)
        if not lacking:
            self._step_done()
            return
        self.info(f"installing {' '.join(lacking)} on {node.name}")
        self._run_step(DEPENDS, node.elevate(packages.install_script(chosen, lacking), {}))

    # -- uploads ----------------------------------------------------------------------------------

    def _uploads(self) -> dict[Path, Path]:
        """target -> local file. Raises BadValue for what is not there."""
        layout = self.node.layout
        local = [s for s in uploads.listed(self.sources, "sources") if not uploads.is_url(s)]
        found = uploads.below(local, layout.src, "sources")
        for name, folder in (("files", layout.share), ("bins", layout.bin), ("libs", layout.lib)):
            found |= uploads.below(uploads.listed(self.get(name), name), folder, name)
        if self.code and self.code.startswith("@"):
            path = Path(self.code[1:]).expanduser()
            if not path.exists():
                raise BadValue(f"code: '{path}' does not exist on this machine")
            found |= uploads.inside(path, self.app_home / _CODE)
        return found

    def _texts(self) -> dict[str, str]:
        """Name in the application's folder -> text."""
        found = {}
        if self.code and not self.code.startswith("@"):
            found[_CODE] = self.code
        if self.build:
            found[_BUILD] = self.shell_text(self.build)
        if self.install:
            found[_INSTALL] = self.shell_text(self.install)
        if self._has_script():
            found[_SCRIPT] = self._script()
        return found

    def _upload(self) -> None:
        """Put on the host what is not there yet."""
        wanted = self._uploads()
        with ExitStack() as stack:
            for name, text in self._texts().items():
                file = stack.enter_context(NamedTemporaryFile("w", encoding="utf-8"))
                file.write(text)
                file.flush()
                wanted[self.app_home / name] = Path(file.name)
            self._put(wanted)
        self._step_done()

    def _put(self, wanted: dict[Path, Path]) -> None:
        self._has_home = True
        host = self.node.host
        needed = uploads.changed(host, wanted)
        if not needed:
            return
        total = uploads.readable(needed)
        what = f"uploading {len(needed)} file{'s' if len(needed) > 1 else ''} to {self.node.name}"
        if total >= _LARGE:
            self.info(f"{what}: {total / 1e6:.1f} MB")
        host.put_all(needed, uploads.Tally(what, self.info, lambda: not self.releasing))
        programs = [str(target) for target in needed if target.is_relative_to(self.node.layout.bin)]
        if programs:
            host.run(["chmod", "+x", *programs])

    # -- fetching and building --------------------------------------------------------------------

    def _has_script(self) -> bool:
        urls = any(map(uploads.is_url, uploads.listed(self.sources, "sources")))
        return bool(urls or self.build or self.install)

    def _script(self) -> str:
        """What deploy.sh says: paths and URLs quoted, the user's text in files of its own."""
        src = self.node.layout.src
        home = shlex.quote(str(self.app_home))
        lines = [_FETCH, f"mkdir -p {shlex.quote(str(src))} {home} && cd {home} || exit 11"]
        for item in filter(uploads.is_url, uploads.listed(self.sources, "sources")):
            target = shlex.quote(str(src / uploads.url_name(item)))
            lines.append(f"fetch {shlex.quote(item)} {target}")
        lines += ["sh build.sh || exit 12"] if self.build else []
        lines += ["sh install.sh || exit 13"] if self.install else []
        return "\n".join([*lines, "exit 0\n"])

    def _build(self) -> None:
        self._run_step(DEPLOY, ["sh", str(self.app_home / _SCRIPT)])

    # -- giving back ------------------------------------------------------------------------------

    def tear_down(self) -> None:
        """Run tearDown, and take the folder away; what goes wrong is told. Raises Unreachable."""
        try:
            if self.tearDown and self.state is not ResourceState.NEW:
                self._has_home = True
                self.node.host.mkdir(self.app_home)
                script = self.shell_text(self.tearDown)
                done = self.node.host.run(
                    ["sh", "-c", script], cwd=self.app_home, timeout_s=_TEAR_DOWN_S
                )
                if done.status:
                    words = (done.stderr or done.stdout).strip().rpartition("\n")[2]
                    raise HostError(f"ended with status {done.status}: {words}")
        except Unreachable:
            raise
        except NepishellError as problem:
            self.warning(f"tearDown of {self.name}: {problem}")

    def leave(self) -> None:
        """Remove its folder. Raises HostError."""
        if self._has_home:
            self.node.host.remove(self.app_home)
            self._has_home = False
