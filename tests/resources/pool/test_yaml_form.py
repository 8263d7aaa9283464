"""Inventories in YAML."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nepishell.core.errors import BadValue
from nepishell.resources.pool import yaml_form
from nepishell.resources.pool.hosts import Draft, PoolHost

ANSIBLE = """
all:
  vars: {ansible_user: all, site: x, ansible_port: 1}
  hosts:
    lone: {ansible_user: own}
  children:
    inner:
      vars: {site: inner}
      hosts:
        web[1:2]: {ansible_host: 10.0.0.1, ansible_port: 2222}
    outer:
      vars: {site: outer, ansible_user: outer}
      children:
        inner:
"""


def read(text: str) -> dict[str, PoolHost]:
    draft = Draft(Path("x.yaml"))
    yaml_form.read(draft, text)
    return draft.finish()


def test_ours_is_one_group():
    hosts = read("hosts:\n  a: {tag: 4, tags: [x, y]}\n  b:\nvars: {username: me, tag: 1}\n")
    assert {name: host.username for name, host in hosts.items()} == {"a": "me", "b": "me"}
    assert hosts["a"].facts["tag"] == ("4",)
    assert hosts["b"].facts["tag"] == ("1",)
    assert hosts["a"].facts["tags"] == ("x", "y")
    assert hosts["b"].place == "x.yaml:3"


def test_ansibles_is_a_tree_whose_inner_words_count_more():
    hosts = read(ANSIBLE)
    assert list(hosts) == ["lone", "web1", "web2"]
    assert (hosts["lone"].username, hosts["lone"].port, hosts["lone"].hostname) == (
        "own",
        1,
        "lone",
    )
    web = hosts["web2"]
    assert (web.username, web.port, web.hostname) == ("outer", 2222, "10.0.0.1")
    assert web.facts["site"] == ("inner",)
    assert web.facts["group"] == ("all", "outer", "inner")


def test_words_stay_as_they_were_written():
    facts = read("hosts:\n  a: {country: NO, version: 1.10, day: 2026-11-21, on: yes, none: ~}\n")[
        "a"
    ].facts
    assert facts["country"] == ("NO",)
    assert facts["version"] == ("1.10",)
    assert facts["day"] == ("2026-11-21",)
    assert facts["on"] == ("yes",)
    assert "none" not in facts


def test_a_secret_is_no_fact_and_never_shown():
    text = "hosts:\n  a: {password: s3cret, db_token: s3cret, api_key: s3cret, x: !vault s3cret}\n"
    host = read(text)["a"]
    assert host.password == "s3cret"
    assert "s3cret" not in repr(host)
    assert "s3cret" not in str(host.facts)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("hosts: {a: {}, a: {}}", "x.yaml:1: 'a' stands there twice"),
        (
            "all:\n  host:\n    a:\n",
            "x.yaml:2: 'host' is not one of hosts, vars, children; did you mean",
        ),
        ("- a\n- b\n", "x.yaml:1: write 'hosts:'"),
        ("hosts:\n  'a b':\n", "x.yaml:2: 'a b' is not a host name"),
        ("hosts:\n  a[3:1]:\n", "x.yaml:2: 'a[3:1]' has a range"),
        ("hosts:\n  a: {port: 0}\n", "x.yaml:2: 'port' is '0'"),
        ("hosts:\n  a: {username: '{{ me }}'}\n", "x.yaml:2: 'username' is a template"),
        ("hosts:\n  a:\n    username: [x, y]\n", "x.yaml:3: 'username' must be one text"),
        ("hosts:\n  a: [1\n", "x.yaml:3: not YAML"),
        ("hosts:\n  a: 5\n", "x.yaml:2: names with ':' are expected here"),
        ("hosts:\n  [x]: 5\n", "x.yaml:2: a name is expected here"),
        ("a: {children: {b: {children: {a: }}}}", "x.yaml:1: group 'a' is inside itself"),
        ("hosts:\n  a: *none\n", "x.yaml:2: not YAML"),
        ("hosts: [a]\n---\nhosts: [b]\n", "x.yaml:2: not YAML"),
    ],
)
def test_errors_say_the_line(text, error):
    with pytest.raises(BadValue) as raised:
        read(text)
    assert str(raised.value).startswith(error)


def test_no_object_is_made_of_it(tmp_path):
    read(f"hosts:\n  a: {{x: !!python/object/apply:os.mkdir ['{tmp_path}/made']}}\n")
    assert not (tmp_path / "made").exists()


def test_aliases_of_aliases_end():
    levels = "".join(
        f"x{i}: &x{i} {{{', '.join(f'c{j}: *x{i - 1}' for j in range(9))}}}\n"
        if i
        else "x0: &x0 {a: 1}\n"
        for i in range(12)
    )
    with pytest.raises(BadValue, match=r"x\.yaml:\d+: "):
        read(levels)
    children = "g0: &g0 {hosts: [a]}\n" + "".join(
        f"g{i}: &g{i}\n  children: {{{', '.join(f'c{i}x{j}: *g{i - 1}' for j in range(9))}}}\n"
        for i in range(1, 12)
    )
    with pytest.raises(BadValue, match="aliases repeat too much"):
        read(children)
    with pytest.raises(BadValue, match=r"not YAML|50 deep|expected"):
        read("{a: " * 5000)


@given(st.text("ahosts:{}[],-&*! \n'\"x1", max_size=60))
def test_any_text_is_read_or_refused_with_its_line(text):
    said = "x.yaml:"
    try:
        read(text)
    except BadValue as problem:
        said = str(problem)
    assert said.startswith("x.yaml:")
