"""The font of the grid: its variants, and the size of a cell in whole device pixels."""

from __future__ import annotations

import unicodedata
from math import floor

from PySide6.QtGui import QFont, QFontMetricsF

from aiops_desktop.ui.terminal.cellshape import CellBox
from aiops_desktop.ui.terminal.shapes import is_shape

#: A cell is 8 × 18 at Hack 13 (UI.md).
_HEIGHT = 18 / 13
#: A light line is one pixel thick at 13.
_LINE = 1 / 13
_MOST_KNOWN = 10_000


class CellFont:
    """A font fitted into cells.

    Everything is in device pixels, so that cells meet without seams at any scale.

    Attributes:
        width: of a cell.
        height: of a cell.
        baseline: from the top of a cell.
        line: thickness of lines.
        plain: which characters may stand in one text with others and keep to the grid.
    """

    def __init__(self, font: QFont, scale: float) -> None:
        """`font` has a pixel size in logical pixels; `scale` is device pixels a logical one."""
        self.scale = scale
        size = max(4, round(font.pixelSize() * scale))
        base = QFont(font)
        base.setPixelSize(size)
        base.setKerning(False)
        base.setFeature(QFont.Tag("liga"), 0)
        base.setFeature(QFont.Tag("calt"), 0)
        # Text is painted in several ways that must look alike, so all of it is smoothed in grey.
        base.setStyleStrategy(_STRATEGY.PreferAntialias | _STRATEGY.NoSubpixelAntialias)
        metrics = QFontMetricsF(base)
        self.width = max(2, round(metrics.horizontalAdvance("M")))
        self.height = max(4, round(size * _HEIGHT))
        body = metrics.ascent() + metrics.descent()
        self.baseline = floor((self.height - body) / 2 + metrics.ascent())
        self.line = max(1, round(size * _LINE))
        self._shaped = [_variant(base, number) for number in range(4)]
        self._spaced = [_spaced(one, self.width) for one in self._shaped]
        self.plain = _Plain(metrics)

    @property
    def box(self) -> CellBox:
        """The cell for shapes."""
        return CellBox(self.width, self.height, self.line)

    def spaced(self, variant: int) -> QFont:
        """For texts of many cells: 1 is bold, 2 italic, 3 both."""
        return self._spaced[variant]

    def shaped(self, variant: int) -> QFont:
        """For one cell's text, whose code points may join: clusters, emoji, other scripts."""
        return self._shaped[variant]


_STRATEGY = QFont.StyleStrategy


def _variant(base: QFont, number: int) -> QFont:
    made = QFont(base)
    made.setBold(bool(number & 1))
    made.setItalic(bool(number & 2))
    return made


def _spaced(font: QFont, width: int) -> QFont:
    """With letters as far apart as cells; without shaping, which halves the time it takes."""
    made = QFont(font)
    made.setStyleStrategy(font.styleStrategy() | _STRATEGY.PreferNoShaping)
    advance = QFontMetricsF(made).horizontalAdvance("M")
    made.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, width - advance)
    return made


class _Plain(dict[str, bool]):
    """A cell's content → whether it keeps to the grid inside a text of others."""

    def __init__(self, metrics: QFontMetricsF) -> None:
        super().__init__()
        self._metrics = metrics
        self._advance = metrics.horizontalAdvance("M")

    def __missing__(self, cell: str) -> bool:
        if len(self) > _MOST_KNOWN:
            self.clear()
        made = self[cell] = self._keeps(cell)
        return made

    def _keeps(self, cell: str) -> bool:
        if len(cell) != 1 or is_shape(cell):
            return False
        if cell.isascii():
            return True
        # Scripts that join or run from right to left would be reordered inside a text.
        simple = ord(cell) < 0x590 or 0x1E00 <= ord(cell) < 0x2E80
        if not simple or unicodedata.combining(cell) or not self._metrics.inFont(cell):
            return False
        return abs(self._metrics.horizontalAdvance(cell) - self._advance) < 0.26
