"""Syncs linked projects' issues in the background: one job a link, each when its time has come."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from aiops_desktop.domain.changes import Changes, Touched

if TYPE_CHECKING:
    from aiops_desktop.domain.issues import Synced, SyncState
    from aiops_desktop.domain.trouble import Trouble
    from aiops_desktop.ui.desk import Desk

#: Milliseconds between two looks at what is due, and before the first: the window comes first.
PAUSE, FIRST = 30_000, 5_000
#: Links that are synced at the same time.
MOST = 3


class IssueSync(QObject):
    """Looks now and then; failures stand at their links and never open a dialog."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._working: set[int] = set()
        self._timer = QTimer(self)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(self.look)
        desk.opened.connect(self._begin)
        desk.leaving.connect(self._timer.stop)

    def look(self) -> None:
        """Begin the syncs that are due."""
        house = self._desk.house
        self._desk.read(lambda _job: house.issues.due(), self._start, lane="issues due")

    def _begin(self) -> None:
        self._desk.refresh_issues()
        self._timer.start()
        QTimer.singleShot(FIRST, self, self.look)

    def _start(self, due: list[SyncState]) -> None:
        house = self._desk.house
        for state in due:
            if len(self._working) >= MOST:
                return
            if state.link_id in self._working:
                continue
            self._working.add(state.link_id)
            self._desk.read(
                partial(house.issues.sync, state.link_id, quiet=True),
                partial(self._synced, state),
                trouble=partial(self._failed, state),
                ended=partial(self._working.discard, state.link_id),
                lane=("issues", state.link_id),
            )

    def _synced(self, before: SyncState, done: Synced) -> None:
        if done.fresh or done.gone or before.failures or before.synced is None:
            self._desk.announce(done.changes)

    def _failed(self, state: SyncState, _trouble: Trouble) -> None:
        self._desk.announce(Changes(Touched.ISSUES | Touched.HISTORY, state.project_id))
