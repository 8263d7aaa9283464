"""prompt_toolkit's own completers on the same labels: every key in a name, all results taken."""

import json
import sys
from collections.abc import Callable

from prompt_toolkit.completion import CompleteEvent, Completer, FuzzyCompleter, WordCompleter
from prompt_toolkit.document import Document

from bench.sides.keystroke_shape import NAMES, keys, names, summary, timed


def asked(completer: Completer) -> Callable[[str], object]:
    """What one key costs: a list of completions."""
    event = CompleteEvent(text_inserted=True)
    return lambda text: list(completer.get_completions(Document(text), event))


def main() -> None:
    # WORD: a label may have dots
    words = WordCompleter(names(int(sys.argv[1])), WORD=True)
    numbers = summary("word", timed(asked(words), keys(NAMES), 1))
    numbers |= summary("fuzzy", timed(asked(FuzzyCompleter(words, WORD=True)), keys(NAMES), 1))
    print(json.dumps(numbers))


if __name__ == "__main__":
    main()
