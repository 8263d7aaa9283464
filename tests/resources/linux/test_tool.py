def argv(lab, rtype: str, *peers: str, **attributes: object) -> list[str]:
    lab.add(rtype, "tool", "n", *peers, **attributes)
    return lab.rm("tool").argv()


def test_only_what_is_set_becomes_an_option(fake):
    words = argv(fake, "linux::Ping", target="h2", count=3, interval="200ms", numeric=True)
    assert words == ["ping", "-c", "3", "-i", "0.2", "-n", "h2"]


def test_a_command_of_the_user_wins(fake):
    assert argv(fake, "linux::Ping", target="h2", command="ping -V") == ["ping", "-V"]
