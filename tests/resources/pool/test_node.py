"""Pool nodes on real SSH servers: placed together, replaced when they do not answer, given back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from nepishell.resources.pool.ledger import Ledger
from tests.resources.linux.test_node import Told
from tests.sshd import Sshd, free_port

POOL = "pool::Node"


class Pool:
    """An inventory of real servers, and of ports where nobody answers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.file = folder / "labs.yaml"
        self.servers: dict[str, Sshd] = {}
        self._lines: list[str] = []

    def add(self, name: str, facts: str = "", **options: str) -> Sshd:
        """A host with a server of its own; *facts*: 'tag: 4, ...'."""
        server = Sshd(self._folder / name, **options)
        server.start()
        self.servers[name] = server
        self._write(name, server, facts)
        return server

    def add_dead(self, name: str, facts: str = "") -> None:
        """A host at whose port nobody listens."""
        self._lines.append(f"  {name}: {{address: 127.0.0.1, port: {free_port()}, {facts}}}\n")
        self._save()

    def _write(self, name: str, server: Sshd, facts: str) -> None:
        self._lines.append(
            f"  {name}: {{address: {server.address}, port: {server.port}, "
            f"username: {server.username}, identity: '{server.identity}', "
            f"server_key: '{server.server_key}', {facts}}}\n"
        )
        self._save()

    def _save(self) -> None:
        self.file.write_text("hosts:\n" + "".join(self._lines))

    def close(self) -> None:
        for server in self.servers.values():
            server.stop()


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Pool]:
    (tmp_path / "pool").mkdir()
    made = Pool(tmp_path / "pool")
    yield made
    made.close()


@pytest.fixture
def build(lab, pool, tmp_path):
    """Adds a pool node; each has a home of its own on the servers, which all are this machine."""

    def add(label: str, where: str = "", **more: object) -> int:
        home = tmp_path / f"home-{label}"
        home.mkdir()
        return lab.add(
            POOL,
            label,
            inventory=str(pool.file),
            where=where,
            home=str(home),
            lost_after="5s",
            **more,
        )

    yield add
    lab.ec.shutdown()
    for home in tmp_path.glob("home-*"):
        assert list(home.iterdir()) == [], "something was left on a host"
    assert Ledger().look().reserved == {}


def failure(lab, label: str) -> str:
    guid = lab.ec.find(label)
    lab.ec.deploy(guid)
    assert not lab.ec.wait_started(guid, timeout=30)
    return str(lab.ec.failure(guid))


def test_nodes_are_placed_together_and_applications_run_on_what_they_got(lab, pool, build):
    pool.add("one", "tag: 1")
    pool.add("two", "tag: 2")
    build("any")
    build("wants_one", "tag=1")
    lab.add("linux::Application", "app", "any", command="sh -c 'echo ${NODE_HOME}'")
    lab.ec.deploy()
    lab.finished("app")
    assert (lab.rm("any").placed, lab.rm("wants_one").placed) == ("two", "one")
    assert {each.name for each in Ledger().look().reserved.values()} == {"one", "two"}
    assert "home-any" in lab.ec.trace(lab.ec.find("app"), "stdout")
    lab.ec.release()
    assert Ledger().look().reserved == {}


def test_a_host_that_does_not_answer_is_black_listed_and_replaced_the_others_stay(lab, pool, build):
    pool.add_dead("best", "reliability: 100")
    pool.add("good", "reliability: 90")
    pool.add("other", "reliability: 10")
    told = Told(lab.ec)
    build("a", "reliability > 50")
    build("b", "hostname=other")
    lab.up()
    assert (lab.rm("a").placed, lab.rm("b").placed) == ("good", "other")
    assert "best is black-listed, another is taken" in told.wait("best is black-listed")
    (avoided,) = Ledger().look().avoided.values()
    assert avoided.name == "best"
    assert "cannot connect to 127.0.0.1" in avoided.why


