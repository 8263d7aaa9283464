"""Inventories in Ansible's INI form."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nepishell.core.errors import BadValue
from nepishell.resources.pool import ini_form
from nepishell.resources.pool.hosts import Draft, PoolHost

TEXT = """
# of no group
lone ansible_port=22   # at home

[web]
web[01:02]:2222 ansible_host=10.0.0.1 note="a b"  tag=4

[web:vars]
ansible_user = www
ansible_ssh_private_key_file='~/.ssh/web'

[far:children]
web

[all:vars]
ansible_user=me
country=fr
"""


def read(text: str) -> dict[str, PoolHost]:
    draft = Draft(Path("hosts"))
    ini_form.read(draft, text)
    return draft.finish()


def test_hosts_words_and_groups():
    hosts = read(TEXT)
    assert list(hosts) == ["lone", "web01", "web02"]
    assert (hosts["lone"].username, hosts["lone"].port) == ("me", 22)
    web = hosts["web02"]
    assert (web.username, web.port, web.hostname, web.identity) == (
        "www", 2222, "10.0.0.1", "~/.ssh/web",
    )  # fmt: skip
    assert web.facts["note"] == ("a b",)
    assert web.facts["country"] == ("fr",)
    assert web.facts["group"] == ("all", "far", "web")
    assert web.place == "hosts:6"


def test_a_host_that_is_not_reached_by_ssh_is_unfit():
    hosts = read(
        "a ansible_connection=winrm\nb ansible_connection=local\nc ansible_connection=ssh\n"
    )
    assert [host.unfit for host in hosts.values()] == ["is reached by winrm, not by SSH", "", ""]
    assert hosts["b"].hostname == "localhost"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("\n[web:vars]\nx\n", "hosts:3: a line without '='"),
        ("[web:var]\n", "hosts:1: 'var' is not one of vars, children"),
        ("a x='b\n", "hosts:1: no closing quotation: a"),
        ("a[2:1]\n", "hosts:1: 'a[2:1]' has a range"),
        ("a:99999\n", "hosts:1: 'ansible_port' is '99999'"),
        ("[a:children]\nb\n[b:children]\na\n", "hosts:4: group 'a' is inside itself"),
        ("a password=s3cret s3cret\n", "hosts:1: a word without '='"),
    ],
)
def test_errors_say_the_line(text, error):
    with pytest.raises(BadValue) as raised:
        read(text)
    assert str(raised.value).startswith(error)
    assert "s3cret" not in str(raised.value)


def test_groups_too_deep_are_refused():
    text = "".join(f"[g{i}:children]\ng{i + 1}\n" for i in range(5000))
    with pytest.raises(BadValue, match="more than 50 deep"):
        read(text)


@given(st.text("ab[]:=# \n'\"1", max_size=60))
def test_any_text_is_read_or_refused_with_its_line(text):
    said = "hosts:"
    try:
        read(text)
    except BadValue as problem:
        said = str(problem)
    assert said.startswith("hosts:")
