"""What is made and taken away on a host at both ends of a run: one script each, any POSIX shell.

Processes carry a mark in their environment, folders the number of the run: what is not ours is
never touched. `nepi-usr` goes with the last run that held it, unless somebody keeps it.
"""

from collections.abc import Sequence
from pathlib import Path

from nepishell.core.errors import HostError
from nepishell.hosts.base import Completed, Host
from nepishell.resources.linux.layout import Layout

#: In the environment of all that a run starts: experiment/run.
MARK = "NEPISHELL_RUN"
_HELD = ".held"
_TIMEOUT_S = 120.0

_END_MARKED = """
end_marked() {
    pids=
    for one in $(grep -lsF "$1" /proc/[0-9]*/environ); do
        one=${one#/proc/}
        pids="$pids ${one%/environ}"
    done
    [ -n "$pids" ] || return 0
    kill -TERM $pids 2>/dev/null
    for second in 1 2 3; do
        kill -0 $pids 2>/dev/null || return 0
        sleep 1
    done
    kill -KILL $pids 2>/dev/null
}
"""
_MAKE = (
    _END_MARKED
    + """
root=$1 exp_home=$2 run=$3 held=$4
[ "$5" != True ] || end_marked "$8="
[ "$6" != True ] || rm -rf "$root"
[ "$7" != True ] || rm -rf "$exp_home"
made=; [ -d "$root" ] || made=yes
mkdir -p "$run" "$held" "$root/nepi-usr/bin" "$root/nepi-usr/lib" "$root/nepi-usr/src" \\
    "$root/nepi-usr/share" || exit 1
[ -z "$made" ] || chmod 700 "$root"
"""
)
_CLEAR = (
    _END_MARKED
    + """
usr=$1 node=$2 run_id=$3 holder=$4 keep=$5 mark=$6
shift 6
end_marked "$mark"
rm -rf "$node/$run_id"
for app; do
    rm -rf "$app/$run_id"
    ls -d "$app"/[0-9]*/ >/dev/null 2>&1 || [ "$keep" = True ] || rm -rf "$app"
done
held="$usr/.held"
[ "$keep" != True ] || mkdir -p "$held/keep"
rmdir "$held/$holder" 2>/dev/null
# empty: nobody else holds it
! rmdir "$held" 2>/dev/null || rm -rf "$usr"
exp_home=${node%/*} exp=${node%/*/*}
rmdir "$node" "$exp_home" "$exp" "${exp%/*}" 2>/dev/null
[ ! -e "$node/$run_id" ]
"""
)


def make(
    host: Host,
    layout: Layout,
    run_home: Path,
    holder: str,
    *,
    end_processes: bool,
    clean_home: bool,
    clean_experiment: bool,
) -> None:
    """Make the folders of one node of a run, after what the user wants cleaned. HostError."""
    paths = (layout.root, layout.exp_home, run_home, layout.usr / _HELD / holder)
    choices = (end_processes, clean_home, clean_experiment, MARK)
    _run(host, _MAKE, [*paths, *choices], f"cannot make {run_home}")


def clear(
    host: Host,
    layout: Layout,
    run_id: str,
    holder: str,
    mark: str,
    apps: Sequence[Path],
    *,
    keep: bool,
) -> None:
    """End what carries *mark*, remove what the run made for one node and its *apps*. HostError."""
    words = [layout.usr, layout.node_home, run_id, holder, keep, f"{MARK}={mark}", *apps]
    _run(host, _CLEAR, words, f"cannot remove {layout.node_home / run_id}")


def _run(host: Host, script: str, words: Sequence[object], problem: str) -> Completed:
    done = host.run(["sh", "-c", script, "sh", *map(str, words)], timeout_s=_TIMEOUT_S)
    if done.status:
        why = done.stderr.strip().rpartition("\n")[2] or f"status {done.status}"
        raise HostError(f"{problem} on {host.name}: {why}")
    return done
