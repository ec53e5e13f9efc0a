"""Where everything of a diff stands: rows from the top of the document, in pixels."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

LINE, HEAD = 18, 28

#: A hunk and a line of it; line -1 is the hunk's header.
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Spot:
    """One row: a header (line -1), a line, or the room under a line for a widget (`extra`)."""

    hunk: int
    line: int
    top: int
    height: int
    extra: bool = False


class Plan:
    """Offsets of all rows; any of them is found in the time it takes to look up a hunk.

    `extras` are heights of what stands under a line.
    """

    def __init__(self, sizes: Sequence[int], extras: Mapping[Place, int] | None = None) -> None:
        """`sizes` are the numbers of lines of the hunks."""
        self.sizes = tuple(sizes)
        self._extras: dict[int, list[tuple[int, int]]] = {}
        for (hunk, line), height in sorted((extras or {}).items()):
            self._extras.setdefault(hunk, []).append((line, height))
        self._tops: list[int] = []
        top = 0
        for hunk, size in enumerate(self.sizes):
            self._tops.append(top)
            top += HEAD + size * LINE + sum(height for _, height in self._extras.get(hunk, ()))
        self.height = top

    def top(self, hunk: int, line: int = -1) -> int:
        """Where a header or line begins."""
        if line < 0:
            return self._tops[hunk]
        above = sum(height for at, height in self._extras.get(hunk, ()) if at < line)
        return self._tops[hunk] + HEAD + line * LINE + above

    def at(self, y: int) -> Place | None:
        """The header or line at a height; what stands under a line belongs to it."""
        if y < 0 or y >= self.height:
            return None
        hunk = bisect_right(self._tops, y) - 1
        y -= self._tops[hunk] + HEAD
        if y < 0:
            return hunk, -1
        passed = 0
        for line, height in self._extras.get(hunk, ()):
            begin = (line + 1) * LINE + passed
            if y < begin:
                break
            if y < begin + height:
                return hunk, line
            passed += height
        return hunk, min((y - passed) // LINE, self.sizes[hunk] - 1)

    def between(self, low: int, high: int) -> Iterator[Spot]:
        """The rows that touch the heights from `low` up to `high`."""
        if not self._tops:
            return
        hunk = max(0, bisect_right(self._tops, low) - 1)
        while hunk < len(self.sizes) and self._tops[hunk] < high:
            if self._tops[hunk] + HEAD > low:
                yield Spot(hunk, -1, self._tops[hunk], HEAD)
            yield from self._lines(hunk, low, high)
            hunk += 1

    def _lines(self, hunk: int, low: int, high: int) -> Iterator[Spot]:
        extras = dict(self._extras.get(hunk, ()))
        found = self.at(max(low, self._tops[hunk]))
        line = max(0, found[1]) if found and found[0] == hunk else 0
        top = self.top(hunk, line)
        while line < self.sizes[hunk] and top < high:
            if top + LINE > low:
                yield Spot(hunk, line, top, LINE)
            top += LINE
            if line in extras:
                if top + extras[line] > low:
                    yield Spot(hunk, line, top, extras[line], extra=True)
                top += extras[line]
            line += 1
