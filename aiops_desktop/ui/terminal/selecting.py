"""Selection, clipboard and links of a terminal."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QUrl, Signal
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtWidgets import QWidget

from aiops_desktop.terminal.paste import pasted, several_lines
from aiops_desktop.terminal.rows import line_row, line_text
from aiops_desktop.ui.terminal.links import address_at
from aiops_desktop.ui.terminal.selection import Place, Selection
from aiops_desktop.ui.terminal.view import TerminalView


class SelectingView(TerminalView):
    """A view one can copy from and paste into."""

    copyAvailable = Signal(bool)
    """Something is selected, or nothing any more."""
    urlActivated = Signal(QUrl, bool)
    """A link was followed; the second says whether from a context menu."""
    pasteHeld = Signal(str)
    """A paste of several lines waits for `paste_now`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._confirm_paste = True
        self._trim_paste = False
        self._bracketed_allowed = True

    def send(self, data: bytes) -> None:
        """Give input to the program."""
        raise NotImplementedError

    def typed(self, data: bytes) -> None:
        """Send what the person typed: the view goes to its end, the selection away."""
        if data:
            self.scrollToEnd()
            self.clear_selection()
            self.send(data)

    # Links

    def link_at(self, at: QPoint) -> str:
        """The address under a position, told by the program (OSC 8) or found in the text."""
        number, column = self.place(at)
        line = self.line(number)
        if line is None:
            return ""
        row = line_row(line)
        if column < len(row.styles):
            link = row.styles[column].link
            if link:
                return link[1]
        return address_at(line_text(line), len("".join(row.chars[:column])))

    def _follow(self, at: QPoint) -> bool:
        address = self.link_at(at)
        if address:
            self.urlActivated.emit(QUrl(address), False)
        return bool(address)

    # Selection

    def _select(self, selection: Selection | None) -> None:
        before = self.selection is not None
        self.selection = selection
        if before != (selection is not None):
            self.copyAvailable.emit(selection is not None)
        self.refresh()

    def clear_selection(self) -> None:
        """Select nothing."""
        if self.selection is not None:
            self._select(None)

    def select_all(self) -> None:
        """Select the history and the screen."""
        bottom = self.emulator.history.pushed + self.emulator.rows - 1
        self._select(Selection((self.first_line, 0), (bottom, self.emulator.columns)))

    def selectedText(self, preserveLineBreaks: bool = True) -> str:
        """What is selected; wrapped lines are one."""
        if self.selection is None:
            return ""
        return self.selector.text(self.selection, breaks=preserveLineBreaks)

    def copyClipboard(self) -> None:
        """Copy what is selected."""
        if text := self.selectedText():
            QGuiApplication.clipboard().setText(text)

    def pasteClipboard(self) -> None:
        """Paste the clipboard."""
        self._paste(QGuiApplication.clipboard().text())

    def pasteSelection(self) -> None:
        """Paste the primary selection; the clipboard where there is none."""
        board = QGuiApplication.clipboard()
        primary = board.supportsSelection()
        mode = QClipboard.Mode.Selection if primary else QClipboard.Mode.Clipboard
        self._paste(board.text(mode))

    def _paste(self, text: str) -> None:
        if self._trim_paste:
            text = text.rstrip("\r\n")
        if not text:
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
        self.typed(pasted(text, bracketed=self._brackets))

    def bracketText(self, text: str) -> str:
        """A text as it is pasted now, with the marks of bracketed paste if they are wanted."""
        return pasted(text, bracketed=self._brackets).decode()

    def setSelectionStart(self, row: int, column: int) -> None:
        """Begin a selection at a row of history and screen counted from the oldest."""
        self._select_from((self.first_line + row, column), None)

    def setSelectionEnd(self, row: int, column: int) -> None:
        """End the selection behind this column."""
        self._select_from(None, (self.first_line + row, column + 1))

    def _select_from(self, start: Place | None, end: Place | None) -> None:
        old = self.selection
        first = start or (old.anchor if old else end)
        last = end or (old.head if old else start)
        if first is not None and last is not None:
            self._select(Selection(first, last))

    def getSelectionStart(self) -> tuple[int, int]:
        """Row and column of the first selected cell."""
        return self._edge(0)

    def getSelectionEnd(self) -> tuple[int, int]:
        """Row and column of the last selected cell."""
        row, column = self._edge(1)
        return row, max(0, column - 1)

    def _edge(self, which: int) -> tuple[int, int]:
        if self.selection is None:
            return 0, 0
        number, column = self.selector.edges(self.selection)[which]
        return number - self.first_line, min(column, self.emulator.columns)

    # Settings

    def setConfirmMultilinePaste(self, confirm: bool) -> None:
        """Ask before a paste that would run several lines."""
        self._confirm_paste = confirm

    def setTrimPastedTrailingNewlines(self, trim: bool) -> None:
        """Take line ends off the end of pastes."""
        self._trim_paste = trim

    def disableBracketedPasteMode(self, disable: bool) -> None:
        """Paste without marks though the program asked for them."""
        self._bracketed_allowed = not disable

    def bracketedPasteModeIsDisabled(self) -> bool:
        """Whether pastes never carry marks."""
        return not self._bracketed_allowed

    def setWordCharacters(self, characters: str) -> None:
        """What belongs to words besides letters and digits."""
        self.selector.word_characters = characters

    def wordCharacters(self) -> str:
        """What belongs to words besides letters and digits."""
        return self.selector.word_characters
