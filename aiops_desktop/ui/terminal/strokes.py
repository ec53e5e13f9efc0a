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
#: Where a line through letters lies, from the top, in parts of the baseline's height.
_STRIKE_AT = 0.7


def stroke(
    painter: QPainter, font: CellFont, box: QRect, flags: int, text: QColor, underline: QColor
) -> None:
    """Draw the lines that `flags` ask for into a stretch of cells, in device pixels."""
    x, top, width, thick = box.left(), box.top(), box.width(), font.line
    low = underline_top(font) + top
    if flags & STRIKE:
        painter.fillRect(x, top + round(font.baseline * _STRIKE_AT), width, thick, text)
    if flags & OVERLINE:
        painter.fillRect(x, top, width, thick, text)
    if flags & CURLY:
        _wave(painter, font, box, underline)
    elif flags & DOTTED:
        _pieces(painter, QRect(x, low, width, thick), thick, 2 * thick, underline)
    elif flags & DASHED:
        _pieces(painter, QRect(x, low, width, thick), font.width // 2, font.width, underline)
    elif flags & UNDERLINES:
        painter.fillRect(x, low, width, thick, underline)
        if flags & DOUBLE:
            second = low + 2 * thick
            above = low - 2 * thick
            fits = second + thick <= top + font.height
            painter.fillRect(x, second if fits else above, width, thick, underline)


def underline_top(font: CellFont) -> int:
    """Where an underline begins in a cell: a gap below the baseline, but inside."""
    return min(font.baseline + font.line + 1, font.height - font.line)


def _pieces(painter: QPainter, line: QRect, length: int, step: int, colour: QColor) -> None:
    """A broken line; in step with the grid, so that stretches go on evenly."""
    end = line.left() + line.width()
    for begin in range(line.left() - line.left() % step, end, step):
        first, last = max(begin, line.left()), min(begin + length, end)
        if first < last:
            painter.fillRect(first, line.top(), last - first, line.height(), colour)


def _wave(painter: QPainter, font: CellFont, box: QRect, colour: QColor) -> None:
    """A wave of one period a cell, so that stretches go on evenly."""
    half, thick = font.width / 2, float(font.line)
    rise = max(thick, min(font.height / 12, (font.height - font.baseline - 1.5 * thick) / 2))
    middle = min(
        box.top() + font.baseline + thick + rise, box.top() + font.height - rise - thick / 2
    )
    path = QPainterPath(QPointF(box.left(), middle))
    x, up = float(box.left()), True
    while x < box.left() + box.width():
        bend = middle + (-2 if up else 2) * rise
        path.quadTo(x + half / 2, bend, x + half, middle)
        x, up = x + half, not up
    painter.save()
    painter.setClipRect(box)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.strokePath(path, QPen(colour, thick, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    painter.restore()
