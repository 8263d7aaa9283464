"""The manual page is the grammar, and man(1) can read it."""

import shutil
import subprocess

import pytest

from nepishell.batch import manpage
from nepishell.batch.completions import SUBCOMMANDS, parser_of
from nepishell.commands.declared import our_grammar
from nepishell.lang.stages import STAGES

PAGE = manpage.page()


@pytest.mark.parametrize("name", our_grammar().commands)
def test_each_command_is_on_the_page_with_its_help(name: str) -> None:
    command = our_grammar().commands[name]

    assert f"\\fB{manpage._escaped(command.usage)}\\fR" in PAGE
    assert manpage._escaped(command.summary) in PAGE


def test_stages_subcommands_and_options_are_on_it() -> None:
    stages = [f"| {stage.usage}" for stage in STAGES.commands.values()]
    options = [name for action in parser_of("run")._actions for name in action.option_strings]

    for term in [*stages, *options, *(f"nepishell {name}" for name in SUBCOMMANDS)]:
        assert manpage._escaped(term) in PAGE


def test_no_line_of_text_is_taken_for_a_request() -> None:
    requests = {line.split()[0] for line in PAGE.splitlines() if line[:1] in (".", "'")}

    assert requests == {".TH", ".SH", ".SS", ".TP", ".B", ".br", ".nf", ".fi"}


@pytest.mark.skipif(not shutil.which("groff"), reason="groff is not installed")
def test_groff_has_nothing_to_complain_about() -> None:
    done = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww"], input=PAGE, capture_output=True, text=True, check=True
    )

    assert done.stderr == ""
    assert "steer network experiments" in done.stdout
