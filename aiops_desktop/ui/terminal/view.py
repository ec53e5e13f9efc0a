"""Shows an emulator: frames, scrolling, the cursor and the marks of a selection."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QRectF, QTimer
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHideEvent,
    QPainter,
    QPaintEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from aiops_desktop.ui.terminal.caret import Caret, paint_cursor
from aiops_desktop.ui.terminal.runs import Marks
from aiops_desktop.ui.terminal.surface import PADDING_X, PADDING_Y, Surface

#: Seconds between frames while much is written.
FRAME = 0.016
#: Seconds that a program may hold a frame back (mode 2026).
HELD_MOST = 0.15


class TerminalView(Surface):
    """A window onto an emulator's rows and history."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._painted_at = 0.0
        self._held_since = 0.0
        self._cursor_rect = QRect()
        self._blink_on = True
        self._may_blink = True
        self._shape = ""
        self._preedit = ""
        self._scrolling = False
        self._frame_timer = self._timer(self._frame)
        self._blink_timer = QTimer(self)
        self._blink_timer.timeout.connect(self._blink)
        self.verticalScrollBar().valueChanged.connect(self._scrolled_to)

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

    # What is marked

    def set_matches(self, matches: Sequence[tuple[int, int, int]], current: int = -1) -> None:
        """What a search found: absolute line, left and right cell; painted, and on the bar."""

    def set_hover(self, spans: Sequence[tuple[int, int, int]]) -> None:
        """What the pointer is over, such as a link: absolute line, left and right; underlined."""

    def flash(self) -> None:
        """Ring the bell for the eye."""

    # The cursor

    def set_cursor_shape(self, shape: str | None) -> None:
        """One of block, underline and bar unless the program chooses; None for the usual block."""
        self._shape = shape or ""
        self._place_cursor()

    def set_blinking(self, blink: bool) -> None:
        """Whether the cursor may blink when the program asks for it."""
        self._may_blink = blink
        self._place_cursor()

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

    def setBlinkingCursor(self, blink: bool) -> None:
        """Whether the cursor may blink when the program asks for it."""
        self.set_blinking(blink)

    def setKeyboardCursorShape(self, shape: str) -> None:
        """One of block, underline and bar unless the program chooses; empty for the usual block."""
        self.set_cursor_shape(shape)

    def _blink(self) -> None:
        self._blink_on = not self._blink_on
        self.viewport().update(self._cursor_rect)

    def _paint_cursor(self, painter: QPainter) -> None:
        state = self.emulator.cursor
        row = state.row + self.emulator.history.pushed - self.top_line
        if row >= self.emulator.rows:
            return
        shape = self._shape if self._shape and state.shape == "block" else state.shape
        painter.save()
        painter.translate(PADDING_X, PADDING_Y)
        painter.scale(1 / self._cells.scale, 1 / self._cells.scale)
        paint_cursor(
            painter,
            self._renderer,
            self.emulator,
            row,
            Caret(shape, self.hasFocus(), self._blink_on, self._preedit),
        )
        painter.restore()

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

    def scroll_pixels(self, dy: float) -> None:
        """Look further down by logical pixels, up when negative."""
        self.scroll_lines(round(dy / self.cell_size[1]))

    def scroll_to_line(self, line: int) -> None:
        """Bring an absolute line into view."""
        if not self.top_line <= line < self.top_line + self.emulator.rows:
            self.scroll_lines(line - self.top_line - self.emulator.rows // 2)

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
