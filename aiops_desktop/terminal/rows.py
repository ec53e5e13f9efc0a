"""Rows of the grid, the cells behind their end being default blanks, and lines of the history."""

from __future__ import annotations

import re
from itertools import chain, groupby, repeat
from typing import TYPE_CHECKING

from aiops_desktop.terminal.clusters import cut
from aiops_desktop.terminal.styles import DEFAULT, Style

_AT_SEQUENCES = re.compile("(\x1b\\[[^A-Za-z]*[A-Za-z])")
_ESC = "\x1b"


class Row:
    """One row of the grid.

    A line that was written at once is kept as it came until somebody looks at its cells; most
    lines of a flood are never looked at.

    Attributes:
        chars: one string a cell, a whole cluster; "" behind a wide character.
        styles: one style a cell, as many as `chars`.
        wide: it may hold wide characters; a row that never did needs no look at its neighbours.
        wrap: the text goes on in the next row.
        gen: the screen's generation when it was last touched (see `Grid.gen`).
        source: the text, with SGR sequences, that the cells are still to be made from; None once
            they are. While it is there the three first attributes are made by being asked for.
        look: the style in which `source` begins.
    """

    __slots__ = ("chars", "gen", "look", "source", "styles", "wide", "wrap")

    chars: list[str]
    styles: list[Style]
    wide: bool

    def __init__(self, gen: int = 0) -> None:
        self.chars = []
        self.styles = []
        self.wrap = False
        self.gen = gen
        self.wide = False
        self.source: str | None = None
        self.look = DEFAULT

    @classmethod
    def of(cls, source: str, look: Style = DEFAULT, gen: int = 0, *, wrap: bool = False) -> Row:
        """A row whose cells are made when they are asked for."""
        row = cls.__new__(cls)
        row.source, row.look, row.gen, row.wrap = source, look, gen, wrap
        return row

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            """Make the cells; only asked for attributes that are not there yet."""
            if name not in ("chars", "styles", "wide") or self.source is None:
                raise AttributeError(name)
            self.open()
            return getattr(self, name)

    def open(self) -> None:
        """Make the cells of `source`."""
        source, look = self.source or "", self.look
        self.source = None
        if source.isascii() and _ESC not in source:
            self.chars = list(source)
            self.styles = [look] * len(source)
            self.wide = False
            return
        chars: list[str] = []
        styles: list[Style] = []
        parts = split_source(source)
        for at, part in enumerate(parts):
            if at % 2:
                if part.endswith("m"):
                    look = look.steps.get(part) or look.after(part)
            elif part:
                made = cut(part).cells
                chars += made
                styles += [look] * len(made)
        self.chars, self.styles = chars, styles
        self.wide = "" in chars

    def become(self, source: str, look: Style) -> None:
        """Hold this text and nothing else."""
        if self.source is None:
            del self.chars, self.styles, self.wide
        self.source, self.look = source, look

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
        source = self.source
        if source is None:
            return "".join(self.chars).rstrip(" ")
        return _plain(source).rstrip(" ")


def split_source(source: str) -> list[str]:
    """Text and sequences of a source in turn, beginning and ending with text."""
    return _AT_SEQUENCES.split(source)


def _plain(source: str) -> str:
    """A source without its sequences."""
    return _AT_SEQUENCES.sub("", source) if _ESC in source else source


class Wrapped(str):
    """A plain line of the history that goes on in the next one."""

    __slots__ = ()


class Packed:
    """A coloured line of the history: its text with SGR sequences, or with stretches of styles.

    Attributes:
        source: as in `Row`.
        looks: the style in which it begins; or one for each stretch of `counts`.
        counts: how many cells each stretch of equal style has.
        wrap: as in `Row`.
    """

    __slots__ = ("counts", "looks", "source", "wrap")

    def __init__(
        self, source: str, looks: tuple[Style, ...], counts: tuple[int, ...], wrap: bool
    ) -> None:
        self.source = source
        self.looks = looks
        self.counts = counts
        self.wrap = wrap

    @property
    def text(self) -> str:
        """The line as text without trailing blanks."""
        return _plain(self.source).rstrip(" ")

    def row(self, gen: int) -> Row:
        """The line as a row."""
        row = Row.of(self.source, self.looks[0], gen, wrap=self.wrap)
        if self.counts:
            row.open()
            row.styles = list(chain.from_iterable(map(repeat, self.looks, self.counts)))
        return row


#: A line of the history: text where all is in the default style, packed, or the row itself.
Line = Row | str | Packed


def compact(row: Row) -> Line:
    """A row in as little room as keeps its cells: text, or packed, or the row itself."""
    source = row.source
    if source is not None:
        if row.look is DEFAULT and _ESC not in source:
            return Wrapped(source) if row.wrap else source
        return Packed(source, (row.look,), (), row.wrap)
    chars, styles = row.chars, row.styles
    text = "".join(chars)
    # Cells that did not come from a text as a whole cannot be made from it again.
    same = len(text) == len(chars) if text.isascii() else cut(text).cells == chars
    if not same or _ESC in text:
        return row
    if styles.count(DEFAULT) == len(styles):
        return Wrapped(text) if row.wrap else text
    stretches = [(look, len(list(stretch))) for look, stretch in groupby(styles)]
    looks, counts = zip(*stretches, strict=True)
    return Packed(text, looks, counts, row.wrap)


def line_row(line: Line, gen: int = 0) -> Row:
    """A line of the history as a row."""
    if isinstance(line, Row):
        return line
    if isinstance(line, Packed):
        return line.row(gen)
    return Row.of(line, DEFAULT, gen, wrap=isinstance(line, Wrapped))


def line_text(line: Line) -> str:
    """A line of the history as text, trailing blanks stripped."""
    return line.rstrip(" ") if isinstance(line, str) else line.text


def line_wraps(line: Line) -> bool:
    """Whether the line goes on in the next one."""
    return isinstance(line, Wrapped) if isinstance(line, str) else line.wrap


def line_fits(line: Line, columns: int) -> bool:
    """Whether the line surely has at most so many cells; false where one would have to count."""
    source = line if isinstance(line, str) else line.source
    if source is None:
        return isinstance(line, Row) and len(line.chars) <= columns
    text = _plain(source)
    return len(text) <= (columns if text.isascii() else columns // 2)
