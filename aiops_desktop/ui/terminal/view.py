"""Shows an emulator: scrolling, painting, cursor, selection marks, scale and font."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QHideEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QWidget

from aiops_desktop.terminal.emulator import Emulator
from aiops_desktop.terminal.rows import Line, Row
from aiops_desktop.terminal.styles import DEFAULT
from aiops_desktop.terminal.widths import wide
from aiops_desktop.ui.terminal.cellfont import CellFont
from aiops_desktop.ui.terminal.colours import LIGHT, TerminalColours, lifted
from aiops_desktop.ui.terminal.renderer import Marks, Renderer
from aiops_desktop.ui.terminal.selection import Selection, Selector
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.theme import mono_font

#: Logical pixels around the grid (UI.md), left and right, top and bottom.
PADDING_X, PADDING_Y = 12, 8
#: Seconds between frames while much is written.
FRAME = 0.016
#: Seconds that a program may hold a frame back (mode 2026).
HELD_MOST = 0.15
FONT_SIZE, FONT_LEAST, FONT_MOST = 13, 6, 48


class TerminalView(QAbstractScrollArea):
    """A window onto an emulator's rows and history."""

    gridResized = Signal(int, int)
    """Columns and rows that fit now; told once a drag of the edge pauses."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.emulator = Emulator(80, 24)
        self.selection: Selection | None = None
        self.selector = Selector(self.line)
        self._colours = LIGHT
        self._font = QFont(mono_font(FONT_SIZE))
        self._cells = CellFont(self._font, self.devicePixelRatioF())
        self._renderer = Renderer(self._cells, self._colours)
        self._top: int | None = None  # absolute number of the first visible line, None: follow
        self._painted_at = 0.0
        self._held_since = 0.0
        self._cursor_rect = QRect()
        self._blink_on = True
        self._preedit = ""
        self._scrolling = False
        self._frame_timer = self._timer(self._frame)
        self._resize_timer = self._timer(self._resized)
        self._blink_timer = QTimer(self)
        self._blink_timer.timeout.connect(self._blink)
        self._build()
        self._fit()

    def _build(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Terminal"))
        port = self.viewport()
        port.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        port.setCursor(Qt.CursorShape.IBeamCursor)
        port.setMouseTracking(True)
        self.verticalScrollBar().valueChanged.connect(self._scrolled_to)

    def _timer(self, slot: object) -> QTimer:
        made = QTimer(self)
        made.setSingleShot(True)
        made.setTimerType(Qt.TimerType.PreciseTimer)
        made.timeout.connect(slot)
        return made

    # What is where

    @property
    def first_line(self) -> int:
        """The absolute number of the oldest line kept."""
        history = self.emulator.history
        return history.pushed - len(history)

    @property
    def top_line(self) -> int:
        """The absolute number of the first visible line."""
        bottom = self.emulator.history.pushed
        if self._top is None or self.emulator.modes.alternate_screen:
            return bottom
        return max(self.first_line, min(self._top, bottom))

    def line(self, number: int) -> Line | None:
        """A line by its absolute number; None when it is not kept."""
        history = self.emulator.history
        if number >= history.pushed:
            at = number - history.pushed
            return self.emulator.grid[at] if at < self.emulator.rows else None
        at = number - self.first_line
        return history.lines[at] if at >= 0 else None

    def place(self, position: QPoint) -> tuple[int, int]:
        """Absolute line and column under a position of the viewport, kept inside."""
        row, column = self.cell_at(position)
        return self.top_line + row, column

    def cell_at(self, position: QPoint) -> tuple[int, int]:
        """Row and column under a position of the viewport, kept inside."""
        scale, font = self._cells.scale, self._cells
        row = int((position.y() - PADDING_Y) * scale // font.height)
        column = int((position.x() - PADDING_X) * scale // font.width)
        emulator = self.emulator
        return max(0, min(row, emulator.rows - 1)), max(0, min(column, emulator.columns - 1))

    def _row_rect(self, row: int) -> QRect:
        """A row in logical pixels of the viewport, a little large at fractional scales."""
        height, scale = self._cells.height, self._cells.scale
        top = PADDING_Y + int(row * height / scale)
        return QRect(0, top, self.viewport().width(), int(height / scale) + 2)

    @property
    def cell_size(self) -> tuple[float, float]:
        """Width and height of a cell in logical pixels."""
        return self._cells.width / self._cells.scale, self._cells.height / self._cells.scale

    def sizeHint(self) -> QSize:
        """Room for 80 × 24."""
        width, height = self.cell_size
        return QSize(round(80 * width) + 2 * PADDING_X + 12, round(24 * height) + 2 * PADDING_Y)

    # Looks

    def set_scheme(self, colours: TerminalColours) -> None:
        """Paint in another palette."""
        self._colours = colours
        self._renderer.colours = colours
        self._renderer.forget()
        self._tell_theme()
        self.refresh()

    @property
    def colours(self) -> TerminalColours:
        """The palette in use."""
        return self._colours

    def setTerminalFont(self, font: QFont) -> None:
        """Another font; its pixel size counts."""
        self._font = QFont(font)
        if self._font.pixelSize() < 1:
            self._font.setPixelSize(FONT_SIZE)
        self._refit()

    def getTerminalFont(self) -> QFont:
        """The font in use."""
        return QFont(self._font)

    def zoomIn(self) -> None:
        """One pixel larger."""
        self._zoom(self._font.pixelSize() + 1)

    def zoomOut(self) -> None:
        """One pixel smaller."""
        self._zoom(self._font.pixelSize() - 1)

    def zoomReset(self) -> None:
        """The usual size."""
        self._zoom(FONT_SIZE)

    def _zoom(self, size: int) -> None:
        self._font.setPixelSize(max(FONT_LEAST, min(size, FONT_MOST)))
        self._refit()

    def _refit(self) -> None:
        """The font or the scale changed."""
        self._cells = CellFont(self._font, self.devicePixelRatioF())
        bright = self._renderer.bold_is_bright
        self._renderer = Renderer(self._cells, self._colours)
        self._renderer.bold_is_bright = bright
        self._fit()
        self.refresh()

    # Size

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wait until dragging pauses; a program redraws on every change of size."""
        super().resizeEvent(event)
        self._resize_timer.start(30 if self.isVisible() else 0)

    def changeEvent(self, event: QEvent) -> None:
        """Another screen may have another scale."""
        super().changeEvent(event)
        if self._cells.scale != self.devicePixelRatioF():
            self._refit()

    def event(self, event: QEvent) -> bool:
        """Another screen may have another scale."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._refit()
        return super().event(event)

    def _resized(self) -> None:
        self._fit()
        self.refresh()

    def fitting(self) -> tuple[int, int]:
        """Columns and rows that fit into the viewport."""
        scale = self._cells.scale
        width = (self.viewport().width() - 2 * PADDING_X) * scale
        height = (self.viewport().height() - 2 * PADDING_Y) * scale
        return max(2, int(width // self._cells.width)), max(1, int(height // self._cells.height))

    def _fit(self) -> None:
        columns, rows = self.fitting()
        changed = (columns, rows) != (self.emulator.columns, self.emulator.rows)
        if changed:
            self.selection = None
            self.emulator.resize(columns, rows)
        self._renderer.set_size(self.emulator.columns, self.emulator.rows)
        self._tell_theme()
        if changed:
            self.gridResized.emit(self.emulator.columns, self.emulator.rows)

    def _tell_theme(self) -> None:
        size = (self._cells.width, self._cells.height)
        self.emulator.set_theme(self._colours.theme(), size)

    # Frames

    def changed(self) -> None:
        """The emulator was fed: paint at once after a pause, else at the next frame."""
        if not self.isVisible() or self._frame_timer.isActive():
            return
        waited = time.monotonic() - self._painted_at
        self._frame_timer.start(0 if waited >= FRAME else round((FRAME - waited) * 1000))

    def refresh(self) -> None:
        """Paint everything soon."""
        self.viewport().update()
        if self.isVisible():
            self._frame_timer.start(0)

    def _frame(self) -> None:
        """Bring the pixmap up to date and have the changed rows shown."""
        now = time.monotonic()
        if self.emulator.modes.synchronized:
            self._held_since = self._held_since or now
            if now - self._held_since < HELD_MOST:
                self._frame_timer.start(10)
                return
        self._held_since = 0.0
        self._painted_at = now
        self._renderer.set_program_colours(
            self.emulator.colours, reverse_video=self.emulator.modes.reverse_video
        )
        top = self.top_line
        lines = [self.line(top + row) or "" for row in range(self.emulator.rows)]
        marks = [self._marks(top + row) for row in range(self.emulator.rows)]
        changed = self._renderer.paint(lines, marks, self.emulator.next_frame())
        self._show_rows(changed)
        self._place_scroll_bar()
        self._place_cursor()

    def _show_rows(self, rows: Sequence[int]) -> None:
        if len(rows) * 3 > self.emulator.rows:
            self.viewport().update()
            return
        for row in rows:
            self.viewport().update(self._row_rect(row))

    def _marks(self, number: int) -> Marks:
        """Stretches of a line with another ground."""
        if self.selection is None:
            return ()
        span = self.selector.span(self.selection, number, self.emulator.columns)
        return ((*span, self._colours.selection),) if span else ()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Copy the pixmap and paint the cursor over it."""
        painter = QPainter(self.viewport())
        ground = QColor(self._colours.ground)
        pixmap = self._renderer.pixmap
        grid = QRectF(QPoint(PADDING_X, PADDING_Y), pixmap.deviceIndependentSize())
        painter.fillRect(event.rect(), ground)
        painter.setClipRect(event.rect())
        painter.drawPixmap(grid.topLeft(), pixmap)
        self._paint_cursor(painter)
        painter.end()

    # The cursor

    def _place_cursor(self) -> None:
        """Have the cursor's old and new place painted."""
        state = self.emulator.cursor
        row = state.row + self.emulator.history.pushed - self.top_line
        rect = self._row_rect(row) if row < self.emulator.rows else QRect()
        if rect != self._cursor_rect:
            self.viewport().update(self._cursor_rect)
            self._cursor_rect = rect
        self.viewport().update(rect)
        blinks = state.blink and self._may_blink and self.hasFocus() and self.isVisible()
        if blinks and not self._blink_timer.isActive():
            half = QApplication.cursorFlashTime() // 2
            if half > 0:
                self._blink_timer.start(half)
        elif not blinks:
            self._blink_timer.stop()
            self._blink_on = True

    _may_blink = True

    def setBlinkingCursor(self, blink: bool) -> None:
        """Whether the cursor may blink when the program asks for it."""
        self._may_blink = blink
        self._place_cursor()

    _shape = ""

    def setKeyboardCursorShape(self, shape: str) -> None:
        """One of block, underline and bar unless the program chooses; empty for the usual block."""
        self._shape = shape
        self._place_cursor()

    def _blink(self) -> None:
        self._blink_on = not self._blink_on
        self.viewport().update(self._cursor_rect)

    def _paint_cursor(self, painter: QPainter) -> None:
        state = self.emulator.cursor
        row = state.row + self.emulator.history.pushed - self.top_line
        if row >= self.emulator.rows:
            return
        font = self._cells
        painter.save()
        painter.translate(PADDING_X, PADDING_Y)
        painter.scale(1 / font.scale, 1 / font.scale)
        grid_row = self.emulator.grid[state.row]
        column = state.column
        if 0 < column < len(grid_row.chars) and grid_row.chars[column] == "":
            column -= 1
        inside = column < len(grid_row.chars)
        cell = grid_row.chars[column] if inside else " "
        span = 2 if wide(cell) else 1
        box = QRect(column * font.width, row * font.height, span * font.width, font.height)
        if self._preedit:
            self._paint_preedit(painter, box)
        elif state.visible:
            shape = state.shape if self.emulator_chose_shape or not self._shape else self._shape
            self._paint_cursor_shape(painter, box, shape, cell, grid_row, column)
        painter.restore()

    @property
    def emulator_chose_shape(self) -> bool:
        """Whether the program set the cursor's shape (DECSCUSR)."""
        return self.emulator.cursor.shape != "block"

    def _paint_cursor_shape(
        self, painter: QPainter, box: QRect, shape: str, cell: str, row: Row, column: int
    ) -> None:
        line = self._cells.line
        colour = QColor(self._colours.cursor)
        own = self.emulator.colours.get("cursor")
        if own is not None:
            colour = QColor(f"#{own:06x}")
        if not self.hasFocus():
            painter.setPen(QPen(colour, line))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            half = line / 2
            painter.drawRect(QRectF(box).adjusted(half, half, -half, -half))
        elif not self._blink_on:
            return
        elif shape == "underline":
            painter.fillRect(box.adjusted(0, box.height() - 2 * line, 0, 0), colour)
        elif shape == "bar":
            painter.fillRect(QRect(box.left(), box.top(), 2 * line, box.height()), colour)
        else:
            painter.fillRect(box, colour)
            look = row.styles[column] if column < len(row.styles) else DEFAULT
            text = QColor(lifted(self._colours.ground, colour.name()))
            self._renderer.paint_cursor_cell(painter, column, box.top(), cell, look, text)

    def _paint_preedit(self, painter: QPainter, box: QRect) -> None:
        """What an input method is composing, underlined at the cursor."""
        painter.setFont(self._cells.variant(bold=False, italic=False))
        count = sum(2 if wide(char) else 1 for char in self._preedit)
        room = QRect(box.left(), box.top(), count * self._cells.width, box.height())
        painter.fillRect(room, QColor(self._colours.selection))
        painter.setPen(QColor(lifted(self._colours.text, self._colours.selection)))
        painter.drawText(room.left(), room.top() + self._cells.baseline, self._preedit)
        low = room.adjusted(0, room.height() - self._cells.line, 0, 0)
        painter.fillRect(low, QColor(self._colours.text))

    # Scrolling

    def _place_scroll_bar(self) -> None:
        bar = self.verticalScrollBar()
        most = 0 if self.emulator.modes.alternate_screen else len(self.emulator.history)
        self._scrolling = True
        bar.setRange(0, most)
        bar.setPageStep(self.emulator.rows)
        bar.setSingleStep(1)
        bar.setValue(min(most, self.top_line - self.first_line))
        self._scrolling = False

    def _scrolled_to(self, value: int) -> None:
        if self._scrolling:
            return
        bar = self.verticalScrollBar()
        self._top = None if value >= bar.maximum() else self.first_line + value
        self.refresh()

    def scroll_lines(self, count: int) -> None:
        """Look further down, up when negative."""
        wanted = self.top_line + count
        at_end = wanted >= self.emulator.history.pushed
        self._top = None if at_end else max(self.first_line, wanted)
        self.refresh()

    def scrollToEnd(self) -> None:
        """Look at what is written now."""
        if self._top is not None:
            self._top = None
            self.refresh()

    @property
    def follows(self) -> bool:
        """Whether the newest line stays in view."""
        return self._top is None

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """The pixmap is painted anew instead of moving the viewport."""

    # Seen or not

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what was written meanwhile."""
        super().showEvent(event)
        if self._cells.scale != self.devicePixelRatioF():
            self._refit()
        self._fit()
        self._frame()

    def hideEvent(self, event: QHideEvent) -> None:
        """A hidden terminal paints nothing."""
        super().hideEvent(event)
        self._frame_timer.stop()
        self._blink_timer.stop()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """A full cursor."""
        super().focusInEvent(event)
        self._place_cursor()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """An outlined cursor."""
        super().focusOutEvent(event)
        self._place_cursor()
