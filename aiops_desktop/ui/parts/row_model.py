"""What lists and tables show: any objects as rows, with their cells, columns and headings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

ITEM = Qt.ItemDataRole.UserRole
"""The role under which a row's own object is found."""
Index = QModelIndex | QPersistentModelIndex


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

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Number of rows."""
        return 0 if parent.isValid() else len(self._items)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Number of columns."""
        return 0 if parent.isValid() else len(self.columns)

    def cell(self, index: Index) -> Cell | None:
        """The cell at an index, made once."""
        item = self.item(index.row())
        if item is None or isinstance(item, Section) or self._cells is None:
            return None
        if index.row() not in self._made:
            self._made[index.row()] = self._cells(item)
        cells = self._made[index.row()]
        return cells[index.column()] if index.column() < len(cells) else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
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

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings cannot be selected, and arrows pass over them."""
        if not index.isValid() or isinstance(self.item(index.row()), Section):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
