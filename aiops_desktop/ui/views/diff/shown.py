"""A line of code as it can be shown: tabs as blanks, and nothing that hides or turns text."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

TAB = 4
#: Columns of a line that are shown; what is beyond is counted.
WIDEST = 4_000

# Characters that do not stand where they are seen: controls, and the marks that turn the writing
# direction, with which a change can be made to look like another one (CVE-2021-42574).
_STRANGE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\u2028\u2029]"
)


@lru_cache(maxsize=4096)
def shown(text: str) -> tuple[str, tuple[int, ...] | None]:
    """The text to paint, and the column each character of `text` begins at.

    The columns are None when every character is shown as itself. A CR at the end (a Windows line
    end) is shown as ␍.
    """
    cut = text[:WIDEST]
    if not _STRANGE.search(cut):
        return cut + _rest(text), None
    made: list[str] = []
    columns: list[int] = []
    column = 0
    for letter in cut:
        columns.append(column)
        piece = _piece(letter, column) if _STRANGE.match(letter) else letter
        made.append(piece)
        column += len(piece)
    columns.append(column)
    return "".join(made) + _rest(text), tuple(columns)


def _rest(text: str) -> str:
    return f" … {len(text) - WIDEST} more" if len(text) > WIDEST else ""


def _piece(letter: str, column: int) -> str:
    if letter == "\t":
        return " " * (TAB - column % TAB)
    if letter < " ":
        return chr(0x2400 + ord(letter))  # Unicode's control pictures
    return f"[U+{ord(letter):04X}]"


def narrow(text: str) -> bool:
    """Whether each character takes exactly one column of a monospace font."""
    return text.isascii()


def columns(text: str) -> int:
    """About how many columns a text takes, wide characters counted twice."""
    if len(text) < WIDEST and text.isascii() and text.isprintable():
        return len(text)
    piece, _ = shown(text)
    if piece.isascii():
        return len(piece)
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in piece)
