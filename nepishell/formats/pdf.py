"""SVG as PDF, by svglib and reportlab: both without libraries of the system."""

from io import BytesIO

from reportlab.graphics import renderPDF
from svglib.svglib import svg2rlg


def pdf(svg: str) -> bytes:
    """One page of the size of the drawing; lines stay lines, text stays text."""
    drawing = svg2rlg(BytesIO(svg.encode()))
    return bytes(renderPDF.drawToString(drawing))
