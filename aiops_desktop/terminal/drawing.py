"""Writing text into the grid: narrow, wide and combining characters, wrapping, insert mode."""

from __future__ import annotations

from itertools import chain, zip_longest

from aiops_desktop.terminal.grid import Grid
from aiops_desktop.terminal.widths import JOINS, at_marks, cells, simple

_flat = chain.from_iterable
#: Code points in one cell; more combining marks are dropped.
_CLUSTER_MOST = 32


class Drawing(Grid):
    """Writes at the cursor."""

    #: The translation of the active character set; None for none.
    trans: dict[int, str] | None = None

    def draw(self, data: str) -> None:
        """Write text without control characters."""
        if not data:
            return
        self.last = data[-1]
        if self.trans:
            data = data.translate(self.trans)
        if simple(data):
            self._put(list(data), wide=False)
            return
        made = list(_flat(map(cells, data)))
        if JOINS not in made:
            self._put(made, wide=True)
            return
        pending: list[str] = []
        parts = at_marks(data)
        for text, marks in zip_longest(parts[::2], parts[1::2], fillvalue=""):
            pending += _flat(map(cells, text))
            if not marks:
                continue
            if pending:
                at = -1 if pending[-1] else -2
                pending[at] = (pending[at] + marks)[:_CLUSTER_MOST]
            else:
                self._join(marks)
        self._put(pending, wide=True)

    def repeat_last(self, count: int = 1) -> None:
        """REP: the last character again, at most a screenful."""
        if self.last:
            self.draw(self.last * min(count or 1, self.columns * self.lines))

    def _put(self, new: list[str], *, wide: bool) -> None:
        """Write cells; a wide character is two of them, the second "" (then `wide` is true)."""
        columns, at, size = self.columns, 0, len(new)
        while at < size:
            two = wide and at + 1 < size and new[at + 1] == ""
            if two and columns < 2:
                at += 2
                continue
            if self.x >= columns or (two and self.x == columns - 1):
                self._wrap(2 if two else 1)
            count = min(size - at, columns - self.x)
            if count < size - at and new[at + count] == "":
                count -= 1
            self._place(new[at : at + count], wide=wide)
            at += count

    def _wrap(self, need: int) -> None:
        """Make room for `need` cells: on the next line, or at the end of this one."""
        if not self.autowrap:
            self.x = self.columns - need
            return
        row = self.rows[self.y]
        if self.x < self.columns:
            # A wide character does not fit into the last column, which stays blank.
            row.pad(self.x)
            row.part(self.x, self.columns)
            row.chars[self.x :] = [" "]
            row.styles[self.x :] = [self.pen.blank]
        row.wrap = True
        row.gen = self.gen
        self.index()
        self.x = 0

    def _place(self, new: list[str], *, wide: bool) -> None:
        row, x, count = self.rows[self.y], self.x, len(new)
        row.gen = self.gen
        row.pad(x)
        if self.insert:
            if row.wide:
                row.part(x, x)
            row.chars[x:x] = new
            row.styles[x:x] = [self.pen] * count
            row.wide |= wide
            row.cut(self.columns)
        else:
            if row.wide:
                row.part(x, x + count)
            row.chars[x : x + count] = new
            row.styles[x : x + count] = [self.pen] * count
            row.wide |= wide
        self.x = x + count

    def _join(self, marks: str) -> None:
        """Add combining marks to the character before the cursor."""
        row, x = self.rows[self.y], self.x - 1
        if x < 0:
            return
        row.gen = self.gen
        row.pad(x + 1)
        row.wide = True
        if row.chars[x] == "" and x > 0:
            x -= 1
        row.chars[x] = (row.chars[x] + marks)[:_CLUSTER_MOST]
