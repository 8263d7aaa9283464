"""Files of hosts, as a user sees them; each form has tests of its own."""

import pytest

from nepishell.core.errors import BadValue
from nepishell.resources.pool.inventory import load

YAML = "hosts:\n  a1: {tag: 4}\n"
INI = "[web]\na1 tag=4\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [("x.yaml", YAML), ("x.yml", YAML), ("x", YAML), ("x", "---\n" + YAML), ("x.ini", INI),
     ("x", INI), ("x", "# one\n\na1 tag=4\n"), ("x", '{"hosts": {"a1": {"tag": 4}}}')],
)  # fmt: skip
def test_the_form_is_told_by_the_name_or_by_the_first_line(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    hosts = load(tmp_path / name).hosts
    assert {key: host.facts["tag"] for key, host in hosts.items()} == {"a1": ("4",)}


def test_a_file_that_changed_is_read_anew(tmp_path):
    file = tmp_path / "x.yaml"
    file.write_text(YAML)
    first = load(file)
    assert load(file) is first
    file.write_text("hosts: [b1, b2]")
    assert list(load(file).hosts) == ["b1", "b2"]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "names no host"),
        (b"hosts:\n", "names no host"),
        (b"hosts:\n  a\xff: {}\n", r"x\.yaml:2: not UTF-8"),
        (b"hosts:\n  a: \0\n", r"x\.yaml:2: a zero byte"),
    ],
)
def test_what_is_no_inventory_is_refused(tmp_path, data, why):
    (tmp_path / "x.yaml").write_bytes(data)
    with pytest.raises(BadValue, match=why):
        load(tmp_path / "x.yaml")


def test_a_file_that_cannot_be_read_or_is_huge_is_refused(tmp_path):
    with pytest.raises(BadValue, match=r"cannot read the inventory '.*none': No such file"):
        load(tmp_path / "none")
    with pytest.raises(BadValue, match="cannot read the inventory"):
        load(tmp_path)
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(17_000_000)
    with pytest.raises(BadValue, match="more than 16 MB"):
        load(tmp_path / "huge")
