"""Colours by number and by name: the 256 of the palette, and what OSC 4 and 10 to 19 say."""

from __future__ import annotations

import re

from pyte import graphics

from aiops_desktop.terminal.colour_names import named
from aiops_desktop.terminal.colour_spaces import measured

#: The indices 16 to 255 as red, green, blue in one number each; 0 to 15 are the theme's.
CUBE = tuple(int(name, 16) for name in graphics.FG_BG_256)

_X11 = re.compile(r"(?i:rgb):([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})")
_HASH = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{9}|[0-9a-fA-F]{12})")


def parsed(text: str) -> int | None:
    """A colour in any of X11's spellings (X(7)) as 0xRRGGBB; None when it is none.

    `rgb:r/g/b` and `#rgb` with one to four digits each, `rgbi:r/g/b`, `CIEXYZ:x/y/z` and the other
    spaces of `colour_spaces`, or a name.
    """
    parts: list[int]
    if found := _X11.fullmatch(text):
        parts = [int(part, 16) * 255 // (16 ** len(part) - 1) for part in found.groups()]
    elif found := _HASH.fullmatch(text):
        digits = found.group(1)
        size = len(digits) // 3
        # XParseColor: the digits of "#" are the most significant ones.
        parts = [int(f"{digits[at : at + size]:0<4}"[:2], 16) for at in range(0, 3 * size, size)]
    elif ":" in text:
        return _measured(text)
    else:
        return named(text[:64])
    red, green, blue = parts
    return red << 16 | green << 8 | blue


def _measured(text: str) -> int | None:
    space, _, rest = text[:256].partition(":")
    try:
        return measured(space, [float(part) for part in rest.split("/")])
    except (ValueError, OverflowError):
        return None


def spelled(colour: int) -> str:
    """0xRRGGBB as a terminal answers it, four digits a part."""
    parts = (colour >> 16 & 255, colour >> 8 & 255, colour & 255)
    return "rgb:" + "/".join(f"{part:02x}{part:02x}" for part in parts)


def luminance(colour: int) -> float:
    """How bright 0xRRGGBB is, from 0 to 1 (Rec. 601, on the values as they are)."""
    red, green, blue = colour >> 16 & 255, colour >> 8 & 255, colour & 255
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255
