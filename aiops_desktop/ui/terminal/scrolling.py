"""Moving through the lines a terminal keeps, by lines, by pixels, or with the bar."""

from __future__ import annotations

from math import floor

from PySide6.QtWidgets import QWidget

from aiops_desktop.ui.terminal.surface import Surface


class ScrollingSurface(Surface):
    """A surface that follows what is written, or stays where the person looks."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._placing_bar = False
        self._part = 0.0  # of a device pixel, left over from scrolling by pixels
        self.verticalScrollBar().valueChanged.connect(self._scrolled_to)

    @property
    def follows(self) -> bool:
        """Whether the newest line stays in view."""
        return self._top is None

    def scroll_lines(self, count: int) -> None:
        """Look further down, up when negative."""
        self._look_at(self.top_line + count)

    def scroll_pixels(self, dy: float) -> None:
        """Look further down by logical pixels, up when negative; a line may be half in view."""
        if self.emulator.modes.alternate_screen:
            return
        height = self._cells.height
        place = self.top_line * height + self._shift + self._part + dy * self._cells.scale
        place = max(float(self.first_line * height), place)
        whole = floor(place)
        self._look_at(whole // height, whole % height)
        if self._top is not None:
            self._part = place - whole

    def scroll_to_line(self, line: int) -> None:
        """Bring an absolute line into view, with some lines around it when it is not there yet."""
        rows = self.emulator.rows
        first = self.top_line + (1 if self._shift else 0)
        if not first <= line < self.top_line + rows:
            self._look_at(line - rows // 2)

    def scrollToEnd(self) -> None:
        """Look at what is written now."""
        if self._top is not None:
            self._look_at(self.emulator.history.pushed)

    def _look_at(self, line: int, shift: int = 0) -> None:
        """Have a line at the upper edge, `shift` device pixels of it hidden."""
        if self.emulator.modes.alternate_screen:
            return
        if line >= self.emulator.history.pushed:
            self._top, shift = None, 0
        else:
            self._top = max(self.first_line, line)
        self._shift, self._part = shift, 0.0
        self.refresh()

    # The bar

    def _place_scroll_bar(self) -> None:
        bar = self.verticalScrollBar()
        most = 0 if self.emulator.modes.alternate_screen else len(self.emulator.history)
        self._placing_bar = True
        if (bar.maximum(), bar.pageStep()) != (most, self.emulator.rows):
            bar.setRange(0, most)
            bar.setPageStep(self.emulator.rows)
        bar.setValue(min(most, self.top_line - self.first_line))
        self._placing_bar = False

    def _scrolled_to(self, value: int) -> None:
        if not self._placing_bar:
            at_end = value >= self.verticalScrollBar().maximum()
            self._look_at(self.emulator.history.pushed if at_end else self.first_line + value)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """The pixmap is painted anew instead of moving the viewport."""
