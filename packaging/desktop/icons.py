"""Paints the icon in the sizes that desktops ask for.

icons.py ICON.svg FOLDER      FOLDER/NxN/apps/ICON.png, as hicolor has them
icons.py ICON.svg FILE.ico    one file, 256 pixels, for Windows; or FILE.png, 1024 pixels, for macOS
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

SIZES = (32, 48, 64, 128, 256)


def main(source: Path, target: Path) -> int:
    """Write the folder or the file; 1 when that is not possible."""
    app = QGuiApplication(["icons"])
    drawn = QSvgRenderer(str(source))
    wanted = {target / f"{size}x{size}" / "apps" / f"{source.stem}.png": size for size in SIZES}
    if target.suffix in (".ico", ".png"):
        wanted = {target: 256 if target.suffix == ".ico" else 1024}
    for file, size in wanted.items():
        image = QImage(size, size, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        drawn.render(painter)
        painter.end()
        file.parent.mkdir(parents=True, exist_ok=True)
        if not image.save(str(file)):
            print(f"{file} could not be written.", file=sys.stderr)
            return 1
    del app
    return 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), Path(sys.argv[2])))
