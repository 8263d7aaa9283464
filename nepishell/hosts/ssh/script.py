"""What runs at the other end: functions of any POSIX shell, fed to `sh` over one channel.

A request is one line of shell, run in the background; its answer is a frame (see frames.py), and
a lock, one byte in a pipe, keeps frames from mixing. What is spawned has a waiter, which writes the
exit status and rings the bell of the connection there is now: another pipe, found by its name.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

from nepishell.core.errors import HostError

#: In the environment of all that a host runs for us: MARK=WORD.NUMBER. with the host's own word.
MARK = "NEPISHELL_CALL"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
#: All but what a quoted word may hold as it is.
_SPECIAL = re.compile(rb"[^A-Za-z0-9 _.,:;/=+@#(){}<>|&*?$~\"-]")

#: Read by a shell of its own: $$ is the process that then becomes the program.
_INNER = r"""
_np_f() { _np_s=${20}; }
read -r _np_l </proc/$$/stat
_np_f ${_np_l##*) }
_np_i=$1
# our mark is seen by now: who looks for it after a new connection came finds us
read -r _np_x <"$2/now" && [ "$_np_x" = "$3" ] || exit
shift 3
echo "$$ $_np_s $PPID" >.pid
read -r _np_x <&9
printf '%s S %s %s %s %s\n' @TOKEN@ "$_np_i" $$ "$_np_s" "$PPID" >&7
echo >&9
exec 7>&- 9>&-
exec "$@"
"""

_PROLOGUE = r"""
exec 7>&1 2>/dev/null
IFS=' 	
'
_np_t=@TOKEN@ _np_w=@WORD@ _np_m=@MARK@
for _np_d in /dev/shm "${TMPDIR:-/tmp}" /tmp /var/tmp "$HOME"; do
    _np_b=$_np_d/@NAME@
    # the name may be seen while we are away: what is not ours is not used
    [ -O "$_np_b" ] && [ ! -h "$_np_b" ] || mkdir -m 700 "$_np_b" && break
done
_np_lock() { read -r _np_x <&9; }
_np_free() { echo >&9; }
# what has the lock is not killed: nobody would give it back
_np_kill() {
    { _np_lock; } 2>/dev/null
    kill "$@"
    { _np_free; } 2>/dev/null
}
_np_f() { _np_g=$3 _np_ss=$4 _np_s=${20}; }
_np_no() { printf '%s%s' "$_np_w" "$1" >&2; exit 125; }
_np_find() {
    case $1 in
    '') _np_no 'the command is empty: name a program' ;;
    */*)
        if [ -d "$1" ] || ! [ -e "$1" ]; then _np_no "command '$1' is not found"; fi
        [ -x "$1" ] || _np_no "command '$1' is not executable: chmod +x $1" ;;
    *)
        command -v -- "$1" >/dev/null ||
            _np_no "command '$1' is not found; install it, or give its full path" ;;
    esac
}
_np_exec() { _np_find "$1"; exec "$@"; }
_np_in() { cd -- "$1" 2>/dev/null || _np_no "cannot start in $1: ${2:-No such file or directory}"; }
_np_file() {
    [ -e "$1" ] || _np_no 'No such file or directory'
    [ ! -d "$1" ] || _np_no 'Is a directory'
    [ -f "$1" ] || _np_no 'not a plain file, its end may never come'
    [ -r "$1" ] || _np_no 'Permission denied'
}
_np_job() {
    (eval "$2") >"$_np_b/o$1" 2>"$_np_b/e$1" </dev/null 7>&- 8>&- 9>&-
    _np_st=$?
    if [ -s "$_np_b/o$1" ] || [ -s "$_np_b/e$1" ]; then
        _np_lock
        printf '%s O %s %s\n' "$_np_t" "$1" "$_np_st"
        $_np_cat "$_np_b/o$1" "$_np_b/m" "$_np_b/e$1" "$_np_b/z"
        _np_free
        rm -f "$_np_b/o$1" "$_np_b/e$1"
    else
        _np_lock
        printf '%s N %s %s\n' "$_np_t" "$1" "$_np_st"
        _np_free
    fi
}
_np_refuse() {
    _np_lock
    printf '%s X %s\n%s' "$_np_t" "$_np_i" "$1"
    $_np_cat "$_np_b/z"
    _np_free
    exit
}
_np_script() {
    [ -f "$1" ] && [ -r "$1" ] || return 0
    IFS= read -r _np_l <"$1"
    case $_np_l in
    '#!'*) ;;
    *[![:print:][:blank:]]*) ;;
    *) _np_refuse "command '$1' is not a program: a script needs a first line like #!/bin/sh" ;;
    esac
}
_np_spawn() {
    _np_i=$1 _np_d=$2 _np_n=$3 _np_e=$4
    shift 4
    _np_no() { _np_refuse "$1"; }
    _np_l=$(mkdir -p -- "$_np_d" 2>&1) ||
        _np_refuse "cannot make the directory $_np_d: ${_np_l##*: }"
    cd -- "$_np_d" || _np_refuse "cannot start in $_np_d"
    [ -r "$_np_n" ] || _np_refuse "cannot open $_np_n: No such file or directory"
    _np_l=$(true 2>&1 >stdout >>stderr) && [ -w stdout ] && [ -w stderr ] ||
        _np_refuse "cannot open $_np_d/stdout: is the disk full?"
    [ ! -e exitcode ] || rm -f exitcode
    eval "$_np_e"
    _np_find "$1"
    case $1 in */*) _np_script "$1" ;; esac
    set -- "$_np_b/inner" "$_np_i" "$_np_b" "$_np_me" "$@"
    $_np_default $_np_setsid "$_np_sh" "$@" <"$_np_n" >stdout 2>stderr 8>&-
    _np_st=$?
    trap '' PIPE
    echo "$_np_st" >exitcode
    _np_ring "$_np_i $_np_st"
}
_np_ring() {
    for _np_p in "$_np_b"/bell.*; do
        [ ! -p "$_np_p" ] || printf '%s\n' "$1" 1<>"$_np_p"
    done
}
_np_same() {
    read -r _np_l <"/proc/$1/stat" || return 1
    _np_f ${_np_l##*) }
    [ "$_np_s" = "$2" ]
}
_np_signal() {
    [ ! -e "/proc/$1/stat" ] || _np_same "$1" "$2" || return 0
    # a leader without children is its whole session; a dead one has none to show
    _np_l=?
    [ ! -r "/proc/$1/task/$1/children" ] || read -r _np_l <"/proc/$1/task/$1/children"
    _np_kill "-$3" "-$1"
    [ -n "$_np_l" ] || return 0
    for _np_p in /proc/[0-9]*; do
        read -r _np_l <"$_np_p/stat" || continue
        _np_f ${_np_l##*) }
        if [ "$_np_ss" = "$1" ] && [ "$_np_g" != "$1" ] && [ "$_np_s" -ge "$2" ]; then
            _np_kill "-$3" "${_np_p#/proc/}"
        fi
    done
    return 0
}
_np_end_marked() {
    for _np_x in 1 2 3 4 5 6 7 8 9 10; do
        _np_l=$(grep -lsF "$1" /proc/[0-9]*/environ)
        [ -n "$_np_l" ] || return 0
        for _np_p in $_np_l; do
            _np_p=${_np_p#/proc/}
            _np_kill -9 "${_np_p%/environ}"
        done
    done
}
_np_lives() {
    read -r _np_l <"/proc/$1/stat" || return 1
    case ${_np_l##*) } in Z*) return 1 ;; esac
}
_np_check() {
    read -r _np_st <"$4/exitcode" || _np_st=
    if [ -n "$_np_st" ]; then
        echo "$1 $_np_st"
    elif ! _np_lives "$5" && ! { _np_same "$2" "$3" && _np_lives "$2"; }; then
        read -r _np_st <"$4/exitcode" || _np_st=lost
        echo "$1 $_np_st"
    fi
}
_np_follow() {
    _np_i=$1
    [ -d "${2%/*}/" ] || _np_refuse "No such file or directory"
    # tail gives all of a file that comes later
    _np_st=0
    [ -e "$2" ] || { _np_st=1; set -- "$1" "$2" 1; }
    _np_lock
    printf '%s N %s %s\n' "$_np_t" "$1" "$_np_st"
    _np_free
    (export NEPISHELL_CALL="$_np_m.$1." NEPISHELL_FOLLOW="$_np_m"
    exec tail -c "+$3" -F "$2" </dev/null 7>&- 8>&- 9>&-) | while :; do
        dd bs=65536 count=1 >"$_np_b/f$1"
        [ -s "$_np_b/f$1" ] || break
        _np_lock
        printf '%s F %s\n' "$_np_t" "$1"
        $_np_cat "$_np_b/f$1" "$_np_b/z"
        _np_free
    done
    rm -f "$_np_b/f$1"
}
_np_bye() {
    # who had the lock may have gone with the connection
    _np_lock() { :; }
    [ -z "$_np_bell" ] || kill "$_np_bell"
    [ -z "$_np_bell" ] || _np_end_marked "NEPISHELL_FOLLOW=$_np_m"
    # who comes back makes it anew; what ends meanwhile leaves its status where it ran
    rm -rf "$_np_b"
}
_np_x=
for _np_x in @OLD@; do
    _np_same "${_np_x%:*}" "${_np_x#*:}" && kill -9 "${_np_x%:*}"
done
[ -z "${_np_x:-}" ] || _np_end_marked "NEPISHELL_FOLLOW=$_np_m"
_np_bell= _np_cat=cat
# most shells make a pipe for it, where mkfifo is one more program to start
exec 9<<'@NAME@'

@NAME@
if [ -p /proc/self/fd/9 ] && [ -w /proc/self/fd/9 ]; then
    exec 9<>/proc/self/fd/9
else
    mkfifo "$_np_b/lock.$$"
    exec 9<>"$_np_b/lock.$$"
    _np_free
fi
printf '%s M\n' "$_np_t" >"$_np_b/m"
printf '%s Z\n' "$_np_t" >"$_np_b/z"
trap _np_bye EXIT
_np_same $$
printf '%s R %s:%s\n%s%s M\n%s%s Z\n' "$_np_t" $$ "$_np_s" "$HOME" "$_np_t" "$_np_b" "$_np_t"
"""

#: What long commands need besides: sent before the first of them.
_LONG = r"""
_np_sh=$(command -v sh) _np_setsid=$(command -v setsid) _np_default=$(command -v env)
_np_cat=$(command -v cat)
if "$_np_default" --default-signal=INT true; then
    _np_default="$_np_default --default-signal=INT,QUIT"
else
    _np_default=
fi
_np_same $$
_np_me=$$:$_np_s
echo "$_np_me" >"$_np_b/now"
# who still listens for a connection that is gone
_np_ring bye
rm -f "$_np_b"/bell.*
mkfifo "$_np_b/bell.$$"
exec 8<>"$_np_b/bell.$$"
cat >"$_np_b/inner" <<'NEPISHELL'
@INNER@NEPISHELL
(
    while IFS= read -r _np_l <&8 && [ "$_np_l" != bye ]; do
        _np_lock
        printf '%s E %s\n' "$_np_t" "$_np_l"
        _np_free
    done
) </dev/null &
_np_bell=$!
_np_same "$_np_bell"
_np_lock
printf '%s B %s:%s\n' "$_np_t" "$_np_bell" "$_np_s"
_np_free
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What only the two ends of one host know; letters and digits."""

    token: str  # opens frames
    refusal: str  # opens the error output of a request that our functions refused
    mark: str  # of processes

    @property
    def folder(self) -> str:
        """Name of the folder at the other end."""
        return f"nepishell-{self.mark}"


def prologue(words: Words, old: Sequence[str]) -> bytes:
    """The text that begins a connection; *old* are PID:START of an earlier one's shells."""
    return _filled(_PROLOGUE, words).replace("@OLD@", " ".join(old)).encode()


def long_prologue(words: Words) -> bytes:
    """The text that long commands need before the first of them on a connection."""
    return _filled(_LONG, words).encode()


def _filled(text: str, words: Words) -> str:
    for name, value in (
        ("INNER", _INNER.lstrip("\n")),
        ("TOKEN", words.token),
        ("WORD", words.refusal),
        ("MARK", words.mark),
        ("NAME", words.folder),
    ):
        text = text.replace(f"@{name}@", value)
    return text


def line(*words: str | Path | int) -> str:
    """One simple command, quoted."""
    return " ".join(quote(str(word)) for word in words)


def exports(env: Mapping[str, str]) -> str:
    """Commands that set variables; raises HostError for what is no name of one."""
    for name in env:
        if not _NAME.match(name):
            raise HostError(f"'{name}' is no name of an environment variable")
    return "".join(f"export {name}={quote(value)};" for name, value in env.items())


def printed(data: bytes) -> bytes:
    """A command that writes *data*, whatever is in it, to its output."""
    escaped = _SPECIAL.sub(lambda found: b"\\0%03o" % found[0][0], data)
    return b"printf %b '" + escaped + b"'"


def encoded(text: str) -> bytes:
    """As the other end gets it; names of files may hold any byte."""
    return text.encode("utf-8", "surrogateescape")
