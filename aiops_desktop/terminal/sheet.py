"""The sheet: rows, the scrolling region and how it scrolls, shown as pyte's Screen shows them.

pyte's own Screen keeps a dict of named tuples; this one keeps lists, which is 40 to 700 times
faster, and shows pyte's `buffer`, `display`, `dirty` and `cursor` as views.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyte
from pyte import graphics
from pyte.screens import Char, Margins

from aiops_desktop.terminal.history import History
from aiops_desktop.terminal.pieces import blanks, cut_out, put_in
from aiops_desktop.terminal.rows import Row
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


class Sheet(pyte.Screen):
    """Rows and the region of them that scrolls.

    Attributes:
        x: the cursor's column from 0; `columns` when the next character wraps.
        y: the cursor's row from 0.
        wraps_next: the next character wraps although `x` is a column of the screen; only between
            margins, where the last column is not the screen's.
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

    def reset_margins(self) -> None:
        """The whole screen scrolls again."""
        self.top, self.bottom = 0, self.lines - 1
        self.confine(0, self.columns - 1)

    def confine(self, left: int, right: int) -> None:
        """Set the first and the last column of the region."""
        self.left, self.right = left, right
        self.margined = left > 0 or right < self.columns - 1
        self.wraps_next = False
        if self.margined:
            self.x = min(self.x, self.columns - 1)

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

        With `keep`, rows leaving the top of the main screen go to the history. Between margins
        only the cells inside them move.
        """
        if self.margined:
            self._scroll_inside(top, bottom, count)
            return
        rows = self.rows
        size = min(abs(count), bottom - top + 1)
        fresh = [self.blank_row() for _ in range(size)]
        if count > 0:
            if keep and top == 0 and not self.alternate:
                self.history.push(rows[:size])
            del rows[top : top + size]
            rows[bottom - size + 1 : bottom - size + 1] = fresh
        else:
            del rows[bottom - size + 1 : bottom + 1]
            rows[top:top] = fresh

    def _scroll_inside(self, top: int, bottom: int, count: int) -> None:
        left, right = self.left, self.right + 1
        rows = self.rows[top : bottom + 1]
        pieces = [cut_out(row, left, right) for row in rows]
        size = min(abs(count), len(rows))
        fresh = [blanks(right - left, self.pen.blank)] * size
        kept = len(rows) - size
        moved = pieces[size:] + fresh if count > 0 else fresh + pieces[:kept]
        for row, piece in zip(rows, moved, strict=True):
            put_in(row, left, piece)
            row.gen = self.gen

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
