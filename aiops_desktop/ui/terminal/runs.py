"""Cuts a row into stretches that are painted alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from operator import is_not
from typing import NamedTuple

from aiops_desktop.terminal.styles import DEFAULT, Style

#: Cells [left, right) with another ground (0xRRGGBB), such as what is selected.
Mark = tuple[int, int, int]
#: Instead of a mark's ground: none.
UNMARKED = -1


class Marks(NamedTuple):
    """What is marked in a row.

    Attributes:
        grounds: other grounds; of two over each other the later one shows.
        underlined: cells [left, right) that the pointer is over.
    """

    grounds: tuple[Mark, ...] = ()
    underlined: tuple[tuple[int, int], ...] = ()


NO_MARKS = Marks()


def changes(styles: Sequence[Style]) -> int:
    """How often the style changes along a row."""
    if not styles or styles.count(styles[0]) == len(styles):
        return 0
    return sum(map(is_not, styles, styles[1:]))


def runs(
    styles: Sequence[Style], marks: Sequence[Mark], columns: int
) -> Iterator[tuple[int, int, Style, int]]:
    """Stretches of one style and one mark: left, right, style, the mark's ground or `UNMARKED`."""
    edges = sorted({edge for left, right, _ in marks for edge in (left, right)})
    size = min(len(styles), columns)
    at = 0
    while at < size:
        look = styles[at]
        end = at + 1
        while end < size and styles[end] is look:
            end += 1
        yield from _cut(at, end, look, marks, edges)
        at = end
    yield from _cut(size, columns, DEFAULT, marks, edges)


def _cut(
    left: int, right: int, look: Style, marks: Sequence[Mark], edges: Sequence[int]
) -> Iterator[tuple[int, int, Style, int]]:
    inner = [left, *(edge for edge in edges if left < edge < right), right]
    for begin, end in pairwise(inner):
        ground = UNMARKED
        for first, last, colour in marks:
            if first <= begin < last:
                ground = colour
        if begin < end:
            yield begin, end, look, ground
