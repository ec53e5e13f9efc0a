"""Rectangles of cells: copy, fill, erase, change attributes, sum up (DEC STD 070, VT420)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from aiops_desktop.terminal.editing import Editing
from aiops_desktop.terminal.pieces import blanks, cut_out, put_in
from aiops_desktop.terminal.rows import Row
from aiops_desktop.terminal.styles import (
    BLINK,
    BOLD,
    HIDDEN,
    REVERSE,
    UNDERLINE,
    UNDERLINES,
    Style,
    style,
)

_ALL = UNDERLINES | BOLD | BLINK | REVERSE | HIDDEN
#: SGR codes that DECCARA and DECRARA know.
_ATTRIBUTES = {1: BOLD, 4: UNDERLINE, 5: BLINK, 7: REVERSE, 8: HIDDEN}
#: What a cell's attributes add to the checksum.
_WEIGHTS = {HIDDEN: 0x08, UNDERLINES: 0x10, REVERSE: 0x20, BLINK: 0x40, BOLD: 0x80}

# Bits of XTCHECKSUM.
_NOT_NEGATED, _NO_ATTRIBUTES, _BLANKS_TOO, _ONLY_WRITTEN, _WHOLE_CHARACTERS = 1, 2, 4, 8, 16


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of cells, from 0; `bottom` and `right` are behind the last ones."""

    top: int
    left: int
    bottom: int
    right: int


