"""Characters that are painted alone in their cells: shapes, wide ones, emoji, clusters."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPixmap

from aiops_desktop.ui.terminal.cellfont import CellFont
from aiops_desktop.ui.terminal.cellshape import Shape
from aiops_desktop.ui.terminal.shapes import is_shape, shape

#: Bytes of the images kept at most.
_ROOM = 8 * 1024 * 1024
#: A character wider than its cells by more than this is made smaller as a whole, not squeezed.
_SQUEEZE = 0.8


class Glyphs:
    """Paints single cells, and keeps what takes longer than copying."""

    def __init__(self, font: CellFont) -> None:
        self._font = font
        self._shapes: dict[str, Shape | None] = {}
        self._images: dict[tuple[str, int, int, int], QPixmap] = {}
        self._most = max(64, _ROOM // (font.width * font.height * 4))

    def shape(self, cell: str) -> Shape | None:
        """The shape of a cell's content, None for text."""
        try:
            return self._shapes[cell]
        except KeyError:
            if len(self._shapes) > self._most:
                self._shapes.clear()
            made = shape(cell, self._font.box) if is_shape(cell) else None
            self._shapes[cell] = made
            return made

    def draw(self, painter: QPainter, at: QRect, cell: str, variant: int, colour: QColor) -> None:
        """Paint a cell's content into `at`: one cell, two, or more for shapes that go across."""
        drawn = self.shape(cell)
        if drawn is not None and drawn.simple:
            drawn.draw(painter, at, colour, at.width() // self._font.width)
            return
        key = (cell, at.width(), variant, colour.rgba())
        image = self._images.get(key)
        if image is None:
            if len(self._images) > self._most:
                self._images.clear()
            image = self._images[key] = self._image(at.width(), cell, variant, colour)
        painter.drawPixmap(at.left(), at.top(), image)

    def _image(self, width: int, cell: str, variant: int, colour: QColor) -> QPixmap:
        box = QRect(0, 0, width, self._font.height)
        image = QPixmap(box.size())
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        drawn = self.shape(cell)
        if drawn is not None:
            drawn.draw(painter, box, colour)
        else:
            self._text(painter, box, cell, variant, colour)
        painter.end()
        return image

    def _text(self, painter: QPainter, box: QRect, cell: str, variant: int, colour: QColor) -> None:
        """A character of this or another font, centred, made to fit rather than cut."""
        font = self._font.shaped(variant)
        painter.setFont(font)
        painter.setPen(colour)
        taken = QFontMetricsF(font).horizontalAdvance(cell)
        across = min(1.0, box.width() / taken) if taken > 0 else 1.0
        down = across if across < _SQUEEZE else 1.0
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        middle = self._font.baseline * (1 - down) * 0.6
        painter.translate((box.width() - taken * across) / 2, self._font.baseline - middle)
        painter.scale(across, down)
        painter.drawText(QPointF(0, 0), cell)
