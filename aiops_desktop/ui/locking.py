"""Locks the window: at the start, on demand, and after a time without a key press."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.ui.text import tr

if TYPE_CHECKING:
    from aiops_desktop.domain.operators import Operator
    from aiops_desktop.ui.desk import Desk
    from aiops_desktop.ui.lockscreen import LockScreen

#: Events of a window that a person makes.
_HANDS = {
    QEvent.Type.KeyPress,
    QEvent.Type.MouseMove,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.Wheel,
    QEvent.Type.TouchBegin,
}


class Locking(QObject):
    """Covers the window while it is locked, and hides all others of the program.

    What is hidden is out of reach of keys and screen readers, too; work goes on behind it.

    Attributes:
        screen: what covers the window; None while it is not locked.
    """

    def __init__(self, desk: Desk, window: QMainWindow) -> None:
        super().__init__(window)
        self._desk, self._window = desk, window
        self.screen: LockScreen | None = None
        self._hidden: list[QWidget] = []
        self._focus: QWidget | None = None
        self._minutes = 0
        self._last = time.monotonic()
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.timeout.connect(self._rested)
        desk.opened.connect(self._begin)
        desk.changed.connect(self._changed)
        desk.lock_wanted.connect(self.lock)
        desk.leaving.connect(self._idle.stop)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self._window_came)

    # Locking ---------------------------------------------------------------------------------

    def lock(self) -> None:
        """Lock it now; without a passphrase nobody could unlock it, so nothing is done then."""
        desk = self._desk
        if desk.locked or desk.operator is None or not desk.operator.locks:
            return
        house = desk.house
        self.cover()
        desk.read(lambda _job: house.operators.lock(), lambda _done: None)

    def cover(self) -> None:
        """Hide everything behind the lock screen."""
        from aiops_desktop.ui.lockscreen import LockScreen  # not at the start

        desk, window = self._desk, self._window
        self._focus = QApplication.focusWidget()
        desk.set_locked(True)
        self.screen = LockScreen(desk, window)
        self.screen.unlocked.connect(self._uncover)
        inside = window.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        for part in [*inside, *QApplication.topLevelWidgets()]:
            if part.isVisible() and part not in (window, self.screen):
                self._hide(part)
        self.screen.show()
        self.screen.raise_()
        self.screen.take_focus()

    def _hide(self, part: QWidget) -> None:
        if part.windowType() in (Qt.WindowType.Popup, Qt.WindowType.ToolTip):
            part.close()  # menus do not come back
            return
        part.hide()
        self._hidden.append(part)
        part.destroyed.connect(lambda _gone=None, part=part: self._forget(part))

    def _forget(self, part: QWidget) -> None:
        self._hidden = [one for one in self._hidden if one is not part]

    def _uncover(self, operator: Operator) -> None:
        desk, screen = self._desk, self.screen
        other = desk.operator is not None and desk.operator.id != operator.id
        desk.set_operator(operator)
        self.screen = None
        if screen is not None:
            screen.hide()
            screen.deleteLater()
        hidden, self._hidden = self._hidden, []
        for part in hidden:
            part.show()
        desk.set_locked(False)
        if self._focus is not None and self._focus.isVisible():
            self._focus.setFocus()
        self._focus = None
        self._touched()
        if other:
            desk.toast("user", tr("{name} is at the desk", name=operator.name), operator.role.value)

    def _window_came(self, came: QWindow | None) -> None:
        """A window has the focus: hear its keys, and hide one that opened behind the lock."""
        if came is None:
            return
        came.installEventFilter(self)
        if not self._desk.locked:
            return
        for part in QApplication.topLevelWidgets():
            if part.windowHandle() is came and part is not self._window and part.isVisible():
                self._hide(part)

    # Time without a key press ----------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Of a window, not of its widgets: those get thousands of events a second."""
        if event.type() in _HANDS:
            self._last = time.monotonic()
        return False

    def _touched(self) -> None:
        self._last = time.monotonic()
        self._watch()

    def _watch(self) -> None:
        operator = self._desk.operator
        if self._minutes and operator is not None and operator.locks and not self._desk.locked:
            left = self._minutes * 60 - (time.monotonic() - self._last)
            self._idle.start(max(1, int(left * 1000)))
        else:
            self._idle.stop()

    def _rested(self) -> None:
        if time.monotonic() - self._last >= self._minutes * 60:
            self.lock()
        else:
            self._watch()

    # What is known ---------------------------------------------------------------------------

    def _begin(self) -> None:
        """At the start the lock is closed; then it is learned when it closes by itself."""
        operator = self._desk.operator
        if operator is not None and operator.locks:
            self.cover()
        self._learn()

    def _changed(self, changes: Changes) -> None:
        if changes.touched & (Touched.OPERATORS | Touched.SETTINGS):
            self._learn()

    def _learn(self) -> None:
        house, desk = self._desk.house, self._desk

        def learned(found: tuple[Operator | None, int]) -> None:
            operator, self._minutes = found
            if operator is not None:
                desk.set_operator(operator)
            self._watch()

        desk.read(
            lambda _job: (house.operators.acting(), house.settings.current().security.lock_minutes),
            learned,
            lane="operator",
        )
