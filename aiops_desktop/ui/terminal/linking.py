"""Links of a terminal: shown where the pointer is, told in a tooltip, opened with Ctrl."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, Qt, QUrl, Signal
from PySide6.QtGui import QAction, QGuiApplication, QHelpEvent
from PySide6.QtWidgets import QToolTip, QWidget

from aiops_desktop.ui.terminal.clipboard import ClipboardView
from aiops_desktop.ui.terminal.links import Link, LinkFinder
from aiops_desktop.ui.text import tr

#: Characters of an address that a tooltip shows.
_TOLD_MOST = 300


class LinkingView(ClipboardView):
    """A view whose links can be followed."""

    urlActivated = Signal(QUrl, bool)
    """A link was followed; the second says whether from a context menu."""
    fileActivated = Signal(str, int, int)
    """A file was clicked: its path as printed, line and column from 1, 0 where none was said."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        #: Says of a printed path whether it is a file; None: take every one for one.
        self.file_known: Callable[[str], bool] | None = None
        self._links = LinkFinder(self.line, lambda: self.emulator.columns)
        self._hovered: Link | None = None
        self._pointer = QPoint(-1, -1)

    def hot_spot(self, at: QPoint) -> Link | None:
        """The link under a position of the viewport."""
        return self._link_at(*self.place(at))

    def _link_at(self, number: int, column: int) -> Link | None:
        top = self.top_line
        found = self._links.at(number, column, range(top, top + self.emulator.rows + 1))
        known = self.file_known
        if found is not None and found.path and known is not None and not known(found.path):
            return None
        return found

    def link_at(self, at: QPoint) -> str:
        """Where the link under a position leads, "" for none."""
        found = self.hot_spot(at)
        return found.told if found else ""

    def getHotSpotAt(self, *where: QPoint | int) -> Link | None:
        """The link at a position of the viewport, or at a row and a column of the screen."""
        if len(where) == 1 and isinstance(where[0], QPoint):
            return self.hot_spot(where[0])
        row, column = where
        if isinstance(row, int) and isinstance(column, int):
            return self._link_at(self.top_line + row, column)
        raise TypeError(where)

    def filterActions(self, position: QPoint) -> list[QAction]:
        """What can be done with the link at a position, for a context menu."""
        found = self.hot_spot(position)
        if found is None:
            return []
        words = tr("Open file") if found.path else tr("Open link")
        follow = QAction(words, self)
        follow.setEnabled(found.safe)
        follow.triggered.connect(lambda: self.follow_link(found, from_menu=True))
        copied = QAction(tr("Copy path") if found.path else tr("Copy link address"), self)
        copied.triggered.connect(lambda: QGuiApplication.clipboard().setText(found.told))
        for action in (follow, copied):
            action.setToolTip(found.told[:_TOLD_MOST])
        return [follow, copied]

    def follow_link(self, link: Link, *, from_menu: bool = False) -> None:
        """Tell that a link was followed."""
        if link.path:
            self.fileActivated.emit(link.path, link.line, link.column)
        else:
            self.urlActivated.emit(QUrl(link.address), from_menu)

    # The pointer over it

    def hover(self, at: QPoint | None, modifiers: Qt.KeyboardModifier) -> None:
        """The pointer is here: underline a link, point at it while Ctrl is held."""
        self._pointer = at if at is not None else QPoint(-1, -1)
        self._hovered = self.hot_spot(at) if at is not None else None
        self.set_hover(self._hovered.spans if self._hovered else ())
        self._point(modifiers)

    def _point(self, modifiers: Qt.KeyboardModifier) -> None:
        control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        shape = Qt.CursorShape.IBeamCursor
        if self._hovered is not None and control:
            shape = Qt.CursorShape.PointingHandCursor
        if self.viewport().cursor().shape() not in (shape, Qt.CursorShape.BlankCursor):
            self.viewport().setCursor(shape)

    def viewportEvent(self, event: QEvent) -> bool:
        """Tell in a tooltip where a link truly leads."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            found = self.hot_spot(event.pos())
            if found is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), self.said_of(found), self.viewport())
            return True
        if event.type() == QEvent.Type.Leave:
            self.hover(None, Qt.KeyboardModifier.NoModifier)
        return super().viewportEvent(event)

    def said_of(self, link: Link) -> str:
        """What the tooltip says: the address as it is, and what a click does."""
        told = link.told
        shown = told if len(told) <= _TOLD_MOST else told[:_TOLD_MOST] + "…"
        if not link.safe:
            return tr("{address}\nLinks of this kind are not opened from here.", address=shown)
        return tr("{address}\nCtrl+click opens it.", address=shown)
