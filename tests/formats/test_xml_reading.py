"""Descriptions from XML, ours and NEPI's."""

import pytest

from nepishell.core.conditions import Condition
from nepishell.core.errors import BadValue
from nepishell.core.states import ResourceAction, ResourceState
from nepishell.formats.xml_reading import read

#: As NEPI's releases wrote it: both directions of a connection, times of conditions, no labels.
OF_NEPI = """<?xml version="1.0" ?>
<experiment exp_id="exp-1f" local_dir="/tmp" nthreads="20" run_id="20140227110000000000">
    <rms>
        <rm guid="1" rtype="linux::Node" start_time="20140227110002500000" state="4">
            <attributes>
                <attribute name="hostname" type="string" value="host.example.org"/>
                <attribute name="cleanHome" type="bool" value="True"/>
                <attribute name="port" type="integer" value="2222"/>
                <attribute name="gateway" type="string" value="None"/>
            </attributes>
            <connections>
                <connection guid="2"/>
            </connections>
        </rm>
        <rm guid="2" rtype="linux::Application" state="0">
            <connections>
                <connection guid="1"/>
            </connections>
            <conditions>
                <condition action="1" group="[1, 3]" state="4" time="2.5s"/>
                <condition action="2" group="[1L]" state="5" time="None"/>
            </conditions>
            <traces>
                <trace name="stdout"/>
            </traces>
        </rm>
    </rms>
</experiment>
"""


def test_what_nepi_wrote_is_read_with_the_times_of_its_conditions() -> None:
    found = read(OF_NEPI)
    one, two = found.resources
    assert (found.exp_id, found.run_id, found.nthreads) == ("exp-1f", "20140227110000000000", 20)
    assert one.values == {
        "hostname": "host.example.org", "cleanHome": True, "port": 2222, "gateway": None,
    }  # fmt: skip
    assert (one.state, one.times) == (ResourceState.STARTED, {ResourceState.STARTED: 2.5})
    assert two.conditions == [
        Condition(ResourceAction.START, (1, 3), ResourceState.STARTED, 2.5),
        Condition(ResourceAction.STOP, (1,), ResourceState.STOPPED, 0.0),
    ]
    assert (two.connections, two.traces) == ([1], {"stdout": True})


def test_files_without_a_frame_around_their_resources_are_read() -> None:
    bare = OF_NEPI.replace("<rms>", "").replace("</rms>", "")
    assert read(bare) == read(OF_NEPI)


BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><experiment exp_id="&b;"></experiment>'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (BOMB, "line 1: a document type is not read"),
        ('<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>', "line 1: a document type is not read"),
        ("", "no XML: no element found"),
        ("<experiment>\n<rms>", "line 2:6: no XML"),
        ("<svg/>", "line 1: no description of an experiment: it begins with <svg>"),
        ("<experiment>\n<rm guid='x'/></experiment>", "line 2: guid 'x' is not a number"),
        ("<experiment><rm guid='1' state='9'/></experiment>", "'9' is not a state"),
        (OF_NEPI.replace("[1, 3]", "__import__('os')"), "line 20: '__import__.* not a list"),
        (OF_NEPI.replace("2.5s", "soon"), "line 20: 'soon' is not a duration"),
        (OF_NEPI.replace('value="2222"', 'value="many"'), "'many' is not of the type integer"),
        (OF_NEPI.replace("20140227110002500000", "yesterday"), "not a time of twenty digits"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, message: str) -> None:
    with pytest.raises(BadValue, match=message):
        read(text)
