"""The field for a comment, with what becomes of it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QPlainTextEdit, QPushButton, QWidget

from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.kit import Kit
from aiops_desktop.ui.parts.layout import GAP, MARGIN, STRETCH, hbox, holder
from aiops_desktop.ui.text import tr

#: Milliseconds after the last key before a draft is kept.
REST = 800


class _Edit(QPlainTextEdit):
    """Ctrl+Enter sends, Tab goes on."""

    sent = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setPlaceholderText(tr("Comment, Markdown works"))
        self.setAccessibleName(tr("Comment"))
        self.setFixedHeight(56)

    def sizeHint(self) -> QSize:
        """Two lines."""
        return QSize(200, 56)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter."""
        strong = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if strong and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.sent.emit()
            return
        super().keyPressEvent(event)


class CommentBox(QWidget):
    """Takes a comment; what is typed and not sent is a draft of its issue.

    Signals:
        sent(str): Comment was pressed.
        rested(int, str): the draft of an issue (its id) is another one.
    """

    sent = Signal(str)
    rested = Signal(int, str)

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._issue = 0
        self._kept = ""
        self._stale = self._refused = ""
        self._busy = False
        self.edit = _Edit()
        self.edit.sent.connect(self._press)
        self._glyph = kit.glyph("link-break", "muted", 14)
        self.said = Elided("", "small", Qt.TextElideMode.ElideRight)
        self.button: QPushButton = kit.button(tr("Comment"), "", self._press)
        self._low = holder(hbox(self._glyph, self.said, STRETCH))
        self._grid = QGridLayout()
        self._grid.setContentsMargins(MARGIN, 12, MARGIN, 12)
        self._grid.setHorizontalSpacing(GAP)
        self._grid.setVerticalSpacing(GAP)
        self._grid.setColumnStretch(0, 1)
        self.setLayout(self._grid)
        self._slim: bool | None = None
        self.set_slim(False)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST)
        self._rest.timeout.connect(self.flush)
        self.edit.textChanged.connect(self._typed)

    def open_for(self, issue_id: int, draft: str, where: str, *, stale: str, refused: str) -> None:
        """Show the draft of an issue; what is typed for the same one stays.

        `where` says who will see it, `stale` why the forge does not answer, `refused` why this
        person may not comment.
        """
        if issue_id != self._issue:
            self.flush()
            self._issue, self._kept = issue_id, draft
            blocked = self.edit.blockSignals(True)
            self.edit.setPlainText(draft)
            self.edit.blockSignals(blocked)
        self._stale, self._refused = stale, refused
        kept = tr("Kept as a draft until the forge answers again") if stale else where
        self.said.setText(refused or kept)
        self._glyph.setVisible(bool(stale) and not refused)
        self.edit.setReadOnly(bool(refused))
        self._look()

    def set_slim(self, slim: bool) -> None:
        """One line beside the button, where every line of the issue counts."""
        if slim is self._slim:
            return
        self._slim = slim
        for part in (self.edit, self._low, self.button):
            self._grid.removeWidget(part)
        self.edit.setFixedHeight(34 if slim else 56)
        policy = Qt.ScrollBarPolicy
        self.edit.setVerticalScrollBarPolicy(
            policy.ScrollBarAlwaysOff if slim else policy.ScrollBarAsNeeded
        )
        self._grid.addWidget(self.edit, 0, 0, 1, 1 if slim else 2)
        self._grid.addWidget(self.button, 0 if slim else 1, 1)
        if not slim:
            self._grid.addWidget(self._low, 1, 0)
        self._low.setVisible(not slim)

    def sent_well(self) -> None:
        """The comment is on the forge: empty the field."""
        self._rest.stop()
        self._kept = ""
        blocked = self.edit.blockSignals(True)
        self.edit.clear()
        self.edit.blockSignals(blocked)
        self._look()

    def set_busy(self, busy: bool) -> None:
        """A comment is under way."""
        self._busy = busy
        self.edit.setReadOnly(busy or bool(self._refused))
        self.button.setText(tr("Sending…") if busy else tr("Comment"))
        self._look()

    def flush(self) -> None:
        """Have the draft kept now."""
        self._rest.stop()
        text = self.edit.toPlainText()
        if self._issue and text != self._kept:
            self._kept = text
            self.rested.emit(self._issue, text)

    def _typed(self) -> None:
        self._rest.start()
        self._look()

    def _press(self) -> None:
        text = self.edit.toPlainText().strip()
        if text and self.button.isEnabled():
            self.sent.emit(text)

    def _look(self) -> None:
        empty = not self.edit.toPlainText().strip()
        self.button.setEnabled(not (empty or self._busy or self._refused))
        self.button.setToolTip(
            self._refused or self._stale or (tr("Write something first.") if empty else "")
        )
