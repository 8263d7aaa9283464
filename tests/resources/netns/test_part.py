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
