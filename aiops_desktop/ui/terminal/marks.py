"""The scroll bar of a terminal, which also shows where a search found something."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollBar, QStyle, QStyleOptionSlider, QWidget

from aiops_desktop.ui.terminal.colours import Palette, blend

#: Logical pixels: the bar, its handle, and the height of a mark.
WIDTH, HANDLE, MARK = 10, 6, 2
#: Parts of the text's colour in the handle, at rest and under the pointer.
_REST, _HOVERED = 0.28, 0.5


class MarkedScrollBar(QScrollBar):
    """A bar in the terminal's own colours; without anything to scroll it is only ground."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._marks: tuple[int, ...] = ()
        self._current: int | None = None
        self._ground = self._handle = self._hovered = QColor()
        self._mark = QColor()

    def dress(self, palette: Palette) -> None:
        """Take the terminal's colours."""
        self._ground = QColor.fromRgb(palette.ground)
        self._handle = QColor.fromRgb(blend(palette.ground, palette.text, _REST))
        self._hovered = QColor.fromRgb(blend(palette.ground, palette.text, _HOVERED))
        self._mark = QColor.fromRgb(palette.current_match)
        self.update()

    def set_marks(self, lines: Sequence[int], current: int | None) -> None:
        """Mark these lines, counted from the first one kept; `current` is one of them."""
        marks = tuple(lines)
        if (marks, current) != (self._marks, self._current):
            self._marks, self._current = marks, current
            self.update()

    def sizeHint(self) -> QSize:
        """As narrow as it stays in sight."""
        return QSize(WIDTH, 40)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, handle and marks."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._ground)
        if self.maximum() > self.minimum():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._hovered if self._busy() else self._handle)
            left = (self.width() - HANDLE) / 2
            slider = self._slider()
            bar = QRectF(left, slider.top() + 1, HANDLE, slider.height() - 2)
            painter.drawRoundedRect(bar, HANDLE / 2, HANDLE / 2)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        self._paint_marks(painter)
        painter.end()

    def _paint_marks(self, painter: QPainter) -> None:
        """Marks at the same height, of which there may be thousands, are painted once."""
        total = self.maximum() + max(1, self.pageStep())
        room, lowest = self.height(), self.height() - MARK
        for y in {line * room // total for line in self._marks}:
            painter.fillRect(1, min(y, lowest), self.width() - 2, MARK, self._mark)
        if self._current is not None:
            y = min(self._current * room // total, lowest)
            painter.fillRect(0, y - 1, self.width(), MARK + 1, self._mark)

    def _slider(self) -> QRect:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        kind, part = QStyle.ComplexControl.CC_ScrollBar, QStyle.SubControl.SC_ScrollBarSlider
        return self.style().subControlRect(kind, option, part, self)

    def _busy(self) -> bool:
        return self.isSliderDown() or self.underMouse()

    def enterEvent(self, event: QEnterEvent) -> None:
        """The handle shows that it can be taken."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """At rest again."""
        super().leaveEvent(event)
        self.update()
