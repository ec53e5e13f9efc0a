"""Paints one row of cells."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QTransform

from aiops_desktop.terminal.rows import Line, Row, line_row
from aiops_desktop.terminal.styles import DEFAULT, UNDERLINE
from aiops_desktop.ui.terminal.cellfont import CellFont
from aiops_desktop.ui.terminal.colours import lifted
from aiops_desktop.ui.terminal.glyphs import Glyphs
from aiops_desktop.ui.terminal.looks import BLINKS, STROKED, UNSEEN, VARIANT, Look, Looks
from aiops_desktop.ui.terminal.runs import UNMARKED, Mark, Marks, changes, runs
from aiops_desktop.ui.terminal.strokes import stroke

#: From so many stretches on a row is painted with one colour a cell instead of one a stretch.
_MANY = 10
_OPAQUE = 0xFF000000


class RowPainter:
    """Paints rows of one width in one font, in device pixels.

    A row of few styles is painted stretch by stretch. A row of many is painted at once: its grounds
    are an image of one pixel a cell, stretched, and its text is written with such an image as pen.
    """

    def __init__(self, font: CellFont, columns: int) -> None:
        self.glyphs = Glyphs(font)
        self._shapes = self.glyphs.shapes
        self._font = font
        self._columns = columns
        self._inks = QImage(columns, 1, QImage.Format.Format_RGB32)
        self._fills = QImage(columns, 1, QImage.Format.Format_RGB32)

    def begin(self, painter: QPainter, looks: Looks, *, lit: bool) -> None:
        """Paint rows with this painter from now on; `lit`: blinking text shows."""
        self._painter, self._looks, self._lit = painter, looks, lit

    def paint(self, top: int, line: Line, marks: Marks) -> bool:
        """Paint a line, `top` pixels from the upper edge; whether anything in it blinks."""
        width, height = self._columns * self._font.width, self._font.height
        self._painter.fillRect(0, top, width, height, self._looks.ground)
        blinks = False
        if isinstance(line, str) and line.isascii() and not marks.grounds:
            look = self._looks[DEFAULT]
            self._write(0, top, line[: self._columns], look.variant, look.text)
        else:
            row = line_row(line)
            if changes(row.styles) + 2 * len(marks.grounds) < _MANY:
                blinks = self._stretches(top, row, marks.grounds)
            else:
                blinks = self._cells(top, row, marks.grounds)
        for left, right in marks.underlined:
            styles = line_row(line).styles
            colour = self._looks[styles[left] if left < len(styles) else DEFAULT].text
            self._stroke(top, left, min(right, self._columns), UNDERLINE, colour, colour)
        return blinks

    @property
    def _dark(self) -> int:
        """The traits of what is not shown now."""
        return UNSEEN if self._lit else UNSEEN | BLINKS

    # Stretch by stretch

    def _stretches(self, top: int, row: Row, marks: Sequence[Mark]) -> bool:
        font, looks, painter = self._font, self._looks, self._painter
        found = list(runs(row.styles, marks, self._columns))
        behind = _OPAQUE | looks.palette.ground
        for left, right, style, mark in found:
            look = looks[style]
            if mark != UNMARKED or look.fill != behind:
                fill = look.ground if mark == UNMARKED else QColor.fromRgb(mark)
                width = (right - left) * font.width
                painter.fillRect(left * font.width, top, width, font.height, fill)
        blinks, dark = 0, self._dark
        for left, right, style, mark in found:
            look = looks[style]
            blinks |= look.traits & BLINKS
            cells = row.chars[left:right]
            if not cells or look.traits & dark:
                continue
            text, under = look.text, look.underline
            if mark != UNMARKED:
                text = under = QColor.fromRgb(lifted(look.ink & 0xFFFFFF, mark))
            joined = "".join(cells)
            if joined.isascii():
                self._write(left, top, joined, look.variant, text)
            else:
                self._mixed(left, top, cells, look, text)
            if look.traits & STROKED:
                self._stroke(top, left, right, look.flags, text, under)
        return bool(blinks)

    def _write(self, left: int, top: int, text: str, variant: int, colour: QColor) -> None:
        """Text whose characters all keep to the grid."""
        shown = text.lstrip(" ")
        if shown:
            font, painter = self._font, self._painter
            painter.setFont(font.spaced(variant))
            painter.setPen(colour)
            x = (left + len(text) - len(shown)) * font.width
            painter.drawText(QPointF(x, top + font.baseline), shown.rstrip(" "))

    def _mixed(self, left: int, top: int, cells: Sequence[str], look: Look, text: QColor) -> None:
        """What keeps to the grid as one text, everything else cell by cell."""
        font, plain, painter, shapes = self._font, self._font.plain, self._painter, self._shapes
        together = "".join([cell if plain[cell] else " " for cell in cells])
        self._write(left, top, together, look.variant, text)
        images = self.glyphs.sheet(0, look.shape, 1)
        at, size = 0, len(cells)
        while at < size:
            cell = cells[at]
            if not cell or plain[cell]:
                at += 1
                continue
            x, count, shape = (left + at) * font.width, 1, shapes[cell]
            if shape is None:
                count = 2 if at + 1 < size and cells[at + 1] == "" else 1
                sheet = self.glyphs.sheet(look.variant, text, count)
                painter.drawPixmap(x, top, sheet[cell])
            elif shape.joins:
                while at + count < size and cells[at + count] == cell:
                    count += 1
                shape.draw(painter, QRect(x, top, font.width, font.height), look.shape, count)
            else:
                painter.drawPixmap(x, top, images[cell])
            at += count

    # Cell by cell

    def _cells(self, top: int, row: Row, marks: Sequence[Mark]) -> bool:
        font, looks, dark = self._font, self._looks, self._dark
        size = min(len(row.styles), self._columns)
        found = [looks[style] for style in row.styles[:size]]
        fills = [look.fill for look in found]
        inks = [look.ink for look in found]
        traits = {look.traits for look in found}
        if size < self._columns:
            fills += [looks[DEFAULT].fill] * (self._columns - size)
        for left, right, ground in marks:
            right = min(right, self._columns)
            fills[left:right] = [_OPAQUE | ground] * (right - left)
            for at in range(left, min(right, size)):
                inks[at] = _OPAQUE | lifted(found[at].ink & 0xFFFFFF, ground)
        if any(one & dark for one in traits):
            for at, look in enumerate(found):
                if look.traits & dark:
                    inks[at] = fills[at]
        _put(self._fills, fills)
        whole = QRect(0, top, self._columns * font.width, font.height)
        self._painter.drawImage(whole, self._fills)
        variants = {one & VARIANT for one in traits}
        self._inked(top, row.chars[:size], found, inks, variants)
        if any(one & STROKED for one in traits):
            self._cell_strokes(top, row, marks, inks)
        return any(one & BLINKS for one in traits)

    def _inked(
        self,
        top: int,
        chars: Sequence[str],
        looks: Sequence[Look],
        inks: Sequence[int],
        variants: set[int],
    ) -> None:
        """Text in one colour a cell: first what keeps to the grid, by variant, then the rest."""
        font, painter, plain = self._font, self._painter, self._font.plain
        _put(self._inks, inks)
        brush = QBrush(self._inks)
        brush.setTransform(QTransform.fromScale(font.width, font.height))
        painter.setPen(QPen(brush, 1))
        joined = "".join(chars)
        mixed = not joined.isascii()
        if mixed:
            joined = "".join([cell if plain[cell] else " " for cell in chars])
        for variant in variants:
            text = joined
            if len(variants) > 1:
                pairs = zip(joined, looks, strict=True)
                text = "".join([char if look.variant == variant else " " for char, look in pairs])
            if shown := text.rstrip(" "):
                painter.setFont(font.spaced(variant))
                painter.drawText(QPointF(0, top + font.baseline), shown)
        if not mixed:
            return
        for at, cell in enumerate(chars):
            if cell and not plain[cell]:
                look = looks[at]
                own = inks[at] == look.ink and self._shapes[cell] is not None
                colour = look.shape if own else QColor.fromRgb(inks[at])
                count = 2 if at + 1 < len(chars) and chars[at + 1] == "" else 1
                box = QRect(at * font.width, top, count * font.width, font.height)
                self.glyphs.draw(painter, box, cell, look.variant, colour)

    def _cell_strokes(self, top: int, row: Row, marks: Sequence[Mark], inks: Sequence[int]) -> None:
        size = len(inks)
        for left, right, style, mark in runs(row.styles[:size], marks, size):
            look = self._looks[style]
            if look.traits & STROKED and not look.traits & self._dark:
                text = QColor.fromRgb(inks[left])
                under = look.underline if mark == UNMARKED else text
                self._stroke(top, left, right, look.flags, text, under)

    def _stroke(
        self, top: int, left: int, right: int, flags: int, text: QColor, underline: QColor
    ) -> None:
        font = self._font
        box = QRect(left * font.width, top, (right - left) * font.width, font.height)
        stroke(self._painter, font, box, flags, text, underline)


def _put(image: QImage, colours: Sequence[int]) -> None:
    """Write 0xAARRGGBB into the only line of an image."""
    bits = image.bits()
    if isinstance(bits, memoryview):
        bits[: 4 * len(colours)] = array("I", colours).tobytes()
