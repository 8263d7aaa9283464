import pytest


def test_all_parts_of_a_run_share_one_network(lab):
    lab.node("h1")
    lab.add("netns::Link", "l1")
    assert lab.rm("h1").net is lab.rm("l1").net


def test_another_run_has_another(make):
    one, two = make(), make()
    one.node("h1")
    two.node("h1")
    assert one.rm("h1").net is not two.rm("h1").net


def test_a_part_without_a_label_is_called_by_type_and_guid(lab):
    guid = lab.ec.register_resource("netns::Switch")
    assert lab.ec.get_resource(guid).lab_name == f"s{guid}"


@pytest.mark.lab
def test_a_label_that_comes_later_is_one_more_name(lab):
    node = lab.ec.register_resource("netns::Node")
    lab.ec.deploy(node)
    assert lab.ec.wait_started(node, timeout=20)
    lab.ec.set_label(node, "late")
    lab.node("h2")
    lab.add("netns::Link", "l", "late", "h2")
    lab.up("h2", "l")
    for name in (f"n{node}", "late"):
        assert lab.run("h2", "ping", "-c", "1", "-W", "2", name).status == 0
    assert lab.ec.release()
