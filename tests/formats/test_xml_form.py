"""A description as NEPI's XML."""

from dataclasses import replace
from xml.etree import ElementTree as ET

from hypothesis import given

from nepishell.formats.description import Description
from nepishell.formats.xml_form import write
from nepishell.formats.xml_reading import read
from tests.formats.described import FULL, QUICK, descriptions


def test_one_of_everything_comes_back() -> None:
    assert read(write(FULL)) == FULL


@QUICK
@given(descriptions)
def test_whatever_is_written_comes_back(found: Description) -> None:
    # names of files and types never hold what XML cannot: only values and reasons may
    assert read(write(found)) == found


def test_nepi_finds_in_ours_what_it_looks_for() -> None:
    root = ET.fromstring(write(FULL))
    assert {"exp_id", "run_id", "nthreads", "local_dir"} <= set(root.attrib)
    rms = root.findall("rms/rm")
    assert [rm.get("guid") for rm in rms] == ["1", "2", "3", "9"]
    assert rms[0].get("state") == "4"
    assert rms[0].get("start_time") == "20260131120002000251"
    wire = {a.get("name"): (a.get("value"), a.get("type")) for a in rms[2].findall("*/attribute")}
    assert wire == {"delay": ("0.02", "float"), "loss": ("1.0", "float"), "up": ("False", "bool")}
    held = rms[3].findall("conditions/condition")[0].attrib
    assert held == {"action": "1", "group": "[1, 2]", "state": "4", "time": "2.5s"}
    assert [trace.get("name") for trace in rms[3].findall("traces/trace")] == ["debug"]


def test_what_xml_cannot_hold_is_kept_in_values() -> None:
    one = replace(FULL.resources[0], values={"text": "\x00\x1b\ud800", "word": "None"})
    found = replace(FULL, resources=[one])
    assert read(write(found)).resources[0].values == one.values
