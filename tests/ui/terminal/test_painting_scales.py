"""The widget on screens of other scales: cells meet without seams wherever the widget stands."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from aiops_desktop.ui.terminal.colours import LIGHT
from tests.support.painting import pixels

_SCALED = """
import sys
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QWidget
from aiops_desktop.ui.terminal.view import TerminalView
app = QApplication([])
window = QWidget()
view = TerminalView(window)
# An odd place, where a logical pixel is not on a device pixel.
view.setGeometry(7, 3, 401, 303)
window.resize(420, 320)
window.show()
app.processEvents()
block = chr(0x2588)
rows = view.emulator.rows
view.emulator.feed("\\r\\n".join([block * view.emulator.columns] * rows).encode())
view.emulator.feed((chr(27) + "[?25l").encode())
view._frame()
app.processEvents()
image = window.grab().toImage()
image.save(sys.argv[1])
print(view._cells.width, view._cells.height, view.emulator.columns, rows, view.devicePixelRatioF())
"""


@pytest.mark.parametrize("scale", ["1", "1.25", "1.5", "1.75", "2"])
def test_no_seams_on_a_scaled_screen(tmp_path: Path, scale: str) -> None:
    out = tmp_path / "shot.png"
    environment = {**os.environ, "QT_SCALE_FACTOR": scale, "QT_QPA_PLATFORM": "offscreen"}
    environment["PYTHONPATH"] = str(Path(__file__).parents[3])
    done = subprocess.run(
        [sys.executable, "-c", _SCALED, str(out)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    width, height, columns, rows, ratio = map(float, done.stdout.split())
    assert ratio == float(scale)
    image = QImage(str(out))
    text, across = QColor(LIGHT.text).rgb(), image.width()
    ink = [divmod(at, across) for at, pixel in enumerate(pixels(image)) if pixel == text]
    xs, ys = [x for _, x in ink], [y for y, _ in ink]
    size = (max(xs) - min(xs) + 1, max(ys) - min(ys) + 1)
    assert size == (columns * width, rows * height)
    assert len(ink) == size[0] * size[1], "no pixel of another colour among them"
