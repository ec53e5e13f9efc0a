"""Hears from the tmux servers what happens in their windows, and tells the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from aiops_desktop.domain.changes import Changes

if TYPE_CHECKING:
    from aiops_desktop.domain.sessions import Attention
    from aiops_desktop.ui.desk import Desk


class Watching(QObject):
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

        def heard(what: Changes | Attention) -> None:
            post(lambda: self._tell(what))

        def begun(end: Callable[[], None]) -> None:
            if self._left:
                end()
            else:
                self._end = end

        self._desk.read(lambda _job: house.sessions.watch(heard), begun)

    def _tell(self, what: Changes | Attention) -> None:
        if self._left:
            return
        if not isinstance(what, Changes):
            self._desk.attention.emit(what)
        else:
            self._desk.announce(what)
