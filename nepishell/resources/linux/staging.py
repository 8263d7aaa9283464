"""What an application needs on its host before it can run: packages, files, sources, a build.

Packages and uploads take turns with those of other applications on the same machine: the second
finds done what the first did. Text from a user reaches a shell in files and variables of its own.
"""

import shlex
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, ClassVar

from nepishell.core.attributes import Attribute
from nepishell.core.errors import BadValue, HostError, NepishellError, Unreachable
from nepishell.core.states import ResourceState
from nepishell.core.traces import Trace
from nepishell.hosts.base import STDOUT
from nepishell.resources.linux import packages, uploads
from nepishell.resources.linux.layout import for_shell, substituted
from nepishell.resources.linux.preparing import Preparing, Step, folder_of

if TYPE_CHECKING:
    from nepishell.engine.controller import ExperimentController

#: What runs on the host in order to prepare: each has a folder of its own, and is a trace.
DEPENDS, DEPLOY = "depends", "deploy"
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


class Staged(Preparing):
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
        name: f"{folder_of(name)}/{STDOUT}" for name in (DEPENDS, DEPLOY)
    }

    def __init__(self, ec: "ExperimentController", guid: int) -> None:
        super().__init__(ec, guid)
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

    def needed_steps(self) -> Iterator[Step]:
        """In their order."""
        if self.depends:
            yield Step(self._install_packages, in_turn=True)
        if self._uploads() or self._texts():
            yield Step(self._upload, in_turn=True)
        if self._has_script():
            yield Step(self._build, in_turn=False)

    def called(self, name: str, status: int) -> str:
        """Which part of it failed."""
        return "installing packages" if name == DEPENDS else _PARTS.get(status, _SCRIPT)

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
            self.step_done()
            return
        self.info(f"installing {' '.join(lacking)} on {node.name}")
        self.run_step(DEPENDS, node.elevate(packages.install_script(chosen, lacking), {}))

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
        self.step_done()

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
        self.run_step(DEPLOY, ["sh", str(self.app_home / _SCRIPT)])

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
