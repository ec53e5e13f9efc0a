"""Paints the rows of lists and tables: cells, headings, selection and focus."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from aiops_desktop.ui.parts.layout import GAP, SECTION
from aiops_desktop.ui.parts.row import Row
from aiops_desktop.ui.parts.row_model import ITEM, Index, RowsModel, Section
from aiops_desktop.ui.theme import BODY, SMALL, Scheme, Theme, mix, mono_font, ui_font

Painted = Callable[[QPainter, QRect, object, bool], None]


class RowDelegate(QStyledItemDelegate):
    """Paints cells, or the whole row through `paint_row`."""

    def __init__(self, theme: Theme, height: int, paint_row: Painted | None, edge: int) -> None:
        super().__init__()
        self._theme, self._height, self._paint_row, self._edge = theme, height, paint_row, edge

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Row height, or a heading's."""
        return QSize(40, SECTION if isinstance(index.data(ITEM), Section) else self._height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell with its share of the selection and the focus ring."""
        scheme, rect, item = self._theme.scheme, QRect(option.rect), index.data(ITEM)
        state = option.state
        view = option.widget
        width = view.viewport().width() if isinstance(view, QAbstractItemView) else rect.width()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(item, Section):
            if index.column() == 0:
                whole = QRect(rect.left(), rect.top(), width - rect.left(), rect.height())
                self._section(
                    Row(painter, whole.adjusted(0, 4, 0, 0), self._edge, self._edge), item
                )
            painter.restore()
            return
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(rect, QColor(scheme.selection))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(mix(scheme.surface, scheme.text, 0.04)))
        if self._paint_row:
            self._paint_row(painter, rect, item, selected)
        else:
            model = index.model()
            if isinstance(model, RowsModel):
                self._cell(painter, rect, model, index)
        if selected and view.hasFocus():
            self._ring(painter, rect, index, scheme)
        painter.restore()

    def _ring(self, painter: QPainter, rect: QRect, index: Index, scheme: Scheme) -> None:
        """Two pixels of the accent around the row, a side at a time, because cells paint alone."""
        last = index.model().columnCount() - 1
        pen = QPen(QColor(scheme.accent), 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(pen)
        box = rect.adjusted(1, 1, -1, -1)
        painter.drawLine(rect.left(), box.top(), rect.right() + 1, box.top())
        painter.drawLine(rect.left(), box.bottom() + 1, rect.right() + 1, box.bottom() + 1)
        if index.column() == 0:
            painter.drawLine(box.left(), rect.top(), box.left(), rect.bottom() + 1)
        if index.column() == last:
            painter.drawLine(box.right() + 1, rect.top(), box.right() + 1, rect.bottom() + 1)

    def _section(self, row: Row, item: Section) -> None:
        scheme = self._theme.scheme
        if item.dot:
            row.low += 2
            row.dot(item.dot, gap=12)
            row.text(item.title, scheme.text, ui_font(BODY, True))
        else:
            row.text(item.title, scheme.muted, ui_font(SMALL, not item.quiet), gap=6)
        row.text(item.count, scheme.muted, ui_font(SMALL))
        if item.action:
            row.text(item.action, scheme.accent, ui_font(SMALL), right=True)

    def _cell(self, painter: QPainter, rect: QRect, model: RowsModel, index: Index) -> None:
        cell, scheme = model.cell(index), self._theme.scheme
        if cell is None:
            return
        left = self._edge if index.column() == 0 else GAP
        right = self._edge if index.column() == model.columnCount() - 1 else GAP
        row = Row(painter, rect, left + (24 if cell.inset else 0), right)
        if cell.right:
            row.text(cell.right, scheme.tone(cell.right_tone), ui_font(SMALL), right=True)
        if cell.icon:
            row.glyph(cell.icon, scheme.tone(cell.tone))
        for colour in cell.dots:
            row.dot(colour, gap=6)
        size = SMALL if cell.small else BODY
        font = mono_font() if cell.mono else ui_font(size, cell.strong)
        row.text(cell.text, scheme.tone(cell.text_tone), font, right=cell.flush)
        if cell.aside and row.room > 24:
            row.text(cell.aside, scheme.muted, ui_font(SMALL), elide=Qt.TextElideMode.ElideRight)
