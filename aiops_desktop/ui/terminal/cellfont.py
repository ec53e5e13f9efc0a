"""The font of the grid: its variants, and the size of a cell in whole device pixels."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontMetricsF

#: A cell is 8 × 18 at Hack 13 (UI.md).
_HEIGHT = 18 / 13


class CellFont:
    """A font fitted into cells.

    Everything is in device pixels, so that cells meet without seams at any scale.

    Attributes:
        width: of a cell.
        height: of a cell.
        baseline: from the top of a cell.
        line: thickness of lines.
    """

    def __init__(self, font: QFont, scale: float) -> None:
        """`font` has a pixel size in logical pixels; `scale` is device pixels a logical one."""
        self.scale = scale
        size = max(4, round(font.pixelSize() * scale))
        plain = QFont(font)
        plain.setPixelSize(size)
        plain.setKerning(False)
        plain.setFeature(QFont.Tag("liga"), 0)
        plain.setFeature(QFont.Tag("calt"), 0)
        metrics = QFontMetricsF(plain)
        advance = metrics.horizontalAdvance("M")
        self.width = max(2, round(advance))
        self.height = max(4, round(size * _HEIGHT))
        body = metrics.ascent() + metrics.descent()
        self.baseline = round((self.height - body) / 2 + metrics.ascent())
        self.line = max(1, round(scale))
        plain.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, self.width - advance)
        self._metrics = metrics
        self._fits: dict[str, bool] = {}
        self._fonts = [QFont(plain) for _ in range(4)]
        for number, variant in enumerate(self._fonts):
            variant.setBold(bool(number & 1))
            variant.setItalic(bool(number & 2))

    def variant(self, *, bold: bool, italic: bool) -> QFont:
        """The font in one of its four variants."""
        return self._fonts[bold + 2 * italic]

    def fits(self, text: str) -> bool:
        """Whether a character keeps the grid when it is drawn inside a run of others."""
        known = self._fits.get(text)
        if known is None:
            if len(self._fits) > 10_000:
                self._fits.clear()
            inside = len(text) == 1 and ord(text) < 0x10000 and self._metrics.inFont(text)
            known = self._fits[text] = (
                inside and abs(self._metrics.horizontalAdvance(text) - self._advance()) < 0.26
            )
        return known

    def _advance(self) -> float:
        return self._metrics.horizontalAdvance("M")
