"""Keeps a pixmap of the visible rows, and knows which ones it has to paint again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter, QPixmap

from aiops_desktop.terminal.rows import Line, Row
from aiops_desktop.terminal.styles import Style
from aiops_desktop.ui.terminal.cellfont import CellFont
from aiops_desktop.ui.terminal.colours import Palette, TerminalColours
from aiops_desktop.ui.terminal.looks import Look, Looks
from aiops_desktop.ui.terminal.rowpainter import RowPainter
from aiops_desktop.ui.terminal.runs import NO_MARKS, Marks

#: Rows that moved together before they are moved instead of painted.
_WORTH_MOVING = 3


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What stands in a row of the pixmap."""

    line: Line
    gen: int
    marks: Marks
    blinks: bool


class Renderer:
    """The pixmap of the visible rows, in device pixels.

    Attributes:
        font: what its cells are fitted to.
        pixmap: what was painted.
        rows_painted: how many rows were painted so far; for tests and benchmarks.
    """

    def __init__(self, font: CellFont, colours: TerminalColours) -> None:
        self.font = font
        self.pixmap = QPixmap()
        self.rows_painted = 0
        self._colours = colours
        self._bold_is_bright = False
        self._reverse = False
        self._own: Mapping[int | str, int] = {}
        self._lit = True
        self._drawn: list[_Drawn | None] = []
        self._size = (0, 0)
        self._rows = RowPainter(font, 1)
        self._dress()

    def _dress(self) -> None:
        """Colours changed: everything is painted anew."""
        palette = Palette(
            self._colours,
            self._own,
            reverse_video=self._reverse,
            bold_is_bright=self._bold_is_bright,
        )
        self._looks = Looks(palette)
        self.forget()

    # What it paints with

    @property
    def palette(self) -> Palette:
        """The colours in force."""
        return self._looks.palette

    @property
    def colours(self) -> TerminalColours:
        """The person's palette."""
        return self._colours

    @colours.setter
    def colours(self, colours: TerminalColours) -> None:
        self._colours = colours
        self._dress()

    @property
    def bold_is_bright(self) -> bool:
        """Whether bold text of the first eight colours is painted in their bright ones."""
        return self._bold_is_bright

    @bold_is_bright.setter
    def bold_is_bright(self, bright: bool) -> None:
        self._bold_is_bright = bright
        self._dress()

    def set_program_colours(self, own: Mapping[int | str, int], *, reverse_video: bool) -> None:
        """What the program set itself (OSC 4, 10 to 19; DECSCNM)."""
        if own != self._own or reverse_video != self._reverse:
            self._own = dict(own)
            self._reverse = reverse_video
            self._dress()

    def set_font(self, font: CellFont) -> None:
        """Another font; `set_size` has to follow."""
        self.font = font
        self._size = (0, 0)

    def set_size(self, columns: int, rows: int) -> None:
        """Make room for this many cells; keeps what is painted when there is as much already."""
        if self._size == (columns, rows):
            return
        self._size = (columns, rows)
        font = self.font
        self.pixmap = QPixmap(max(1, columns * font.width), max(1, rows * font.height))
        self.pixmap.fill(self._looks.ground)
        self._rows = RowPainter(font, columns)
        self._drawn = [None] * rows

    def release(self) -> None:
        """Give up the pixmap and all that is kept for painting; `set_size` has to follow."""
        self._size = (0, 0)
        self.pixmap = QPixmap()
        self._rows = RowPainter(self.font, 1)
        self._drawn = []

    def forget(self) -> None:
        """Paint everything anew."""
        self._drawn = [None] * len(self._drawn)

    # Blinking text

    @property
    def blinks(self) -> bool:
        """Whether any visible text blinks."""
        return any(drawn is not None and drawn.blinks for drawn in self._drawn)

    def light(self, lit: bool) -> None:
        """Show or hide text that blinks, with the next `paint`."""
        if lit != self._lit:
            self._lit = lit
            self._drawn = [None if drawn and drawn.blinks else drawn for drawn in self._drawn]

    # Painting

    def paint(self, lines: Sequence[Line], marks: Sequence[Marks], gen: int) -> list[int]:
        """Bring the pixmap up to date; the numbers of the rows that changed.

        Args:
            lines: what is visible, top first.
            marks: of each line; empty when nothing is marked.
            gen: the frame these lines are in; a row touched later has a higher one.
        """
        moved = self._scrolled(lines)
        todo = []
        for at, (drawn, line) in enumerate(zip(self._drawn, lines, strict=False)):
            mark = marks[at] if marks else NO_MARKS
            if (
                drawn is None
                or drawn.line is not line
                or (isinstance(line, Row) and line.gen > drawn.gen)
                or drawn.marks != mark
            ):
                todo.append((at, line, mark))
        if todo:
            painter = QPainter(self.pixmap)
            self._rows.begin(painter, self._looks, lit=self._lit)
            for at, line, mark in todo:
                blinks = self._rows.paint(at * self.font.height, line, mark)
                self._drawn[at] = _Drawn(line, gen, mark, blinks)
            painter.end()
            self.rows_painted += len(todo)
        changed = [at for at, _, _ in todo]
        return sorted({*moved, *changed}) if moved else changed

    def _scrolled(self, lines: Sequence[Line]) -> range:
        """Move what only changed its place; the rows among which something moved."""
        before = [drawn.line if drawn else "" for drawn in self._drawn[: len(lines)]]
        if before == lines:
            return range(0)
        where = {id(line): at for at, line in enumerate(before) if line}
        votes = Counter(where[id(line)] - at for at, line in enumerate(lines) if id(line) in where)
        if not votes:
            return range(0)
        by, count = votes.most_common(1)[0]
        if by == 0 or count < _WORTH_MOVING:
            return range(0)
        moved = [at for at, line in enumerate(lines) if where.get(id(line), -1) - at == by]
        first, last = min(moved[0], moved[0] + by), max(moved[-1], moved[-1] + by) + 1
        width, height = self.pixmap.width(), self.font.height
        area = QRect(0, first * height, width, (last - first) * height)
        self.pixmap.scroll(0, -by * height, area)
        old = self._drawn[first:last]
        none: list[_Drawn | None] = [None] * abs(by)
        self._drawn[first:last] = old[by:] + none if by > 0 else none + old[:by]
        return range(first, last)

    # For the cursor

    def look(self, style: Style) -> Look:
        """How a style is painted."""
        return self._looks[style]

    def paint_over(self, painter: QPainter, box: QRect, cell: str, ink: QColor, look: Look) -> None:
        """Paint one cell's content, over a ground that is there already."""
        font = self.font
        if font.plain[cell]:
            painter.setFont(font.spaced(look.variant))
            painter.setPen(ink)
            painter.drawText(box.left(), box.top() + font.baseline, cell)
        elif cell:
            self._rows.glyphs.draw(painter, box, cell, look.variant, ink)
