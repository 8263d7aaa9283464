"""Records as Parquet."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pandas as pd

from nepishell.core.states import ResourceState
from nepishell.formats.parquet import parquet
from nepishell.output.records import Records
from tests.commands.stand import Session


def frame(records: Records) -> pd.DataFrame:
    return pd.read_parquet(BytesIO(parquet(records)))


def test_columns_have_their_types() -> None:
    at = datetime(2026, 1, 31, tzinfo=UTC)
    found = frame(
        Records(
            ["name", "state:state", "rtt:duration", "on", "count", "at", "with"],
            [
                ("a", ResourceState.STARTED, 0.02, True, 1, at, ["x", "y"]),
                (None, 4, 1, None, None, None, []),
            ],
        )
    )
    assert list(found["state"]) == ["STARTED", "STARTED"]
    assert found["rtt"].dtype == "float64"
    assert (found["rtt"].sum(), found["name"][0], found["with"][0]) == (1.02, "a", "x y")
    assert found["count"].isna().tolist() == [False, True]
    assert found["at"][0] == at


def test_what_does_not_go_together_is_text() -> None:
    found = frame(Records(["a", "a", "big", "none"], [(1, "x", 10**30, None), ("y", 2, 1, None)]))
    assert list(found.columns) == ["a", "a_1", "big", "none"]
    assert list(found["a"]) == ["1", "y"]
    assert found["big"][0] == str(10**30)


def test_no_rows_are_a_table_too() -> None:
    assert list(frame(Records(["a", "b"], [])).columns) == ["a", "b"]


def test_numbers_of_a_run_are_read_by_pandas_in_one_line(session: Session, tmp_path: Path) -> None:
    session("add test::Node h1", "add test::App probe on h1", "deploy")
    session(f"plot probe.rtt > {tmp_path}/rtt.parquet", f"plot probe.rtt > {tmp_path}/rtt.csv")
    session(f"list > {tmp_path}/list.parquet")
    assert pd.read_parquet(tmp_path / "rtt.parquet")["rtt"].max() == 0.043
    assert pd.read_csv(tmp_path / "rtt.csv")["rtt"].min() == 0.041
    assert set(pd.read_parquet(tmp_path / "list.parquet")["state"]) == {"STARTED"}
