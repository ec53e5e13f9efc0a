"""What scrolled off the main screen: many lines in little room."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from itertools import islice

from aiops_desktop.terminal.rows import Line, Row, compact, line_wraps

#: Newly scrolled rows after which the history is made compact.
_COMPACT_AFTER = 256


class History:
    """The lines that scrolled off the top of the main screen.

    Attributes:
        lines: the kept ones, oldest first.
        pushed: how many ever scrolled off; numbers lines across the dropping of old ones.
    """

    def __init__(self, most: int) -> None:
        self._most = max(most, 0)
        self.lines: deque[Line] = deque(maxlen=self._most)
        self.pushed = 0
        self._compacted = 0

    def __len__(self) -> int:
        return len(self.lines)

    def push(self, rows: Iterable[Line]) -> None:
        """Add the newest lines."""
        before = list(rows)
        self.lines.extend(before)
        self.pushed += len(before)

    def clear(self) -> None:
        """Forget all lines."""
        self.lines.clear()

    def replace(self, lines: Sequence[Line], pushed: int, spare: int) -> None:
        """Take other lines after a resize, by which nothing is lost.

        A narrower screen makes more lines of the same text: as many paragraphs are kept as there
        may be lines, and `spare` more for those that the screen gave and may take back.
        """
        kept = self._newest(lines, self._most + spare) if self._most else []
        self.lines = deque(kept, maxlen=max(self._most, len(kept)))
        self.pushed = self._compacted = pushed

    @staticmethod
    def _newest(lines: Sequence[Line], most: int) -> Sequence[Line]:
        """The lines of the newest paragraphs."""
        paragraphs = 0
        for at in range(len(lines) - 1, -1, -1) if len(lines) > most else ():
            paragraphs += not line_wraps(lines[at])
            if paragraphs > most:
                return lines[at + 1 :]
        return lines

    def compact(self) -> None:
        """Keep rows in less room. Called after each feed; seldom does work."""
        fresh = self.pushed - self._compacted
        if fresh < _COMPACT_AFTER:
            return
        self._compacted = self.pushed
        newest = list(islice(reversed(self.lines), min(fresh, len(self.lines))))
        for at, line in enumerate(newest, 1):
            if isinstance(line, Row):
                self.lines[-at] = compact(line)
