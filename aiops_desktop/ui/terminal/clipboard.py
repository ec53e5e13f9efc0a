"""Copying out of a terminal and pasting into it."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtWidgets import QWidget

from aiops_desktop.terminal.paste import pasted, several_lines
from aiops_desktop.ui.terminal.copying import as_ansi, as_html, pieces
from aiops_desktop.ui.terminal.selecting import SelectingView

#: Lines to scroll after a paste, by QTermWidget's numbers for `setMotionAfterPasting`.
NO_MOTION, MOTION_TO_START, MOTION_TO_END = 0, 1, 2


class ClipboardView(SelectingView):
    """A view one can copy from and paste into."""

    pasteHeld = Signal(str)
    """A paste of several lines waits for `paste_now`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._confirm_paste = True
        self._trim_paste = False
        self._bracketed_allowed = True
        self._paste_motion = MOTION_TO_END
        self._read_only = False

    def send(self, data: bytes) -> None:
        """Give input to the program."""
        raise NotImplementedError

    def typed(self, data: bytes) -> None:
        """Send what the person typed: the view goes to its end, the selection away."""
        if data and not self._read_only:
            self.scrollToEnd()
            self.clear_selection()
            self.send(data)

    def setReadOnly(self, read_only: bool) -> None:
        """Whether keys, mouse and pastes are kept from the program; scrolling and copying stay."""
        self._read_only = read_only

    def isReadOnly(self) -> bool:
        """Whether keys, mouse and pastes are kept from the program."""
        return self._read_only

    # Copying

    def copyClipboard(self) -> None:
        """Copy what is selected."""
        if text := self.selectedText():
            QGuiApplication.clipboard().setText(text)

    def copy_html(self) -> None:
        """Copy what is selected in its colours; programs that know no HTML get the text."""
        if self.selection is None:
            return
        found = pieces(self.selection, self.selector, self.line)
        data = QMimeData()
        data.setText(self.selectedText())
        family = self.getTerminalFont().family()
        data.setHtml(as_html(found, self._renderer.palette, family))
        QGuiApplication.clipboard().setMimeData(data)

    def copy_ansi(self) -> None:
        """Copy what is selected with the sequences that colour it in a terminal."""
        if self.selection is not None:
            found = pieces(self.selection, self.selector, self.line)
            QGuiApplication.clipboard().setText(as_ansi(found))

    def copy_primary(self) -> None:
        """Put what is selected where the middle button takes it from, where there is such."""
        board = QGuiApplication.clipboard()
        if board.supportsSelection() and (text := self.selectedText()):
            board.setText(text, QClipboard.Mode.Selection)

    # Pasting

    def pasteClipboard(self) -> None:
        """Paste the clipboard."""
        self.paste(QGuiApplication.clipboard().text())

    def pasteSelection(self) -> None:
        """Paste the primary selection; the clipboard where there is none."""
        board = QGuiApplication.clipboard()
        primary = board.supportsSelection()
        mode = QClipboard.Mode.Selection if primary else QClipboard.Mode.Clipboard
        self.paste(board.text(mode))

    def paste(self, text: str) -> None:
        """Paste a text; one that would run several lines is asked about first."""
        if self._trim_paste:
            text = text.rstrip("\r\n")
        if not text or self._read_only:
            return
        if self._confirm_paste and not self._brackets and several_lines(text):
            self.pasteHeld.emit(text)
        else:
            self.paste_now(text)

    @property
    def _brackets(self) -> bool:
        return self._bracketed_allowed and self.emulator.modes.bracketed_paste

    def paste_now(self, text: str) -> None:
        """Paste without asking; control characters are taken out."""
        seen = self._top
        self.typed(pasted(text, bracketed=self._brackets))
        if self._paste_motion == MOTION_TO_START:
            self.scroll_to_line(self.first_line)
        elif self._paste_motion == NO_MOTION and seen is not None:
            self.scroll_to_line(seen)

    def bracketText(self, text: str) -> str:
        """A text as it is pasted now, with the marks of bracketed paste if they are wanted."""
        return pasted(text, bracketed=self._brackets).decode()

    # Settings

    def setConfirmMultilinePaste(self, confirm: bool) -> None:
        """Ask before a paste that would run several lines."""
        self._confirm_paste = confirm

    def setTrimPastedTrailingNewlines(self, trim: bool) -> None:
        """Take line ends off the end of pastes."""
        self._trim_paste = trim

    def setMotionAfterPasting(self, motion: int) -> None:
        """Where to look after a paste: 0 stay, 1 at the start of the history, 2 at the end."""
        self._paste_motion = motion

    def disableBracketedPasteMode(self, disable: bool) -> None:
        """Paste without marks though the program asked for them."""
        self._bracketed_allowed = not disable

    def bracketedPasteModeIsDisabled(self) -> bool:
        """Whether pastes never carry marks."""
        return not self._bracketed_allowed
