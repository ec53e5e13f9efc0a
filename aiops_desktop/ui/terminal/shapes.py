"""Knows which characters are drawn as shapes, so that neighbouring cells join at any scale."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from aiops_desktop.ui.terminal.blocks import block, braille, sextant
from aiops_desktop.ui.terminal.boxes import box_drawing
from aiops_desktop.ui.terminal.cellshape import CellBox, Shape
from aiops_desktop.ui.terminal.wedges import powerline, wedge

#: First and last code point, and what makes their shapes.
_RANGES: tuple[tuple[int, int, Callable[[int, CellBox], Shape]], ...] = (
    (0x2500, 0x257F, box_drawing),
    (0x2580, 0x259F, block),
    (0x2800, 0x28FF, braille),
    (0xE0B0, 0xE0BF, powerline),
    (0x1FB00, 0x1FB3B, sextant),
    (0x1FB3C, 0x1FB6F, wedge),
    (0x1FB70, 0x1FB8B, block),
)


def is_shape(char: str) -> bool:
    """Whether `shape` knows this character."""
    return len(char) == 1 and any(first <= ord(char) <= last for first, last, _ in _RANGES)


def shape(char: str, box: CellBox) -> Shape:
    """The shape of a character in cells of this size.

    Raises:
        KeyError: it is none that `is_shape` knows.
    """
    for first, last, make in _RANGES:
        if first <= ord(char) <= last:
            made = make(ord(char), box)
            across = all(x == 0 and width == box.width for x, _, width, _ in made.rects)
            return replace(made, joins=made.simple and across)
    raise KeyError(char)
