"""A list or table of any number of rows that paint themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTreeView

from aiops_desktop.ui.parts.layout import MARGIN, ROW
from aiops_desktop.ui.parts.row import Row
from aiops_desktop.ui.parts.row_delegate import Painted, RowDelegate
from aiops_desktop.ui.parts.row_model import ITEM, Cell, Column, Index, RowsModel, Section
from aiops_desktop.ui.theme import SMALL, Theme, ui_font

__all__ = [
    "ITEM",
    "Cell",
    "Column",
    "Painted",
    "Row",
    "RowDelegate",
    "Rows",
    "RowsModel",
    "Section",
]


class Rows(QTreeView):
    """A list or table of rows. Keeps the selection by key when the rows are replaced.

    Signals:
        chosen(object): the current row's object changed (None: no row).
        opened(object): double click or Enter.
        acted(Section): the words at a heading's right end were clicked.
    """

    chosen = Signal(object)
    opened = Signal(object)
    acted = Signal(object)

    def __init__(
        self,
        theme: Theme,
        columns: Sequence[Column] = (Column(""),),
        cells: Callable[[object], Sequence[Cell]] | None = None,
        *,
        paint: Painted | None = None,
        height: int = ROW,
        headers: bool = False,
        name: Callable[[object], str] | None = None,
        key: Callable[[object], object] | None = None,
        edge: int = MARGIN,
    ) -> None:
        """Give `cells` for a table, or `paint` for rows that paint themselves.

        `edge` is the room left and right of the row.
        """
        super().__init__()
        self.rows = RowsModel(columns, cells, self, name=name, key=key)
        self.setModel(self.rows)
        self._painter = RowDelegate(theme, height, paint, edge)
        self.setItemDelegate(self._painter)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setUniformRowHeights(False)
        self.setAllColumnsShowFocus(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHeaderHidden(not headers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self._headers(edge)
        theme.changed.connect(self.viewport().update)
        self.activated.connect(lambda index: self.opened.emit(index.data(ITEM)))

    def _headers(self, edge: int) -> None:
        head = self.header()
        head.setStretchLastSection(False)
        head.setMinimumSectionSize(24)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setFixedHeight(32)
        for number, column in enumerate(self.rows.columns):
            mode = QHeaderView.ResizeMode.Fixed if column.width else QHeaderView.ResizeMode.Stretch
            head.setSectionResizeMode(number, mode)
            if column.width:
                head.resizeSection(number, column.width)

    def show_rows(self, items: Sequence[object]) -> None:
        """Replace the rows; the current one and the scroll position stay where they can."""
        current = self.current()
        wanted = None if current is None else self.rows.key(current)
        at = self.verticalScrollBar().value()
        blocked = self.selectionModel().blockSignals(True)
        self.rows.show(items)
        if wanted is not None:
            self._select(wanted)
        self.selectionModel().blockSignals(blocked)
        self.verticalScrollBar().setValue(at)
        self.viewport().update()
        now = self.current()
        if now is not current:
            self.chosen.emit(now)

    def current(self) -> object | None:
        """The current row's object."""
        index = self.currentIndex()
        return index.data(ITEM) if index.isValid() else None

    def choose(self, key: object) -> bool:
        """Make the row with this key the current one; False when there is none."""
        found = self._select(key)
        if found:
            self.scrollTo(self.currentIndex())
        return found

    def choose_first(self) -> None:
        """Make the first row that is no heading the current one."""
        for item in self.rows.items:
            if not isinstance(item, Section):
                self.choose(self.rows.key(item))
                return

    def _select(self, key: object) -> bool:
        for number, item in enumerate(self.rows.items):
            if not isinstance(item, Section) and self.rows.key(item) == key:
                self.setCurrentIndex(self.rows.index(number, 0))
                return True
        return False

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tell who listens."""
        super().currentChanged(current, previous)
        item = current.data(ITEM) if current.isValid() else None
        if not isinstance(item, Section):
            self.chosen.emit(item)

    def mouseReleaseEvent(self, event: object) -> None:
        """A click on the words at a heading's right end."""
        super().mouseReleaseEvent(event)  # type: ignore[arg-type]  # Qt hands a QMouseEvent
        spot = event.position().toPoint()  # type: ignore[attr-defined]  # the same
        item = self.indexAt(spot).data(ITEM)
        if isinstance(item, Section) and item.action:
            width = QFontMetricsF(ui_font(SMALL)).horizontalAdvance(item.action)
            if spot.x() > self.viewport().width() - width - MARGIN - 8:
                self.acted.emit(item)

    def resizeEvent(self, event: object) -> None:
        """Narrow tables drop columns."""
        super().resizeEvent(event)  # type: ignore[arg-type]  # Qt hands a QResizeEvent
        for number, column in enumerate(self.rows.columns):
            self.setColumnHidden(number, self.viewport().width() < column.least)
