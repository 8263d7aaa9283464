"""SVG as PDF."""

from nepishell.formats.pdf import pdf

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20" font-family="sans-serif">'
    '<text x="2" y="15">wire</text></svg>'
)


def test_it_is_one_page() -> None:
    found = pdf(SVG)
    assert found.startswith(b"%PDF-1")
    assert found.count(b"/Type /Page\n") == 1
