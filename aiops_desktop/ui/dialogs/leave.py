"""Quit while jobs are at work: names them, and what becomes of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.jobs import JobRecord
from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.parts.layout import STRETCH, hbox, holder, label
from aiops_desktop.ui.text import counted, tr


class QuitDialog(Dialog):
    """Asks whether these jobs are to be stopped."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget | None,
        jobs: Sequence[JobRecord],
        leave: Callable[[], object],
    ) -> None:
        count = len(jobs)
        super().__init__(
            desk,
            parent,
            counted(count, "{n} job is still at work", "{n} jobs are still at work"),
            tr("Quitting stops them. Terminals, assist runs and deployments go on."),
            verb=counted(count, "Stop it and quit", "Stop them and quit"),
            danger=True,
            cancel=tr("Stay"),
        )
        self._leave = leave
        for record in jobs[:8]:
            self.body.addWidget(
                holder(
                    hbox(
                        self.kit.glyph("spinner", "accent"),
                        Elided(record.title),
                        STRETCH,
                        label(record.message[:60], "small"),
                    ),
                    height=28,
                )
            )
        desk.jobs.listed.connect(self._look)
        self.cancel.setFocus()

    def submit(self) -> None:
        """Quit."""
        self.accept()
        self._leave()

    def _look(self) -> None:
        """Nothing is left to wait for: quit as was wished."""
        if not any(record.alive for record in self.desk.jobs.shown) and self.isVisible():
            self.submit()
