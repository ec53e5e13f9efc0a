"""Paints the cursor, and what an input method composes there."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from aiops_desktop.terminal.emulator import Emulator
from aiops_desktop.terminal.styles import DEFAULT
from aiops_desktop.terminal.widths import cells
from aiops_desktop.ui.terminal.colours import contrast, lifted
from aiops_desktop.ui.terminal.renderer import Renderer
from aiops_desktop.ui.terminal.strokes import underline_top

#: Contrast below which a cursor would be lost on its cell.
_LOST = 1.5


@dataclass(frozen=True, slots=True)
class Caret:
    """How the cursor is shown: `shape` block, underline or bar; an outline without `focus`.

    Attributes:
        lit: in the bright half of blinking.
        preedit: text being composed, shown instead.
    """

    shape: str
    focus: bool
    lit: bool
    preedit: str = ""


def paint_cursor(
    painter: QPainter, renderer: Renderer, emulator: Emulator, row: int, caret: Caret
) -> None:
    """Paint the cursor into a visible row; `painter` counts device pixels from its corner."""
    state, font = emulator.cursor, renderer.font
    line = emulator.grid[state.row]
    chars, column = line.chars, state.column
    if 0 < column < len(chars) and chars[column] == "":
        column -= 1
    cell = chars[column] if column < len(chars) else " "
    span = 2 if column + 1 < len(chars) and chars[column + 1] == "" else 1
    box = QRect(column * font.width, row * font.height, span * font.width, font.height)
    if caret.preedit:
        _preedit(painter, renderer, box, emulator.columns, caret.preedit)
    if caret.preedit or not state.visible:
        return
    look = renderer.look(line.styles[column] if column < len(line.styles) else DEFAULT)
    colour = renderer.palette.cursor
    if contrast(colour, look.fill & 0xFFFFFF) < _LOST:
        colour = look.ink & 0xFFFFFF
    paint = QColor.fromRgb(colour)
    if not caret.focus:
        _outline(painter, box, font.line, paint)
    elif caret.lit and caret.shape == "block":
        painter.fillRect(box, paint)
        ink = QColor.fromRgb(lifted(renderer.palette.ground, colour))
        renderer.paint_over(painter, box, cell, ink, look)
    elif caret.lit and caret.shape == "underline":
        top = min(underline_top(font), font.height - 2 * font.line)
        painter.fillRect(box.left(), box.top() + top, box.width(), 2 * font.line, paint)
    elif caret.lit:
        painter.fillRect(box.left(), box.top(), 2 * font.line, box.height(), paint)


def _outline(painter: QPainter, box: QRect, line: int, colour: QColor) -> None:
    painter.setPen(QPen(colour, line, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    half = line / 2
    painter.drawRect(QRectF(box).adjusted(half, half, -half, -half))


def _preedit(painter: QPainter, renderer: Renderer, box: QRect, columns: int, text: str) -> None:
    """What an input method is composing, underlined at the cursor, moved left when it is long."""
    font, palette = renderer.font, renderer.palette
    parts = _clusters(text)
    count = sum(width for _, width in parts)
    left = max(0, min(box.left(), (columns - count) * font.width))
    room = QRect(left, box.top(), count * font.width, font.height)
    painter.fillRect(room, QColor.fromRgb(palette.selection))
    ink = QColor.fromRgb(lifted(palette.text, palette.selection))
    for part, width in parts:
        at = QRect(left, room.top(), width * font.width, font.height)
        renderer.paint_over(painter, at, part, ink, renderer.look(DEFAULT))
        left += width * font.width
    painter.fillRect(room.left(), room.bottom() + 1 - font.line, room.width(), font.line, ink)
    painter.fillRect(left, room.top(), 2 * font.line, font.height, ink)


def _clusters(text: str) -> list[tuple[str, int]]:
    """The text in pieces with the number of cells each takes; marks stay with their letter."""
    parts: list[tuple[str, int]] = []
    for char in text:
        taken = cells(char)
        if taken[0] == char:
            parts.append((char, len(taken)))
        elif parts:
            parts[-1] = (parts[-1][0] + char, parts[-1][1])
    return parts
