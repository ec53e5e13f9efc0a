"""Writing text into the grid: narrow, wide and combining characters, wrapping, insert mode."""

from __future__ import annotations

from aiops_desktop.terminal.clusters import ZWJ, cut
from aiops_desktop.terminal.grid import Grid
from aiops_desktop.terminal.widths import cells, simple


class Drawing(Grid):
    """Writes at the cursor.

    Attributes:
        trans: the translation of the active character set; None for none.
        clustering: variation selectors and skin tones may widen a cell (mode 2027).
    """

    trans: dict[int, str] | None = None
    clustering = True

    @property
    def direct(self) -> bool:
        """Whether text goes into the cells as it is."""
        return self.trans is None and not self.insert and self.autowrap and not self.margined

    def draw(self, data: str) -> None:
        """Write text without control characters."""
        if not data:
            return
        self.last = data[-1]
        if self.trans:
            data = data.translate(self.trans)
        if data.isascii():
            self._put(list(data), wide=False)
            return
        before = self._before()
        if simple(data) and not before.endswith(ZWJ):
            self._put(list(data), wide=False)
            return
        made = cut(data, before, modern=self.clustering)
        if made.before != before:
            self._join(made.before, grown=made.grown)
        if made.cells:
            self._put(made.cells, wide=True)

    def repeat_last(self, count: int = 1) -> None:
        """REP: the character straight before it again, at most a screenful."""
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
                self._wrap(new[at], 2 if two else 1)
            count = min(size - at, columns - self.x)
            if count < size - at and new[at + count] == "":
                count -= 1
            self._place(new[at : at + count], wide=wide)
            at += count

    def _wrap(self, content: str, need: int) -> None:
        """Make room for a cell's content: on the next line, or at the end of this one."""
        if not self.autowrap:
            self.x = self.columns - need
            return
        row = self.rows[self.y]
        bare = row.chars[self.x :] in ([], [" "])
        if self.x < self.columns and (bare or len(cells(content[0])) < 2):
            # A wide character does not fit into the last column, which is no part of the text. One
            # that became wide had its first part there.
            row.pad(self.x)
            row.cut(self.x)
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

    # The cell before the cursor

    def _column_before(self) -> int:
        """The column of the character before the cursor; -1 for none."""
        return self.x - 1

    def _before(self) -> str:
        """The character before the cursor; "" at the beginning of a line."""
        row, x = self.rows[self.y], self._column_before()
        if x < 0:
            return ""
        if x >= len(row.chars):
            return " "
        return row.chars[x] or row.chars[x - 1]

    def _join(self, content: str, *, grown: bool) -> None:
        """Give the character before the cursor other content, which `grown` made wide."""
        row, x = self.rows[self.y], self._column_before()
        row.gen = self.gen
        row.pad(x + 1)
        row.wide = True
        if row.chars[x] == "":
            row.chars[x - 1] = content
        elif not grown:
            row.chars[x] = content
        else:
            self._widen(x, content)

    def _widen(self, x: int, content: str) -> None:
        """Write the narrow character at column `x` again as a wide one."""
        row, pen = self.rows[self.y], self.pen
        self.pen = row.styles[x]
        if self.insert:
            del row.chars[x]
            del row.styles[x]
        self.x, self.wraps_next = x, False
        self._put([content, ""], wide=True)
        self.pen = pen
