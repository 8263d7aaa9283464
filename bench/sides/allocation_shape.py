"""What is asked for: the same for both sides."""

from random import Random


def wanted(shape: str, requests: int, hosts: int) -> list[list[int]]:
    """For each request the hosts that it accepts."""
    random = Random(7)
    all_hosts = range(hosts)
    match shape:
        case "alike":
            return [list(all_hosts)] * requests
        case "kinds":
            kinds = [random.sample(all_hosts, hosts // 3) for _ in range(12)]
            return [random.choice(kinds) for _ in range(requests)]
        case "random":
            return [random.sample(all_hosts, random.randint(1, hosts)) for _ in range(requests)]
    few = all_hosts[:requests]
    return [[few[i], *random.sample(few, 20)] for i in range(requests)]


def costs(hosts: int) -> dict[int, float]:
    """How dear each host is."""
    random = Random(8)
    return {host: random.random() for host in range(hosts)}
