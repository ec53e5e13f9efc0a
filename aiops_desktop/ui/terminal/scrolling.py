"""Moving through the lines a terminal keeps, by lines, by pixels, or with the bar."""

from __future__ import annotations

from math import floor

from PySide6.QtCore import QEasingCurve, QVariantAnimation
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QStyle, QWidget

from aiops_desktop.ui.terminal.surface import Surface

#: Milliseconds in which a turn of the wheel comes to rest.
GLIDE = 100
#: Milliseconds of it that are skipped, so that the first step is seen at once.
_AHEAD = 16


class ScrollingSurface(Surface):
    """A surface that follows what is written, or stays where the person looks."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._placing_bar = False
        self._part = 0.0  # of a device pixel, left over from scrolling by pixels
        self._gliding = self._glides_to_end = False
        self._glide = QVariantAnimation(self)
        self._glide.setDuration(GLIDE)
        self._glide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._glide.valueChanged.connect(self._glide_to)
        self._glide.finished.connect(self._glided)
        self.verticalScrollBar().valueChanged.connect(self._scrolled_to)

    @property
    def follows(self) -> bool:
        """Whether the newest line stays in view."""
        return self._top is None

    def scroll_lines(self, count: int) -> None:
        """Look further down, up when negative."""
        self._look_at(self.top_line + count)

    def glide_lines(self, count: int) -> None:
        """As `scroll_lines`, gliding there unless the desktop asks for no animations.

        Anything else that scrolls ends it where it is, and nothing ever waits for it.
        """
        bottom = self.emulator.history.pushed
        glide, going = self._glide, self._glide.state() == QVariantAnimation.State.Running
        line = (round(glide.endValue()) if going else self.top_line) + count
        line = max(self.first_line, min(line, bottom))
        animate = QStyle.StyleHint.SH_Widget_Animation_Duration
        if not self.isVisible() or self.style().styleHint(animate, None, self) <= 0:
            self._look_at(line)
            return
        begin = self._place() / self._cells.height
        glide.stop()
        if line != begin and not self.emulator.modes.alternate_screen:
            glide.setStartValue(begin)
            glide.setEndValue(float(line))
            self._glides_to_end = line == bottom
            glide.start()
            glide.setCurrentTime(_AHEAD)

    def _glide_to(self, line: float) -> None:
        self._gliding = True
        self._look_at_place(line * self._cells.height)
        self._gliding = False

    def _glided(self) -> None:
        """Stand on a whole line, and at the end also when more was written meanwhile."""
        bottom = self.emulator.history.pushed
        self._look_at(bottom if self._glides_to_end else round(self._glide.endValue()))

    def scroll_pixels(self, dy: float) -> None:
        """Look further down by logical pixels, up when negative; a line may be half in view."""
        if not self.emulator.modes.alternate_screen:
            self._look_at_place(self._place() + dy * self._cells.scale)

    def _place(self) -> float:
        """What is at the upper edge, in device pixels from the first line there ever was."""
        return self.top_line * self._cells.height + self._shift + self._part

    def _look_at_place(self, place: float) -> None:
        height = self._cells.height
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
        self._glide.stop()
        if self._top is not None:
            self._look_at(self.emulator.history.pushed)

    def _look_at(self, line: int, shift: int = 0) -> None:
        """Have a line at the upper edge, `shift` device pixels of it hidden."""
        if not self._gliding:
            self._glide.stop()
        if self.emulator.modes.alternate_screen:
            return
        if line >= self.emulator.history.pushed:
            self._top, shift = None, 0
        else:
            self._top = max(self.first_line, line)
        self._shift, self._part = shift, 0.0
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """What nobody sees does not move."""
        super().hideEvent(event)
        self._glide.stop()

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
