"""Takes a private key by pasting, dropping or choosing a file, and never shows a line of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDropEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QFileDialog, QFrame

from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.layout import STRETCH, hbox, vbox, words
from aiops_desktop.ui.text import counted, from_home, tr


class PrivateBox(QFrame):
    """A frame with the focus of a field.

    Signals:
        changed: it holds something else, or nothing.

    Attributes:
        file: the file that was chosen; None when text was pasted.
    """

    changed = Signal()

    def __init__(self, desk: Desk, hint: str = "") -> None:
        """`hint` stands there while it is empty; without one it speaks of a private key."""
        super().__init__()
        self._hint = hint
        self._kit, self._theme = desk.kit, desk.theme
        self._text = ""
        self.file: Path | None = None
        self.setObjectName("sunken")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(True)
        self._glyph = self._kit.glyph("key", "muted")
        self._said = Elided("")
        self._more = words("", "small")
        self._paste = self._kit.button(tr("Paste"), "clipboard-text", self.paste, small=True)
        self._choose = self._kit.button(tr("Choose file…"), "folder-open", self.choose, small=True)
        self._clear = self._kit.tool("x", tr("Take another key"), self.forget, slim=True)
        for button in (self._paste, self._choose, self._clear):
            button.setAutoDefault(False)
        self.setLayout(
            vbox(
                hbox(self._glyph, self._said, STRETCH, self._clear),
                self._more,
                hbox(self._paste, self._choose, STRETCH),
                gap=6,
                margins=(12, 10, 8, 10),
            )
        )
        self._show()

    def setPlainText(self, text: str) -> None:
        """Hold this text."""
        self._text, self.file = text, None
        self._show()

    def toPlainText(self) -> str:
        """The text it holds; only for the verb that takes it."""
        return self._text

    def take_file(self, path: Path) -> None:
        """Hold this file."""
        self._text, self.file = "", path
        self._show()

    def forget(self) -> None:
        """Hold nothing."""
        self._text, self.file = "", None
        self._show()

    def clear_clipboard(self) -> bool:
        """Take the text off the clipboard, when it still lies there; whether it did."""
        clipboard = QGuiApplication.clipboard()
        there = bool(self._text) and clipboard.text().strip() == self._text.strip()
        if there:
            clipboard.clear()
        return there

    def paste(self) -> None:
        """Take what the clipboard holds: text, or a file copied in a file manager."""
        self._take(QGuiApplication.clipboard().mimeData())

    def choose(self) -> None:
        """Ask for a file."""
        start = Path.home() / ".ssh"
        dialog = QFileDialog(
            self, tr("Choose a file") if self._hint else tr("Choose a private key")
        )
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setDirectory(str(start if start.is_dir() else Path.home()))
        dialog.fileSelected.connect(lambda found: self.take_file(Path(found)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+V takes what the clipboard holds."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keyboard went on."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the edge of a field around it: the focus, or that something is wrong with it."""
        super().paintEvent(event)
        scheme, painter = self._theme.scheme, QPainter(self)
        wrong = self.property("wrong") == "true"
        colour = scheme.danger if wrong else scheme.accent if self.hasFocus() else scheme.border
        width = 2 if self.hasFocus() else 1
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colour), width))
        half = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), 5, 5)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file or text may be dropped."""
        if event.mimeData().hasUrls() or event.mimeData().hasText():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take it."""
        self._take(event.mimeData())
        event.acceptProposedAction()

    def _take(self, data: QMimeData) -> None:
        files = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
        if files:
            self.take_file(Path(files[0]))
        elif data.hasText() and data.text().strip():
            self.setPlainText(data.text())

    def _show(self) -> None:
        held = bool(self._text or self.file)
        self._clear.setVisible(held)
        self._paste.setVisible(not held)
        self._choose.setVisible(not held)
        self._glyph.show_icon("key", "text" if held else "muted")
        if self.file:
            said, more = from_home(self.file), tr("A copy is made; the file stays.")
        elif self._text:
            lines = len(self._text.strip().splitlines())
            said = counted(lines, "Pasted, {n} line", "Pasted, {n} lines")
            more = "" if self._hint else tr("Private text is never shown.")
        else:
            said = self._hint or tr("Paste the key here, or drop its file.")
            more = "" if self._hint else tr("Private text is never shown.")
        self._said.setText(said)
        self._more.setText(more)
        self._more.setVisible(bool(more))
        self.setAccessibleDescription(said)
        self.changed.emit()
