"""What is selected in a terminal, by whom it is asked, and when it is no longer true."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from aiops_desktop.terminal.rows import line_row
from aiops_desktop.ui.terminal.selection import Place, Selection
from aiops_desktop.ui.terminal.view import TerminalView


class SelectingView(TerminalView):
    """A view in which text can be selected."""

    copyAvailable = Signal(bool)
    """Something is selected, or nothing any more."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selected_live: dict[int, str] = {}
        self._selected_on = False  # the alternate screen

    def _select(self, selection: Selection | None) -> None:
        before = self.selection is not None
        self.selection = selection
        self._remember_selected()
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

    # Whether it is still what was selected

    def _remember_selected(self) -> None:
        """Keep the selected text of rows that a program can still overwrite."""
        self._selected_live = {}
        self._selected_on = self.emulator.modes.alternate_screen
        if self.selection is None:
            return
        first, last = self.selector.edges(self.selection)
        pushed = self.emulator.history.pushed
        for number in range(max(first[0], pushed), min(last[0], pushed + self.emulator.rows) + 1):
            text = self._selected_of(number)
            if text.strip():
                self._selected_live[number] = text

    def _selected_of(self, number: int) -> str:
        line = self.line(number)
        if line is None or self.selection is None:
            return ""
        span = self.selector.span(self.selection, number, self.emulator.columns)
        return "".join(line_row(line).chars[slice(*span)]).rstrip(" ") if span else ""

    def check_selection(self) -> None:
        """Select nothing any more when a program wrote something else where it was."""
        if self.selection is None:
            return
        same = self._selected_on == self.emulator.modes.alternate_screen and all(
            self._selected_of(number) == text for number, text in self._selected_live.items()
        )
        if not same:
            self.clear_selection()

    # By rows of history and screen, as QTermWidget counts them

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

    def setWordCharacters(self, characters: str) -> None:
        """What belongs to words besides letters and digits."""
        self.selector.word_characters = characters

    def wordCharacters(self) -> str:
        """What belongs to words besides letters and digits."""
        return self.selector.word_characters
