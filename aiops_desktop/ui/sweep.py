"""Looks at all checkouts now and then, gently, so that the sidebar tells the truth."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

from aiops_desktop.domain.states import CheckoutState

if TYPE_CHECKING:
    from aiops_desktop.domain.repositories import CheckoutStatus
    from aiops_desktop.domain.trouble import Trouble
    from aiops_desktop.jobs.job import Job
    from aiops_desktop.ui.desk import Desk

#: Milliseconds between two sweeps, and the least seconds between two of any cause.
PAUSE, LEAST = 60_000, 10.0


class Sweep(QObject):
    """Reads the status of every cloned project after loading, on focus, and every minute."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._running = self._again = False
        self._last = 0.0
        self._known: frozenset[int] = frozenset()
        self._timer = QTimer(self)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(self.run)
        desk.loaded.connect(self._loaded)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.applicationStateChanged.connect(self._focus)

    def run(self) -> None:
        """Look now, or once more when the sweep under way has ended."""
        desk = self._desk
        ids = [p.id for p in desk.projects.values() if p.state is CheckoutState.READY]
        if self._running or not ids or not desk.ready:
            self._again = self._running  # what was swept already may have changed since
            return
        self._running, self._again, self._last = True, False, time.monotonic()
        self._timer.start()
        house = desk.house

        def each(project_id: int, found: CheckoutStatus | Trouble) -> None:
            desk.bridge.post(lambda: self._show(project_id, found))

        def sweep(job: Job) -> None:
            house.repositories.statuses(ids, job, each, gently=True)

        desk.read(sweep, lambda _none: None, ended=self._over, lane="sweep")

    def _show(self, project_id: int, found: CheckoutStatus | Trouble) -> None:
        if self._desk.statuses.get(project_id) != found:
            self._desk.statuses[project_id] = found
            self._desk.status_changed.emit(project_id)

    def _over(self) -> None:
        self._running = False
        if self._again:
            self.run()

    def _loaded(self) -> None:
        """After loading: only when there are checkouts nobody has looked at yet."""
        ready = {p.id for p in self._desk.projects.values() if p.state is CheckoutState.READY}
        if ready - self._known:
            self._known = frozenset(ready)
            self.run()

    def _focus(self, state: Qt.ApplicationState) -> None:
        seen = state == Qt.ApplicationState.ApplicationActive
        if seen and time.monotonic() - self._last > LEAST:
            self.run()
        if seen:
            self._timer.start()
        else:
            self._timer.stop()  # nobody looks; the next focus catches up
