"""The terminal's palettes (UI.md), and the colours a cell is painted in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aiops_desktop.terminal.colours import CUBE
from aiops_desktop.terminal.styles import BOLD, FAINT, HIDDEN, REVERSE, RGB, Colour, Style
from aiops_desktop.ui.theme import contrast, legible, mix


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


@dataclass(frozen=True, slots=True)
class Paint:
    """What a style is painted in.

    Attributes:
        text: lifted to 4.5:1 against `ground`.
        shape: the same before lifting, for box and block characters.
        ground: "" when it is the terminal's own.
    """

    text: str
    shape: str
    ground: str
    underline: str


def paint_of(
    look: Style,
    colours: TerminalColours,
    own: Mapping[int | str, int],
    *,
    reverse_video: bool = False,
    bold_is_bright: bool = False,
) -> Paint:
    """The colours of a style under a palette and what the program set itself (`own`)."""
    ground = _colour(look.bg, colours, own, "background")
    fg = look.fg
    if bold_is_bright and look.flags & BOLD and fg is not None and fg < 8:
        fg += 8
    shape = _colour(fg, colours, own, "foreground")
    if bool(look.flags & REVERSE) != reverse_video:
        ground, shape = shape, ground
    if look.flags & FAINT:
        shape = mix(shape, ground, 0.4)
    text = ground if look.flags & HIDDEN else lifted(shape, ground)
    under = look.underline_colour
    return Paint(
        text=text,
        shape=ground if look.flags & HIDDEN else shape,
        ground="" if ground == colours.ground else ground,
        underline=text if under is None else _colour(under, colours, own, "foreground"),
    )


def lifted(colour: str, ground: str) -> str:
    """A text colour moved towards black or white, no further than 4.5:1 needs."""
    if contrast(colour, ground) >= 4.5:
        return colour
    end = "#ffffff" if contrast("#ffffff", ground) > contrast("#000000", ground) else "#000000"
    return legible(colour, ground, end)


def _colour(
    colour: Colour, colours: TerminalColours, own: Mapping[int | str, int], name: str
) -> str:
    if colour is None:
        if name in own:
            return f"#{own[name]:06x}"
        return colours.text if name == "foreground" else colours.ground
    if colour >= RGB:
        return f"#{colour & 0xFFFFFF:06x}"
    if colour in own:
        return f"#{own[colour]:06x}"
    return colours.ansi[colour] if colour < 16 else f"#{CUBE[colour]:06x}"


def _number(colour: str) -> int:
    return int(colour[1:], 16)
