"""A place for one banner above what it concerns."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from aiops_desktop.ui.parts.layout import clear, hline, vbox


class NoticeSlot(QWidget):
    """Holds at most one banner; takes no room without."""

    def __init__(self) -> None:
        super().__init__()
        self._box = vbox(gap=0)
        self.setLayout(self._box)
        self.hide()

    def put(self, banner: QWidget | None) -> None:
        """Show a banner instead of the last one, or none."""
        clear(self._box)
        self.setVisible(banner is not None)
        if banner is not None:
            self._box.addWidget(banner)
            self._box.addWidget(hline())
            banner.show()
