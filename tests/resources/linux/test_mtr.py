from pathlib import Path

import pytest

from nepishell.hosts.fake import Outcome

SAMPLES = Path(__file__).parent.parent / "samples"


def ended(lab, outcome: Outcome) -> tuple[str, str]:
    lab.rm("n").host._spawn_script = lambda argv: outcome
    guid = lab.add("linux::Mtr", "m", "n", target="h2")
    lab.ec.deploy()
    lab.ec.wait_finished(guid, timeout=20)
    return lab.ec.state(guid, hr=True), lab.ec.failure(guid)


def test_its_options_are_mtrs(fake):
    fake.add("linux::Mtr", "m", "n", target="h2", reportCycles=3, interval="200ms", protocol="udp",
             port=53)  # fmt: skip
    assert fake.rm("m").argv() == [
        "mtr", "--report", "--report-wide", "--report-cycles", "3", "--no-dns",
        "--interval", "0.2", "--port", "53", "--udp", "h2",
    ]  # fmt: skip


def test_it_runs_again_and_again_with_the_users_words_as_arguments(fake):
    fake.add("linux::Mtr", "m", "n", target="$(evil)", continuous=True, printTimestamp=True)
    words = fake.rm("m").argv()
    assert words[:2] == ["sh", "-c"]
    assert "evil" not in words[2]
    assert words[-1] == "$(evil)"


def test_a_host_that_is_not_known_is_a_failure_although_mtr_ends_well(fake):
    stderr = (SAMPLES / "mtr_unknown_stderr.txt").read_text()
    state, why = ended(fake, Outcome(code=0, stderr=stderr))
    assert state == "FAILED"
    assert why.startswith("mtr: Failed to resolve host: h9")


def test_what_it_reports_are_numbers(fake):
    assert ended(fake, Outcome(stdout=(SAMPLES / "mtr.txt").read_text())) == ("STOPPED", "")
    assert fake.rm("m").metric("loss") == 40


@pytest.mark.lab
@pytest.mark.tool("mtr")
def test_a_neighbour_is_one_hop_away(pair):
    guid = pair.add("linux::Mtr", "m", "h1", target="h2", reportCycles=1, interval="100ms")
    pair.ec.deploy(guid)
    pair.finished("m")
    assert pair.rm("m").metric("hops") == 1
