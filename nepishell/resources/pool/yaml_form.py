"""An inventory written in YAML: one group (`hosts:` at the top), or Ansible's tree of groups.

Only the text is read, never an object made of it: what YAML takes for a date or for no (Norway's
country code) stays as it was written, and every error knows its line.
"""

from collections.abc import Iterator
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from nepishell.core.errors import did_you_mean
from nepishell.resources.pool.hosts import ALL, Draft, Word

#: libyaml where there is one: 8,000 hosts in 1.4 s instead of 4.7 s
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_KEYS = ("hosts", "vars", "children")
_NULL = "tag:yaml.org,2002:null"
#: Nodes looked at, each as often as an alias repeats it: aliases of aliases grow without limit.
_MOST_NODES = 3_000_000


def read(draft: Draft, text: str) -> None:
    """Tell *draft* what *text* says. Raises BadValue."""
    try:
        top = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark
        line = mark.line + 1 if mark is not None else 1
        raise draft.error(line, f"not YAML: {problem.problem or problem.context}") from None
    except (yaml.YAMLError, RecursionError) as problem:
        raise draft.error(1, f"not YAML: {str(problem).splitlines()[0]}") from None
    if top is not None:
        _Reader(draft).top(top)


class _Reader:
    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._seen = 0

    def top(self, node: Node) -> None:
        if not isinstance(node, MappingNode):
            raise self._draft.error(_line(node), "write 'hosts:', and names below it")
        names = [key.value for key, _ in node.value]
        if "hosts" in names or "vars" in names:
            self._group(ALL, node)
            return
        for name, line, value in self._pairs(node):
            if name != ALL:
                self._draft.child(ALL, name, line)
            self._group(name, value)

    def _group(self, name: str, node: Node, depth: int = 0) -> None:
        if depth > 50:
            raise self._draft.error(_line(node), "groups in groups, more than 50 deep")
        for key, line, value in self._pairs(node):
            if key == "hosts":
                self._hosts(name, value)
            elif key == "vars":
                for word, _, said in self._pairs(value):
                    self._draft.group_word(name, word, self._word(said))
            elif key == "children":
                for child, at, inner in self._pairs(value):
                    self._draft.child(name, child, at)
                    self._group(child, inner, depth + 1)
            else:
                near = did_you_mean(key, _KEYS)
                raise self._draft.error(line, f"'{key}' is not one of {', '.join(_KEYS)}{near}")

    def _hosts(self, group: str, node: Node) -> None:
        if isinstance(node, SequenceNode):
            for each in node.value:
                self._draft.hosts(group, self._text(each), _line(each))
            return
        for pattern, line, value in self._pairs(node):
            names = self._draft.hosts(group, pattern, line)
            words = [(word, self._word(said)) for word, _, said in self._pairs(value)]
            for name in names:
                for word, said in words:
                    self._draft.host_word(name, word, said)

    def _pairs(self, node: Node) -> Iterator[tuple[str, int, Node]]:
        self._count()
        if isinstance(node, ScalarNode) and node.tag == _NULL:
            return
        if not isinstance(node, MappingNode):
            raise self._draft.error(_line(node), "names with ':' are expected here")
        seen: set[str] = set()
        for key, value in node.value:
            name = self._text(key)
            if name in seen:
                raise self._draft.error(_line(key), f"'{name}' stands there twice")
            seen.add(name)
            yield name, _line(key), value

    def _word(self, node: Node) -> Word:
        self._count()
        if isinstance(node, ScalarNode):
            # a value that Ansible's vault encrypted, or an unknown tag, is nothing to us
            ours = node.tag.startswith("tag:yaml.org,2002:") and node.tag != _NULL
            return Word((node.value,) if ours else (), _line(node))
        if isinstance(node, SequenceNode) and all(isinstance(n, ScalarNode) for n in node.value):
            return Word(tuple(n.value for n in node.value), _line(node))
        return Word(None, _line(node))

    def _text(self, node: Node) -> str:
        self._count()
        if not isinstance(node, ScalarNode):
            raise self._draft.error(_line(node), "a name is expected here")
        return str(node.value)

    def _count(self) -> None:
        self._seen += 1
        if self._seen > _MOST_NODES:
            raise self._draft.error(1, "its aliases repeat too much")


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1
