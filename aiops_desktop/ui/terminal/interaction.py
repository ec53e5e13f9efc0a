"""Keyboard, mouse and input methods of a terminal."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QClipboard,
    QDragEnterEvent,
    QDropEvent,
    QFocusEvent,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from aiops_desktop.terminal.keys import Modifier, key_bytes
from aiops_desktop.terminal.mouse import MouseAction, MouseEvent, mouse_bytes
from aiops_desktop.terminal.paste import quoted_paths
from aiops_desktop.ui.terminal.keymap import held, pressed
from aiops_desktop.ui.terminal.selecting import SelectingView
from aiops_desktop.ui.terminal.selection import Selection, Unit
from aiops_desktop.ui.terminal.surface import PADDING_X, PADDING_Y

_BUTTONS = {
    Qt.MouseButton.LeftButton: "left",
    Qt.MouseButton.MiddleButton: "middle",
    Qt.MouseButton.RightButton: "right",
    Qt.MouseButton.BackButton: "back",
    Qt.MouseButton.ForwardButton: "forward",
}
#: Eighths of a degree of a wheel's notch, and lines it scrolls.
_NOTCH, _NOTCH_LINES = 120, 3
_CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class InteractiveView(SelectingView):
    """A view that takes input; what it has to send goes to `send`."""

    termKeyPressed = Signal(QKeyEvent)
    termGetFocus = Signal()
    termLostFocus = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        self.setAcceptDrops(True)
        self._dragging = False
        self._clicks = 0
        self._click_cell = (-1, -1)
        self._reported = (-1, -1)
        self._wheel_rest = 0
        self._drag_to = QPoint()
        self._auto_scroll = QTimer(self)
        self._auto_scroll.setInterval(40)
        self._auto_scroll.timeout.connect(self._drag_on)
        self._click_timer = QTimer(self)
        self._click_timer.setSingleShot(True)

    # Keyboard

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
        if shortcut := self._own_shortcut(event):
            shortcut()
            return
        if event.modifiers() & _CTRL_SHIFT == _CTRL_SHIFT and event.text().isprintable() is False:
            event.ignore()
            return
        name, text, mods = pressed(event)
        self.typed(key_bytes(name, text, mods, self.emulator.modes))

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
        if mods == only.ShiftModifier and not self.emulator.modes.alternate_screen:
            page = self.emulator.rows - 1
            return {
                keys.Key_PageUp: lambda: self.scroll_lines(-page),
                keys.Key_PageDown: lambda: self.scroll_lines(page),
                keys.Key_Home: lambda: self.scroll_lines(-len(self.emulator.history)),
                keys.Key_End: self.scrollToEnd,
            }.get(key)
        return None

    def sendKeyEvent(self, event: QKeyEvent) -> None:
        """Act as if this key had been pressed here."""
        self.keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Show what is being composed; send what is committed."""
        self._preedit = event.preeditString()
        if event.commitString():
            self.typed(event.commitString().encode("utf-8", "replace"))
        self.viewport().update(self._cursor_rect)
        event.accept()

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> object:
        """Where the cursor is, and the text around it."""
        state = self.emulator.cursor
        if query == Qt.InputMethodQuery.ImCursorRectangle:
            width, height = self.cell_size
            x, y = PADDING_X + state.column * width, PADDING_Y + state.row * height
            return QRect(round(x), round(y), round(width), round(height))
        if query == Qt.InputMethodQuery.ImSurroundingText:
            return self.emulator.grid[state.row].text
        if query == Qt.InputMethodQuery.ImCursorPosition:
            return state.column
        if query == Qt.InputMethodQuery.ImEnabled:
            return True
        return super().inputMethodQuery(query)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell a program that asked (1004)."""
        super().focusInEvent(event)
        self.termGetFocus.emit()
        if self.emulator.modes.focus_events:
            self.send(b"\x1b[I")

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell a program that asked (1004)."""
        super().focusOutEvent(event)
        self.termLostFocus.emit()
        if self.emulator.modes.focus_events:
            self.send(b"\x1b[O")

    # Mouse

    def _reports(self, event: QMouseEvent | QWheelEvent) -> bool:
        """Whether the program gets this event: it asked, and Shift does not override."""
        shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        return self.emulator.modes.mouse != 0 and not shift and self.follows

    def _report(self, action: MouseAction, button: str, at: QPoint, mods: Modifier) -> None:
        row, column = self.cell_at(at)
        scale = self._cells.scale
        self.send(
            mouse_bytes(
                MouseEvent(
                    action,
                    button,
                    column,
                    row,
                    mods,
                    max(0, round((at.x() - PADDING_X) * scale)),
                    max(0, round((at.y() - PADDING_Y) * scale)),
                ),
                self.emulator.modes,
            )
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Report, or begin a selection, paste, follow a link."""
        at = event.position().toPoint()
        button = _BUTTONS.get(event.button(), "")
        if button and self._reports(event):
            self._reported = self.cell_at(at)
            self._report(MouseAction.PRESS, button, at, held(event.modifiers()))
        elif event.button() == Qt.MouseButton.MiddleButton:
            self.pasteSelection()
        elif event.button() == Qt.MouseButton.LeftButton:
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier and self._follow(at):
                return
            self._press_left(at, event.modifiers())
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second press of a double click is a press."""
        self.mousePressEvent(event)

    def _press_left(self, at: QPoint, modifiers: Qt.KeyboardModifier) -> None:
        """One click begins, two take a word, three a line; Shift extends."""
        number, column = self.place(at)
        again = self._click_timer.isActive() and self._click_cell == (number, column)
        self._clicks = self._clicks % 3 + 1 if again else 1
        self._click_cell = (number, column)
        self._click_timer.start(QGuiApplication.styleHints().mouseDoubleClickInterval())
        self._dragging = True
        if self._clicks > 1:
            unit = Unit.WORD if self._clicks == 2 else Unit.LINE
            self._select(Selection((number, column), (number, column), unit))
        elif modifiers & Qt.KeyboardModifier.ShiftModifier and self.selection:
            self._select(self.selection.to(self._between(at)))
        else:
            block = bool(modifiers & Qt.KeyboardModifier.AltModifier)
            edge = self._between(at)
            self._select(Selection(edge, edge, Unit.BLOCK if block else Unit.CHARACTER))

    def _between(self, at: QPoint) -> tuple[int, int]:
        """The nearest place between two cells."""
        number, _ = self.place(at)
        column = round((at.x() - PADDING_X) / self.cell_size[0])
        return number, max(0, min(column, self.emulator.columns))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Report, extend the selection, or show what is a link."""
        at = event.position().toPoint()
        if self._dragging:
            self._drag_to = at
            self._drag_on()
            outside = not self.viewport().rect().contains(at)
            if outside != self._auto_scroll.isActive():
                (self._auto_scroll.start if outside else self._auto_scroll.stop)()
        elif self._reports(event):
            cell = self.cell_at(at)
            pixels = self.emulator.modes.mouse_encoding == 1016
            if cell != self._reported or pixels:
                self._reported = cell
                buttons = (name for one, name in _BUTTONS.items() if event.buttons() & one)
                name = next(buttons, "none")
                self._report(MouseAction.MOVE, name, at, held(event.modifiers()))
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        pointing = bool(control and self.link_at(at))
        shape = Qt.CursorShape.PointingHandCursor if pointing else Qt.CursorShape.IBeamCursor
        if self.viewport().cursor().shape() != shape:
            self.viewport().setCursor(shape)

    def _drag_on(self) -> None:
        """Extend the selection to the mouse, scrolling when it is outside."""
        at, port = self._drag_to, self.viewport().rect()
        if at.y() < port.top() or at.y() > port.bottom():
            self.scroll_lines(-1 if at.y() < port.top() else 1)
        if self.selection:
            by_cell = self.selection.unit in (Unit.WORD, Unit.LINE)
            self._select(self.selection.to(self.place(at) if by_cell else self._between(at)))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Report, or end the selection and put it into the primary one."""
        button = _BUTTONS.get(event.button(), "")
        if self._dragging and event.button() == Qt.MouseButton.LeftButton:
            self._dragging = False
            self._auto_scroll.stop()
            text = self.selectedText()
            board = QGuiApplication.clipboard()
            if text and board.supportsSelection():
                board.setText(text, QClipboard.Mode.Selection)
        elif button and self._reports(event):
            at = event.position().toPoint()
            self._report(MouseAction.RELEASE, button, at, held(event.modifiers()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Report, send cursor keys on the alternate screen, or scroll."""
        event.accept()
        self._wheel_rest += event.angleDelta().y()
        modes = self.emulator.modes
        local = not self._reports(event) and not (modes.alternate_screen and modes.alternate_scroll)
        step = _NOTCH // _NOTCH_LINES if local else _NOTCH
        count = int(self._wheel_rest / step)
        self._wheel_rest -= count * step
        if not count:
            return
        if local:
            self.scroll_lines(-count)
            return
        for _ in range(abs(count)):
            if self._reports(event):
                name = "wheel_up" if count > 0 else "wheel_down"
                at = event.position().toPoint()
                self._report(MouseAction.PRESS, name, at, held(event.modifiers()))
            else:
                key = key_bytes("up" if count > 0 else "down", "", Modifier.NONE, modes)
                self.send(key * _NOTCH_LINES)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and text."""
        if event.mimeData().hasUrls() or event.mimeData().hasText():
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDropEvent) -> None:
        """Anywhere is fine."""
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Files become quoted paths, text is pasted."""
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        self._paste(quoted_paths(paths) if paths else event.mimeData().text())
        event.acceptProposedAction()
