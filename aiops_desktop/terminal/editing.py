"""Erasing, inserting and deleting in the grid."""

from __future__ import annotations

from aiops_desktop.terminal.confined import Confined
from aiops_desktop.terminal.pieces import close_gap, open_gap
from aiops_desktop.terminal.rows import Row
from aiops_desktop.terminal.styles import DEFAULT, PROTECTED


class Editing(Confined):
    """What changes cells without writing text."""

    def erase(self, row: Row, left: int, right: int, *, selective: bool = False) -> None:
        """Blank the cells [left, right) of a row; `selective` spares protected ones (DECSEL)."""
        row.gen = self.gen
        right = min(right, self.columns)
        if right >= self.columns and not selective:
            row.wrap = False
        size, blank = len(row.chars), self.pen.blank
        if selective or self.guarded:
            for x in range(left, min(right, size)):
                if not row.styles[x].flags & PROTECTED:
                    row.part(x, x + 1)
                    row.chars[x] = " "
        elif blank is DEFAULT and right >= size:
            row.cut(left)
        else:
            row.pad(right)
            row.part(left, right)
            row.chars[left:right] = [" "] * (right - left)
            row.styles[left:right] = [blank] * (right - left)

    def erase_in_line(self, how: int = 0, private: bool = False) -> None:
        """EL: to the end (0), to the cursor (1), all (2); `private`: DECSEL."""
        row, x = self.rows[self.y], min(self.x, self.columns - 1)
        if how == 0:
            self.erase(row, x, self.columns, selective=private)
        elif how == 1:
            self.erase(row, 0, x + 1, selective=private)
        elif how == 2:
            self.erase(row, 0, self.columns, selective=private)

    def erase_in_display(self, how: int = 0, *args: object, private: bool = False) -> None:
        """ED: below (0), above (1), all (2), the history (3); `private`: DECSED."""
        if how == 0:
            self.erase_in_line(0, private)
            self._erase_rows(self.y + 1, self.lines, private)
        elif how == 1:
            self._erase_rows(0, self.y, private)
            self.erase_in_line(1, private)
        elif how == 2 and (private or self.alternate or self.guarded):
            self._erase_rows(0, self.lines, private)
        elif how == 2:
            # What "clear" removes stays reachable, as in other terminals with a scrollback.
            used = max((at + 1 for at, row in enumerate(self.rows) if row.chars), default=0)
            self.history.push(self.rows[:used])
            self.rows[:] = [self.blank_row() for _ in range(self.lines)]
        elif how == 3:
            self.history.clear()

    def _erase_rows(self, first: int, last: int, private: bool) -> None:
        for row in self.rows[first:last]:
            self.erase(row, 0, self.columns, selective=private)

    def erase_characters(self, count: int | None = None) -> None:
        """ECH."""
        x = min(self.x, self.columns - 1)
        self.erase(self.rows[self.y], x, x + (count or 1))

    def _edited(self) -> Row:
        """The cursor's row, about to change at the cursor."""
        self.go(self.y, min(self.x, self.columns - 1))
        row = self.rows[self.y]
        row.gen = self.gen
        row.wrap = False
        return row

    def insert_characters(self, count: int | None = None) -> None:
        """ICH; nothing outside the margins."""
        if not self.between_margins():
            return
        row, x, blank = self._edited(), self.x, self.pen.blank
        if self.margined:
            open_gap(row, x, self.right + 1, count or 1, blank)
            return
        size = min(count or 1, self.columns - x)
        row.pad(x)
        row.part(x, x)
        row.chars[x:x] = [" "] * size
        row.styles[x:x] = [blank] * size
        row.cut(self.columns)

    def delete_characters(self, count: int | None = None) -> None:
        """DCH; nothing outside the margins."""
        if not self.between_margins():
            return
        row, x, blank = self._edited(), self.x, self.pen.blank
        if self.margined:
            close_gap(row, x, self.right + 1, count or 1, blank)
            return
        size = min(count or 1, self.columns - x)
        if blank is not DEFAULT:
            row.pad(self.columns)
        row.part(x, x + size)
        del row.chars[x : x + size]
        del row.styles[x : x + size]
        if blank is not DEFAULT:
            row.chars += [" "] * size
            row.styles += [blank] * size

    def insert_lines(self, count: int | None = None) -> None:
        """IL; nothing outside the region."""
        if self.inside():
            self.scroll(self.y, self.bottom, -(count or 1))
            self.carriage_return()

    def delete_lines(self, count: int | None = None) -> None:
        """DL; nothing outside the region."""
        if self.inside():
            self.scroll(self.y, self.bottom, count or 1)
            self.carriage_return()

    def insert_columns(self, count: int | None = None) -> None:
        """DECIC: blank columns at the cursor, in all rows of the region."""
        if self.inside():
            self._shift(min(self.x, self.right), count or 1)

    def delete_columns(self, count: int | None = None) -> None:
        """DECDC: the columns at the cursor go, in all rows of the region."""
        if self.inside():
            self._shift(min(self.x, self.right), -(count or 1))

    def scroll_left(self, count: int | None = None) -> None:
        """SL: the columns between the margins go to the left, in all rows of the region."""
        if self.inside():
            self._shift(self.left, -(count or 1))

    def scroll_right(self, count: int | None = None) -> None:
        """SR: the columns between the margins go to the right, in all rows of the region."""
        if self.inside():
            self._shift(self.left, count or 1)

    def back_index(self) -> None:
        """DECBI: to the left, scrolling the region at its left margin."""
        x = min(self.x, self.columns - 1)
        if x == self.left and self.inside():
            self._shift(x, 1)
        else:
            self.go(self.y, max(x - 1, 0))

    def forward_index(self) -> None:
        """DECFI: to the right, scrolling the region at its right margin."""
        x = min(self.x, self.columns - 1)
        if x == self.right and self.inside():
            self._shift(self.left, -1)
        else:
            self.go(self.y, min(x + 1, self.columns - 1))

    def _shift(self, left: int, count: int) -> None:
        """Move the cells from `left` to the right margin to the right, or left when negative."""
        for row in self.rows[self.top : self.bottom + 1]:
            row.gen = self.gen
            if count > 0:
                open_gap(row, left, self.right + 1, count, self.pen.blank)
            else:
                close_gap(row, left, self.right + 1, -count, self.pen.blank)

    def alignment_display(self) -> None:
        """DECALN: the screen full of E."""
        self.reset_margins()
        self.origin = False
        self.go(0, 0)
        self.rows[:] = [Row(self.gen) for _ in range(self.lines)]
        for row in self.rows:
            row.chars = ["E"] * self.columns
            row.styles = [DEFAULT] * self.columns
