"""Rows that paint themselves: one delegate for lists and tables, any number of rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from aiops_desktop.ui import icons
from aiops_desktop.ui.parts.layout import GAP, MARGIN, ROW, SECTION
from aiops_desktop.ui.theme import BODY, SMALL, Scheme, Theme, mix, mono_font, ui_font

ITEM = Qt.ItemDataRole.UserRole
"""The role under which a row's own object is found."""
_Index = QModelIndex | QPersistentModelIndex


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


@dataclass(frozen=True, slots=True)
class Section:
    """A heading inside a list; `action` are words at its right end that emit `acted`.

    A `quiet` one is a heading under a heading, such as a folder above its files; one with a `dot`
    is a tenant in its colour.
    """

    title: str
    count: str = ""
    action: str = ""
    quiet: bool = False
    dot: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """What a place in a table shows; tones are names of a scheme's colours.

    `aside` stands behind the text, smaller; `right` flush right.
    """

    text: str = ""
    icon: str = ""
    tone: str = "muted"
    text_tone: str = "text"
    aside: str = ""
    right: str = ""
    right_tone: str = "muted"
    mono: bool = False
    strong: bool = False
    dots: tuple[str, ...] = ()
    tip: str = ""
    flush: bool = False
    """The text itself stands at the right end (numbers)."""
    small: bool = False
    inset: bool = False
    """It stands a step further in: part of the row above."""


Painted = Callable[[QPainter, QRect, object, bool], None]


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column.

    `width` 0 takes what is left; `least` is the width of the view below which it hides.
    """

    title: str
    width: int = 0
    flush: bool = False
    least: int = 0


class RowsModel(QAbstractTableModel):
    """Any objects as rows; each knows its cells through `cells`. `Section` rows are headings."""

    def __init__(
        self,
        columns: Sequence[Column],
        cells: Callable[[object], Sequence[Cell]] | None,
        parent: QWidget | None = None,
        *,
        name: Callable[[object], str] | None = None,
        key: Callable[[object], object] | None = None,
    ) -> None:
        """`name` gives the accessible text, `key` the identity that keeps the selection."""
        super().__init__(parent)
        self.columns = tuple(columns)
        self._cells = cells
        self._name = name
        self.key = key or (lambda item: item)
        self._items: list[object] = []
        self._made: dict[int, Sequence[Cell]] = {}

    def show(self, items: Sequence[object]) -> None:
        """Replace the rows."""
        self.beginResetModel()
        self._items, self._made = list(items), {}
        self.endResetModel()

    def item(self, row: int) -> object | None:
        """The object of a row."""
        return self._items[row] if 0 <= row < len(self._items) else None

    @property
    def items(self) -> list[object]:
        """All rows' objects."""
        return self._items

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Number of rows."""
        return 0 if parent.isValid() else len(self._items)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Number of columns."""
        return 0 if parent.isValid() else len(self.columns)

    def cell(self, index: _Index) -> Cell | None:
        """The cell at an index, made once."""
        item = self.item(index.row())
        if item is None or isinstance(item, Section) or self._cells is None:
            return None
        if index.row() not in self._made:
            self._made[index.row()] = self._cells(item)
        cells = self._made[index.row()]
        return cells[index.column()] if index.column() < len(cells) else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Qt's view of a cell."""
        item = self.item(index.row())
        if role == ITEM:
            return item
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            if isinstance(item, Section):
                return item.title if index.column() == 0 else None
            if self._name and index.column() == 0:
                return self._name(item)
            cell = self.cell(index)
            return f"{cell.text} {cell.aside}".strip() if cell else None
        if role == Qt.ItemDataRole.ToolTipRole:
            cell = self.cell(index)
            return (cell.tip or cell.text) if cell else None
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Titles."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole and self.columns[section].flush:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Headings cannot be selected, and arrows pass over them."""
        if not index.isValid() or isinstance(self.item(index.row()), Section):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class RowDelegate(QStyledItemDelegate):
    """Paints cells, or the whole row through `paint_row`."""

    def __init__(self, theme: Theme, height: int, paint_row: Painted | None, edge: int) -> None:
        super().__init__()
        self._theme, self._height, self._paint_row, self._edge = theme, height, paint_row, edge

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Row height, or a heading's."""
        return QSize(40, SECTION if isinstance(index.data(ITEM), Section) else self._height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
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

    def _ring(self, painter: QPainter, rect: QRect, index: _Index, scheme: Scheme) -> None:
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

    def _cell(self, painter: QPainter, rect: QRect, model: RowsModel, index: _Index) -> None:
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

    def currentChanged(self, current: _Index, previous: _Index) -> None:
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
