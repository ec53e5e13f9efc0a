"""Lets screen readers read a terminal: its text, its cursor, and what is written to it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRect, QTimer
from PySide6.QtGui import (
    QAccessible,
    QAccessibleInterface,
    QAccessibleTextCursorEvent,
    QAccessibleTextInterface,
    QAccessibleTextUpdateEvent,
)
from PySide6.QtWidgets import QAccessibleWidget

from aiops_desktop.ui.terminal.surface import PADDING_X, PADDING_Y
from aiops_desktop.ui.text import tr

if TYPE_CHECKING:
    from aiops_desktop.ui.terminal.widget import TerminalWidget

#: Milliseconds between two tellings of what was written.
_PAUSE = 120


class ScreenText(QAccessibleTextInterface):
    """The visible rows as one text, a line each; positions count characters of it."""

    def __init__(self, terminal: TerminalWidget) -> None:
        super().__init__()
        self._terminal = terminal

    def whole(self) -> str:
        """All of it."""
        return self._terminal.text()

    def text(self, startOffset: int, endOffset: int) -> str:
        """A part of it."""
        return self.whole()[max(0, startOffset) : max(0, endOffset)]

    def characterCount(self) -> int:
        """Its length."""
        return len(self.whole())

    def cursorPosition(self) -> int:
        """Where the cursor is; at the end of its line when it is behind it."""
        state = self._terminal.emulator.cursor
        return self._offset(state.row, state.column)

    def setCursorPosition(self, position: int) -> None:
        """The program places its cursor itself."""

    def characterRect(self, offset: int) -> QRect:
        """Where a character is on the screen; a wide one takes two cells."""
        before = self.whole()[: max(0, offset)]
        row, at = before.count("\n"), len(before) - before.rfind("\n") - 1
        left, right = self._cell(row, at)
        terminal = self._terminal
        row += terminal.emulator.history.pushed - terminal.top_line
        width, height = terminal.cell_size
        corner = QPoint(round(PADDING_X + left * width), round(PADDING_Y + row * height))
        spot = terminal.viewport().mapToGlobal(corner)
        return QRect(spot.x(), spot.y(), round((right - left) * width), round(height))

    def offsetAtPoint(self, point: QPoint) -> int:
        """Which character is at a place of the screen; -1 for one of the history."""
        terminal = self._terminal
        line, column = terminal.place(terminal.viewport().mapFromGlobal(point))
        row = line - terminal.emulator.history.pushed
        return self._offset(row, column) if row >= 0 else -1

    def selectionCount(self) -> int:
        """One or none."""
        return 1 if self._terminal.selectedText() else 0

    def selection(self, selectionIndex: int) -> tuple[int, int]:
        """Beginning and end of what is selected on the screen."""
        terminal = self._terminal
        chosen, emulator = terminal.selection, terminal.emulator
        if chosen is None:
            return (0, 0)
        first = emulator.history.pushed
        spans = [
            (row, span)
            for row in range(emulator.rows)
            if (span := terminal.selector.span(chosen, first + row, emulator.columns))
        ]
        if not spans:
            return (0, 0)
        (top, (left, _)), (bottom, (_, right)) = spans[0], spans[-1]
        return self._offset(top, left), self._offset(bottom, right)

    def addSelection(self, startOffset: int, endOffset: int) -> None:
        """Selecting is done with mouse and keyboard."""

    def removeSelection(self, selectionIndex: int) -> None:
        """Select nothing."""
        self._terminal.clear_selection()

    def setSelection(self, selectionIndex: int, startOffset: int, endOffset: int) -> None:
        """Selecting is done with mouse and keyboard."""

    def scrollToSubstring(self, startIndex: int, endIndex: int) -> None:
        """All of it is visible."""

    def _offset(self, row: int, column: int) -> int:
        """The position of a cell, at most the end of its line."""
        emulator = self._terminal.emulator
        rows = emulator.text_rows()
        before = sum(len(text) + 1 for text in rows[:row])
        return before + min(len("".join(emulator.grid[row].chars[:column])), len(rows[row]))

    def _cell(self, row: int, at: int) -> tuple[int, int]:
        """The cells [left, right) of the character number `at` of a row."""
        grid = self._terminal.emulator.grid
        chars = grid[row].chars if row < len(grid) else []
        length = 0
        for column, text in enumerate(chars):
            length += len(text)
            if length > at:
                wide = chars[column + 1 : column + 2] == [""]
                return column, column + 1 + wide
        left = len(chars) + at - length
        return left, left + 1


class AccessibleTerminal(QAccessibleWidget):
    """A terminal as a screen reader sees it: role, name and text."""

    def __init__(self, terminal: TerminalWidget) -> None:
        super().__init__(terminal, QAccessible.Role.Terminal, tr("Terminal"))
        # Apart from the widget's interface: Qt takes the address for one of a text alone.
        self.screen_text = ScreenText(terminal)

    def interface_cast(self, t: QAccessible.InterfaceType) -> int:
        """The text; what a widget offers otherwise."""
        if t == QAccessible.InterfaceType.TextInterface:
            return self.screen_text  # type: ignore[return-value]  # an address in C++
        return super().interface_cast(t)


class Teller(QObject):
    """Tells screen readers what changed on the screen, a few times a second at most."""

    def __init__(self, terminal: TerminalWidget) -> None:
        super().__init__(terminal)
        self._terminal = terminal
        self._text = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self._tell)

    def written(self) -> None:
        """Something was written."""
        if QAccessible.isActive() and not self._timer.isActive():
            self._timer.start()

    def _tell(self) -> None:
        before, now = self._text, self._terminal.text()
        self._text = now
        if before != now:
            at, gone, come = changed_part(before, now)
            event = QAccessibleTextUpdateEvent(self._terminal, at, gone, come)
            QAccessible.updateAccessibility(event)
        place = ScreenText(self._terminal).cursorPosition()
        QAccessible.updateAccessibility(QAccessibleTextCursorEvent(self._terminal, place))


def changed_part(before: str, now: str) -> tuple[int, str, str]:
    """Where two texts differ, what was there, and what is there now."""
    start = 0
    most = min(len(before), len(now))
    while start < most and before[start] == now[start]:
        start += 1
    end = 0
    while end < most - start and before[-1 - end] == now[-1 - end]:
        end += 1
    return start, before[start : len(before) - end], now[start : len(now) - end]


def _made(_name: str, which: QObject | None) -> QAccessibleInterface | None:
    from aiops_desktop.ui.terminal.widget import TerminalWidget

    if not isinstance(which, TerminalWidget):
        return None
    which.accessible = AccessibleTerminal(which)
    return which.accessible


@lru_cache(maxsize=1)
def install() -> None:
    """Have Qt ask here for terminals; once is enough."""
    QAccessible.installFactory(_made)
