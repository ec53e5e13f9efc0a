"""Paints the icon in the sizes that desktops ask for: icons.py ICON.svg FOLDER (hicolor)."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

SIZES = (32, 48, 64, 128, 256)


def main(source: Path, folder: Path) -> int:
    """Write FOLDER/NxN/apps/NAME.png for every size."""
    app = QGuiApplication(["icons"])
    drawn = QSvgRenderer(str(source))
    for size in SIZES:
        image = QImage(size, size, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        drawn.render(painter)
        painter.end()
        target = folder / f"{size}x{size}" / "apps" / f"{source.stem}.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        if not image.save(str(target)):
            print(f"{target} could not be written.", file=sys.stderr)
            return 1
    del app
    return 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), Path(sys.argv[2])))
