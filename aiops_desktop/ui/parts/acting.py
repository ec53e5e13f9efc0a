"""Words that act: a state that leads to its page, an id that can be copied."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QLabel

from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.text import short_id, tr


class Acting(QLabel):
    """Words that act on a click, Enter or Space; underlined while they have the focus."""

    def __init__(
        self, text: str, act: Callable[[], object], role: str = "", tone: str = ""
    ) -> None:
        super().__init__(text)
        self.act = act
        self.setTextFormat(Qt.TextFormat.PlainText)
        for name, value in (("role", role), ("tone", tone)):
            if value:
                self.setProperty(name, value)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Act."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.act()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Act, by keyboard."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.act()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is."""
        super().focusInEvent(event)
        self._underline(on=True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keyboard went on."""
        super().focusOutEvent(event)
        self._underline(on=False)

    def _underline(self, *, on: bool) -> None:
        font = self.font()
        font.setUnderline(on)
        self.setFont(font)


def id_label(desk: Desk, text: str) -> Acting:
    """A commit's short id in monospace; acting on it copies the whole one."""

    def copy() -> None:
        QGuiApplication.clipboard().setText(text)
        desk.toast("copy", tr("The id is copied"), text)

    made = Acting(short_id(text), copy, "mono")
    made.setToolTip(tr("Copy {id}", id=text))
    made.setAccessibleName(tr("Copy the id {id}", id=short_id(text)))
    return made
