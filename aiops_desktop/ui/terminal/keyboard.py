"""The keyboard and input methods of a terminal."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from aiops_desktop.terminal.keys import key_bytes
from aiops_desktop.ui.terminal.keymap import pressed, stroke
from aiops_desktop.ui.terminal.searching import SearchingView
from aiops_desktop.ui.terminal.surface import PADDING_X, PADDING_Y

_CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
_HINTS = Qt.InputMethodHint.ImhNoAutoUppercase | Qt.InputMethodHint.ImhNoPredictiveText


class KeyboardView(SearchingView):
    """A view that takes keys and composed text."""

    termKeyPressed = Signal(QKeyEvent)
    termGetFocus = Signal()
    termLostFocus = Signal()
    scrollbackWanted = Signal(int)
    """Lines up into a history that is kept elsewhere, while `scrollback_elsewhere` is set."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        #: The program (tmux) keeps the history; ours is empty while it has the screen.
        self.scrollback_elsewhere = False
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        self.setInputMethodHints(_HINTS)

    def event(self, event: QEvent) -> bool:
        """Keep all keys but Ctrl+Shift+… from the window's shortcuts."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.modifiers() & _CTRL_SHIFT != _CTRL_SHIFT or self._own_shortcut(event):
                event.accept()
            return True
        return super().event(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab belongs to the program."""
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Send the key, unless it is one of ours."""
        self.termKeyPressed.emit(event)
        event.accept()
        self._point(event.modifiers() | _of_key(event))
        if shortcut := self._own_shortcut(event):
            shortcut()
            return
        if event.modifiers() & _CTRL_SHIFT == _CTRL_SHIFT and event.text().isprintable() is False:
            event.ignore()
            return
        name, text, mods = pressed(event)
        self.typed(key_bytes(name, text, mods, self.emulator.modes, stroke(event)))

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Tell a program that wants to know (kitty's flag 2)."""
        self._point(event.modifiers() & ~_of_key(event))
        if self.emulator.modes.kitty_flags and not event.isAutoRepeat() and not self._read_only:
            name, text, mods = pressed(event)
            what = stroke(event, released=True)
            sent = key_bytes(name, text, mods, self.emulator.modes, what)
            if sent and not self._own_shortcut(event):
                self.send(sent)
        event.accept()

    def _own_shortcut(self, event: QKeyEvent) -> Callable[[], object] | None:
        """What a key does here instead of being sent; None for nothing."""
        mods = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        only, keys = Qt.KeyboardModifier, Qt.Key
        try:
            key = keys(event.key())
        except ValueError:
            return None
        if mods == _CTRL_SHIFT:
            return {
                keys.Key_C: self.copyClipboard,
                keys.Key_V: self.pasteClipboard,
                keys.Key_Plus: self.zoomIn,
                keys.Key_Equal: self.zoomIn,
                keys.Key_Minus: self.zoomOut,
                keys.Key_Underscore: self.zoomOut,
                keys.Key_0: self.zoomReset,
                keys.Key_ParenRight: self.zoomReset,
                keys.Key_A: self.select_all,
                keys.Key_Up: lambda: self.scroll_lines(-1),
                keys.Key_Down: lambda: self.scroll_lines(1),
            }.get(key)
        if mods == only.ControlModifier and key == keys.Key_Insert:
            return self.copyClipboard
        if mods == only.ShiftModifier and key == keys.Key_Insert:
            return self.pasteSelection
        if mods == only.ShiftModifier:
            return self._scroll_key(key)
        return None

    def _scroll_key(self, key: Qt.Key) -> Callable[[], object] | None:
        """What Shift and a key scroll."""
        keys, page = Qt.Key, max(1, self.emulator.rows - 1)
        if self.emulator.modes.alternate_screen:
            if self.scrollback_elsewhere and key == keys.Key_PageUp:
                return lambda: self.scrollbackWanted.emit(page)
            return None
        return {
            keys.Key_PageUp: lambda: self.scroll_lines(-page),
            keys.Key_PageDown: lambda: self.scroll_lines(page),
            keys.Key_Home: lambda: self.scroll_lines(-len(self.emulator.history)),
            keys.Key_End: self.scrollToEnd,
        }.get(key)

    def sendKeyEvent(self, event: QKeyEvent) -> None:
        """Act as if this key had been pressed here."""
        self.keyPressEvent(event)

    # Input methods

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Show what is being composed; send what is committed."""
        self._preedit = event.preeditString()
        if event.commitString():
            self.typed(event.commitString().encode("utf-8", "replace"))
        self.viewport().update(self._cursor_rect)
        # What is composed may reach over the rest of the line.
        self.viewport().update(self._row_rect(self._cursor_row()))
        event.accept()

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> object:
        """Where the cursor is, and the text around it."""
        state, queries = self.emulator.cursor, Qt.InputMethodQuery
        if query in (queries.ImCursorRectangle, queries.ImAnchorRectangle):
            width, height = self.cell_size
            x, y = PADDING_X + state.column * width, PADDING_Y + self._cursor_row() * height
            return QRect(round(x), round(y), round(width), round(height))
        chars = self.emulator.grid[state.row].chars
        if query == queries.ImSurroundingText:
            return "".join(chars).rstrip(" ")
        if query in (queries.ImCursorPosition, queries.ImAnchorPosition):
            return len("".join(chars[: state.column]))
        if query == queries.ImEnabled:
            return not self._read_only
        if query == queries.ImCurrentSelection:
            return self.selectedText()
        if query == queries.ImHints:
            return int(_HINTS.value)
        return super().inputMethodQuery(query)

    # Focus

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell a program that asked (1004)."""
        super().focusInEvent(event)
        self.termGetFocus.emit()
        if self.emulator.modes.focus_events and not self._read_only:
            self.send(b"\x1b[I")

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell a program that asked (1004); what was composed is given up."""
        super().focusOutEvent(event)
        self._preedit = ""
        self.termLostFocus.emit()
        if self.emulator.modes.focus_events and not self._read_only:
            self.send(b"\x1b[O")


def _of_key(event: QKeyEvent) -> Qt.KeyboardModifier:
    """The modifier that a key is itself; its own press and release do not count it yet."""
    if event.key() == Qt.Key.Key_Control:
        return Qt.KeyboardModifier.ControlModifier
    return Qt.KeyboardModifier.NoModifier
