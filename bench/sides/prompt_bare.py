"""The least that prompt_toolkit can be: one prompt with a completer of words."""

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import WordCompleter


def main() -> None:
    PromptSession[str](completer=WordCompleter(["list", "show", "stop"])).prompt("bare> ")


if __name__ == "__main__":
    main()
