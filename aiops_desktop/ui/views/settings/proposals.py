"""A drop-down of known values whose last line lets one type another."""

from __future__ import annotations

from collections.abc import Sequence

from aiops_desktop.ui.parts.controls import Choice
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.theme import Theme


class Proposals(Choice):
    """Known values, the one in force if it is another, and “Another command…”."""

    def __init__(self, theme: Theme, known: Sequence[str]) -> None:
        self._another = tr("Another command…")
        super().__init__(theme, *known, self._another)
        self._known = tuple(known)
        self.activated.connect(self._chosen)

    def put(self, value: str) -> None:
        """Show this value, which need not be a known one."""
        self.setEditable(False)
        if self.findText(value) < 0:
            self.insertItem(self.count() - 1, value)
        self.setCurrentText(value)

    @property
    def value(self) -> str:
        """What is chosen, or typed."""
        chosen = self.currentText()
        return "" if chosen == self._another else chosen

    def _chosen(self, at: int) -> None:
        """Let one type after the last line, and no more after another one."""
        typing = at == self.count() - 1
        if typing == self.isEditable():
            return
        self.setEditable(typing)
        field = self.lineEdit()
        if field is not None:
            field.setProperty("mono", "true")
            field.setPlaceholderText(tr("A program with its arguments"))
            field.setAccessibleName(self.accessibleName())
            field.clear()
            field.setFocus()
