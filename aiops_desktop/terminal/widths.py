"""How many cells a character takes, as regular expressions and a bounded table.

The table is wcwidth's, but where tmux, xterm and the C library agree on something else: a spacing
mark (Mc) takes a cell of its own, and a regional indicator takes one (a flag is two of them).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache

from wcwidth import wcwidth

#: In the table of `cells`: joins the cell before, or may do so.
JOINS = ("\0",)
_MOST = 20_000
_LAST_MAPPED = 0x10000
_HANGUL_TONES = "\u302e\u302f"


def is_indicator(char: str) -> bool:
    """Whether it is a regional indicator, two of which are a flag."""
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def is_skin_tone(char: str) -> bool:
    """Whether it is an emoji modifier."""
    return "\U0001f3fb" <= char <= "\U0001f3ff"


def width(char: str) -> int:
    """Cells that a character takes when nothing joins it: 0, 1 or 2."""
    if is_indicator(char):
        return 1
    size = wcwidth(char)
    if size < 1 and unicodedata.category(char) == "Mc" and char not in _HANGUL_TONES:
        return 1
    return max(size, 0)


def alone(char: str) -> tuple[str, ...]:
    """The cells of a character that joins nothing; none for a mark."""
    return ((), (char,), (char, ""))[width(char)]


def _class(codes: Iterable[int]) -> str:
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{re.escape(chr(a))}-{re.escape(chr(b))}" for a, b in ranges)


@cache
def _searches() -> tuple[Callable[[str], object], Callable[[str], object]]:
    """Search for what is not one cell by itself, and for what may join the cell before.

    Classes of many ranges above the BMP cost ten times more, so that there everything counts for
    the first, and for the second all but the blocks of emoji and ideographs.
    """
    widths = {
        code: width(chr(code)) for code in range(0xA0, _LAST_MAPPED) if not 0xD800 <= code < 0xE000
    }
    special = _class(code for code, size in widths.items() if size != 1)
    joining = _class(code for code, size in widths.items() if not size)
    above = "\U00010000-\U0001f2ff\U0001f3fb-\U0001f3ff\U000e0000-\U0010ffff"
    return (
        re.compile(f"[{special}\U00010000-\U0010ffff]").search,
        re.compile(f"[{joining}{above}]").search,
    )


def simple(text: str) -> bool:
    """Whether every character takes exactly one cell. `text` holds no control characters."""
    return text.isascii() or not _searches()[0](text)


def may_join(text: str) -> bool:
    """Whether a character may join the one before it; true for some that never do."""
    return not text.isascii() and bool(_searches()[1](text))


class _Cells(dict[str, tuple[str, ...]]):
    """A character → its cells: itself, itself and "", or `JOINS`."""

    def __missing__(self, char: str) -> tuple[str, ...]:
        if len(self) > _MOST:
            self.clear()
        made = alone(char)
        if not made or is_indicator(char) or is_skin_tone(char):
            made = JOINS
        self[char] = made
        return made


_table = _Cells()
cells: Callable[[str], tuple[str, ...]] = _table.__getitem__
