"""The bar under the fields while something is typed and not saved."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLabel, QWidget

from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.layout import STRETCH, bar, hline, label, vbox
from aiops_desktop.ui.text import counted, tr


class SaveBar(QWidget):
    """How much was changed, what of it is left out, and the two ways on."""

    def __init__(
        self, desk: Desk, save: Callable[[], object], discard: Callable[[], object]
    ) -> None:
        super().__init__()
        self._desk, kit = desk, desk.kit
        self._said = label("")
        self._wrong = kit.state("x-circle", "", "danger")
        self._refused = label("", "", "warning")
        self.discard = kit.button(tr("Discard"), "", discard)
        self.save = kit.button("", "", save, primary=True)
        line = bar(8, self._said, self._wrong, self._refused, STRETCH, self.discard, self.save)
        self.setLayout(vbox(hline(), line, gap=0))

    def count(self, dirty: int, wrong: int) -> None:
        """Show how many values were changed, and how many of them cannot be taken."""
        good = dirty - wrong
        refused = self._desk.refusal("settings.save")
        self.setVisible(bool(dirty))
        self._said.setText(counted(dirty, "{n} changed", "{n} changed"))
        self._wrong.setVisible(bool(wrong))
        self._refused.setText(refused)
        self._refused.setVisible(bool(refused))
        for said in self._wrong.findChildren(QLabel):
            said.setText(counted(wrong, "{n} invalid, left out", "{n} invalid, left out"))
        self.save.setText(counted(good, "Save {n} change", "Save {n} changes"))
        self.save.setEnabled(bool(good) and not refused)
        self.save.setToolTip(refused)
