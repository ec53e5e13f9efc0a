"""Where things lie: the data folder, the settings file, and who keeps the key of the secrets."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QVBoxLayout, QWidget

from aiops_desktop.domain.setting_layers import Effective
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.layout import STRETCH, clear, hbox, holder, label, scroller, vbox, words
from aiops_desktop.ui.text import tr


class Places(QWidget):
    """The last section of the settings."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._shown: QVBoxLayout = vbox(gap=0)
        inner = holder(
            vbox(
                label(tr("Where things lie"), "title"),
                words(tr("All of it is on this computer. Back up the data folder."), "muted"),
                12,
                self._shown,
                STRETCH,
                gap=4,
                margins=(24, 14, 24, 16),
            )
        )
        self.setLayout(vbox((scroller(inner), 1), gap=0))

    def show_places(self, keeper: str, effective: Effective) -> None:
        """Show them."""
        clear(self._shown)
        layout = self._desk.layout
        for title, path in (
            (tr("Data folder"), layout.data),
            (tr("Database"), layout.database),
            (tr("Settings file"), layout.settings),
            (tr("Checkouts"), layout.checkouts),
            (tr("Trash"), layout.trash),
            (tr("Logs and crash reports"), layout.logs),
        ):
            self._shown.addWidget(self._place(title, path))
        self._shown.addSpacing(16)
        self._shown.addWidget(label(tr("Secrets"), "section"))
        self._shown.addWidget(words(keeper))
        if effective.unknown:
            self._shown.addSpacing(16)
            self._shown.addWidget(label(tr("Unknown settings, kept as they are"), "section"))
            self._shown.addWidget(words("\n".join(effective.unknown), "mono-muted"))

    def _place(self, title: str, path: Path) -> QWidget:
        name = label(title, "muted")
        name.setFixedWidth(160)
        shown = Elided(str(path), "mono", Qt.TextElideMode.ElideMiddle)
        folder = path if path.is_dir() else path.parent
        opener = self._desk.kit.tool(
            "folder-open",
            tr("Open {path}", path=folder),
            lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))),
            slim=True,
        )
        return holder(hbox(name, shown, opener, STRETCH), height=28)
