"""The cursor in the grid: how it moves, tabulates and makes the region scroll.

Where margins or origin mode matter, xterm's ctlseqs and DEC STD 070 decide.
"""

from __future__ import annotations

from dataclasses import dataclass

from aiops_desktop.terminal.sheet import Sheet
from aiops_desktop.terminal.styles import DEFAULT, Style


@dataclass(frozen=True, slots=True)
class SavedCursor:
    """What DECSC keeps."""

    x: int = 0
    y: int = 0
    pen: Style = DEFAULT
    charsets: tuple[str, ...] = ("B", "B", "B", "B")
    shift: int = 0
    origin: bool = False
    wraps_next: bool = False


class Grid(Sheet):
    """Moves the cursor.

    Attributes:
        reverse_wrap: whether going back over the left edge leads to the line above: 0 no, 1 when
            that line was wrapped (mode 45), 2 always and around the region (mode 1045).
        tabs_wrap: HT behind the last column goes to the next line first (mode 41).
    """

    def reset(self) -> None:
        """RIS."""
        super().reset()
        self.reset_tab_stops(5)
        self.reverse_wrap = 0
        self.tabs_wrap = False
        self.last = ""

    # Lines

    def scroll_up(self, count: int | None = None) -> None:
        """SU."""
        self.scroll(self.top, self.bottom, count or 1, keep=True)

    def scroll_down(self, count: int | None = None) -> None:
        """SD."""
        self.scroll(self.top, self.bottom, -(count or 1))

    def between_margins(self) -> bool:
        """Whether the cursor's column is inside the region."""
        return not self.margined or self.left <= self.x <= self.right

    def inside(self) -> bool:
        """Whether the cursor is inside the region."""
        return self.top <= self.y <= self.bottom and self.between_margins()

    def index(self) -> None:
        """IND: down, scrolling at the bottom of the region."""
        if self.y == self.bottom:
            if self.between_margins():
                self.scroll(self.top, self.bottom, 1, keep=True)
        elif self.y < self.lines - 1:
            self.y += 1

    def reverse_index(self) -> None:
        """RI: up, scrolling at the top of the region."""
        if self.y == self.top:
            if self.between_margins():
                self.scroll(self.top, self.bottom, -1)
        elif self.y > 0:
            self.y -= 1

    def linefeed(self) -> None:
        """LF, VT, FF: IND, with LNM also to the first column."""
        self.index()
        if self.newline:
            self.carriage_return()

    def next_line(self) -> None:
        """NEL."""
        self.index()
        self.carriage_return()

    def carriage_return_linefeed(self) -> None:
        """CR and LF, the end of nearly every line."""
        self.carriage_return()
        self.linefeed()

    def set_margins(self, top: int | None = None, bottom: int | None = None) -> None:
        """DECSTBM; an impossible region changes nothing."""
        first = (top or 1) - 1
        last = min(bottom or self.lines, self.lines) - 1
        if first < last:
            self.top, self.bottom = first, last
            self.cursor_position()

    def set_side_margins(self, left: int = 0, right: int = 0) -> None:
        """DECSLRM; impossible margins change nothing."""
        first = (left or 1) - 1
        last = min(right or self.columns, self.columns) - 1
        if first < last:
            self.confine(first, last)
            self.cursor_position()

    # The cursor

    def go(self, y: int, x: int) -> None:
        """Put the cursor on a cell of the screen."""
        self.y, self.x, self.wraps_next = y, x, False

    def carriage_return(self) -> None:
        """CR: to the left margin, from outside it to the left edge."""
        self.go(self.y, self.left if self.origin or self.x >= self.left else 0)

    def cursor_position(self, line: int | None = None, column: int | None = None) -> None:
        """CUP, from 1; in origin mode counted from the region and kept in it."""
        y, x = (line or 1) - 1, (column or 1) - 1
        if self.origin:
            y, x = min(y + self.top, self.bottom), min(x + self.left, self.right)
        self.go(min(y, self.lines - 1), min(x, self.columns - 1))

    @property
    def place(self) -> tuple[int, int]:
        """The cursor's line and column from 1 as CPR answers them, in origin mode in the region."""
        y, x = self.y, min(self.x, self.columns - 1)
        if self.origin:
            y, x = max(y - self.top, 0), max(x - self.left, 0)
        return y + 1, x + 1

    def cursor_up(self, count: int | None = None) -> None:
        """CUU; stops at the top margin when it begins below it."""
        limit = self.top if self.y >= self.top else 0
        self.go(max(limit, self.y - (count or 1)), min(self.x, self.columns - 1))

    def cursor_down(self, count: int | None = None) -> None:
        """CUD; stops at the bottom margin when it begins above it."""
        limit = self.bottom if self.y <= self.bottom else self.lines - 1
        self.go(min(limit, self.y + (count or 1)), min(self.x, self.columns - 1))

    def _right_limit(self) -> int:
        return self.right if self.x <= self.right else self.columns - 1

    def cursor_forward(self, count: int | None = None) -> None:
        """CUF; stops at the right margin when it begins left of it."""
        self.go(self.y, min(self._right_limit(), self.x + (count or 1)))

    def cursor_back(self, count: int | None = None) -> None:
        """CUB; stops at the left margin when it begins right of it, unless it wraps back."""
        size = count or 1
        waiting = self.wraps_next or self.x >= self.columns
        x, y = min(self.x, self.columns - 1), self.y
        left = self.left if x >= self.left else 0
        if not (self.reverse_wrap and self.autowrap):
            self.go(y, max(left, x - size))
            return
        size -= waiting
        while size > x - left:
            above = self._line_before(y)
            if above is None:
                size = x - left
                break
            size -= x - left + 1
            y, x, left = above, self.right, self.left
        self.go(y, x - size)

    def _line_before(self, y: int) -> int | None:
        """The line to which going back over the left edge of line `y` leads, None for none."""
        if self.reverse_wrap == 1:
            return y - 1 if y > 0 and self.rows[y - 1].wrap else None
        if y == self.top:
            return self.bottom
        return y - 1 if y > 0 else self.lines - 1

    def backspace(self) -> None:
        """BS."""
        self.cursor_back(1)

    def cursor_up1(self, count: int | None = None) -> None:
        """CPL."""
        self.cursor_up(count)
        self.carriage_return()

    def cursor_down1(self, count: int | None = None) -> None:
        """CNL."""
        self.cursor_down(count)
        self.carriage_return()

    def cursor_to_column(self, column: int | None = None) -> None:
        """CHA, HPA."""
        self.cursor_position(self.place[0], column)

    def cursor_to_line(self, line: int | None = None) -> None:
        """VPA."""
        self.cursor_position(line, self.place[1])

    def column_relative(self, count: int | None = None) -> None:
        """HPR."""
        line, column = self.place
        self.cursor_position(line, column + (count or 1))

    def line_relative(self, count: int | None = None) -> None:
        """VPR."""
        line, column = self.place
        self.cursor_position(line + (count or 1), column)

    # Tab stops

    def tab(self, count: int = 1) -> None:
        """HT, CHT; stops at the right margin, from behind it too (so does xterm)."""
        if self.x >= self.columns or self.wraps_next:
            if not (self.tabs_wrap and self.autowrap):
                return
            self.index()
            self.carriage_return()
        limit, x = self.right, self.x
        for _ in range(min(count or 1, self.columns)):
            x += 1
            while x < limit and x not in self.tabstops:
                x += 1
            if x >= limit:
                break
        self.go(self.y, min(x, limit))

    def back_tab(self, count: int = 1) -> None:
        """CBT."""
        x = min(self.x, self.columns - 1)
        first = self.left if self.origin else 0
        for _ in range(min(count or 1, self.columns)):
            x = max((stop for stop in self.tabstops if first < stop < x), default=first)
        self.go(self.y, x)

    def set_tab_stop(self) -> None:
        """HTS."""
        self.tabstops.add(min(self.x, self.columns - 1))

    def reset_tab_stops(self, how: int = 0) -> None:
        """DECST8C: one every eight columns."""
        if how == 5:
            self.tabstops = set(range(8, 1024, 8))

    def clear_tab_stop(self, how: int = 0) -> None:
        """TBC: the one here (0) or all (3)."""
        if how == 3:
            self.tabstops.clear()
        elif how == 0:
            self.tabstops.discard(min(self.x, self.columns - 1))
