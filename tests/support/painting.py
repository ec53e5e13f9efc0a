"""Paints what an emulator shows into a picture of known cells, and looks at pictures."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtGui import QColor, QImage, QPainter

from aiops_desktop.terminal.emulator import Emulator
from aiops_desktop.ui.terminal.caret import Caret, paint_cursor
from aiops_desktop.ui.terminal.cellfont import CellFont
from aiops_desktop.ui.terminal.colours import LIGHT, TerminalColours
from aiops_desktop.ui.terminal.renderer import Renderer
from aiops_desktop.ui.terminal.runs import Marks
from aiops_desktop.ui.theme import mono_font

REFERENCE = Path(__file__).parents[1] / "ui" / "terminal" / "reference"
#: Set to write the reference pictures instead of comparing with them.
WRITE = "WRITE_TERMINAL_REFERENCE"


class Easel:
    """An emulator and a renderer without a widget.

    With `fixed` cells measure 8 × 18 logical pixels whatever the font is, so that pictures of
    everything but text are the same on all machines.
    """

    def __init__(
        self,
        columns: int = 24,
        rows: int = 8,
        *,
        scale: float = 1.0,
        fixed: bool = False,
        colours: TerminalColours = LIGHT,
    ) -> None:
        self.emulator = Emulator(columns, rows)
        self.font = CellFont(mono_font(13), scale)
        if fixed:
            self.font.width, self.font.height = round(8 * scale), round(18 * scale)
            self.font.baseline, self.font.line = round(13 * scale), max(1, int(scale))
        self.renderer = Renderer(self.font, colours)
        self.renderer.set_size(columns, rows)

    def feed(self, text: str) -> Easel:
        """Write."""
        self.emulator.feed(text.encode())
        return self

    def paint(self, marks: Sequence[Marks] = ()) -> list[int]:
        """Paint what changed; the rows that did."""
        emulator = self.emulator
        self.renderer.set_program_colours(
            emulator.colours, reverse_video=emulator.modes.reverse_video
        )
        return self.renderer.paint(list(emulator.grid), marks, emulator.next_frame())

    def picture(self, marks: Sequence[Marks] = (), caret: Caret | None = None) -> QImage:
        """What is shown, with a cursor when one is given."""
        self.paint(marks)
        image = self.renderer.pixmap.toImage()
        if caret is not None:
            painter = QPainter(image)
            row = self.emulator.cursor.row
            paint_cursor(painter, self.renderer, self.emulator, row, caret)
            painter.end()
        return image

    def cell(self, image: QImage, row: int, column: int, span: int = 1) -> QImage:
        """One cell of a picture."""
        width, height = self.font.width, self.font.height
        return image.copy(column * width, row * height, span * width, height)


def pixels(image: QImage) -> list[int]:
    """All pixels as 0xAARRGGBB, row by row."""
    made = image.convertToFormat(QImage.Format.Format_RGB32)
    bits = made.constBits()
    assert isinstance(bits, memoryview)
    return list(bits.cast("B").cast("I")[: made.width() * made.height()])


def colours_in(image: QImage) -> set[str]:
    """The colours that occur."""
    return {QColor.fromRgb(pixel).name() for pixel in set(pixels(image))}


def inked(image: QImage, ground: str = "#ffffff") -> set[tuple[int, int]]:
    """Column and row of all pixels that clearly differ from the ground."""
    behind = QColor(ground)
    width = image.width()
    found = set()
    for at, pixel in enumerate(pixels(image)):
        red, green, blue = pixel >> 16 & 255, pixel >> 8 & 255, pixel & 255
        far = abs(red - behind.red()) + abs(green - behind.green()) + abs(blue - behind.blue())
        if far > 90:
            found.add((at % width, at // width))
    return found


def resembles(image: QImage, name: str) -> None:
    """Fail when a picture is not like the stored one; smoothed edges may differ a little."""
    path = REFERENCE / f"{name}.png"
    if os.environ.get(WRITE):
        path.parent.mkdir(exist_ok=True)
        assert image.convertToFormat(QImage.Format.Format_RGB32).save(str(path))
        return
    stored = QImage(str(path))
    assert not stored.isNull(), f"{path.name} is missing; write it with {WRITE}=1"
    assert image.size() == stored.size(), f"{path.name} has another size"
    far = 0
    for one, other in zip(pixels(image), pixels(stored), strict=True):
        if one != other:
            apart = max(abs((one >> shift & 255) - (other >> shift & 255)) for shift in (0, 8, 16))
            far += apart > 60
    part = far / (image.width() * image.height())
    assert part <= 0.003, f"{part:.1%} of {path.name} is painted otherwise"
