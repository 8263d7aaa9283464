"""The metadata of a bundle."""

from nepishell.journal.crate import Entry, crate

ABOUT = {"experiment": "exp", "run": "7", "began": "2026-01-01T00:00:00+00:00",
         "ended": "2026-01-01T00:00:09+00:00", "nepishell": "1.0", "outcome": "fine"}  # fmt: skip


def by_id(*entries: Entry) -> dict[str, dict[str, object]]:
    return {one["@id"]: one for one in crate(entries, ABOUT)["@graph"]}


def test_the_root_is_described_as_the_profile_asks() -> None:
    root = by_id()["./"]
    assert root["@type"] == "Dataset"
    # RO-Crate 1.1, root data entity: these must be there
    assert {"name", "description", "datePublished", "license"} <= root.keys()


def test_an_identifier_is_a_path_as_in_a_url() -> None:
    found = by_id(Entry("traces/100% a b", 1, "00"))
    assert "traces/100%25%20a%20b" in found


def test_a_recipe_is_what_the_run_worked_from_and_not_its_result() -> None:
    found = by_id(Entry("recipe.nepi", 1, "00"), Entry("metrics.csv", 2, "11"))
    assert found["#run"]["object"] == {"@id": "recipe.nepi"}
    assert found["#run"]["result"] == [{"@id": "metrics.csv"}]
    assert found["metrics.csv"]["encodingFormat"] == "text/csv"
    assert found["recipe.nepi"]["@type"] == ["File", "SoftwareSourceCode"]
