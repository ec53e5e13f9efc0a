"""The grid: rows, cursor, scrolling region and tab stops, under pyte's method names.

pyte's own Screen keeps a dict of named tuples; this one keeps lists, which is 40 to 700 times
faster, and shows pyte's `buffer`, `display`, `dirty` and `cursor` as views.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyte
from pyte import graphics
from pyte.screens import Char, Margins

from aiops_desktop.terminal.rows import History, Row
from aiops_desktop.terminal.styles import (
    BLINK,
    BOLD,
    DEFAULT,
    ITALIC,
    REVERSE,
    RGB,
    STRIKE,
    UNDERLINES,
    Colour,
    Style,
)


@dataclass(frozen=True, slots=True)
class SavedCursor:
    """What DECSC keeps."""

    x: int = 0
    y: int = 0
    pen: Style = DEFAULT
    charsets: tuple[str, ...] = ("B", "B", "B", "B")
    shift: int = 0
    origin: bool = False


class Grid(pyte.Screen):
    """Rows and the cursor in them.

    Attributes:
        x: the cursor's column from 0; `columns` when the next character wraps.
        y: the cursor's row from 0.
        pen: the style of what is written next.
        rows: the visible rows.
        top: first row of the scrolling region.
        bottom: last row of it.
        left: first column of it; 0 unless DECLRMM is set.
        right: last column of it.
        margined: the region is narrower than the screen, so that text wraps at `right`.
        guarded: SPA was used (ISO protection), so that erasing spares cells.
        history: what scrolled off the main screen.
        gen: the number of the frame being made; whoever paints raises it (`next_frame`).
    """

    def __init__(self, columns: int, lines: int, history: int = 10_000) -> None:
        self.columns = columns
        self.lines = lines
        self.history = History(history)
        self.gen = 1
        self.reset()

    def reset(self) -> None:
        """RIS: everything but the history and the size is as new."""
        self.alternate = False
        self.rows = [Row(self.gen) for _ in range(self.lines)]
        self.main_rows = self.rows
        self.x = self.y = 0
        self.pen = DEFAULT
        self.reset_margins()
        self.guarded = False
        self.origin = self.insert = self.newline = False
        self.autowrap = True
        self.tabstops = set(range(8, 1024, 8))
        self.last = ""

    def reset_margins(self) -> None:
        """The whole screen scrolls again."""
        self.top, self.bottom = 0, self.lines - 1
        self.left, self.right = 0, self.columns - 1
        self.margined = False

    @property
    def special(self) -> bool:
        """Whether margins, origin mode or protection need the careful way everywhere."""
        return self.margined or self.origin or self.guarded

    # pyte's views

    @property
    def cursor(self) -> pyte.screens.Cursor:  # type: ignore[override]  # a view, made on demand
        """The cursor as pyte shows it."""
        shown = pyte.screens.Cursor(self.x, self.y)
        shown.attrs = _char(" ", self.pen)
        return shown

    @property
    def buffer(self) -> Sequence[Sequence[Char]]:  # type: ignore[override]  # a view
        """The cells as pyte shows them; slow, for those who know pyte."""
        padded = []
        for row in self.rows:
            cells = [_char(char, look) for char, look in zip(row.chars, row.styles, strict=True)]
            padded.append(cells + [Char(" ")] * (self.columns - len(cells)))
        return padded

    @property
    def display(self) -> list[str]:
        """The rows as text, padded with blanks."""
        return ["".join(row.chars) + " " * (self.columns - len(row.chars)) for row in self.rows]

    @property
    def dirty(self) -> set[int]:  # type: ignore[override]  # a view
        """Rows touched since the last frame."""
        return {at for at, row in enumerate(self.rows) if row.gen >= self.gen}

    @property
    def margins(self) -> Margins | None:  # type: ignore[override]  # a view
        """The scrolling region, None for the whole screen."""
        if (self.top, self.bottom) == (0, self.lines - 1):
            return None
        return Margins(self.top, self.bottom)

    def next_frame(self) -> int:
        """Begin a new frame; rows touched from now on have a higher `gen` than the one returned."""
        self.gen += 1
        return self.gen - 1

    def touch_all(self) -> None:
        """Have every row painted again."""
        for row in self.rows:
            row.gen = self.gen

    # Scrolling

    def blank_row(self) -> Row:
        """A new row in the colour that erasing leaves."""
        row = Row(self.gen)
        blank = self.pen.blank
        if blank is not DEFAULT:
            row.chars = [" "] * self.columns
            row.styles = [blank] * self.columns
        return row

    def scroll(self, top: int, bottom: int, count: int, *, keep: bool = False) -> None:
        """Move the rows from `top` to `bottom` up by `count` (down when negative).

        With `keep`, rows leaving the top of the main screen go to the history.
        """
        rows = self.rows
        size = min(abs(count), bottom - top + 1)
        blanks = [self.blank_row() for _ in range(size)]
        if count > 0:
            if keep and top == 0 and not self.alternate:
                self.history.push(rows[:size])
            del rows[top : top + size]
            rows[bottom - size + 1 : bottom - size + 1] = blanks
        else:
            del rows[bottom - size + 1 : bottom + 1]
            rows[top:top] = blanks

    def scroll_up(self, count: int | None = None) -> None:
        """SU."""
        self.scroll(self.top, self.bottom, count or 1, keep=True)

    def scroll_down(self, count: int | None = None) -> None:
        """SD."""
        self.scroll(self.top, self.bottom, -(count or 1))

    def index(self) -> None:
        """IND: down, scrolling at the bottom of the region."""
        if self.y == self.bottom:
            self.scroll(self.top, self.bottom, 1, keep=True)
        elif self.y < self.lines - 1:
            self.y += 1

    def reverse_index(self) -> None:
        """RI: up, scrolling at the top of the region."""
        if self.y == self.top:
            self.scroll(self.top, self.bottom, -1)
        elif self.y > 0:
            self.y -= 1

    def linefeed(self) -> None:
        """LF, VT, FF: IND, with LNM also to the first column."""
        self.index()
        if self.newline:
            self.x = 0

    def next_line(self) -> None:
        """NEL."""
        self.index()
        self.x = 0

    def set_margins(self, top: int | None = None, bottom: int | None = None) -> None:
        """DECSTBM; an impossible region changes nothing."""
        first = (top or 1) - 1
        last = min(bottom or self.lines, self.lines) - 1
        if first < last:
            self.top, self.bottom = first, last
            self.cursor_position()

    # The cursor

    def carriage_return(self) -> None:
        """CR."""
        self.x = 0

    def backspace(self) -> None:
        """BS."""
        self.x = max(0, min(self.x, self.columns - 1) - 1)

    def cursor_position(self, line: int | None = None, column: int | None = None) -> None:
        """CUP, from 1; in origin mode counted from the region and kept in it."""
        y = (line or 1) - 1
        if self.origin:
            y = min(y + self.top, self.bottom)
        self.y = min(y, self.lines - 1)
        self.x = min((column or 1) - 1, self.columns - 1)

    def cursor_up(self, count: int | None = None) -> None:
        """CUU; stops at the top margin when it begins below it."""
        limit = self.top if self.y >= self.top else 0
        self.y = max(limit, self.y - (count or 1))
        self.x = min(self.x, self.columns - 1)

    def cursor_down(self, count: int | None = None) -> None:
        """CUD; stops at the bottom margin when it begins above it."""
        limit = self.bottom if self.y <= self.bottom else self.lines - 1
        self.y = min(limit, self.y + (count or 1))
        self.x = min(self.x, self.columns - 1)

    def cursor_forward(self, count: int | None = None) -> None:
        """CUF."""
        self.x = min(self.columns - 1, self.x + (count or 1))

    def cursor_back(self, count: int | None = None) -> None:
        """CUB."""
        self.x = max(0, min(self.x, self.columns - 1) - (count or 1))

    def cursor_up1(self, count: int | None = None) -> None:
        """CPL."""
        self.cursor_up(count)
        self.x = 0

    def cursor_down1(self, count: int | None = None) -> None:
        """CNL."""
        self.cursor_down(count)
        self.x = 0

    def cursor_to_column(self, column: int | None = None) -> None:
        """CHA, HPA."""
        self.x = min((column or 1) - 1, self.columns - 1)

    def cursor_to_line(self, line: int | None = None) -> None:
        """VPA."""
        x = min(self.x, self.columns - 1)
        self.cursor_position(line, 1)
        self.x = x

    # Tab stops

    def tab(self, count: int = 1) -> None:
        """HT, CHT."""
        if self.x >= self.columns:
            return
        for _ in range(min(count or 1, self.columns)):
            x = self.x + 1
            while x < self.columns - 1 and x not in self.tabstops:
                x += 1
            self.x = min(x, self.columns - 1)

    def back_tab(self, count: int = 1) -> None:
        """CBT."""
        self.x = min(self.x, self.columns - 1)
        for _ in range(min(count or 1, self.columns)):
            self.x = max((stop for stop in self.tabstops if stop < self.x), default=0)

    def set_tab_stop(self) -> None:
        """HTS."""
        self.tabstops.add(min(self.x, self.columns - 1))

    def clear_tab_stop(self, how: int = 0) -> None:
        """TBC: the one here (0) or all (3)."""
        if how == 3:
            self.tabstops.clear()
        elif how == 0:
            self.tabstops.discard(min(self.x, self.columns - 1))

    def debug(self, *args: object, **kwargs: object) -> None:
        """Ignore what pyte would report as unknown."""


_FLAGS = (BOLD, ITALIC, UNDERLINES, STRIKE, REVERSE, BLINK)


def _char(text: str, look: Style) -> Char:
    flags = [bool(look.flags & flag) for flag in _FLAGS]
    return Char(text, _name(look.fg, graphics.FG), _name(look.bg, graphics.BG), *flags)


def _name(colour: Colour, names: dict[int, str]) -> str:
    if colour is None:
        return "default"
    if colour >= RGB:
        return f"{colour & 0xFFFFFF:06x}"
    if colour < 8:
        return names[colour + (30 if 30 in names else 40)]
    return str(graphics.FG_BG_256[colour])
