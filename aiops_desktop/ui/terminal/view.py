"""Shows an emulator: frames, the cursor, what is marked, and the bell for the eye."""

from __future__ import annotations

import time
from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import QRect, QTimer
from PySide6.QtGui import QColor, QFocusEvent, QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QWidget

from aiops_desktop.terminal.rows import Line
from aiops_desktop.ui.terminal.caret import Caret, paint_cursor
from aiops_desktop.ui.terminal.frames import APART, FRAME_END, Pace, painted
from aiops_desktop.ui.terminal.highlights import Highlights, Span
from aiops_desktop.ui.terminal.runs import Marks
from aiops_desktop.ui.terminal.scrolling import ScrollingSurface
from aiops_desktop.ui.terminal.surface import PADDING_X, PADDING_Y

#: Milliseconds a flash lasts, and between flashes: three a second are the most that are harmless
#: (WCAG 2.3.1).
_FLASH, _FLASH_PAUSE = 100, 400
_FLASH_TINT = 0.16


class TerminalView(ScrollingSurface):
    """A window onto an emulator's rows and history."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._highlights = Highlights()
        self._pace = Pace()
        self._pushed_shown = 0
        self._holding = False
        self._stale = self._marked = False
        self._ground_shown = -1
        self._cursor_rect = QRect()
        self._cursor_shown: object = None
        self._blink_on = True
        self._may_blink: bool | None = None
        self._shape = ""
        self._preedit = ""
        self._frame_timer = self._timer(self._frame_due)
        self._blink_timer = QTimer(self)
        self._blink_timer.timeout.connect(self._blink)
        self._flash_timer = self._timer(self.viewport().update)
        self._flash_pause = self._timer(lambda: None)

    # Frames

    @property
    def seen(self) -> bool:
        """Whether anything of it can be on the screen: not hidden, not in a minimised window."""
        handle = self.window().windowHandle() if self.isVisible() else None
        return handle is not None and handle.isExposed()

    def take(self, data: bytes) -> None:
        """Feed the emulator; `changed` has to follow.

        When the program ended a frame and began the next in one go, the one that is whole is
        painted before the other is held back, or else fast frames would never be seen.
        """
        whole, mark, rest = data.rpartition(FRAME_END)
        if mark and rest and self.seen:
            self.emulator.feed(whole + mark)
            if not self._pace.due(time.monotonic()):
                self._frame()
            data = rest
        self.emulator.feed(data)

    def changed(self) -> None:
        """The emulator was fed: paint at once after a pause, else at the next frame."""
        if not self.seen:
            self._stale = True
            return
        now = time.monotonic()
        held = self._pace.held(now, synchronized=self.emulator.modes.synchronized)
        if held:
            if not self._holding:
                self._holding = True
                self._frame_timer.start(ceil(held * 1000))
            return
        if self._holding:
            self._holding = False
            self._frame_timer.stop()
        if not self._frame_timer.isActive():
            self._frame_timer.start(ceil(self._pace.due(now) * 1000))

    def refresh(self) -> None:
        """Paint what has to be painted anew soon."""
        if self.isVisible() and not self._holding:
            self._frame_timer.start(0)

    def _frame_due(self) -> None:
        if self._pace.crowded(time.monotonic()):
            self._frame_timer.start(ceil(APART * 1000))
        else:
            self._frame()

    def _frame(self) -> None:
        """Bring the pixmap up to date and have what changed shown."""
        begun = time.monotonic()
        self._holding = self._stale = False
        emulator, renderer = self.emulator, self._renderer
        pushed = emulator.history.pushed
        self._pace.begin(begun, (pushed - self._pushed_shown) / emulator.rows)
        self._pushed_shown = pushed
        renderer.set_program_colours(emulator.colours, reverse_video=emulator.modes.reverse_video)
        lines = self._visible_lines()
        changed = renderer.paint(lines, self._visible_marks(len(lines)), emulator.next_frame())
        if renderer.palette.ground != self._ground_shown:
            self._ground_shown = renderer.palette.ground
            self._bar.dress(renderer.palette)
            self.viewport().update()
        else:
            self._show_rows(changed)
        self._place_scroll_bar()
        self._place_marks()
        self._place_cursor()
        self._pace_blinking()
        now = time.monotonic()
        self._pace.spent(now - begun)
        painted(now)

    def _visible_lines(self) -> list[Line]:
        top, rows = self.top_line, self.emulator.rows
        if top == self.emulator.history.pushed:
            return list(self.emulator.grid)
        return [self.line(top + row) or "" for row in range(rows + bool(self._shift))]

    def _visible_marks(self, count: int) -> list[Marks]:
        """What is marked in each visible line; empty when nothing is in any."""
        if self.selection is None and self._highlights.empty:
            return []
        top, palette = self.top_line, self._renderer.palette
        made = []
        for line in range(top, top + count):
            chosen = None
            if self.selection is not None:
                chosen = self.selector.span(self.selection, line, self.emulator.columns)
            made.append(self._highlights.marks(line, chosen, palette))
        return made

    def _show_rows(self, rows: Sequence[int]) -> None:
        if len(rows) * 3 > self.emulator.rows:
            self.viewport().update()
            return
        for row in rows:
            self.viewport().update(self._row_rect(row))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Copy the pixmap and paint the cursor over it, pixel for pixel."""
        if self._stale and self.seen:
            self._frame_timer.start(0)
        begun = time.monotonic()
        painter = QPainter(self.viewport())
        palette, pixmap, scale = self._renderer.palette, self._renderer.pixmap, self._cells.scale
        painter.fillRect(event.rect(), QColor.fromRgb(palette.ground))
        # A viewport may begin between two device pixels; the grid may not.
        origin = painter.deviceTransform()
        painter.scale(1 / scale, 1 / scale)
        painter.translate(
            round(origin.dx() + PADDING_X * scale) - origin.dx(),
            round(origin.dy() + PADDING_Y * scale) - origin.dy(),
        )
        height = self.emulator.rows * self._cells.height
        painter.drawPixmap(0, 0, pixmap, 0, self._shift, pixmap.width(), height)
        painter.setClipRect(0, 0, pixmap.width(), height)
        painter.translate(0, -self._shift)
        self._paint_cursor(painter)
        if self._flash_timer.isActive():
            painter.resetTransform()
            painter.setClipping(False)
            painter.setOpacity(_FLASH_TINT)
            painter.fillRect(self.viewport().rect(), QColor.fromRgb(palette.text))
        painter.end()
        self._pace.spent(time.monotonic() - begun)

    # What is marked

    def set_matches(self, matches: Sequence[Span], current: int = -1) -> None:
        """What a search found: absolute line, left and right cell; painted, and on the bar."""
        self._highlights.set_matches(matches, current)
        self.refresh()

    def set_hover(self, spans: Sequence[Span]) -> None:
        """What the pointer is over, such as a link: absolute line, left and right; underlined."""
        if self._highlights.set_hover(spans):
            self.refresh()

    def _place_marks(self) -> None:
        found, first = self._highlights, self.first_line
        if not found.matches and not self._marked:
            return
        self._marked = bool(found.matches)
        lines = [line - first for line, _, _ in found.matches if line >= first]
        at = found.current
        current = found.matches[at][0] - first if 0 <= at < len(found.matches) else None
        self._bar.set_marks(lines, current)

    def flash(self) -> None:
        """Ring the bell for the eye: a short tint, never more often than is harmless."""
        if self.seen and not self._flash_pause.isActive():
            self._flash_pause.start(_FLASH_PAUSE)
            self._flash_timer.start(_FLASH)
            self.viewport().update()

    # The cursor

    def set_cursor_shape(self, shape: str | None) -> None:
        """One of block, underline and bar unless the program chooses; None for the usual block."""
        self._shape = shape or ""
        self._place_cursor()

    def set_blinking(self, blink: bool | None) -> None:
        """Have the cursor blink unless the program chose otherwise, or nothing ever blink.

        None, as at the start: what the program asks for blinks.
        """
        self._may_blink = blink
        self._pace_blinking()

    def setBlinkingCursor(self, blink: bool) -> None:
        """QTermWidget's name for `set_blinking`."""
        self.set_blinking(blink)

    def _cursor_row(self) -> int:
        """The visible row of the cursor; it may be below the last one."""
        return self.emulator.cursor.row + self.emulator.history.pushed - self.top_line

    def _place_cursor(self) -> None:
        """Have the cursor's old and new place painted when anything about it changed."""
        row = self._cursor_row()
        shown = (self.emulator.cursor, row, self._shift, self.hasFocus(), self._shape)
        if shown == self._cursor_shown:
            return
        self._cursor_shown = shown
        self.viewport().update(self._cursor_rect)
        self._cursor_rect = self._row_rect(row) if row <= self.emulator.rows else QRect()
        self.viewport().update(self._cursor_rect)
        if self._blink_timer.isActive() and not self._blink_on:
            self._blink_on = True  # a cursor that moves is seen
            self._blink_timer.start()

    def _paint_cursor(self, painter: QPainter) -> None:
        row = self._cursor_row()
        if row > self.emulator.rows:
            return
        state = self.emulator.cursor
        shape = state.shape if state.chosen or not self._shape else self._shape
        caret = Caret(shape, self.hasFocus(), self._blink_on, self._preedit)
        paint_cursor(painter, self._renderer, self.emulator, row, caret)

    # Blinking

    def _pace_blinking(self) -> None:
        """Run the timer only while something in sight blinks."""
        half = QApplication.cursorFlashTime() // 2
        wanted = self._cursor_blinks() or self._renderer.blinks
        if wanted and half > 0 and self._may_blink is not False and self.seen:
            if not self._blink_timer.isActive():
                self._blink_timer.start(half)
            return
        self._blink_timer.stop()
        if not self._blink_on:
            self._blink_on = True
            self._show_blinking()

    def _cursor_blinks(self) -> bool:
        cursor = self.emulator.cursor
        blinks = cursor.blink or (self._may_blink is True and not cursor.chosen)
        return blinks and cursor.visible and self.hasFocus()

    def _blink(self) -> None:
        self._blink_on = not self._blink_on
        self._show_blinking()
        self._pace_blinking()

    def _show_blinking(self) -> None:
        self.viewport().update(self._cursor_rect)
        if self._renderer.blinks:
            self._renderer.light(self._blink_on)
            self.refresh()

    # Seen or not

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what was written meanwhile."""
        super().showEvent(event)
        if self._cells.scale != self.devicePixelRatioF():
            self._refit()
        self._fit()
        self._frame()

    def hideEvent(self, event: QHideEvent) -> None:
        """A hidden terminal paints nothing, and keeps no picture."""
        super().hideEvent(event)
        self._renderer.release()
        self._frame_timer.stop()
        self._blink_timer.stop()
        self._holding = False

    def focusInEvent(self, event: QFocusEvent) -> None:
        """A full cursor."""
        super().focusInEvent(event)
        self._place_cursor()
        self._pace_blinking()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """An outlined cursor."""
        super().focusOutEvent(event)
        self._place_cursor()
        self._pace_blinking()
