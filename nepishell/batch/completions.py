"""Completion in bash, zsh and fish: short scripts that ask `nepishell complete` what may come.

The answer is found when Tab is pressed, so it knows the recipes there are, the parameters of the
one that was named, and the options of this very version.
"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from nepishell.batch.arguments import (
    clean_parser,
    compare_parser,
    export_parser,
    open_parser,
    parser_for,
    resume_parser,
    runs_parser,
)
from nepishell.batch.file_arguments import check_parser, fmt_parser, import_parser
from nepishell.campaigns.arguments import VERBS, run_parser
from nepishell.commands.places import RECIPE, recipe_folders, shipped, state_home
from nepishell.core.errors import NepishellError
from nepishell.labs.arguments import ELSEWHERE as LABS_ELSEWHERE
from nepishell.labs.arguments import VERBS as LAB_VERBS
from nepishell.labs.arguments import lab_parser
from nepishell.lang.lexer import Kind, tokenize
from nepishell.replay.foreign.table import READERS
from nepishell.replay.recipe import read_recipe
from nepishell.replay.shelf import find_recipe

#: What runs that are handed over end in, and what each run on this machine has.
BUNDLE, _JOURNAL = ".zip", "journal.jsonl"
#: Subcommands that people type, and what for.
SUBCOMMANDS: Mapping[str, str] = {
    "run": "play a recipe, by path or by the name of one that ships",
    "check": "tell everything that is wrong with recipes, and run nothing",
    "fmt": "write recipes in their one spelling",
    "import": "make a recipe of a network of Mininet, containerlab or Kathará",
    "runs": "list the runs kept on this machine",
    "compare": "what is different between runs, or bundles",
    "resume": "go on with a run whose controller was killed",
    "clean": "release what runs whose controller was killed have left",
    "serve": "a run without a terminal, for attach and for programs",
    "attach": "a prompt at a run that goes on without a terminal",
    "export": "write a run into one file that is handed over",
    "open": "look at a run that was handed over",
    "campaign": "run a recipe many times, and see what came of it",
    "lab": "teaching labs: list them, grade what was handed in",
    "doctor": "what this machine can do, and how to install what is missing",
    "man": "print the manual page: nepishell man | man -l -",
    "completions": "print what makes bash, zsh or fish complete: nepishell completions bash",
}

_BASH = """\
# eval "$(nepishell completions bash)"
_nepishell() {
    local IFS=$'\\n'
    COMPREPLY=( $(nepishell complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null) )
    [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=/] ]] && compopt -o nospace
}
complete -o default -F _nepishell nepishell
"""
_ZSH = """\
#compdef nepishell
# eval "$(nepishell completions zsh)"
_nepishell() {
    local -a found
    found=("${(@f)$(nepishell complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    if [[ -n $found[1] ]]; then compadd -a found; else _files; fi
}
compdef _nepishell nepishell
"""
_FISH = """\
# nepishell completions fish | source
complete -c nepishell -a '(nepishell complete -- (commandline -opc)[2..-1] (commandline -ct))'
"""
SCRIPTS: Mapping[str, str] = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}


def main(argv: list[str]) -> int:
    """`nepishell completions bash|zsh|fish`: print the script."""
    given = _completions_parser().parse_args(argv)
    sys.stdout.write(SCRIPTS[given.shell])
    return 0


def complete(argv: list[str]) -> int:
    """`nepishell complete -- WORDS`: what may stand in place of the last word, one per line."""
    words = argv[1:] if argv[:1] == ["--"] else argv
    for offer in offers(words or [""]):
        sys.stdout.write(f"{offer}\n")
    return 0


def offers(words: Sequence[str]) -> list[str]:
    """What may stand where the last of *words* (those after `nepishell`) is being typed."""
    *before, last = words
    name = before[0] if before and before[0] in SUBCOMMANDS else ""
    if before[-1:] == ["--param"] or (len(before) > 1 and before[-2:-1] == ["--param"]):
        known = _parameters(before[1:] if name else before)
    elif last.startswith("-"):
        known = [text for action in parser_of(name)._actions for text in action.option_strings]
    elif name == "completions":
        known = list(SCRIPTS)
    elif name in ("attach", "resume", "clean") and len(before) == 1:
        known = _runs()
    elif name in ("run", "serve"):
        known = [*_recipes(last), *_files(last, BUNDLE)]
    elif name == "check":
        known = _recipes(last)
    elif name == "fmt":
        known = _files(last, RECIPE)
    elif name == "campaign":
        known = [*_recipes(last), *_files(last, ".toml"), *([] if before[1:] else VERBS)]
    elif name == "open":
        known = _files(last, BUNDLE)
    elif name == "lab":
        known = _files(last, BUNDLE) if before[1:] else [*LAB_VERBS, *LABS_ELSEWHERE]
    elif name == "export" and len(before) == 1:
        known = _runs()
    else:
        known = [] if before else [*SUBCOMMANDS, *_recipes(last)]
    return sorted({text for text in known if text.startswith(last)})


def parser_of(name: str) -> argparse.ArgumentParser:
    """The parser of a subcommand's arguments; of the program's own for ''."""
    parsers: Mapping[str, Callable[[], argparse.ArgumentParser]] = {
        "": _program_parser,
        "run": lambda: parser_for("nepishell run", file=True),
        "check": check_parser,
        "fmt": fmt_parser,
        "import": lambda: import_parser(list(READERS)),
        "runs": runs_parser,
        "compare": compare_parser,
        "resume": resume_parser,
        "clean": clean_parser,
        "export": export_parser,
        "open": open_parser,
        "campaign": run_parser,
        "lab": lab_parser,
        "completions": _completions_parser,
    }
    return parsers.get(name, lambda: argparse.ArgumentParser(prog=f"nepishell {name}"))()


def _program_parser() -> argparse.ArgumentParser:
    parser = parser_for("nepishell", file=False)
    parser.add_argument("--version", action="version", version="", help="say which version this is")
    return parser


def _completions_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="nepishell completions", description="print a script that completes in your shell"
    )
    parser.add_argument("shell", choices=list(SCRIPTS))
    return parser


def _runs() -> list[str]:
    """The ids of the runs that are kept here."""
    return [path.name for path in state_home().glob("*/2*") if (path / _JOURNAL).exists()]


def _recipes(beginning: str) -> list[str]:
    """Names of shipped recipes, recipe files and folders."""
    found = [] if "/" in beginning else list(shipped(recipe_folders()))
    return [*found, *_files(beginning, RECIPE)]


def _files(beginning: str, ending: str) -> list[str]:
    """Files with that ending, and folders."""
    folder, slash, name = beginning.rpartition("/")
    try:
        entries = list(Path(folder or ("/" if slash else ".")).iterdir())
    except OSError:
        return []
    # hidden ones only where asked for
    entries = [path for path in entries if path.name[0] != "." or name[:1] == "."]
    found = [f"{folder}{slash}{path.name}" for path in entries if path.suffix == ending]
    return found + [f"{folder}{slash}{path.name}/" for path in entries if path.is_dir()]


def _parameters(words: Sequence[str]) -> list[str]:
    """`name=` for each parameter of the recipe that *words* name."""
    for word in words:
        if word.startswith("-") or "=" in word:
            continue
        try:
            recipe = read_recipe(find_recipe(word, recipe_folders()))
            lines = [statement.text for statement in recipe.statements()]
        except NepishellError:
            return []
        typed = [[each.value for each in tokenize(line) if each.kind is Kind.WORD]
                 for line in lines]  # fmt: skip
        return [f"{line[1]}=" for line in typed if line[:1] == ["param"] and len(line) > 1]
    return []
