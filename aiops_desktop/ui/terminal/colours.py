"""The terminal's palettes (UI.md), and the colours a cell is painted in."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from aiops_desktop.terminal.colours import CUBE
from aiops_desktop.terminal.styles import BOLD, FAINT, HIDDEN, REVERSE, RGB, Style


@dataclass(frozen=True, slots=True)
class TerminalColours:
    """One palette, all as #rrggbb.

    Attributes:
        ansi: black red green yellow blue magenta cyan white, then the bright ones.
        match: ground of what a search found.
        current_match: ground of the one being looked at.
    """

    ansi: tuple[str, ...]
    ground: str
    text: str
    cursor: str
    selection: str
    match: str
    current_match: str

    def theme(self) -> dict[int | str, int]:
        """The colours as the emulator answers questions with them."""
        named: dict[int | str, int] = {
            "foreground": _number(self.text),
            "background": _number(self.ground),
            "cursor": _number(self.cursor),
            "selection": _number(self.selection),
            "selected": _number(self.text),
        }
        return named | {at: _number(colour) for at, colour in enumerate(self.ansi)}


#: Contrast that text has against its cell at least (WCAG 2.2, "contrast minimum").
LEGIBLE = 4.5
#: So that rounding never leaves a colour just below that.
_A_LITTLE = 1e-9
#: Part of the ground in faint text.
_FAINT = 0.4

_LIGHT = (
    "#1b222c #b8283f #17734a #8a5a00 #2459c9 #8a38a1 #007884 #6d7683 "
    "#566273 #da0b41 #008651 #a26400 #1d61f4 #a334c0 #007f8e #0e1116"
)
_DARK = (
    "#343c48 #ff8593 #55c892 #e2b14a #7dabff #cd92df #5dc8d3 #c4cbd5 "
    "#7e8896 #ff9ba7 #70dba6 #f4c566 #92bfff #dfa6f1 #78dbe5 #f8f9fb"
)

LIGHT = TerminalColours(
    ansi=tuple(_LIGHT.split()),
    ground="#ffffff",
    text="#1b222c",
    cursor="#2459c9",
    selection="#c2d3f4",
    match="#dcceb2",
    current_match="#8a5a00",
)
DARK = TerminalColours(
    ansi=tuple(_DARK.split()),
    ground="#1b1f26",
    text="#e4e8ee",
    cursor="#7dabff",
    selection="#2d4768",
    match="#5f5132",
    current_match="#e2b14a",
)

SCHEMES = {"light": LIGHT, "dark": DARK}

#: What a program set itself: 0xRRGGBB by number of the palette or name (OSC 4, 10 to 19).
Own = Mapping[int | str, int]


class Paint(NamedTuple):
    """What a style is painted in, as 0xRRGGBB.

    Attributes:
        text: lifted to 4.5:1 against `ground`.
        shape: the same before lifting, for box and block characters.
    """

    text: int
    shape: int
    ground: int
    underline: int


class Palette:
    """A palette, what the program set itself, and how attributes change colours."""

    def __init__(
        self,
        colours: TerminalColours,
        own: Own,
        *,
        reverse_video: bool = False,
        bold_is_bright: bool = False,
    ) -> None:
        theme = colours.theme()
        self._own = own
        self._ansi = [theme[at] for at in range(16)]
        self._text = own.get("foreground", theme["foreground"])
        self._ground = own.get("background", theme["background"])
        self._reverse = reverse_video
        self._bright = bold_is_bright
        #: The cursor, and the ground of what is selected.
        self.cursor = own.get("cursor", theme["cursor"])
        self.selection = own.get("selection", theme["selection"])
        self.match = _number(colours.match)
        self.current_match = _number(colours.current_match)

    @property
    def ground(self) -> int:
        """What is behind cells without a ground of their own."""
        return self._text if self._reverse else self._ground

    @property
    def text(self) -> int:
        """What plain text is written in."""
        return self._ground if self._reverse else self._text

    def paint(self, look: Style) -> Paint:
        """The colours of a style."""
        flags, fg = look.flags, look.fg
        if self._bright and flags & BOLD and fg is not None and fg < 8:
            fg += 8
        ground = self._ground if look.bg is None else self._rgb(look.bg)
        shape = self._text if fg is None else self._rgb(fg)
        if bool(flags & REVERSE) != self._reverse:
            ground, shape = shape, ground
        if flags & FAINT:
            shape = blend(shape, ground, _FAINT)
        if flags & HIDDEN:
            return Paint(ground, ground, ground, ground)
        text = lifted(shape, ground)
        under = look.underline_colour
        return Paint(text, shape, ground, text if under is None else self._rgb(under))

    def _rgb(self, colour: int) -> int:
        if colour >= RGB:
            return colour & 0xFFFFFF
        own = self._own.get(colour)
        if own is not None:
            return own
        return self._ansi[colour] if colour < 16 else CUBE[colour]


def _linear(part: int) -> float:
    value = part / 255
    return value / 12.92 if value <= 0.03928 else float(((value + 0.055) / 1.055) ** 2.4)


_LINEAR = [_linear(part) for part in range(256)]


def brightness(colour: int) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2)."""
    red, green, blue = _LINEAR[colour >> 16], _LINEAR[colour >> 8 & 255], _LINEAR[colour & 255]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: int, other: int) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    a, b = brightness(one), brightness(other)
    return (a + 0.05) / (b + 0.05) if a > b else (b + 0.05) / (a + 0.05)


def blend(one: int, other: int, part: float) -> int:
    """`part` (0 to 1) of another colour in one."""
    made = 0
    for shift in (16, 8, 0):
        begin, end = one >> shift & 255, other >> shift & 255
        made |= round(begin + (end - begin) * part) << shift
    return made


@lru_cache(maxsize=16_384)
def lifted(colour: int, ground: int) -> int:
    """A text colour moved towards black or white, no further than 4.5:1 needs.

    It is moved in linear light, where the brightness of a mixture is the mixture of brightnesses;
    so the part that is needed is known without a search.
    """
    red, green, blue = _LINEAR[colour >> 16], _LINEAR[colour >> 8 & 255], _LINEAR[colour & 255]
    own = 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05
    behind = brightness(ground) + 0.05
    if own >= LEGIBLE * behind or behind >= LEGIBLE * own:
        return colour
    # Either black or white reaches 4.5:1 on every ground: the product of their contrasts is 21.
    if behind * behind < 1.05 * 0.05:
        part = (LEGIBLE * behind - own) / (1.05 - own) + _A_LITTLE
        parts = [bisect_left(_LINEAR, one + (1 - one) * part) for one in (red, green, blue)]
    else:
        rest = (behind / LEGIBLE - 0.05) / (own - 0.05) - _A_LITTLE
        parts = [bisect_right(_LINEAR, one * rest) - 1 for one in (red, green, blue)]
    red, green, blue = (max(0, min(one, 255)) for one in parts)
    return red << 16 | green << 8 | blue


def _number(colour: str) -> int:
    return int(colour[1:], 16)
