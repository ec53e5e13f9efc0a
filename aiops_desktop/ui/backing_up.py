"""Has backups made when they are due, and the trash tidied, while the window is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from aiops_desktop.ui.text import tr

if TYPE_CHECKING:
    from aiops_desktop.domain.backups import BackupMade
    from aiops_desktop.domain.trouble import Trouble
    from aiops_desktop.jobs.job import Job
    from aiops_desktop.ui.desk import Desk

#: Milliseconds after the start, which nobody shall wait for, and between two looks.
FIRST, EVERY = 120_000, 300_000


class BackingUp(QObject):
    """Looks every few minutes; what fails is told once, and again only after it went well."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._failed = desk, ""
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        desk.opened.connect(lambda: self._timer.start(FIRST))
        desk.leaving.connect(self._timer.stop)

    def look(self) -> None:
        """Make what is due."""
        self._timer.setInterval(EVERY)
        house = self._desk.house

        def work(job: Job) -> list[BackupMade]:
            house.trash.tidy(job)
            return house.backups.run_due(job)

        self._desk.read(work, self._made, trouble=self._trouble, lane="backup")

    def _made(self, made: list[BackupMade]) -> None:
        self._failed = ""
        for one in made:
            self._desk.announce(one.changes)

    def _trouble(self, trouble: Trouble) -> None:
        if trouble.what != self._failed:
            self._failed = trouble.what
            self._desk.toast("warning", tr("No backup was made"), str(trouble), "view.backups")
