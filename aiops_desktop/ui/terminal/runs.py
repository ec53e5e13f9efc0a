"""Cuts a row into stretches that are painted alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from aiops_desktop.terminal.styles import DEFAULT, Style

#: Cells [left, right) with another ground, such as a selection or what a search found.
Mark = tuple[int, int, str]
Marks = tuple[Mark, ...]


def runs(
    styles: Sequence[Style], marks: Marks, columns: int
) -> Iterator[tuple[int, int, Style, str]]:
    """Stretches of one style and one mark: left, right, style, the mark's colour or ""."""
    edges = sorted({edge for left, right, _ in marks for edge in (left, right)})
    size = len(styles)
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
    left: int, right: int, look: Style, marks: Marks, edges: Sequence[int]
) -> Iterator[tuple[int, int, Style, str]]:
    if not marks:
        if left < right:
            yield left, right, look, ""
        return
    inner = [left, *(edge for edge in edges if left < edge < right), right]
    for begin, end in pairwise(inner):
        colour = ""
        for first, last, name in marks:
            if first <= begin < last:
                colour = name
        if begin < end:
            yield begin, end, look, colour
