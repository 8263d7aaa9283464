"""A small lab, written into a folder: two hosts that have no addresses yet, and a link."""

from pathlib import Path

TOML = """\
[lab]
id = "small"
version = "1"
title = "Two hosts"
summary = "addresses on a link"
minutes = 5

[params]
net = {range = [1, 200]}
delay = {choice = [1, 2], unit = "ms"}
word = {hash = 6}

[[step]]
id = "address"
title = "Give h1 an address"
points = 6
text = "steps/1.md"
  [[step.check]]
  id = "there"
  kind = "reach"
  from = "h1"
  to = "10.${net}.0.2"
  within = "500ms"
  [[step.check]]
  id = "has"
  kind = "iface"
  on = "h1"
  address = "10.${net}.0.1/24"
  [[step.hint]]
  after_fails = 1
  text = "Look at `h1 ip address`."
  [[step.hint]]
  cost = 2
  reveal = "solution"

[[step]]
id = "tell"
title = "Say the word"
points = 4
text = "steps/2.md"
needs = ["address"]
  [[step.check]]
  id = "word"
  kind = "answer"
  question = "What is the word?"
  is = "${word}"

[[mutant]]
name = "another network"
step = "address"
file = "mutants/other.nepi"
fails = "has"
"""

FILES = {
    "lab.toml": TOML,
    "steps/1.md": "# Addresses\n\nGive **h1** the address `10.${net}.0.1/24`.\n",
    "steps/2.md": "Say `${word}`.\n",
    "start.nepi": """\
param net 7
add netns::Node h[1-2]
add netns::Link wire
add netns::Interface port1 name=eth0 ip4=none
add netns::Interface port2 name=eth0 ip4=10.${net}.0.2/24
connect h1 port1 wire
connect h2 port2 wire
deploy
""",
    "solution/address.nepi": "h1 ip address add 10.${net}.0.1/24 dev eth0\n",
    "solution/tell.nepi": "lab answer ${word}\n",
    "mutants/other.nepi": "h1 ip address add 10.${net}.1.1/24 dev eth0\n",
}


def write_lab(folder: Path, **changes: str | None) -> Path:
    """The lab in *folder*; *changes*: other texts of its files, None for none, `toml` for that."""
    files = {**FILES, **changes}
    files["lab.toml"] = files.pop("toml", files["lab.toml"])
    for name, text in files.items():
        if text is not None:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    return folder
