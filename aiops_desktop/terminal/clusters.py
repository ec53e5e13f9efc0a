"""Grapheme clusters: which characters share one cell, and when that cell becomes a wide one.

Marks join the cell before them; UAX #29 decides for regional indicators, skin tones and what
follows a zero width joiner. A cluster is as wide as its first character; a flag, a skin tone and
variation selector 16 behind a character that has an emoji form make it wide, as in tmux from 3.4
on, kitty and the proposal of mode 2027. Variation selector 15 changes no width, as in tmux.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from wcwidth import iter_graphemes, wcswidth

from aiops_desktop.terminal.widths import (
    JOINS,
    alone,
    cells,
    is_indicator,
    is_skin_tone,
    may_join,
    width,
)

#: Code points in one cell; what joins a fuller one is dropped.
CLUSTER_MOST = 32
ZWJ = "\u200d"
_VS16 = "\ufe0f"
_flat = chain.from_iterable


class Cut(NamedTuple):
    """A text as cells. `before`: the cell before it now; `grown`: which became a wide one."""

    before: str
    grown: bool
    cells: list[str]


def cut(text: str, before: str = "", *, modern: bool = True) -> Cut:
    """Cut a text into cells, "" behind a wide one.

    Args:
        text: without control characters.
        before: the content of the cell before it, which its beginning may join.
        modern: variation selectors and skin tones may make a cell wide (mode 2027).
    """
    if not (may_join(text) or before.endswith(ZWJ)):
        return Cut(before, False, list(_flat(map(cells, text))))
    found = list(map(cells, text))
    grown = False
    size, at, base, content, last = len(text), 0, -1, before, -1
    while at < size:
        if not (at == last + 1 and content.endswith(ZWJ)):
            try:
                at = found.index(JOINS, at)
            except ValueError:
                break
        if at - 1 != last:
            base, content = at - 1, text[at - 1]
        char = text[at]
        if joins(content, char, modern):
            wider = widens(content, char, modern)
            content = (content + char)[:CLUSTER_MOST]
            found[at] = ()
            if base < 0:
                before, grown = content, grown or wider
            else:
                wide = wider or len(found[base]) == 2
                found[base] = (content, "") if wide else (content,)
        else:
            found[at] = alone(char)
            if found[at]:
                base, content = at, char
        last = at
        at += 1
    return Cut(before, grown, list(_flat(found)))


@lru_cache(4096)
def joins(content: str, char: str, modern: bool) -> bool:
    """Whether a character becomes part of the cell with this content."""
    if not content:
        return False
    if not width(char):
        return True
    if is_skin_tone(char) and (not modern or content[0].isascii()):
        return False
    return next(iter_graphemes(content + char)) == content + char


@lru_cache(4096)
def widens(content: str, char: str, modern: bool) -> bool:
    """Whether a narrow cell with this content becomes a wide one by what joins it."""
    if char == _VS16:
        return modern and wcswidth(content[0] + _VS16) == 2
    return is_indicator(char) or is_skin_tone(char)
