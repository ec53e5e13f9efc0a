"""What a character that is drawn as a shape consists of."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen


@dataclass(frozen=True, slots=True)
class CellBox:
    """The size of a cell and the thickness of a light line, in device pixels."""

    width: int
    height: int
    line: int

    @property
    def middle(self) -> tuple[int, int]:
        """Left and top of light lines through the middle."""
        return (self.width - self.line) // 2, (self.height - self.line) // 2


@dataclass(frozen=True, slots=True)
class Shape:
    """What a character looks like in a cell, counted from the cell's corner.

    Attributes:
        rects: left, top, width and height of filled parts; they are never smoothed.
        path: an outline, smoothed and kept inside the cell.
        pen: thickness of the outline, 0 to fill it.
        opacity: of all of it, for shades.
        joins: several in a row look like one that is wider: simple, and from side to side.
    """

    rects: tuple[tuple[int, int, int, int], ...] = ()
    path: QPainterPath | None = None
    pen: float = 0.0
    opacity: float = 1.0
    joins: bool = False

    @property
    def simple(self) -> bool:
        """Whether it is a few rectangles, quicker to paint than to look up as an image."""
        return self.path is None and len(self.rects) <= 3

    def draw(self, painter: QPainter, cell: QRect, colour: QColor, times: int = 1) -> None:
        """Paint it into a cell; into several in a row, when it `joins`.

        Args:
            painter: counts in device pixels.
            cell: the first cell.
            colour: of all of it.
            times: number of cells.
        """
        if self.opacity < 1:
            colour = QColor(colour)
            colour.setAlphaF(self.opacity)
        x, y = cell.left(), cell.top()
        for left, top, width, height in self.rects:
            painter.fillRect(x + left, y + top, width * times, height, colour)
        if self.path is None:
            return
        painter.save()
        painter.setClipRect(cell)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(x, y)
        if self.pen:
            style, cap = Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap
            painter.strokePath(self.path, QPen(colour, self.pen, style, cap))
        else:
            painter.fillPath(self.path, colour)
        painter.restore()


Point = tuple[float, float]


def line_through(*points: Point) -> QPainterPath:
    """A path through these points."""
    path = QPainterPath(QPointF(*points[0]))
    for point in points[1:]:
        path.lineTo(QPointF(*point))
    return path


def words_of(code: int) -> list[str]:
    """A character's Unicode name as words: it says exactly what the shape is."""
    return unicodedata.name(chr(code), "").replace("-", " ").split()
