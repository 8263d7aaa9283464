"""An inventory in Ansible's INI form: hosts by line, with words; groups in brackets."""

import re
import shlex

from nepishell.resources.pool import ranges
from nepishell.resources.pool.hosts import ALL, Draft, Word

_SECTION = re.compile(r"\[([^\[\]:\s]+)(?::(\w+))?\]\s*(?:[#;].*)?")
UNGROUPED = "ungrouped"


def read(draft: Draft, text: str) -> None:
    """Tell *draft* what *text* says. Raises BadValue."""
    group, kind = UNGROUPED, ""
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line[0] in "#;":
            continue
        section = _SECTION.fullmatch(line)
        if section is not None:
            group, kind = section[1], section[2] or ""
            if kind not in ("", "vars", "children"):
                raise draft.error(number, f"'{kind}' is not one of vars, children")
            draft.group(group)
        elif kind == "vars":
            _group_word(draft, group, line, number)
        elif kind == "children":
            draft.child(group, line.split("#")[0].strip(), number)
        else:
            _host(draft, group, line, number)


def _group_word(draft: Draft, group: str, line: str, number: int) -> None:
    name, equals, value = line.partition("=")
    if not equals or not name.strip():
        raise draft.error(number, "a line without '='; write NAME=VALUE")
    draft.group_word(group, name.strip(), Word((_plain(value.strip()),), number))


def _host(draft: Draft, group: str, line: str, number: int) -> None:
    try:
        pattern, *words = shlex.split(line, comments=True)
    except ValueError as problem:
        raise draft.error(number, f"{str(problem).lower()}: {line.split()[0]}") from None
    pattern, port = ranges.split_port(pattern)
    said = [("ansible_port", Word((str(port),), number))] if port is not None else []
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name:
            # it may be half of a password
            raise draft.error(number, "a word without '='; quote values that have blanks")
        said.append((name, Word((value,), number)))
    for host in draft.hosts(group if group != UNGROUPED else ALL, pattern, number):
        for name, told in said:
            draft.host_word(host, name, told)


def _plain(value: str) -> str:
    """Without the quotes around it."""
    is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    return value[1:-1] if is_quoted else value
