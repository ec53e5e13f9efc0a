"""Styles made ready for painting, each once."""

from __future__ import annotations

from functools import cached_property

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
        flags: the style's, with a dotted underline for links.
        variant: of the font: 1 is bold, 2 italic, 3 both.
        traits: all that matters for how a row is painted, as bits of this module.
    """

    def __init__(self, style: Style, paint: Paint) -> None:
        self._paint = paint
        self.ink = _OPAQUE | paint.text
        self.fill = _OPAQUE | paint.ground
        flags = style.flags
        if style.link is not None and not flags & UNDERLINES:
            flags |= DOTTED
        self.flags = flags
        self.variant = self.traits = 0
        if flags:
            self.variant = bool(flags & BOLD) + 2 * bool(flags & ITALIC)
            self.traits = (
                self.variant
                | (STROKED if flags & STROKES else 0)
                | (BLINKS if flags & BLINK else 0)
                | (UNSEEN if flags & HIDDEN else 0)
            )

    # Made when they are asked for: a row of many colours is painted without any of them.

    @cached_property
    def text(self) -> QColor:
        """The same as `ink`."""
        return QColor.fromRgb(self._paint.text)

    @cached_property
    def shape(self) -> QColor:
        """Of box and block characters."""
        return QColor.fromRgb(self._paint.shape)

    @cached_property
    def ground(self) -> QColor:
        """The same as `fill`."""
        return QColor.fromRgb(self._paint.ground)

    @cached_property
    def underline(self) -> QColor:
        """Of underlines."""
        return QColor.fromRgb(self._paint.underline)


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
