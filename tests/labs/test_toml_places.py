"""Each key and table has its line, also behind long quotes and inside of arrays of tables."""

from nepishell.labs.toml_places import Places, Spot

TEXT = '''\
[lab]
title = """
[[step]]
fake = 1
"""
[[step]]
id = "a"
  [[step.check]]
  kind = "x"
  [[step.check]]
  kind = "y"
[[step]]
  [[step.check]]
  kind = "z"
'''


def test_keys_of_arrays_of_tables_are_counted_from_nought() -> None:
    places = Places(TEXT)

    assert places.of(("step", 0, "check", 1, "kind")) == Spot(11, 3)
    assert places.of(("step", 1, "check", 0, "kind")) == Spot(14, 3)
    assert places.of(("step", 1)) == Spot(12, 1)


def test_what_has_no_place_is_where_it_is_inside_of() -> None:
    assert Places(TEXT).of(("step", 0, "hint", 0, "text")) == Spot(6, 1)
    assert Places("").of(("lab", "id")) == Spot(1, 1)
