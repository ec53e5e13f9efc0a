"""The timeline: what an assistant did, step by step, to look through with mouse and keyboard."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QMenu, QWidget

from aiops_desktop.ui.text import tr
from aiops_desktop.ui.theme import Theme
from aiops_desktop.ui.views.runs.sheet import Sheet


class Timeline(Sheet):
    """Steps one can fold and copy. A click, Space or Enter folds and unfolds a step's output."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.setAccessibleName(tr("What the assistant did"))
        self.clicked.connect(lambda index: self.toggle(index.row()))

    def toggle(self, row: int) -> None:
        """Fold or unfold a step's output."""
        self.steps.toggle(row)

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Arrow and page keys."""
        move, last = QAbstractItemView.CursorAction, self.steps.rowCount() - 1
        row = self.currentIndex().row()
        page = max(1, self.viewport().height() // 40)
        target = {
            move.MoveUp: row - 1 if row >= 0 else last,
            move.MoveLeft: row,
            move.MoveDown: row + 1,
            move.MoveRight: row,
            move.MovePageUp: row - page,
            move.MovePageDown: row + page,
            move.MoveHome: 0,
            move.MoveEnd: last,
            move.MoveNext: row + 1,
            move.MovePrevious: row - 1,
        }[action]
        return self.steps.index(max(0, min(target, last)), 0) if last >= 0 else QModelIndex()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space, Enter, Left and Right fold; Ctrl+C copies a step; End follows again."""
        row, key = self.currentIndex().row(), event.key()
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.steps.whole(row))
        elif key == Qt.Key.Key_End:
            super().keyPressEvent(event)
            self.follow()
        elif row >= 0 and not event.modifiers() and key in _FOLD:
            open_ = row in self.steps.unfolded
            if _FOLD[key] is None or _FOLD[key] != open_:
                self.toggle(row)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Copy a step, or fold it."""
        index = self.indexAt(event.pos())
        if not index.isValid():
            return
        row = index.row()
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction(tr("Copy"))
        copy.triggered.connect(lambda: QGuiApplication.clipboard().setText(self.steps.whole(row)))
        if self.steps.steps[row].foldable:
            fold = tr("Fold output") if row in self.steps.unfolded else tr("Show whole output")
            menu.addAction(fold).triggered.connect(lambda: self.toggle(row))
        menu.popup(event.globalPos())


_FOLD: dict[int, bool | None] = {
    Qt.Key.Key_Space: None,
    Qt.Key.Key_Return: None,
    Qt.Key.Key_Enter: None,
    Qt.Key.Key_Right: True,
    Qt.Key.Key_Left: False,
}
