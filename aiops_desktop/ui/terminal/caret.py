"""Paints the cursor, and what an input method composes there."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from aiops_desktop.terminal.emulator import Emulator
from aiops_desktop.terminal.styles import DEFAULT
from aiops_desktop.terminal.widths import wide
from aiops_desktop.ui.terminal.colours import lifted
from aiops_desktop.ui.terminal.renderer import Renderer


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
    column = state.column
    if 0 < column < len(line.chars) and line.chars[column] == "":
        column -= 1
    cell = line.chars[column] if column < len(line.chars) else " "
    look = line.styles[column] if column < len(line.styles) else DEFAULT
    span = 2 if wide(cell) else 1
    box = QRect(column * font.width, row * font.height, span * font.width, font.height)
    if caret.preedit:
        _preedit(painter, renderer, box, caret.preedit)
    if caret.preedit or not state.visible:
        return
    own = emulator.colours.get("cursor")
    colour = QColor(renderer.colours.cursor if own is None else f"#{own:06x}")
    if caret.focus and caret.lit and caret.shape == "block":
        painter.fillRect(box, colour)
        text = QColor(lifted(renderer.colours.ground, colour.name()))
        renderer.paint_cursor_cell(painter, column, box.top(), cell, look, text)
    else:
        _outline(painter, box, font.line, colour, caret)


def _outline(painter: QPainter, box: QRect, line: int, colour: QColor, caret: Caret) -> None:
    """Everything but the full block."""
    if not caret.focus:
        painter.setPen(QPen(colour, line))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        half = line / 2
        painter.drawRect(QRectF(box).adjusted(half, half, -half, -half))
    elif caret.lit and caret.shape == "underline":
        painter.fillRect(box.adjusted(0, box.height() - 2 * line, 0, 0), colour)
    elif caret.lit and caret.shape == "bar":
        painter.fillRect(QRect(box.left(), box.top(), 2 * line, box.height()), colour)


def _preedit(painter: QPainter, renderer: Renderer, box: QRect, text: str) -> None:
    """What an input method is composing, underlined at the cursor."""
    font, colours = renderer.font, renderer.colours
    count = sum(2 if wide(char) else 1 for char in text)
    room = QRect(box.left(), box.top(), count * font.width, box.height())
    painter.fillRect(room, QColor(colours.selection))
    painter.setFont(font.variant(bold=False, italic=False))
    painter.setPen(QColor(lifted(colours.text, colours.selection)))
    painter.drawText(room.left(), room.top() + font.baseline, text)
    low = room.adjusted(0, room.height() - font.line, 0, 0)
    painter.fillRect(low, QColor(colours.text))
