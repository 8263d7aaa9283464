"""Inventories and wishes in as few words as a test needs."""

from pathlib import Path

from nepishell.resources.pool.explaining import Wish
from nepishell.resources.pool.hosts import ALL, Draft, Word
from nepishell.resources.pool.inventory import Inventory
from nepishell.resources.pool.ranking import DEFAULT, parse_rank
from nepishell.resources.pool.where import parse_where


def inventory(**hosts: str) -> Inventory:
    """name="country=fr tag=5": what each host says."""
    draft = Draft(Path("labs.yaml"))
    for name, said in hosts.items():
        draft.hosts(ALL, name, 1)
        for word in said.split():
            key, _, value = word.partition("=")
            draft.host_word(name, key, Word(tuple(value.split("|")), 1))
    return Inventory(draft.path, draft.finish())


def wishes(where: Inventory, *texts: str, rank: str = DEFAULT) -> list[Wish]:
    """Nodes n0, n1, ... that want this."""
    return [
        Wish(
            guid=number,
            name=f"n{number}",
            inventory=where,
            constraints=parse_where(text),
            weights=parse_rank(rank),
        )
        for number, text in enumerate(texts)
    ]
