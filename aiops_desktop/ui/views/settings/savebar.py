"""The bar under the fields: what is not saved yet, and what waits for a restart."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.layout import STRETCH, bar, hbox, hline, holder, label, reveal, vbox
from aiops_desktop.ui.restart import restart, why_not
from aiops_desktop.ui.text import counted, tr


class SaveBar(QWidget):
    """How much was changed, what of it is left out, and the ways on: discard, save, restart."""

    def __init__(
        self, desk: Desk, save: Callable[[], object], discard: Callable[[], object]
    ) -> None:
        super().__init__()
        self._desk, kit = desk, desk.kit
        self._dirty, self._waiting = 0, ""
        self._said = label("")
        self._wrong = kit.state("x-circle", "", "danger")
        self._refused = label("", "", "warning")
        self._clock = kit.glyph("arrow-clockwise", "warning")
        self._waits = Elided("", "", Qt.TextElideMode.ElideRight)
        self.discard = kit.button(tr("Discard"), "", discard)
        self.save = kit.button("", "", save, primary=True)
        self.restart = kit.button(tr("Restart now"), "", self._restart, primary=True)
        line = bar(
            8,
            self._said,
            self._wrong,
            self._refused,
            (holder(hbox(self._clock, self._waits, STRETCH)), 1),
            self.discard,
            self.save,
            self.restart,
        )
        self.setLayout(vbox(hline(), line, gap=0))
        desk.jobs.listed.connect(self._look)

    def count(self, dirty: int, wrong: int) -> None:
        """Show how many values were changed, and how many of them cannot be taken."""
        self._dirty, good = dirty, dirty - wrong
        refused = self._desk.refusal("settings.save")
        self._said.setText(counted(dirty, "{n} changed", "{n} changed"))
        reveal(self._wrong, bool(wrong))
        self._refused.setText(refused)
        reveal(self._refused, bool(refused and dirty))
        for said in self._wrong.findChildren(QLabel):
            said.setText(counted(wrong, "{n} invalid, left out", "{n} invalid, left out"))
        self.save.setText(counted(good, "Save {n} change", "Save {n} changes"))
        self.save.setEnabled(bool(good) and not refused)
        self.save.setToolTip(refused)
        self._look()

    def wait_for(self, titles: Sequence[str]) -> None:
        """Name the settings that are saved and count after a restart."""
        self._waiting = ", ".join(titles)
        self._look()

    def _look(self) -> None:
        """Saving comes first; then the restart that what was saved waits for."""
        dirty, waiting = bool(self._dirty), self._waiting
        self.setVisible(dirty or bool(waiting))
        for unsaved in (self._said, self.discard, self.save):
            reveal(unsaved, dirty)
        later: tuple[QWidget, ...] = (self._clock, self._waits, self.restart)
        for part in later:
            reveal(part, bool(waiting) and not dirty)
        self._waits.setText(tr("Waits for a restart: {names}", names=waiting) if waiting else "")
        why = why_not(self._desk)
        self.restart.setEnabled(not why)
        self.restart.setToolTip(
            why or tr("Terminals in tmux, assist runs and deployments go on meanwhile.")
        )

    def _restart(self) -> None:
        if not why_not(self._desk):
            restart(self._desk)
