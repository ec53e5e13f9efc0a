"""Which lines of a diff are selected, and which part of it that means."""

from __future__ import annotations

from collections.abc import Sequence

from aiops_desktop.domain.repositories import DiffLine, Hunk


class Picked:
    """Lines of one hunk. A selection never reaches over two hunks: each has its own buttons."""

    def __init__(self) -> None:
        self.hunk = -1
        self.lines: frozenset[int] = frozenset()
        self._anchor = -1
        self._before: frozenset[int] = frozenset()

    def clear(self) -> None:
        """Select nothing."""
        self.hunk, self.lines, self._anchor, self._before = -1, frozenset(), -1, frozenset()

    def begin(self, hunk: int, line: int) -> None:
        """A range may begin here; nothing is selected yet."""
        self.clear()
        self.hunk, self._anchor = hunk, line

    def extend(self, hunk: int, line: int, size: int) -> None:
        """The range reaches to a line; outside its hunk it ends at the hunk's border."""
        if self._anchor < 0:
            self.begin(hunk, line)
        if hunk != self.hunk:
            line = size - 1 if hunk > self.hunk else 0
        low, high = sorted((self._anchor, line))
        self.lines = self._before | frozenset(range(low, high + 1))

    def toggle(self, hunk: int, line: int) -> None:
        """Add a line, or take it out; a range may begin here."""
        if hunk != self.hunk:
            self.begin(hunk, line)
        self.lines = self.lines ^ {line}
        self._anchor, self._before = line, self.lines

    def whole(self, hunk: int, size: int) -> None:
        """Select all lines of a hunk."""
        self.begin(hunk, 0)
        self.lines = frozenset(range(size))

    def changed(self, hunk: int, lines: Sequence[DiffLine]) -> frozenset[int]:
        """The selected lines of a hunk that are added or removed."""
        if hunk != self.hunk:
            return frozenset()
        return frozenset(n for n in self.lines if n < len(lines) and lines[n].kind != " ")


def pick_of(hunk: Hunk, changed: frozenset[int]) -> frozenset[int] | None:
    """Selected changed lines as a `Pick` wants them: None for the whole hunk.

    Nothing selected and everything selected both mean the hunk.
    """
    every = sum(line.kind != " " for line in hunk.lines)
    return None if not changed or len(changed) == every else changed
