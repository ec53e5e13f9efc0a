"""Resizing: wrapped lines are wrapped anew, and what leaves the screen goes to the history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from aiops_desktop.terminal.modes import Switching
from aiops_desktop.terminal.rows import Line, Row, compact, line_fits, line_row, line_wraps
from aiops_desktop.terminal.sources import cut_sources


def resize(screen: Switching, columns: int, lines: int) -> None:
    """Give the screen another size; the margins are reset, as in xterm."""
    if (columns, lines) == (screen.columns, screen.lines):
        return
    if screen.alternate:
        saved = screen.saved_of_main
        x, y = _resize_main(screen, screen.main_rows, (saved.x, saved.y), columns, lines)
        screen.saved_of_main = replace(saved, x=x, y=y)
        _resize_alternate(screen, columns, lines)
    else:
        place = (screen.x, screen.y)
        screen.x, screen.y = _resize_main(screen, screen.rows, place, columns, lines)
    screen.columns, screen.lines = columns, lines
    screen.reset_margins()
    screen.x, screen.y = min(screen.x, columns), min(screen.y, lines - 1)
    screen.touch_all()


def _resize_alternate(screen: Switching, columns: int, lines: int) -> None:
    """Cut or extend; who draws on the alternate screen draws again after a resize."""
    rows = screen.rows
    gone = max(0, min(screen.y - lines + 1, len(rows) - lines))
    del rows[:gone]
    screen.y -= gone
    del rows[lines:]
    rows += [Row(screen.gen) for _ in range(lines - len(rows))]
    for row in rows:
        row.cut(columns)


def _resize_main(
    screen: Switching, rows: list[Row], cursor: tuple[int, int], columns: int, lines: int
) -> tuple[int, int]:
    """Wrap history and rows anew; where the cursor is then."""
    history = screen.history
    x, y = cursor
    used = max([y + 1, *(at + 1 for at, row in enumerate(rows) if row.chars)])
    hidden = _hidden(screen, rows)
    if hidden:
        used = len(rows)
    full = used >= screen.lines
    above = len(history)
    flow = _Flow(columns, screen.gen, (above + y, x), above)
    if columns == screen.columns:
        flow.take_all([*history.lines, *rows[:used], *hidden])
    else:
        flow.wrap_all([*history.lines, *rows[:used], *hidden])
    total = len(flow.lines)
    start = flow.top
    if full or total - start > lines:
        start = max(0, total - lines)
    start = max(min(start, flow.cursor_line), 0)
    # The cursor's row is always on the screen, at worst as its last one.
    start = max(start, flow.cursor_line - lines + 1)
    shown = [line_row(line, screen.gen) for line in flow.lines[start : start + lines]]
    shown += [Row(screen.gen) for _ in range(lines - len(shown))]
    rows[:] = shown
    screen.below = (shown, shown[-1].text, flow.lines[start + lines :])
    above_it = [compact(line) if isinstance(line, Row) else line for line in flow.lines[:start]]
    history.replace(above_it, max(history.pushed, start), max(lines, screen.lines))
    return flow.cursor_x, flow.cursor_line - start


def _hidden(screen: Switching, rows: list[Row]) -> list[Line]:
    """What had no room below the screen, unless the program scrolled or erased since."""
    before, last, lines = screen.below
    if not lines or len(before) != len(rows) or rows[-1].text != last:
        return []
    same = all(row is old for row, old in zip(rows, before, strict=True))
    return lines if same else []


@dataclass
class _Flow:
    """Lines made for a new width, following the cursor and the first row of the screen."""

    columns: int
    gen: int
    cursor: tuple[int, int]
    first_row: int

    def __post_init__(self) -> None:
        self.lines: list[Line] = []
        self.cursor_line, self.cursor_x = self.cursor
        self.top = self.first_row

    def take_all(self, lines: Sequence[Line]) -> None:
        """The width is the same."""
        self.lines = list(lines)

    def wrap_all(self, lines: Sequence[Line]) -> None:
        """Join what was wrapped and wrap it anew."""
        at = 0
        while at < len(lines):
            end = at
            while end < len(lines) - 1 and line_wraps(lines[end]):
                end += 1
            self._paragraph(lines, at, end + 1)
            at = end + 1

    def _paragraph(self, lines: Sequence[Line], at: int, end: int) -> None:
        begun = len(self.lines)
        only = lines[at]
        if end - at == 1 and not line_wraps(only) and line_fits(only, self.columns):
            self.lines.append(only)
            self._follow(at, 0, begun, [0])
            return
        if not at <= self.cursor[0] < end and not at <= self.first_row < end:
            pieces = cut_sources(lines[at:end], self.columns)
            if pieces is not None:
                self.lines += pieces
                return
        joined = Row(self.gen)
        offsets, used = [], 0
        for number in range(at, end):
            offsets.append(len(joined.chars))
            row = line_row(lines[number])
            joined.chars += row.chars
            joined.styles += row.styles
            joined.wide |= row.wide
            if number == self.cursor[0]:
                used = offsets[-1] + self.cursor[1]
        starts = self._cut(joined, max(min(used, len(joined.chars)), _text_end(joined)))
        for number, offset in enumerate(offsets, at):
            self._follow(number, offset, begun, starts)

    def _cut(self, joined: Row, used: int) -> list[int]:
        """Append the pieces of a paragraph; the offset at which each begins.

        Blanks from `used` on, such as the erased rest of a coloured row, are cut and not wrapped.
        """
        size = len(joined.chars)
        starts, left = [], 0
        while True:
            right = min(left + self.columns, size)
            if right < size and joined.chars[right] == "" and right - left > 1:
                right -= 1
            piece = Row(self.gen)
            piece.chars, piece.styles = joined.chars[left:right], joined.styles[left:right]
            piece.wide, piece.wrap = joined.wide, right < used
            self.lines.append(piece)
            starts.append(left)
            left = right
            if left >= used:
                return starts

    def _follow(self, number: int, offset: int, begun: int, starts: list[int]) -> None:
        """Note where an old line's offset in its paragraph has come to lie."""
        if number == self.first_row:
            self.top = begun + _piece(starts, offset)
        if number == self.cursor[0]:
            place = offset + self.cursor[1]
            piece = _piece(starts, place)
            self.cursor_line = begun + piece
            self.cursor_x = place - starts[piece]


def _text_end(row: Row) -> int:
    """The column behind the last character that is no blank."""
    end = len(row.chars)
    while end and row.chars[end - 1] == " ":
        end -= 1
    return end


def _piece(starts: list[int], offset: int) -> int:
    return max(at for at, start in enumerate(starts) if start <= offset)
