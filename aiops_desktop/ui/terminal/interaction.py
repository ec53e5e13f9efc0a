"""The mouse of a terminal: selecting, reporting, scrolling, dropping."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from aiops_desktop.terminal.keys import Modifier, key_bytes
from aiops_desktop.terminal.mouse import MouseAction, MouseEvent, mouse_bytes
from aiops_desktop.terminal.paste import quoted_paths
from aiops_desktop.ui.terminal.keyboard import KeyboardView
from aiops_desktop.ui.terminal.keymap import held
from aiops_desktop.ui.terminal.links import Link
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
#: Milliseconds between steps of scrolling while dragging outside, and pixels a further line takes.
_DRAG_STEP, _DRAG_SPEED = 40, 20
_CONTROL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_ALT = Qt.KeyboardModifier.AltModifier


class InteractiveView(KeyboardView):
    """A view that takes input; what it has to send goes to `send`."""

    menuWanted = Signal(QPoint)
    """A context menu is asked for at this place of the screen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.viewport().setAcceptDrops(True)
        self._dragging = False
        self._clicks = 0
        self._click_cell = (-1, -1)
        self._clicked_link: Link | None = None
        self._reported = (-1, -1)
        self._reported_down: set[str] = set()
        self._wheel_rest = QPoint()
        self._drag_to = QPoint()
        self._auto_scroll = QTimer(self)
        self._auto_scroll.setInterval(_DRAG_STEP)
        self._auto_scroll.timeout.connect(self._drag_on)
        self._click_timer = self._timer(lambda: None)
        self._hide_after = -1
        self._hide_timer = self._timer(self._hide_pointer)

    # Reports

    def _reports(self, event: QMouseEvent | QWheelEvent) -> bool:
        """Whether the program gets this event: it asked, and Shift does not override."""
        shift = event.modifiers() & _SHIFT
        asked = self.emulator.modes.mouse != 0 and not self._read_only
        return asked and not shift and self.follows

    def _report(self, action: MouseAction, button: str, at: QPoint, mods: Modifier) -> None:
        row, column = self.cell_at(at)
        scale = self._cells.scale
        most_x = self.emulator.columns * self._cells.width - 1
        most_y = self.emulator.rows * self._cells.height - 1
        event = MouseEvent(
            action,
            button,
            column,
            row,
            mods,
            max(0, min(round((at.x() - PADDING_X) * scale), most_x)),
            max(0, min(round((at.y() - PADDING_Y) * scale), most_y)),
        )
        self.send(mouse_bytes(event, self.emulator.modes))

    # Buttons

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Report, or begin a selection, paste, follow a link."""
        at = event.position().toPoint()
        button = _BUTTONS.get(event.button(), "")
        event.accept()
        left = event.button() == Qt.MouseButton.LeftButton
        if left and event.modifiers() & _CONTROL:
            self._clicked_link = self.hot_spot(at)
            if self._clicked_link is not None:
                return
        if button and self._reports(event):
            self._reported = self.cell_at(at)
            self._reported_down.add(button)
            self._report(MouseAction.PRESS, button, at, held(event.modifiers()))
        elif event.button() == Qt.MouseButton.MiddleButton:
            self.pasteSelection()
        elif left:
            self._press_left(at, event.modifiers())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second press of a double click is a press."""
        self.mousePressEvent(event)

    def _press_left(self, at: QPoint, modifiers: Qt.KeyboardModifier) -> None:
        """One click begins, two take a word, three a line; Shift extends, Alt makes a block."""
        number, column = self.place(at)
        again = self._click_timer.isActive() and self._click_cell == (number, column)
        self._clicks = self._clicks % 3 + 1 if again else 1
        self._click_cell = (number, column)
        self._click_timer.start(QGuiApplication.styleHints().mouseDoubleClickInterval())
        self._dragging = True
        if self._clicks > 1:
            unit = Unit.WORD if self._clicks == 2 else Unit.LINE
            self._select(Selection((number, column), (number, column), unit))
        elif modifiers & _SHIFT and self.selection:
            self._select(self.selection.to(self._between(at)))
        else:
            edge = self._between(at)
            self._select(Selection(edge, edge, Unit.BLOCK if modifiers & _ALT else Unit.CHARACTER))

    def _between(self, at: QPoint) -> tuple[int, int]:
        """The nearest place between two cells."""
        number, _ = self.place(at)
        column = round((at.x() - PADDING_X) / self.cell_size[0])
        return number, max(0, min(column, self.emulator.columns))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Report, extend the selection, or show what is a link."""
        at = event.position().toPoint()
        self._show_pointer()
        if self._dragging:
            self._drag_to = at
            self._drag_on()
            outside = not self.viewport().rect().contains(at)
            if outside != self._auto_scroll.isActive():
                (self._auto_scroll.start if outside else self._auto_scroll.stop)()
            return
        if self._reports(event):
            cell = self.cell_at(at)
            pixels = self.emulator.modes.mouse_encoding == 1016
            if cell != self._reported or pixels:
                self._reported = cell
                buttons = (name for one, name in _BUTTONS.items() if event.buttons() & one)
                name = next(buttons, "none")
                self._report(MouseAction.MOVE, name, at, held(event.modifiers()))
        self.hover(at, event.modifiers())

    def _drag_on(self) -> None:
        """Extend the selection to the mouse, scrolling the faster the further it is outside."""
        at, port = self._drag_to, self.viewport().rect()
        if at.y() < port.top():
            self.scroll_lines(-1 - (port.top() - at.y()) // _DRAG_SPEED)
        elif at.y() > port.bottom():
            self.scroll_lines(1 + (at.y() - port.bottom()) // _DRAG_SPEED)
        if self.selection:
            by_cell = self.selection.unit in (Unit.WORD, Unit.LINE)
            self._select(self.selection.to(self.place(at) if by_cell else self._between(at)))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Report, follow the link, or end the selection and put it into the primary one."""
        at = event.position().toPoint()
        button = _BUTTONS.get(event.button(), "")
        if button in self._reported_down:
            self._reported_down.discard(button)
            if self.emulator.modes.mouse and not self._read_only:
                self._report(MouseAction.RELEASE, button, at, held(event.modifiers()))
        elif self._clicked_link is not None and event.button() == Qt.MouseButton.LeftButton:
            link, self._clicked_link = self._clicked_link, None
            if self.hot_spot(at) == link:
                self.follow_link(link)
        elif self._dragging and event.button() == Qt.MouseButton.LeftButton:
            self._dragging = False
            self._auto_scroll.stop()
            if not self.selectedText() and self._clicks == 1:
                self.clear_selection()
            self.copy_primary()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu, unless the program takes the right button itself."""
        mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        asked = self.emulator.modes.mouse != 0 and not self._read_only and self.follows
        if not (mouse and asked and not event.modifiers() & _SHIFT):
            self.menuWanted.emit(event.globalPos())
        event.accept()

    # The wheel

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom, report, send cursor keys on the alternate screen, or scroll."""
        event.accept()
        reports = self._reports(event)
        local = not reports and not self.emulator.modes.alternate_screen
        pixels = event.pixelDelta()
        if local and not pixels.isNull() and not event.modifiers() & _CONTROL:
            self.scroll_pixels(-pixels.y())
            return
        self._wheel_rest += event.angleDelta()
        step = _NOTCH // _NOTCH_LINES if local and not event.modifiers() & _CONTROL else _NOTCH
        down, across = (int(rest / step) for rest in (self._wheel_rest.y(), self._wheel_rest.x()))
        self._wheel_rest -= QPoint(across * step, down * step)
        if event.modifiers() & _CONTROL and not event.modifiers() & _SHIFT:
            for _ in range(abs(down)):
                (self.zoomIn if down > 0 else self.zoomOut)()
        elif reports:
            for count, names in ((down, ("wheel_up", "wheel_down")), (across, _ACROSS)):
                for _ in range(abs(count)):
                    at, mods = event.position().toPoint(), held(event.modifiers())
                    self._report(MouseAction.PRESS, names[count < 0], at, mods)
        elif down:
            self._scroll_by(down, local=local)

    def _scroll_by(self, count: int, *, local: bool) -> None:
        """Scroll up by lines; on the alternate screen by notches, as far as anything can."""
        modes = self.emulator.modes
        if local:
            self.glide_lines(-count)
        elif self.scrollback_elsewhere:
            if count > 0:
                self.scrollbackWanted.emit(count * _NOTCH_LINES)
        elif modes.alternate_scroll and not self._read_only:
            key = key_bytes("up" if count > 0 else "down", "", Modifier.NONE, modes)
            self.send(key * (_NOTCH_LINES * abs(count)))

    # Dropping

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and text."""
        data = event.mimeData()
        if (data.hasUrls() or data.hasText()) and not self._read_only:
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDropEvent) -> None:
        """Anywhere is fine."""
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Files become quoted paths, text is pasted."""
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        self.paste(quoted_paths(paths) + " " if paths else event.mimeData().text())
        event.acceptProposedAction()

    # The pointer

    def autoHideMouseAfter(self, delay: int) -> None:
        """Hide the pointer so many milliseconds after it rests; 0: on typing; negative: never."""
        self._hide_after = delay
        self._show_pointer()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Typing hides the pointer where that is wanted."""
        super().keyPressEvent(event)
        if self._hide_after == 0 and event.text():
            self._hide_pointer()

    def _hide_pointer(self) -> None:
        self.viewport().setCursor(Qt.CursorShape.BlankCursor)

    def _show_pointer(self) -> None:
        if self.viewport().cursor().shape() == Qt.CursorShape.BlankCursor:
            self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        if self._hide_after > 0:
            self._hide_timer.start(self._hide_after)
        else:
            self._hide_timer.stop()


_ACROSS = ("wheel_left", "wheel_right")
