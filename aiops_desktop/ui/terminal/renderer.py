"""Paints rows into a backing pixmap and knows which ones it has to paint again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QColor, QFont, QPainter, QPixmap

from aiops_desktop.terminal.rows import Line, Row, line_row
from aiops_desktop.terminal.styles import (
    BOLD,
    DEFAULT,
    DOTTED,
    HIDDEN,
    ITALIC,
    UNDERLINES,
    Style,
)
from aiops_desktop.terminal.widths import wide
from aiops_desktop.ui.terminal import shapes
from aiops_desktop.ui.terminal.cellfont import CellFont
from aiops_desktop.ui.terminal.colours import TerminalColours, lifted, paint_of
from aiops_desktop.ui.terminal.runs import Marks, runs
from aiops_desktop.ui.terminal.strokes import STROKES, stroke

_LOOKS_MOST = 8_192


@dataclass(frozen=True, slots=True)
class _Look:
    """A style ready for painting."""

    font: QFont
    text: QColor
    shape: QColor
    ground: QColor | None
    ground_name: str
    text_name: str
    underline: QColor
    flags: int


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What stands in a row of the pixmap."""

    line: Line
    gen: int
    marks: Marks


class Renderer:
    """The pixmap of the visible rows, in device pixels.

    Attributes:
        pixmap: what was painted.
        rows_painted: how many rows were painted so far; for tests and benchmarks.
    """

    def __init__(self, font: CellFont, colours: TerminalColours) -> None:
        self.font = font
        self.colours = colours
        self.pixmap = QPixmap()
        self.rows_painted = 0
        self.bold_is_bright = False
        self._reverse = False
        self._own: Mapping[int | str, int] = {}
        self._drawn: list[_Drawn | None] = []
        self._looks: dict[Style, _Look] = {}

    def set_size(self, columns: int, rows: int) -> None:
        """Make room for this many cells."""
        font = self.font
        self.pixmap = QPixmap(max(1, columns * font.width), max(1, rows * font.height))
        self.pixmap.setDevicePixelRatio(font.scale)
        self.pixmap.fill(QColor(self.colours.ground))
        self._columns = columns
        self._drawn = [None] * rows

    def forget(self) -> None:
        """Paint everything anew: colours changed."""
        self._looks.clear()
        self._drawn = [None] * len(self._drawn)

    def set_program_colours(self, own: Mapping[int | str, int], *, reverse_video: bool) -> None:
        """What the program set itself (OSC 4, 10, 11; DECSCNM)."""
        if own != self._own or reverse_video != self._reverse:
            self._own = dict(own)
            self._reverse = reverse_video
            self.forget()

    def paint(self, lines: Sequence[Line], marks: Sequence[Marks], gen: int) -> list[int]:
        """Bring the pixmap up to date; the numbers of the rows that changed.

        Args:
            lines: what is visible, top first.
            marks: of each line.
            gen: the frame these lines are in; a row touched later has a higher one.
        """
        changed: set[int] = set(self._scrolled(lines))
        todo = [at for at in range(len(self._drawn)) if self._differs(at, lines, marks)]
        if todo:
            painter = QPainter(self.pixmap)
            painter.scale(1 / self.font.scale, 1 / self.font.scale)
            for at in todo:
                line = lines[at] if at < len(lines) else ""
                found = marks[at] if at < len(marks) else ()
                self._paint_row(painter, at, line_row(line), found)
                self._drawn[at] = _Drawn(line, gen, found)
            painter.end()
            self.rows_painted += len(todo)
        return sorted(changed.union(todo))

    def _differs(self, at: int, lines: Sequence[Line], marks: Sequence[Marks]) -> bool:
        drawn = self._drawn[at]
        if drawn is None or at >= len(lines) or drawn.line is not lines[at]:
            return True
        line = lines[at]
        if isinstance(line, Row) and line.gen > drawn.gen:
            return True
        return drawn.marks != (marks[at] if at < len(marks) else ())

    def _scrolled(self, lines: Sequence[Line]) -> range:
        """Move what only changed its place; the rows that moved."""
        where = {id(drawn.line): at for at, drawn in enumerate(self._drawn) if drawn}
        votes = Counter(
            where[id(line)] - at
            for at, line in enumerate(lines)
            if id(line) in where and not isinstance(line, str)
        )
        if not votes:
            return range(0)
        by, count = votes.most_common(1)[0]
        size = len(self._drawn)
        if by == 0 or count < 3 or abs(by) >= size:
            return range(0)
        self.pixmap.scroll(0, -by * self.font.height, self.pixmap.rect())
        none: list[_Drawn | None] = [None] * abs(by)
        self._drawn = self._drawn[by:] + none if by > 0 else none + self._drawn[:by]
        return range(size)

    # One row

    def _paint_row(self, painter: QPainter, at: int, row: Row, marks: Marks) -> None:
        font = self.font
        top = at * font.height
        ground = self._look(DEFAULT)
        painter.fillRect(
            QRect(0, top, self._columns * font.width, font.height),
            ground.ground or QColor(self.colours.ground),
        )
        stretches = list(runs(row.styles, marks, self._columns))
        looks = [self._look(look) for _, _, look, _ in stretches]
        for (left, right, _, mark), look in zip(stretches, looks, strict=True):
            colour = QColor(mark) if mark else look.ground
            if colour is not None:
                width = (right - left) * font.width
                painter.fillRect(QRect(left * font.width, top, width, font.height), colour)
        for (left, right, _, mark), look in zip(stretches, looks, strict=True):
            cells = row.chars[left:right]
            if not cells:
                continue
            text = QColor(lifted(look.text_name, mark)) if mark else look.text
            self._paint_text(painter, left, top, cells, look, text)
            if look.flags & STROKES:
                box = QRect(left * font.width, top, len(cells) * font.width, font.height)
                stroke(painter, font, box, look.flags, text, look.underline)

    def _paint_text(
        self, painter: QPainter, left: int, top: int, cells: list[str], look: _Look, text: QColor
    ) -> None:
        """The characters of one style: plain ones as one text, others each in its cell."""
        joined = "".join(cells)
        if joined.isspace() or look.flags & HIDDEN:
            return
        font = self.font
        painter.setFont(look.font)
        painter.setPen(text)
        if joined.isascii():
            begin = len(joined) - len(joined.lstrip(" "))
            x = (left + begin) * font.width
            painter.drawText(QPointF(x, top + font.baseline), joined[begin:].rstrip(" "))
            return
        at = 0
        while at < len(cells):
            end = at
            while end < len(cells) and self._plain(cells[end]):
                end += 1
            if end > at:
                x = (left + at) * font.width
                painter.drawText(QPointF(x, top + font.baseline), "".join(cells[at:end]))
                at = end
                continue
            if cells[at]:
                span = 2 if at + 1 < len(cells) and cells[at + 1] == "" else 1
                self._paint_cell(painter, left + at, top, cells[at], span, look, text)
            at += 1

    def _plain(self, cell: str) -> bool:
        if cell.isascii():
            return cell != ""
        return not shapes.is_shape(cell) and self.font.fits(cell)

    def _paint_cell(
        self,
        painter: QPainter,
        column: int,
        top: int,
        cell: str,
        span: int,
        look: _Look,
        text: QColor,
    ) -> None:
        """A character that would break the grid inside a run: clipped to its cells, centred."""
        font = self.font
        box = QRect(column * font.width, top, span * font.width, font.height)
        if shapes.is_shape(cell):
            shapes.draw(painter, box, cell, look.shape, font.line)
            return
        painter.save()
        painter.setClipRect(box)
        metrics = painter.fontMetrics()
        taken = metrics.horizontalAdvance(cell)
        x = box.left() + max(0.0, (box.width() - taken) / 2)
        if taken > box.width() and taken > 0:
            # Emoji and ideographs of a fallback font are made to fit rather than cut.
            painter.translate(box.left(), top + font.baseline)
            painter.scale(box.width() / taken, 1.0)
            painter.drawText(QPointF(0, 0), cell)
        else:
            painter.drawText(QPointF(x, top + font.baseline), cell)
        painter.restore()

    def _look(self, style: Style) -> _Look:
        known = self._looks.get(style)
        if known is not None:
            return known
        if len(self._looks) > _LOOKS_MOST:
            self._looks.clear()
        paint = paint_of(
            style,
            self.colours,
            self._own,
            reverse_video=self._reverse,
            bold_is_bright=self.bold_is_bright,
        )
        flags = style.flags | (DOTTED if style.link and not style.flags & UNDERLINES else 0)
        made = self._looks[style] = _Look(
            font=self.font.variant(bold=bool(flags & BOLD), italic=bool(flags & ITALIC)),
            text=QColor(paint.text),
            shape=QColor(paint.shape),
            ground=QColor(paint.ground) if paint.ground else None,
            ground_name=paint.ground,
            text_name=paint.text,
            underline=QColor(paint.underline),
            flags=flags,
        )
        return made

    def cell_colours(self, style: Style) -> tuple[str, str]:
        """Text and ground of a style, for painting the cursor."""
        look = self._look(style)
        return look.text_name, look.ground_name or self.colours.ground

    def paint_cursor_cell(
        self, painter: QPainter, column: int, top: int, cell: str, style: Style, text: QColor
    ) -> None:
        """The character under a block cursor. `painter` counts in device pixels."""
        look = self._look(style)
        painter.setFont(look.font)
        painter.setPen(text)
        if shapes.is_shape(cell) or not (cell.isascii() or self.font.fits(cell)):
            span = 2 if wide(cell) else 1
            self._paint_cell(painter, column, top, cell, span, look, text)
        elif cell.strip():
            painter.drawText(QPointF(column * self.font.width, top + self.font.baseline), cell)
