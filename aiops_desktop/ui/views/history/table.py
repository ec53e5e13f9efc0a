"""The table of events: a section a day, rows that open to their details."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QStyleOptionViewItem

from aiops_desktop.domain.events import Event
from aiops_desktop.domain.tenants import Tenant
from aiops_desktop.ui.parts.layout import MARGIN, ROW
from aiops_desktop.ui.parts.rows import ITEM, Cell, Column, RowDelegate, Rows
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.theme import Theme
from aiops_desktop.ui.views.history.days import Opened, by_day, cells, row_name
from aiops_desktop.ui.views.history.details import Details

_Index = QModelIndex | QPersistentModelIndex
_CARET = 0


class _Delegate(RowDelegate):
    """Rows of details are as high as they need."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """The height of a row."""
        item = index.data(ITEM)
        if isinstance(item, Opened):
            return QSize(40, item.height)
        return super().sizeHint(option, index)


class HistoryTable(Rows):
    """Events newest first. Enter, a double click or the caret opens a row; Left closes it.

    Signals:
        wanted(Event): a row is being opened; `show_details` answers with the whole event.
        ended: the end comes near; `show_events` answers with more, where there are more.
    """

    wanted = Signal(object)
    ended = Signal()

    def __init__(
        self,
        theme: Theme,
        make: Callable[[Event, int], Details],
        tenant: Callable[[Event], Tenant | None] = lambda _event: None,
    ) -> None:
        """`make` builds the details of an event for a width, `tenant` tells whose it is."""
        self._tenant = tenant
        self._make = make
        self._events: Sequence[Event] = ()
        self._open: dict[int, Event] = {}
        self._within = ""
        self._more = False
        super().__init__(
            theme,
            (
                Column("", 40),
                Column(tr("When"), 56),
                Column(tr("Who"), 112),
                Column(tr("What"), 120),
                Column(tr("On what")),
                Column(tr("Outcome"), 112),
                Column(tr("Took"), 96, flush=True, least=560),
            ),
            self._cells,
            headers=True,
            name=_said,
            key=_key,
        )
        self._rows_delegate = _Delegate(theme, ROW, None, MARGIN)
        self.setItemDelegate(self._rows_delegate)
        self.setAccessibleName(tr("History"))
        self.opened.connect(self.toggle)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self.look_ahead())

    def show_events(self, events: Sequence[Event], within: str = "", *, more: bool = False) -> None:
        """Replace the rows; opened ones stay open. `more` tells that older ones are not read."""
        self._events, self._within, self._more = events, within, more
        there = {event.id for event in events}
        self._open = {number: event for number, event in self._open.items() if number in there}
        self._rebuild()

    def look_ahead(self) -> None:
        """Ask for older events before the last row is seen."""
        if not self._more or not self.isVisible():
            return
        self.executeDelayedItemsLayout()  # else the bar still knows the rows of before
        scroll = self.verticalScrollBar()
        if scroll.value() >= scroll.maximum() - 2 * self.viewport().height():
            self.ended.emit()

    def is_open(self, event: Event) -> bool:
        """Whether its details are shown."""
        return event.id in self._open

    def toggle(self, item: object) -> None:
        """Open a row, or close it."""
        if not isinstance(item, Event):
            return
        if item.id in self._open:
            del self._open[item.id]
            self._rebuild()
        else:
            self.wanted.emit(item)

    def show_details(self, event: Event) -> None:
        """The whole event was read: show its details under its row."""
        self._open[event.id] = event
        self._rebuild()
        row = self.currentIndex().row() + 1
        if isinstance(self.rows.item(row), Opened):
            self.scrollTo(self.rows.index(row, 0))
            self.scrollTo(self.currentIndex())

    def close_all(self) -> None:
        """Close every row."""
        self._open.clear()

    def _rebuild(self) -> None:
        width = self.viewport().width()
        items: list[object] = []
        shown: dict[int, Details] = {}
        for item in by_day(self._events, more=self._more):
            items.append(item)
            whole = self._open.get(item.id) if isinstance(item, Event) else None
            if whole is not None:
                details = self._make(whole, width)
                shown[len(items)] = details
                items.append(Opened("", event=whole, height=details.height_for(width)))
        self.show_rows(items)
        for row, details in shown.items():
            self.setFirstColumnSpanned(row, QModelIndex(), True)
            self.setIndexWidget(self.rows.index(row, 0), details)

    def _cells(self, item: object) -> tuple[Cell, ...]:
        if not isinstance(item, Event):
            return ()
        return cells(
            item, opened=item.id in self._open, within=self._within, tenant=self._tenant(item)
        )

    # Input -----------------------------------------------------------------------------------

    def mouseReleaseEvent(self, event: object) -> None:
        """The caret opens and closes with one click."""
        super().mouseReleaseEvent(event)
        if isinstance(event, QMouseEvent) and event.button() == Qt.MouseButton.LeftButton:
            index = self.indexAt(event.position().toPoint())
            if index.isValid() and index.column() == _CARET:
                self.toggle(index.data(ITEM))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Right opens, Left closes."""
        item = self.current()
        if isinstance(item, Event) and event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Left):
            if self.is_open(item) == (event.key() == Qt.Key.Key_Left):
                self.toggle(item)
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: object) -> None:
        """Details are laid out anew for another width."""
        before = self.viewport().width()
        super().resizeEvent(event)
        wide = isinstance(event, QResizeEvent) and event.oldSize().width() != event.size().width()
        if self._open and (wide or before != self.viewport().width()):
            self._rebuild()


def _key(item: object) -> object:
    return item.id if isinstance(item, Event) else None


def _said(item: object) -> str:
    return row_name(item) if isinstance(item, Event) else ""
