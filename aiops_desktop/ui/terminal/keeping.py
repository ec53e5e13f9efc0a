"""Puts the history of a terminal onto paper or into a file."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QIODevice
from PySide6.QtGui import QFont, QPagedPaintDevice, QTextDocument

from aiops_desktop.terminal.emulator import Emulator
from aiops_desktop.ui.terminal.colours import LIGHT, Palette
from aiops_desktop.ui.terminal.copying import as_ansi, as_html, pieces
from aiops_desktop.ui.terminal.paragraphs import Lines
from aiops_desktop.ui.terminal.selection import Selection, Selector

#: Points of the font on paper: 100 columns fit on a sheet of A4.
_POINTS = 8


class Keeper:
    """Everything a terminal shows and keeps, as text, as HTML, or with SGR sequences."""

    def __init__(self, emulator: Emulator, selector: Selector, lines: Lines) -> None:
        history = emulator.history
        first = history.pushed - len(history)
        rows = emulator.text_rows()
        while rows and not rows[-1]:
            rows.pop()
        self._all = Selection((first, 0), (history.pushed + max(len(rows), 1) - 1, 1 << 20))
        self._selector = selector
        self._lines = lines

    def text(self) -> str:
        """Plain lines; what was wrapped is one."""
        return self._selector.text(self._all).rstrip("\n") + "\n"

    def ansi(self) -> str:
        """Lines with the sequences that colour them in a terminal."""
        return as_ansi(pieces(self._all, self._selector, self._lines)) + "\n"

    def html(self, palette: Palette, family: str) -> str:
        """A whole page in the colours of a palette."""
        body = as_html(pieces(self._all, self._selector, self._lines), palette, family)
        return f'<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>{body}</body></html>'

    def save(self, device: QIODevice, palette: Palette, family: str, form: str = "text") -> None:
        """Write into a device; `form` is text, ansi or html."""
        forms: dict[str, Callable[[], str]] = {
            "ansi": self.ansi,
            "html": lambda: self.html(palette, family),
        }
        device.write(forms.get(form, self.text)().encode("utf-8", "replace"))

    def print_on(self, paper: QPagedPaintDevice, font: QFont) -> None:
        """Print in the light palette: paper is white."""
        page = QTextDocument()
        small = QFont(font)
        small.setPointSize(_POINTS)
        page.setDefaultFont(small)
        page.setHtml(self.html(Palette(LIGHT, {}), font.family()))
        page.print_(paper)
