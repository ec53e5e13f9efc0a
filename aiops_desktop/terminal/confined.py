"""Writing text between left and right margins, which wrap and cut it as the edges do."""

from __future__ import annotations

from aiops_desktop.terminal.drawing import Drawing
from aiops_desktop.terminal.pieces import Piece, close_gap, open_gap, put_in


class Confined(Drawing):
    """Draws between margins; without them `Drawing` does."""

    def _put(self, new: list[str], *, wide: bool) -> None:
        if not self.margined:
            super()._put(new, wide=wide)
            return
        at, size = 0, len(new)
        while at < size:
            need = 2 if wide and at + 1 < size and new[at + 1] == "" else 1
            if self.wraps_next or self.x + need > self._edge():
                self._make_room(need)
            end = self._edge()
            count = min(size - at, end - self.x)
            if count < size - at and new[at + count] == "":
                count -= 1
            if count < 1:
                # Not wrapping, and a wide character has no room at all.
                at += need
                continue
            self._write(new[at : at + count], wide=wide)
            at += count

    def _edge(self) -> int:
        """One behind the last column that text reaches from here."""
        return self.right + 1 if self.x <= self.right else self.columns

    def _make_room(self, need: int) -> None:
        end = self._edge()
        if not self.autowrap:
            self.x = max(end - need, 0)
            return
        self.index()
        self.go(self.y, self.left)

    def _write(self, new: list[str], *, wide: bool) -> None:
        row, x, end = self.rows[self.y], self.x, self._edge()
        row.gen = self.gen
        if self.insert and self.between_margins():
            open_gap(row, x, end, len(new), self.pen.blank)
        put_in(row, x, Piece(new, [self.pen] * len(new), wide))
        self.go(self.y, min(x + len(new), end - 1))
        self.wraps_next = x + len(new) >= end

    def _column_before(self) -> int:
        return super()._column_before() + self.wraps_next

    def _widen(self, x: int, content: str) -> None:
        if not (self.margined and self.insert):
            super()._widen(x, content)
            return
        row, pen = self.rows[self.y], self.pen
        self.pen = row.styles[x]
        self.go(self.y, x)
        close_gap(row, x, self._edge(), 1, pen.blank)
        self._put([content, ""], wide=True)
        self.pen = pen
