"""Where each of very many rows of different heights lies. No Qt."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable

_CHUNK = 256


class Heights:
    """Heights of rows in pixels: where is row 70,000, and what is at 9,000.

    Rows are summed in chunks, so that a change costs one addition and a question a walk over the
    chunks' sums and one chunk.
    """

    def __init__(self) -> None:
        self._rows = array("l")
        self._sums = array("l")
        self._starts: list[int] | None = None

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, row: int) -> int:
        return self._rows[row]

    def clear(self) -> None:
        """Forget all rows."""
        self._rows, self._sums, self._starts = array("l"), array("l"), None

    def extend(self, heights: Iterable[int]) -> None:
        """Add rows at the end."""
        for height in heights:
            if len(self._rows) % _CHUNK == 0:
                self._sums.append(0)
            self._rows.append(height)
            self._sums[-1] += height
        self._starts = None

    def set(self, row: int, height: int) -> int:
        """Give a row another height; by how much it grew."""
        grown = height - self._rows[row]
        if grown:
            self._rows[row] = height
            self._sums[row // _CHUNK] += grown
            self._starts = None
        return grown

    @property
    def total(self) -> int:
        """All heights together."""
        starts = self._chunk_starts()
        return starts[-1]

    def top(self, row: int) -> int:
        """Where a row begins; the end for the row behind the last one."""
        if row >= len(self._rows):
            return self.total
        chunk = row // _CHUNK
        return self._chunk_starts()[chunk] + sum(self._rows[chunk * _CHUNK : row])

    def row_at(self, y: int) -> int:
        """The row that covers a height; the first above all, the last below all, -1 when empty."""
        if not self._rows:
            return -1
        starts = self._chunk_starts()
        chunk = min(max(bisect_right(starts, y) - 1, 0), len(self._sums) - 1)
        top = starts[chunk]
        end = min((chunk + 1) * _CHUNK, len(self._rows))
        for row in range(chunk * _CHUNK, end):
            top += self._rows[row]
            if y < top:
                return row
        return end - 1

    def _chunk_starts(self) -> list[int]:
        if self._starts is None:
            starts, top = [0], 0
            for height in self._sums:
                top += height
                starts.append(top)
            self._starts = starts
        return self._starts
