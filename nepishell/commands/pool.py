"""The hosts that pool nodes are chosen from: who has them, which are black-listed, and why."""

import time
from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING

from nepishell.commands.context import Context
from nepishell.commands.notes import Note, names_of, note, tell
from nepishell.core.errors import NepishellError, UnknownName, did_you_mean
from nepishell.core.units import format_duration
from nepishell.lang.registry import LOOK, RUN, command
from nepishell.output.records import Records

if TYPE_CHECKING:
    from nepishell.resources.pool.hosts import PoolHost
    from nepishell.resources.pool.inventory import Inventory
    from nepishell.resources.pool.ledger import Book, Ledger

HOSTS = ("host", "is:text", "by", "left:duration", "why", "facts")
_RTYPE = "pool::Node"
_ALL = "all"
#: What is shown of a host; the rest is in the file.
_HIDDEN = ("group", "hostname")


@command("pool [<file:path>]", effects=LOOK, group="look", columns=names_of(HOSTS))
def pool(ctx: Context, *, file: str = "") -> Records:
    """The hosts of an inventory (default: those that pool nodes name), and who has them.

    is: free, reserved (by a run or a node of this one), black-listed (for how long, and why) or
    unusable. Without any inventory it shows what is known of hosts at all.

        pool labs.yaml | where is=free
    """
    book = _book()
    files = [file] if file else _named(ctx)
    found: dict[str, PoolHost] = {}
    for each in files:
        for host in _inventory(each).hosts.values():
            found.setdefault(host.key, host)
    ours = _ours(ctx, files)
    rows = [_row(key, host, book, ours) for key, host in found.items()]
    if not files:
        rows = [_row(key, None, book, {}) for key in {**book.reserved, **book.avoided}]
    return Records(HOSTS, rows, "hosts")


@command("pool forgive <host:text>", effects=RUN, group="run")
def pool_forgive(ctx: Context, *, host: str) -> Note:
    """Take a host off the black-list ('all': every one); it may be chosen again by the next run.

    pool forgive lab3.example.org
    """
    ledger = _ledger()
    with ledger.open() as book:
        keys = [key for key, each in book.avoided.items() if host in (_ALL, key, each.name)]
        names = [book.avoided[key].name for key in keys]
        known = [each.name for each in book.avoided.values()]
        for key in keys:
            del book.avoided[key]
    if not keys and host != _ALL:
        what = "no host is" if not known else f"'{host}' is not"
        raise UnknownName(f"{what} black-listed{did_you_mean(host, known)}; see 'pool'")
    return note(f"forgiven: {', '.join(names) or 'none'}", hosts=names)


@command("pool avoid <host:text> [for <duration:duration>] [because <why:text>]", effects=RUN,
         group="run")  # fmt: skip
def pool_avoid(ctx: Context, *, host: str, duration: float = 0.0, why: str = "") -> Note:
    """Put a host on the black-list, until it is forgiven or for a while; who has it keeps it.

    pool avoid lab3.example.org for 24h because "its disk is full"
    """
    found = [
        each
        for file in _named(ctx)
        for each in _inventory(file).hosts.values()
        if host in (each.name, each.hostname)
    ]
    # without an inventory a name is believed
    key, name = (found[0].key, found[0].name) if found else (host.lower(), host)
    with _ledger().open() as book:
        book.avoid(key, name, why or "by hand", duration or None)
    until = f"for {format_duration(duration)}" if duration else "until it is forgiven"
    return tell(f"{name} is black-listed {until}", host=name)


def _inventory(file: str) -> "Inventory":
    # most experiments have no pool, and its modules would cost each of their prompts 5 ms
    found: Inventory = import_module("nepishell.resources.pool.inventory").load(file)
    return found


def _ledger() -> "Ledger":
    made: Ledger = import_module("nepishell.resources.pool.ledger").Ledger()
    return made


def _book() -> "Book":
    book = _ledger().look()
    if book.problem:
        raise NepishellError(book.problem)
    return book


def _nodes(ctx: Context) -> Iterator[tuple[str, str, str]]:
    """(name, inventory, host) of the pool nodes of this run."""
    for row in ctx.ec.snapshot().resources:
        rm = ctx.ec.get_resource(row.guid)
        # asked by name: its class would load what nobody may need
        if rm is not None and _RTYPE in rm._rtypes and rm.get("inventory"):
            yield rm.name, rm.get("inventory"), rm.get("placed") or ""


def _named(ctx: Context) -> Iterable[str]:
    return list(dict.fromkeys(file for _, file, _ in _nodes(ctx)))


def _ours(ctx: Context, files: Iterable[str]) -> dict[str, str]:
    """name of a host -> the node of this run that has it."""
    wanted = set(files)
    return {host: name for name, file, host in _nodes(ctx) if host and file in wanted}


def _row(
    key: str, host: "PoolHost | None", book: "Book", ours: dict[str, str]
) -> tuple[str, str, str, float | None, str, str]:
    reserved = book.reserved.get(key)
    avoided = book.whether_avoided(host) if host else book.avoided.get(key)
    name = host.name if host else (avoided or reserved).name  # type: ignore[union-attr] # one is
    by = (reserved and (ours.get(name) or reserved.run)) or ""
    left = why = None
    if avoided is not None:
        left = None if avoided.until is None else max(0.0, round(avoided.until - time.time()))
        why = avoided.why
    state = "black-listed" if avoided else "reserved" if reserved else "free"
    if host is not None and host.unfit:
        state, why = "unusable", host.unfit
    return name, state, by, left, why or "", _facts(host) if host else ""


def _facts(host: "PoolHost") -> str:
    said = {name: "|".join(values) for name, values in host.facts.items() if name not in _HIDDEN}
    return " ".join(f"{name}={value}" for name, value in said.items())
