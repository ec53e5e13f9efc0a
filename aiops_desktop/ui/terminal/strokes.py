"""Underlines, strike-through and overline."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from aiops_desktop.terminal.styles import (
    CURLY,
    DASHED,
    DOTTED,
    DOUBLE,
    OVERLINE,
    STRIKE,
    UNDERLINES,
)
from aiops_desktop.ui.terminal.cellfont import CellFont

#: All that `stroke` draws.
STROKES = UNDERLINES | STRIKE | OVERLINE


def stroke(
    painter: QPainter, font: CellFont, box: QRect, flags: int, text: QColor, underline: QColor
) -> None:
    """Draw the lines that `flags` ask for into a stretch of cells, in device pixels."""
    x, top, width, thick = box.left(), box.top(), box.width(), font.line
    low = min(top + font.baseline + 2 * thick, top + font.height - thick)
    if flags & STRIKE:
        painter.fillRect(QRect(x, top + round(font.baseline * 0.68), width, thick), text)
    if flags & OVERLINE:
        painter.fillRect(QRect(x, top, width, thick), text)
    if flags & CURLY:
        _wave(painter, x, min(low, top + font.height - 2 * thick), width, thick, underline)
    elif flags & (DOTTED | DASHED):
        step = thick * (2 if flags & DOTTED else 6)
        for begin in range(x, x + width, step):
            length = min(thick if flags & DOTTED else 4 * thick, x + width - begin)
            painter.fillRect(QRect(begin, low, length, thick), underline)
    elif flags & UNDERLINES:
        painter.fillRect(QRect(x, low, width, thick), underline)
        if flags & DOUBLE:
            painter.fillRect(QRect(x, low - 2 * thick, width, thick), underline)


def _wave(painter: QPainter, x: int, y: int, width: int, thick: int, colour: QColor) -> None:
    step = 2 * thick
    path = QPainterPath(QPointF(x, y))
    for number, at in enumerate(range(x + step, x + width + step, step)):
        path.lineTo(QPointF(at, y + (thick if number % 2 == 0 else -thick)))
    painter.save()
    painter.setClipRect(QRect(x, y - 2 * thick, width, 5 * thick))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, thick))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)
    painter.restore()
