"""Table cells of two lines: the second one smaller, both beginning where the words begin."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter

from aiops_desktop.ui.parts.layout import GAP
from aiops_desktop.ui.parts.row import Row
from aiops_desktop.ui.parts.row_delegate import RowDelegate
from aiops_desktop.ui.parts.row_model import Index, RowsModel
from aiops_desktop.ui.theme import SMALL, mono_font, ui_font

#: The height of a row, and of its lines.
HEIGHT = 52
_FIRST, _SECOND = QRect(0, 6, 0, 20), QRect(0, 26, 0, 18)


class TwoLines(RowDelegate):
    """Paints `Cell.aside` below the text instead of behind it; `Cell.mono` is for the aside."""

    def _cell(self, painter: QPainter, rect: QRect, model: RowsModel, index: Index) -> None:
        cell, scheme = model.cell(index), self._theme.scheme
        if cell is None:
            return
        left = self._edge if index.column() == 0 else GAP
        right = self._edge if index.column() == model.columnCount() - 1 else GAP
        first = QRect(rect.left(), rect.top() + _FIRST.top(), rect.width(), _FIRST.height())
        second = QRect(rect.left(), rect.top() + _SECOND.top(), rect.width(), _SECOND.height())
        row = Row(painter, first, left, right)
        if cell.icon:
            row.glyph(cell.icon, scheme.tone(cell.tone))
        for colour in cell.dots:
            row.dot(colour, gap=6)
        start = row.low
        row.text(cell.text, scheme.tone(cell.text_tone), ui_font())
        below = Row(painter, second, left, right)
        below.low = start
        font = mono_font(SMALL) if cell.mono else ui_font(SMALL)
        below.text(cell.aside, scheme.muted, font, elide=Qt.TextElideMode.ElideRight)
