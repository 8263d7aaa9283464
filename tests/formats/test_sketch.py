"""Small parts of pictures."""

from xml.etree import ElementTree as ET

from nepishell.core.states import ResourceState
from nepishell.formats.sketch import head, label, legend, mark, wide


def test_each_state_has_a_mark_of_its_own() -> None:
    shapes = {mark(10, 10, state).replace("#", "") for state in ResourceState}
    assert len(shapes) == len(ResourceState)


def test_the_parts_make_a_picture() -> None:
    picture = "\n".join(
        [head(90, 40), label(1, 2, "a<b\x07"), legend(ResourceState, 1, 30), "</svg>"]
    )
    texts = [each.text for each in ET.fromstring(picture).iter() if each.tag.endswith("text")]
    assert texts[0] is not None
    assert texts[0].startswith("a<b")
    assert texts[1:] == [state.name for state in ResourceState]


def test_wide_characters_are_wide() -> None:
    assert wide("日", 10) == 2 * wide("a", 10)
