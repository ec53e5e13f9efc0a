"""Styles made ready for painting, each once."""

from __future__ import annotations

from PySide6.QtGui import QColor

from aiops_desktop.terminal.styles import (
    BLINK,
    BOLD,
    DOTTED,
    HIDDEN,
    ITALIC,
    UNDERLINES,
    Style,
)
from aiops_desktop.ui.terminal.colours import Paint, Palette
from aiops_desktop.ui.terminal.strokes import STROKES

#: Of `Look.traits`: bold, italic, has lines, blinks, is not shown.
VARIANT, STROKED, BLINKS, UNSEEN = 3, 4, 8, 16

_MOST = 20_000
_OPAQUE = 0xFF000000


class Look:
    """A style ready for painting.

    Attributes:
        ink: colour of the text, 0xAARRGGBB.
        fill: of the ground.
        text: the same as `ink`.
        shape: of box and block characters.
        ground: the same as `fill`.
        underline: of underlines.
        flags: the style's, with a dotted underline for links.
        variant: of the font: 1 is bold, 2 italic, 3 both.
        traits: all that matters for how a row is painted, as bits of this module.
    """

    __slots__ = (
        "fill",
        "flags",
        "ground",
        "ink",
        "shape",
        "text",
        "traits",
        "underline",
        "variant",
    )

    def __init__(self, style: Style, paint: Paint) -> None:
        self.ink = _OPAQUE | paint.text
        self.fill = _OPAQUE | paint.ground
        self.text = QColor.fromRgb(paint.text)
        self.shape = self.text if paint.shape == paint.text else QColor.fromRgb(paint.shape)
        self.ground = QColor.fromRgb(paint.ground)
        self.underline = (
            self.text if paint.underline == paint.text else QColor.fromRgb(paint.underline)
        )
        linked = style.link is not None and not style.flags & UNDERLINES
        self.flags = style.flags | (DOTTED if linked else 0)
        self.variant = bool(style.flags & BOLD) + 2 * bool(style.flags & ITALIC)
        self.traits = (
            self.variant
            | (STROKED if self.flags & STROKES else 0)
            | (BLINKS if self.flags & BLINK else 0)
            | (UNSEEN if self.flags & HIDDEN else 0)
        )


class Looks(dict[Style, Look]):
    """The look of each style under one palette; fills itself, and is bounded."""

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self.palette = palette
        self.ground = QColor.fromRgb(palette.ground)

    def __missing__(self, style: Style) -> Look:
        if len(self) > _MOST:
            self.clear()
        made = self[style] = Look(style, self.palette.paint(style))
        return made
