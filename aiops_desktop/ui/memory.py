"""What the window remembers of itself from one start to the next."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSettings, QSize
from PySide6.QtWidgets import QMainWindow, QSplitter

from aiops_desktop.domain.layout import Layout

_FIRST = QSize(1440, 900)


class Memory:
    """Sizes, the project and page shown, folded tenants, recent commands; in `window.ini`.

    Attributes:
        place: ("tenant/project" slugs, page).
        recent: keys of the palette, the newest first.
        unfolded: slugs of unfolded tenants; None: nobody folded any yet.
        theme: what was chosen last, so that the first picture has the right colours before the
            settings are read.
    """

    def __init__(self, layout: Layout) -> None:
        self._store = QSettings(str(layout.window_state), QSettings.Format.IniFormat)
        self.place = (self._text("shown/project"), self._text("shown/page"))
        self.recent = self._list("palette/recent")
        known = self._store.contains("sidebar/unfolded")
        self.unfolded: set[str] | None = set(self._list("sidebar/unfolded")) if known else None
        theme = self._text("appearance/theme")
        self.theme = theme if theme in ("light", "dark") else "system"

    def restore(self, window: QMainWindow, split: QSplitter) -> None:
        """Give the window its last size and place."""
        geometry = self._store.value("window/geometry")
        if not (isinstance(geometry, QByteArray) and window.restoreGeometry(geometry)):
            screen = window.screen().availableSize()
            window.resize(_FIRST.boundedTo(screen))
        try:
            wide = int(self._text("sidebar/width"))
        except ValueError:
            return
        if 100 < wide < 1000:
            split.setSizes([wide, max(400, window.width() - wide)])

    def save(self, window: QMainWindow, split: QSplitter, theme: str) -> None:
        """Write it down."""
        store = self._store
        store.setValue("window/geometry", window.saveGeometry())
        store.setValue("sidebar/width", split.sizes()[0])
        store.setValue("shown/project", self.place[0])
        store.setValue("shown/page", self.place[1])
        store.setValue("palette/recent", "\n".join(self.recent))
        if self.unfolded is not None:
            store.setValue("sidebar/unfolded", "\n".join(sorted(self.unfolded)))
        store.setValue("appearance/theme", theme)
        store.sync()

    def _text(self, key: str) -> str:
        value = self._store.value(key, "")
        return value if isinstance(value, str) else ""

    def _list(self, key: str) -> list[str]:
        return [part for part in self._text(key).split("\n") if part]