class Rectangles(Editing):
    """Works on rectangles; margins do not matter to them, origin mode does."""

    def reset(self) -> None:
        """RIS."""
        super().reset()
        self.attribute_extent = 0
        self.checksum_flags = _BLANKS_TOO

    def _box(self, parameters: tuple[int, ...]) -> Box | None:
        """Top, left, bottom, right as given, clipped; None when there is nothing inside."""
        top, left, bottom, right = (*parameters[:4], 0, 0, 0, 0)[:4]
        row, column, last_row, last_column = self._origin()
        box = Box(
            (top or 1) - 1 + row,
            (left or 1) - 1 + column,
            min(bottom + row, last_row) if bottom else last_row,
            min(right + column, last_column) if right else last_column,
        )
        return box if box.top < box.bottom and box.left < box.right else None

    def _origin(self) -> tuple[int, int, int, int]:
        """The rectangle that coordinates count in."""
        if self.origin:
            return self.top, self.left, self.bottom + 1, self.right + 1
        return 0, 0, self.lines, self.columns

    def _in(self, box: Box) -> list[Row]:
        rows = self.rows[box.top : box.bottom]
        for row in rows:
            row.gen = self.gen
        return rows

    def copy_rectangle(self, *parameters: int) -> None:
        """DECCRA: four of the source, its page, top and left of the target; one page is there."""
        box = self._box(parameters)
        if box is None:
            return
        row, column, last_row, last_column = self._origin()
        top, left = (*parameters[5:7], 0, 0)[:2]
        top, left = (top or 1) - 1 + row, (left or 1) - 1 + column
        width = min(box.right - box.left, last_column - left)
        if width < 1:
            return
        pieces = [cut_out(row, box.left, box.left + width) for row in self._in(box)]
        for target, piece in zip(self.rows[top:last_row], pieces, strict=False):
            put_in(target, left, piece)
            target.gen = self.gen

    def fill_rectangle(self, *parameters: int) -> None:
        """DECFRA: with a character in the present style."""
        code = parameters[0] if parameters else 0
        box = self._box(parameters[1:])
        if box is None or not (32 <= code <= 126 or 160 <= code <= 255):
            return
        filled = blanks(box.right - box.left, self.pen)
        filled.chars[:] = [chr(code)] * len(filled.chars)
        for row in self._in(box):
            put_in(row, box.left, filled)

    def erase_rectangle(self, *parameters: int) -> None:
        """DECERA: protected or not."""
        box = self._box(parameters)
        if box is not None:
            empty = blanks(box.right - box.left, self.pen.blank)
            for row in self._in(box):
                put_in(row, box.left, empty)

    def erase_rectangle_selectively(self, *parameters: int) -> None:
        """DECSERA: what is not protected by DECSCA; SPA's protection does not count here."""
        if self.guarded:
            self.erase_rectangle(*parameters)
            return
        box = self._box(parameters)
        if box is not None:
            for row in self._in(box):
                self.erase(row, box.left, box.right, selective=True)

    # Attributes

    def set_attribute_extent(self, how: int = 0) -> None:
        """DECSACE: attributes change from the first to the last cell (0, 1), or in a box (2)."""
        if how <= 2:
            self.attribute_extent = how

    def change_attributes(self, *parameters: int) -> None:
        """DECCARA: set and reset them in a rectangle."""
        codes = parameters[4:] or (0,)

        def changed(look: Style) -> Style:
            flags = look.flags
            for code in codes:
                if code == 0:
                    flags &= ~_ALL
                elif code in _ATTRIBUTES:
                    flags = flags & ~_cleared(code) | _ATTRIBUTES[code]
                elif code == 22:
                    flags &= ~BOLD
                elif code - 20 in _ATTRIBUTES:
                    flags &= ~_cleared(code - 20)
            return _with_flags(look, flags)

        self._change(parameters, changed)

    def reverse_attributes(self, *parameters: int) -> None:
        """DECRARA: turn them over in a rectangle."""
        codes = parameters[4:] or (0,)
        named = [code for code in codes if code in _ATTRIBUTES]
        if 0 in codes:
            named += [1, 4, 5, 7]

        def turned(look: Style) -> Style:
            flags = look.flags
            for code in named:
                on = flags & _cleared(code)
                flags = flags & ~_cleared(code) | (0 if on else _ATTRIBUTES[code])
            return _with_flags(look, flags)

        self._change(parameters, turned)

    def _change(self, parameters: tuple[int, ...], changed: Callable[[Style], Style]) -> None:
        box = self._box(parameters)
        if box is None:
            return
        _, first, _, last = self._origin()
        stream = self.attribute_extent != 2
        for y, row in enumerate(self._in(box), box.top):
            left = first if stream and y > box.top else box.left
            right = last if stream and y < box.bottom - 1 else box.right
            row.pad(right)
            looks = row.styles[left:right]
            known = {look: changed(look) for look in set(looks)}
            row.styles[left:right] = [known[look] for look in looks]

    # The checksum

    def set_checksum_flags(self, flags: int = 0) -> None:
        """XTCHECKSUM."""
        self.checksum_flags = flags & 0x3F

    def checksum(self, *parameters: int) -> int:
        """The sum of a rectangle's characters and attributes (DECRQCRA), 16 bits."""
        flags, total = self.checksum_flags, 0
        box = self._box(parameters)
        if box is None:
            return 0
        for row in self.rows[box.top : box.bottom]:
            chars, styles = row.chars[box.left : box.right], row.styles[box.left : box.right]
            if not flags & _BLANKS_TOO:
                while chars and chars[-1] == " ":
                    chars.pop()
                del styles[len(chars) :]
            elif not flags & _ONLY_WRITTEN:
                total += 32 * (box.right - box.left - len(chars))
            total += _weight_of_characters(chars, flags)
            if not flags & _NO_ATTRIBUTES:
                total += sum(_weight(look) * count for look, count in Counter(styles).items())
        return (total if flags & _NOT_NEGATED else -total) & 0xFFFF


def _with_flags(look: Style, flags: int) -> Style:
    return style(look.fg, look.bg, flags, look.underline_colour, look.link)


def _cleared(code: int) -> int:
    """The flags that an attribute stands for when it is taken away."""
    return UNDERLINES if code == 4 else _ATTRIBUTES[code]


def _weight(look: Style) -> int:
    return sum(weight for flag, weight in _WEIGHTS.items() if look.flags & flag)


def _weight_of_characters(chars: list[str], flags: int) -> int:
    text = "".join(chars)
    if text.isascii():
        return sum(text.encode())
    if flags & _WHOLE_CHARACTERS:
        return sum(map(ord, text))
    return sum(ord(char[:1] or "\0") & 0xFF for char in chars)
