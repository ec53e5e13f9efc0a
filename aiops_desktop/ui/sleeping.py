"""Has keys locked when the computer sleeps, and says so when it is awake again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from aiops_desktop.domain.changes import Done
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.ui.text import tr

if TYPE_CHECKING:
    from aiops_desktop.ui.desk import Desk


class Sleeping(QObject):
    """Watches from when the services are open until the program leaves."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._end: Callable[[], None] | None = None
        self._left = False
        desk.opened.connect(self._begin)
        desk.leaving.connect(self.end)

    def end(self) -> None:
        """Hear nothing more."""
        self._left = True
        end, self._end = self._end, None
        if end is not None:
            end()

    def _begin(self) -> None:
        house, post = self._desk.house, self._desk.bridge.post

        def told(said: Done | Trouble) -> None:
            post(lambda: self._tell(said))

        def begun(end: Callable[[], None]) -> None:
            if self._left:
                end()
            else:
                self._end = end

        self._desk.read(lambda _job: house.sleep.watch(told), begun)

    def _tell(self, said: Done | Trouble) -> None:
        if self._left:
            return
        if isinstance(said, Trouble):
            self._desk.banner_wanted.emit(None, said)
        elif said.summary:
            self._desk.announce(said.changes)
            self._desk.toast("lock-key", tr("Locked while the computer slept"), said.summary)
