"""Puts selected cells into other forms than text: HTML, and text with its SGR sequences."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from aiops_desktop.terminal.rows import line_row, line_wraps
from aiops_desktop.terminal.styles import (
    BOLD,
    DEFAULT,
    HIDDEN,
    ITALIC,
    OVERLINE,
    STRIKE,
    UNDERLINES,
    Style,
    sgr,
)
from aiops_desktop.ui.terminal.colours import Palette
from aiops_desktop.ui.terminal.links import SAFE_SCHEMES, scheme
from aiops_desktop.ui.terminal.paragraphs import Lines
from aiops_desktop.ui.terminal.selection import Selection, Selector, Unit

#: Text in one style; "\n" alone between lines.
Piece = tuple[str, Style]


def pieces(chosen: Selection, selector: Selector, lines: Lines) -> Iterator[Piece]:
    """What is selected, in stretches of one style; rows of a wrapped line are joined."""
    first, last = selector.edges(chosen)
    for number in range(first[0], last[0] + 1):
        line = lines(number)
        if line is None:
            continue
        row = line_row(line)
        left, right = selector.span(chosen, number, 1 << 20) or (0, 0)
        goes_on = line_wraps(line) and chosen.unit is not Unit.BLOCK
        chars, looks = row.chars[left:right], row.styles[left:right]
        if not goes_on:
            while chars and chars[-1] == " " and looks[-1] is DEFAULT:
                chars.pop()
        at = 0
        while at < len(chars):
            end = at
            while end < len(chars) and looks[end] is looks[at]:
                end += 1
            yield "".join(chars[at:end]), looks[at]
            at = end
        if number < last[0] and not goes_on:
            yield "\n", DEFAULT


def as_ansi(found: Iterator[Piece]) -> str:
    """Text with the SGR sequences that show it as it looked."""
    parts: list[str] = []
    now = DEFAULT
    for text, look in found:
        if look is not now:
            parts.append("\x1b[m" if look is DEFAULT else f"\x1b[{sgr(look)}m")
            now = look
        parts.append(text)
    return "".join(parts) + ("" if now is DEFAULT else "\x1b[m")


def as_html(found: Iterator[Piece], palette: Palette, family: str) -> str:
    """A fragment of HTML in the colours of a palette; everything in it is escaped.

    Args:
        found: what is selected.
        palette: the colours it is painted in now.
        family: the font.
    """
    parts = [
        f'<pre style="font-family:{escape(family, quote=True)},monospace;'
        f'color:{_hex(palette.text)};background-color:{_hex(palette.ground)}">'
    ]
    for text, look in found:
        shown = escape("\u00a0" * len(text) if look.flags & HIDDEN else text)
        style = _css(look, palette)
        piece = f'<span style="{style}">{shown}</span>' if style else shown
        address = look.link[1] if look.link else ""
        if scheme(address) in SAFE_SCHEMES:
            piece = f'<a href="{escape(address, quote=True)}">{piece}</a>'
        parts.append(piece)
    return "".join(parts) + "</pre>"


def _css(look: Style, palette: Palette) -> str:
    if look is DEFAULT:
        return ""
    paint = palette.paint(look)
    parts: list[str] = []
    if paint.text != palette.text:
        parts.append(f"color:{_hex(paint.text)}")
    if paint.ground != palette.ground:
        parts.append(f"background-color:{_hex(paint.ground)}")
    if look.flags & BOLD:
        parts.append("font-weight:bold")
    if look.flags & ITALIC:
        parts.append("font-style:italic")
    lines = [
        name
        for flag, name in (
            (UNDERLINES, "underline"),
            (STRIKE, "line-through"),
            (OVERLINE, "overline"),
        )
        if look.flags & flag
    ]
    if lines:
        parts.append(f"text-decoration:{' '.join(lines)}")
    return ";".join(parts)


def _hex(colour: int) -> str:
    return f"#{colour & 0xFFFFFF:06x}"
