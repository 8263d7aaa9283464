"""Where things stand on a host, and the `${...}` that name them (NEPI section 17.1).

`<home>/.nepishell/nepi-usr/{bin,lib,src,share}` is shared by experiments, `nepi-exp/<exp_id>/` is
one experiment's: `node-<guid>/` and `app-<guid>/`, each with a folder for each run.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

#: Ours alone: NEPI's `.nepi` is left as it is, also by cleanHome.
ROOT, USR, EXP = ".nepishell", "nepi-usr", "nepi-exp"
#: What `${...}` may name in commands, env, build, install and tearDown.
NAMES = (
    "HOME", "USR", "LIB", "BIN", "SRC", "SHARE",
    "EXP", "EXP_HOME", "APP_HOME", "RUN_HOME", "NODE_HOME",
)  # fmt: skip
_NAMED = re.compile(r"\$\{(" + "|".join(NAMES) + r")\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The folders of one node on its host."""

    home: Path
    root: Path  # holds nepi-usr
    exp: Path  # holds the experiments
    exp_home: Path
    node_home: Path

    @property
    def usr(self) -> Path:
        """What experiments share."""
        return self.root / USR

    @property
    def lib(self) -> Path:
        """Libraries."""
        return self.usr / "lib"

    @property
    def bin(self) -> Path:
        """Programs."""
        return self.usr / "bin"

    @property
    def src(self) -> Path:
        """Sources."""
        return self.usr / "src"

    @property
    def share(self) -> Path:
        """Other files."""
        return self.usr / "share"

    def app_home(self, guid: int) -> Path:
        """The folder of application *guid*."""
        return self.exp_home / f"app-{guid}"

    def variables(self, guid: int, run_home: Path) -> dict[str, str]:
        """What the `${...}` of application *guid*, running in *run_home*, stand for."""
        paths = (
            self.home, self.usr, self.lib, self.bin, self.src, self.share,
            self.exp, self.exp_home, self.app_home(guid), run_home, self.node_home,
        )  # fmt: skip
        return dict(zip(NAMES, map(str, paths), strict=True))


def on_host(home: Path, exp_id: str, guid: int) -> Layout:
    """The layout below the *home* of a host."""
    root = home / ROOT
    exp_home = root / EXP / exp_id
    return Layout(
        home=home,
        root=root,
        exp=root / EXP,
        exp_home=exp_home,
        node_home=exp_home / f"node-{guid}",
    )


def names_one(text: str) -> bool:
    """Whether *text* has one of our `${...}` in it."""
    return _NAMED.search(text) is not None


def substituted(text: str, variables: Mapping[str, str]) -> str:
    """*text* with our `${...}` replaced: for one word of a command, never for a shell's text."""
    return _NAMED.sub(lambda found: variables[found[1]], text)


def for_shell(text: str, variables: Mapping[str, str]) -> str:
    """*text* for sh, which replaces our `${...}` itself: paths with blanks stay one word.

    They are variables of the shell only: no makefile finds a LIB or SRC that it did not ask for.
    """
    named = dict.fromkeys(_NAMED.findall(text))
    # HOME is the host's own unless somebody moved it, and then programs shall see that, too
    settings = [f"{name}={quote(variables[name])}" for name in named]
    return "\n".join([*settings, text])
