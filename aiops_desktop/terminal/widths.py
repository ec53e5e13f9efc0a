"""How many cells a character takes, as regular expressions and a bounded table."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from wcwidth import wcwidth

#: Stands for "joins the cell before" in the table of `cells`.
JOINS = "\0"
_MOST = 20_000
_LAST_MAPPED = 0x10000


@cache
def _not_simple() -> Callable[[str], re.Match[str] | None]:
    """Searches for a character that does not take exactly one cell.

    Everything above the BMP counts: a class of many astral ranges costs ten times more.
    """
    ranges: list[list[int]] = []
    for code in range(0xA0, _LAST_MAPPED):
        if 0xD800 <= code < 0xE000 or wcwidth(chr(code)) == 1:
            continue
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    inside = "".join(f"{re.escape(chr(a))}-{re.escape(chr(b))}" for a, b in ranges)
    return re.compile(f"[{inside}\U00010000-\U0010ffff]").search


def simple(text: str) -> bool:
    """Whether every character takes exactly one cell. `text` holds no control characters."""
    return text.isascii() or not _not_simple()(text)


@cache
def _marks() -> Callable[[str], list[str]]:
    """Splits a text at the marks of the BMP: `[text, marks, text, …]`."""
    ranges: list[list[int]] = []
    for code in range(0x300, _LAST_MAPPED):
        if 0xD800 <= code < 0xE000 or wcwidth(chr(code)) > 0:
            continue
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    inside = "".join(f"{re.escape(chr(a))}-{re.escape(chr(b))}" for a, b in ranges)
    return re.compile(f"([{inside}\xad]+)").split


def at_marks(text: str) -> list[str]:
    """Text and marks that join the character before it, in turn, beginning with text."""
    if max(text) < "\U00010000":
        return _marks()(text)
    parts = [""]
    for char in text:
        joins = _table[char][0] == JOINS
        if joins == bool(len(parts) % 2):
            parts.append("")
        parts[-1] += char
    return parts


class _Cells(dict[str, tuple[str, ...]]):
    """A character → its cells: itself, itself and "", or `JOINS`."""

    def __missing__(self, character: str) -> tuple[str, ...]:
        if len(self) > _MOST:
            self.clear()
        width = wcwidth(character)
        made = (character,) if width == 1 else (character, "") if width == 2 else (JOINS,)
        self[character] = made
        return made


_table = _Cells()
cells: Callable[[str], tuple[str, ...]] = _table.__getitem__


def wide(cell: str) -> bool:
    """Whether the content of a cell takes two cells."""
    return bool(cell) and not cell.isascii() and len(_table[cell[0]]) == 2
