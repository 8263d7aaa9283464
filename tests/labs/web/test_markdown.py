"""Texts of steps become HTML that can be shown: their marks work, and nothing in them acts."""

import pytest

from nepishell.labs.web.markdown import html, inline


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("# Title\ntext", "<h2>Title</h2>\n<p>text</p>"),
        ("one\ntwo\n\nthree", "<p>one two</p>\n<p>three</p>"),
        ("- a\n- b\n  c", "<ul><li>a</li><li>b c</li></ul>"),
        ("1. a\n2. b", "<ol><li>a</li><li>b</li></ol>"),
        ("    h1 --- r1\n\n      |\n\ntext",
         "<pre><code>h1 --- r1\n\n  |</code></pre>\n<p>text</p>"),
        ("```\na < b\n```\nafter", "<pre><code>a &lt; b</code></pre>\n<p>after</p>"),
        ("```\nnever closed", "<pre><code>never closed</code></pre>"),
        ("", ""),
    ],
)  # fmt: skip
def test_blocks_of_a_text(text: str, shown: str) -> None:
    assert html(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a **strong** *word*", "a <strong>strong</strong> <em>word</em>"),
        ("`**code**` alone", "<code>**code**</code> alone"),
        ("2 * 3 * 4 stays", "2 * 3 * 4 stays"),
        ("[BFD](https://example.org/a?b&c)",
         '<a href="https://example.org/a?b&amp;c" target="_blank" rel="noopener noreferrer">'
         "BFD</a>"),
    ],
)  # fmt: skip
def test_marks_inside_of_a_line(text: str, shown: str) -> None:
    assert inline(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "`<b>`",
        "[x](https://example.org/\"onclick=\"alert(1))",
        "    <iframe>",
        "# <h1>",
    ],
)  # fmt: skip
def test_html_in_a_text_is_shown_as_it_is_written(text: str) -> None:
    shown = html(text)

    for tag in ("<script", "<img", "<b>", "<iframe", '"onclick', "<h1>"):
        assert tag not in shown


def test_only_the_web_can_be_linked_to() -> None:
    assert inline("[x](javascript:alert(1))") == "[x](javascript:alert(1))"
