"""The bar above a diff: the file's name, how much changed, and what one can do with it."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QWidget

from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.kit import Kit
from aiops_desktop.ui.parts.layout import FILE_BAR, MARGIN, STRETCH, hbox, label


class _Tight(Elided):
    """Takes exactly its words, so that folder and name read as one path."""

    def sizeHint(self) -> QSize:
        """Room for the whole text and nothing more."""
        metrics = QFontMetricsF(self.font())
        return QSize(ceil(metrics.horizontalAdvance(self.text())), super().sizeHint().height())


class FileBar(QWidget):
    """Folder muted, name bold, + and −, and the owner's widgets at the right."""

    def __init__(self, kit: Kit, *right: QWidget) -> None:
        super().__init__()
        self.setFixedHeight(FILE_BAR)
        self._folder = _Tight("", "muted")
        self._name = Elided("", "strong")
        self._added = label("", "fine", "success")
        self._removed = label("", "fine", "danger")
        self._note = Elided("", "small")
        self._glyph = kit.glyph("file-text", "muted")
        names = hbox(self._folder, self._name, gap=0)
        row = hbox(self._glyph, names, 4, self._added, self._removed, 4, self._note, STRETCH)
        self.setLayout(hbox(row, STRETCH, *right, margins=(MARGIN, 0, MARGIN, 0)))
        self.show_file("")

    def show_file(
        self, path: str, added: int | None = None, removed: int | None = None, note: str = ""
    ) -> None:
        """Show another file; "" for none. `note` is a few words such as "renamed from a.py"."""
        folder, slash, name = path.rpartition("/")
        self._folder.setText(folder + slash)
        self._folder.setVisible(bool(slash))
        self._name.setText(name)
        self._added.setText(f"+{added}" if added else "")
        self._removed.setText(f"−{removed}" if removed else "")
        self._note.setText(note)
        self._glyph.setVisible(bool(path))
        self.setAccessibleName(path)
