"""Characters that are painted alone in their cells: shapes, wide ones, emoji, clusters."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPixmap

from aiops_desktop.ui.terminal.cellfont import CellFont
from aiops_desktop.ui.terminal.cellshape import Shape
from aiops_desktop.ui.terminal.shapes import is_shape, shape

#: Bytes of the images kept at most, and how many characters' shapes are.
_ROOM, _SHAPES = 8 * 1024 * 1024, 4_096
#: A character wider than its cells by more than this is made smaller as a whole, not squeezed.
_SQUEEZE = 0.8


class Sheet(dict[str, QPixmap]):
    """Images of characters in one variant, colour and width in cells; fills itself."""

    def __init__(self, make: Callable[[str], QPixmap]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, cell: str) -> QPixmap:
        made = self[cell] = self._make(cell)
        return made


class Shapes(dict[str, Shape | None]):
    """A cell's content → its shape, None for text; fills itself."""

    def __init__(self, font: CellFont) -> None:
        super().__init__()
        self._font = font

    def __missing__(self, cell: str) -> Shape | None:
        if len(self) > _SHAPES:
            self.clear()
        made = self[cell] = shape(cell, self._font.box) if is_shape(cell) else None
        return made


class Glyphs:
    """Paints single cells, and keeps what takes longer than copying.

    Attributes:
        shapes: what is drawn as which shape.
    """

    def __init__(self, font: CellFont) -> None:
        self.shapes = Shapes(font)
        self._font = font
        self._sheets: dict[tuple[int, int, int], Sheet] = {}
        self._made = 0
        self._most = max(64, _ROOM // (font.width * font.height * 4))

    def sheet(self, variant: int, colour: QColor, cells: int) -> Sheet:
        """The images of characters that take so many cells."""
        if self._made > self._most or len(self._sheets) > self._most:
            self._sheets.clear()
            self._made = 0
        key = (variant, colour.rgba(), cells)
        found = self._sheets.get(key)
        if found is None:
            width = cells * self._font.width

            def make(cell: str) -> QPixmap:
                self._made += 1
                return self._image(width, cell, variant, colour)

            found = self._sheets[key] = Sheet(make)
        return found

    def draw(self, painter: QPainter, at: QRect, cell: str, variant: int, colour: QColor) -> None:
        """Paint a cell's content into `at`: one cell, or two."""
        drawn = self.shapes[cell]
        if drawn is not None and drawn.simple:
            drawn.draw(painter, at, colour)
        else:
            sheet = self.sheet(variant, colour, at.width() // self._font.width)
            painter.drawPixmap(at.left(), at.top(), sheet[cell])

    def _image(self, width: int, cell: str, variant: int, colour: QColor) -> QPixmap:
        box = QRect(0, 0, width, self._font.height)
        image = QPixmap(box.size())
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        drawn = self.shapes[cell]
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
