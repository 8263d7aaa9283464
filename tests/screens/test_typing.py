"""What a person sees while typing."""

from tests.screens.screen import CTRL_C, ESCAPE, PROMPT, Screen


def test_the_menu_tells_what_entries_are_and_closes_by_escape(screen: Screen) -> None:
    screen.types("add local::N")
    screen.sees("local::Node ")
    screen.presses("\t")
    screen.presses("one\r")
    screen.sees("one is resource 1")
    screen.types("show o")
    screen.sees("#1 local::Node NEW")
    screen.presses(ESCAPE)
    screen.misses("#1 local::Node NEW")
    assert screen.line.startswith(f"{PROMPT}show o")
    assert screen.leaves() == 0


def test_a_wrong_word_is_red_before_enter_and_has_a_caret_after_it(screen: Screen) -> None:
    screen.types("show wbe")
    assert screen.colour("wbe") == "red"
    assert screen.colour("show") != "red"
    screen.types_over("lits")
    screen.presses("\r")
    screen.sees("no command 'lits'; did you mean 'list'?")
    at = next(row for row, line in enumerate(screen.lines) if line == f"{PROMPT}lits")
    assert screen.lines[at + 1] == f"{' ' * len(PROMPT)}^~~~"
    assert screen.leaves() == 0


def test_a_resize_keeps_the_line(screen: Screen) -> None:
    screen.types("say a line that is half")
    screen.resizes(12, 50)
    screen.presses(" typed")
    screen.until(lambda: screen.line.startswith(f"{PROMPT}say a line that is half typed"))
    screen.resizes(30, 100)
    screen.presses("!\r")
    screen.until(lambda: "a line that is half typed!" in screen.lines)
    assert screen.leaves() == 0


def test_a_pasted_block_stops_at_its_error_and_keeps_the_rest(screen: Screen) -> None:
    block = ["add local::Node one", "add local::Node two", "ad local::Nope three", "list"]
    screen.presses("\x1b[200~" + "\n".join(block) + "\x1b[201~")
    screen.sees("three")
    assert not any("is resource" in line for line in screen.lines)
    screen.presses("\r")
    screen.sees("two is resource 2")
    screen.sees("stopped at line 3")
    screen.until(lambda: f"{PROMPT}{block[2]}" in screen.lines)
    screen.presses(CTRL_C)
    assert screen.leaves() == 0


def test_ctrl_c_clears_the_line(screen: Screen) -> None:
    screen.types("say nothing of this")
    screen.presses(CTRL_C)
    screen.until(lambda: screen.line == PROMPT.rstrip())
    screen.enters("say next")
    screen.until(lambda: "next" in screen.lines)
    assert "nothing of this" not in screen.lines
    assert screen.leaves() == 0


def test_a_question_mark_tells_what_may_come_and_leaves_the_line(screen: Screen) -> None:
    screen.types("list ")
    screen.presses("?")
    screen.sees("resources")
    screen.until(lambda: screen.line.startswith(f"{PROMPT}list") and "?" not in screen.line)
    assert screen.leaves() == 0


def test_a_long_listing_is_paged_and_a_short_one_is_not(screen: Screen) -> None:
    screen.enters("types | head 3")
    screen.until(lambda: screen.line == PROMPT.rstrip())
    screen.enters("types")
    screen.sees("q: back")
    screen.presses("q")
    screen.until(lambda: screen.line == PROMPT.rstrip())
    screen.enters("set option pager off")
    screen.sees("pager is off")
    screen.enters("types")
    screen.sees("pool::Node")
    assert screen.leaves() == 0
