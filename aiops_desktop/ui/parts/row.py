"""One row's words, icons and numbers, laid from both ends on one baseline."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from aiops_desktop.ui import icons
from aiops_desktop.ui.parts.layout import GAP, MARGIN
from aiops_desktop.ui.theme import SMALL, Scheme, ui_font


class Row:
    """Lays text and icons along one row from both ends, all on one baseline."""

    def __init__(
        self, painter: QPainter, rect: QRect, left: int = MARGIN, right: int = MARGIN
    ) -> None:
        self.painter, self.rect = painter, rect
        self.low, self.high = rect.left() + left, rect.left() + rect.width() - right
        self.middle = rect.top() + rect.height() // 2
        capital = QFontMetricsF(ui_font()).capHeight()
        self.base = round(rect.top() + (rect.height() + capital) / 2)

    @property
    def room(self) -> int:
        """Pixels that are still free."""
        return max(0, self.high - self.low)

    def text(
        self,
        words: str,
        colour: str,
        font: QFont | None = None,
        *,
        gap: int = GAP,
        right: bool = False,
        width: int = 0,
        elide: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle,
    ) -> None:
        """Draw at the next free place; `width` reserves a column."""
        font = font or ui_font()
        metrics = QFontMetricsF(font)
        limit = min(self.room, width) if width else self.room
        shown, need = words, metrics.horizontalAdvance(words)
        if need > limit:
            shown = metrics.elidedText(words, elide, limit)
            need = metrics.horizontalAdvance(shown)
        x = self.high - need if right else self.low
        self.painter.setFont(font)
        self.painter.setPen(QColor(colour))
        self.painter.drawText(QPointF(round(x), self.base), shown)
        self.take((width or round(need + 0.5)) + gap, right=right)

    def glyph(
        self, name: str, colour: str, size: int = 16, *, gap: int = GAP, right: bool = False
    ) -> None:
        """Draw an icon at the next free place."""
        x = self.high - size if right else self.low
        icons.draw(self.painter, QRect(x, self.middle - size // 2, size, size), name, colour)
        self.take(size + gap, right=right)

    def dot(self, colour: str, *, gap: int = GAP) -> None:
        """Draw a tenant's colour."""
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(QColor(colour))
        self.painter.drawRoundedRect(QRectF(self.low, self.middle - 5, 10, 10), 3, 3)
        self.take(10 + gap)

    def counts(self, s: Scheme, plus: int | None, minus: int | None) -> None:
        """+12 −3 flush right, in two columns so that a list of them lines up."""
        small = ui_font(SMALL)
        self.text(f"−{minus}" if minus else "", s.danger, small, right=True, width=32, gap=2)
        self.text(f"+{plus}" if plus else "", s.success, small, right=True, width=36, gap=GAP)

    def take(self, room: int, *, right: bool = False) -> None:
        """Use up room at one end."""
        if right:
            self.high -= room
        else:
            self.low += room
