"""Rows of the grid, the cells behind their end being default blanks, plus what scrolled away."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

from aiops_desktop.terminal.styles import DEFAULT, Style
from aiops_desktop.terminal.widths import wide

#: Newly scrolled rows after which the history is made compact.
_COMPACT_AFTER = 256


class Row:
    """One row of the grid.

    Attributes:
        chars: one string a cell, with its combining marks; "" behind a wide character.
        styles: one style a cell, as many as `chars`.
        wrap: the text goes on in the next row.
        gen: the screen's generation when it was last touched (see `Grid.gen`).
        wide: it may hold wide characters; a row that never did needs no look at its neighbours.
    """

    __slots__ = ("chars", "gen", "styles", "wide", "wrap")

    def __init__(self, gen: int = 0) -> None:
        self.chars: list[str] = []
        self.styles: list[Style] = []
        self.wrap = False
        self.gen = gen
        self.wide = False

    def pad(self, until: int) -> None:
        """Make the cells before `until` exist."""
        missing = until - len(self.chars)
        if missing > 0:
            self.chars += [" "] * missing
            self.styles += [DEFAULT] * missing

    def part(self, left: int, right: int) -> None:
        """Blank the halves of wide characters that overwriting [left, right) would leave behind."""
        chars = self.chars
        size = len(chars)
        if 0 < left < size and chars[left] == "":
            chars[left - 1] = " "
        if right < size and chars[right] == "":
            chars[right] = " "

    def cut(self, columns: int) -> None:
        """Drop what is behind `columns`; a wide character across the edge goes too."""
        if len(self.chars) > columns:
            self.part(columns, columns)
            del self.chars[columns:]
            del self.styles[columns:]

    @property
    def text(self) -> str:
        """The row as text without trailing blanks."""
        return "".join(self.chars).rstrip(" ")


class Wrapped(str):
    """A plain line of the history that goes on in the next one."""

    __slots__ = ()


#: A line of the history: text where all is in the default style, else the row itself.
Line = Row | str


def line_row(line: Line, gen: int = 0) -> Row:
    """A line of the history as a row."""
    if isinstance(line, Row):
        return line
    row = Row(gen)
    row.wrap = isinstance(line, Wrapped)
    if line.isascii():
        row.chars = list(line)
    else:
        for char in line:
            if wide(char):
                row.chars += (char, "")
                row.wide = True
            else:
                row.chars.append(char)
    row.styles = [DEFAULT] * len(row.chars)
    return row


def line_text(line: Line) -> str:
    """A line of the history as text, trailing blanks stripped."""
    return line.text if isinstance(line, Row) else line.rstrip(" ")


def line_wraps(line: Line) -> bool:
    """Whether the line goes on in the next one."""
    return line.wrap if isinstance(line, Row) else isinstance(line, Wrapped)


class History:
    """The lines that scrolled off the top of the main screen.

    Attributes:
        lines: the kept ones, oldest first.
        pushed: how many ever scrolled off; numbers lines across the dropping of old ones.
    """

    def __init__(self, most: int) -> None:
        self.lines: deque[Line] = deque(maxlen=max(most, 0))
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

    def replace(self, lines: Sequence[Line], pushed: int) -> None:
        """Take other lines after a resize."""
        self.lines.clear()
        self.lines.extend(lines)
        self.pushed = pushed
        self._compacted = 0

    def compact(self) -> None:
        """Keep plain rows as text: ten times smaller. Called after each feed; seldom does work."""
        fresh = self.pushed - self._compacted
        if fresh < _COMPACT_AFTER:
            return
        self._compacted = self.pushed
        lines = self.lines
        for at in range(1, min(fresh, len(lines)) + 1):
            row = lines[-at]
            if isinstance(row, Row) and row.styles.count(DEFAULT) == len(row.styles):
                text = "".join(row.chars)
                # A cell of several code points has no place in a text of one a cell.
                if len(text) == len(row.chars) - (row.wide and row.chars.count("")):
                    lines[-at] = Wrapped(text) if row.wrap else text