def test_when_all_fail_the_node_says_which_and_why(lab, pool, build):
    for name in ("x", "y", "z"):
        pool.add_dead(name)
    build("few", tries=2, critical=False)
    told = failure(lab, "few")
    assert told.startswith("2 hosts failed it (x, y), the last: cannot connect to 127.0.0.1 port")
    build("more", critical=False)
    told = failure(lab, "more")
    assert "more wants any host: 3 hosts of" in told
    assert "2 failed few, 1 failed more" in told


def test_a_server_without_a_shell_is_replaced(lab, pool, build):
    pool.add("bad", "reliability: 100", ForceCommand="/bin/false")
    pool.add("good", "reliability: 50")
    build("a")
    lab.up()
    assert lab.rm("a").placed == "good"


def test_our_own_mistake_black_lists_nobody(lab, pool, build, tmp_path):
    pool.add("one")
    build("a", identity=str(tmp_path / "none"), critical=False)
    assert "cannot read the key" in failure(lab, "a")
    assert Ledger().look().avoided == {}


def test_a_host_whose_folder_cannot_be_made_is_replaced(lab, pool, build, tmp_path):
    (tmp_path / "login").mkdir()
    pool.add("one", "reliability: 100", SetEnv="HOME=/proc/none")
    pool.add("two", "reliability: 50", SetEnv=f"HOME={tmp_path}/login")
    lab.add(POOL, "a", inventory=str(pool.file))
    lab.up()
    assert lab.rm("a").placed == "two"
    lab.ec.release()
    assert list((tmp_path / "login").iterdir()) == []
    (avoided,) = Ledger().look().avoided.values()
    assert avoided.name == "one"


def test_a_home_that_cannot_be_made_is_no_fault_of_the_host(lab, pool, build):
    pool.add("one")
    guid = build("a", critical=False)
    lab.ec.set(guid, "home", "/proc/none")
    assert "/proc/none" in failure(lab, "a")
    assert Ledger().look().avoided == {}


def test_what_is_impossible_fails_before_anything_is_touched(lab, pool, build):
    pool.add("one", "tag: 1")
    build("a", "tag=1", critical=False)
    build("b", "tag=1", critical=False)
    lab.ec.deploy()
    guids = [lab.ec.find("a"), lab.ec.find("b")]
    assert not lab.ec.wait_started(guids, timeout=20)
    for guid in guids:
        assert "2 nodes (a, b) want tag=1: only 1 host of" in lab.ec.failure(guid)
    assert Ledger().look().reserved == {}


def test_a_wrong_constraint_is_refused_when_it_is_set(lab, pool, build):
    guid = build("a")
    for name, value in (("where", "tag >"), ("rank", "a b"), ("tries", "0")):
        with pytest.raises(ValueError, match=r"'tag >' is|'b' is|less than 1"):
            lab.ec.set(guid, name, value)
    with pytest.raises(RuntimeError):
        lab.ec.set(guid, "placed", "one")


def test_an_inventory_that_is_wrong_is_one_line(lab, pool, build):
    pool.file.write_text("hosts:\n  a: [1\n")
    build("a", critical=False)
    assert failure(lab, "a").startswith(f"{pool.file}:3: not YAML")


def test_attributes_are_constraints_and_go_before_the_inventory(lab, pool, build):
    pool.add("a1", "country: FR, cpu: 2, os: debian")
    pool.add("a2", "country: fr, cpu: 8, os: debian")
    build("a", country="fr", minCpu=4, os="debian|alpine")
    lab.up()
    node = lab.rm("a")
    assert node.placed == "a2"
    assert node.endpoint.identity == str(pool.servers["a2"].identity)
    assert node.is_here is False


def test_a_node_that_another_controller_placed_keeps_its_host(lab, pool, build):
    pool.add_dead("best", "reliability: 100")
    pool.add("mine", "reliability: 1")
    build("a")
    build("b", critical=False)
    lab.rm("a").set("placed", "mine")
    lab.rm("b").set("placed", "gone")
    assert lab.rm("a").endpoint.port == pool.servers["mine"].port
    assert {each.name for each in Ledger().look().reserved.values()} == {"mine"}
    with pytest.raises(OSError, match=r"gone is no longer in .*labs\.yaml"):
        lab.rm("b").endpoint  # noqa: B018 # it is a property
    lab.up("a")
    assert lab.rm("a").placed == "mine"
