"""The colours a tenant may have, as squares to choose from."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.tenants import COLOURS
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.theme import Theme

STEP = 32


class Swatches(QWidget):
    """Squares in a row; the chosen one is ringed, arrows move the ring."""

    changed = Signal(str)

    def __init__(self, theme: Theme, chosen: str = "") -> None:
        super().__init__()
        self._theme = theme
        self._colours = list(COLOURS)
        if chosen and chosen.upper() not in (colour.upper() for colour in COLOURS):
            self._colours.append(chosen)
        self.setFixedSize(len(self._colours) * STEP, 32)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._chosen = self._place(chosen)
        self._tell()

    @property
    def colour(self) -> str:
        """The chosen colour."""
        return self._colours[self._chosen]

    def choose(self, colour: str) -> None:
        """Ring another one."""
        self._take(self._place(colour))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint squares and ring; the ring is thicker while it has the focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, colour in enumerate(self._colours):
            x = number * STEP + 4
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour))
            painter.drawRoundedRect(QRectF(x, 8, 16, 16), 4, 4)
            if number == self._chosen:
                scheme = self._theme.scheme
                ring = QColor(scheme.accent if self.hasFocus() else scheme.muted)
                painter.setPen(QPen(ring, 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(QRectF(x - 3, 5, 22, 22), 6, 6)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose by click."""
        self._take(min(len(self._colours) - 1, max(0, int(event.position().x()) // STEP)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose by arrows."""
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        else:
            self._take((self._chosen + by) % len(self._colours))

    def _place(self, colour: str) -> int:
        lower = [known.upper() for known in self._colours]
        return lower.index(colour.upper()) if colour.upper() in lower else 0

    def _take(self, place: int) -> None:
        self._chosen = place
        self._tell()
        self.update()
        self.changed.emit(self.colour)

    def _tell(self) -> None:
        self.setAccessibleName(
            tr("Colour {n} of {all}", n=self._chosen + 1, all=len(self._colours))
        )
