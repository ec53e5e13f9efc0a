"""Colours by number and by name: the 256 of the palette, and what OSC 4 and 10 to 19 say."""

from __future__ import annotations

import re

from pyte import graphics

#: The indices 16 to 255 as red, green, blue in one number each; 0 to 15 are the theme's.
CUBE = tuple(int(name, 16) for name in graphics.FG_BG_256)

_X11 = re.compile(r"rgba?:([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})")
_HASH = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{9}|[0-9a-fA-F]{12})")


def parsed(text: str) -> int | None:
    """`rgb:r/g/b` or `#rgb` in any of X11's lengths as 0xRRGGBB; None when it is neither."""
    parts: list[int]
    if found := _X11.fullmatch(text):
        parts = [int(part, 16) * 255 // (16 ** len(part) - 1) for part in found.groups()]
    elif found := _HASH.fullmatch(text):
        digits = found.group(1)
        size = len(digits) // 3
        # XParseColor: the digits of "#" are the most significant ones.
        parts = [int(f"{digits[at : at + size]:0<4}"[:2], 16) for at in range(0, 3 * size, size)]
    else:
        return None
    red, green, blue = parts
    return red << 16 | green << 8 | blue


def spelled(colour: int) -> str:
    """0xRRGGBB as a terminal answers it, four digits a part."""
    parts = (colour >> 16 & 255, colour >> 8 & 255, colour & 255)
    return "rgb:" + "/".join(f"{part:02x}{part:02x}" for part in parts)


def luminance(colour: int) -> float:
    """How bright 0xRRGGBB is, from 0 to 1 (Rec. 601, on the values as they are)."""
    red, green, blue = colour >> 16 & 255, colour >> 8 & 255, colour & 255
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255
