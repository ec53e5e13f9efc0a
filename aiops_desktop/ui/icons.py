"""Icons: one family (Phosphor, from QtAwesome's font), painted in the theme's colours."""

from __future__ import annotations

import importlib.util
import json
import math
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPixmap

from aiops_desktop.ui.theme import Theme


@lru_cache(maxsize=1)
def _charmap() -> dict[str, str]:
    """Icon name → character. Only the one set is loaded; importing QtAwesome would load ten."""
    names = json.loads(_file("phosphor-charmap-*.json").read_text("utf-8"))
    return {name: chr(int(code, 16)) for name, code in names.items()}


@lru_cache(maxsize=1)
def _family() -> str:
    number = QFontDatabase.addApplicationFont(str(_file("phosphor-*.ttf")))
    return QFontDatabase.applicationFontFamilies(number)[0]


def _file(pattern: str) -> Path:
    found = importlib.util.find_spec("qtawesome")
    if found is None or found.origin is None:
        raise RuntimeError("QtAwesome is not installed; run make sync.")
    return next((Path(found.origin).parent / "fonts").glob(pattern))


def exists(name: str) -> bool:
    """Whether the family has an icon of this name."""
    return name in _charmap()


class _Engine(QIconEngine):
    """Paints one character in a token of the theme, so that a new theme needs no new icons."""

    def __init__(self, name: str, tone: str, theme: Theme) -> None:
        super().__init__()
        self._name, self._tone, self._theme = name, tone, theme

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw into `rect`."""
        tone = "muted" if mode == QIcon.Mode.Disabled else self._tone
        scheme = self._theme.scheme
        colour = self._tone if self._tone.startswith("#") else scheme.tone(tone)
        draw(painter, rect, self._name, colour)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """A transparent pixmap with the icon; `size` is in device pixels."""
        made = QPixmap(size)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return made

    def clone(self) -> QIconEngine:
        """A copy, as QIcon asks for one when it detaches."""
        return _Engine(self._name, self._tone, self._theme)


def draw(painter: QPainter, rect: QRect, name: str, colour: str) -> None:
    """Paint an icon into a rectangle in a colour."""
    scale = painter.device().devicePixelRatioF()
    painter.drawPixmap(rect.topLeft(), _painted(name, colour, rect.width(), rect.height(), scale))


@lru_cache(maxsize=512)
def _painted(name: str, colour: str, width: int, height: int, scale: float) -> QPixmap:
    """An icon ready to be shown: laying out its character anew takes ten times as long."""
    made = QPixmap(math.ceil(width * scale), math.ceil(height * scale))
    made.setDevicePixelRatio(scale)
    made.fill(Qt.GlobalColor.transparent)
    font = QFont(_family())
    font.setPixelSize(max(1, min(width, height)))
    painter = QPainter(made)
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(
        QRect(0, 0, width, height), int(Qt.AlignmentFlag.AlignCenter), _charmap()[name]
    )
    painter.end()
    return made


class Icons:
    """Makes icons for a theme."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._made: dict[tuple[str, str], QIcon] = {}

    def __call__(self, name: str, tone: str = "text") -> QIcon:
        """An icon; `tone` is a token of the scheme or a colour such as "#D9663D"."""
        key = (name, tone)
        if key not in self._made:
            if not exists(name):
                raise KeyError(f"There is no icon called {name}.")
            self._made[key] = QIcon(_Engine(name, tone, self._theme))
        return self._made[key]
