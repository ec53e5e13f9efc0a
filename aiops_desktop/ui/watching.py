"""Hears what services have to tell by themselves, from their opening until the program leaves."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from aiops_desktop.domain.changes import Changes

if TYPE_CHECKING:
    from aiops_desktop.domain.sessions import Attention
    from aiops_desktop.services.house import House
    from aiops_desktop.ui.desk import Desk


class Listening(QObject):
    """Begins to listen in a worker, hears in the GUI thread, and ends with the program."""

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

    def _watch(self, house: House, told: Callable[[Any], None]) -> Callable[[], None]:
        """In a worker: have `told` called from any thread; what ends that."""
        raise NotImplementedError

    def _tell(self, what: Any) -> None:  # noqa: ANN401 - whatever the service tells
        """In the GUI thread: what was heard."""
        raise NotImplementedError

    def _begin(self) -> None:
        house, post = self._desk.house, self._desk.bridge.post

        def told(what: object) -> None:
            post(lambda: None if self._left else self._tell(what))

        def begun(end: Callable[[], None]) -> None:
            if self._left:
                end()
            else:
                self._end = end

        self._desk.read(lambda _job: self._watch(house, told), begun)


class Watching(Listening):
    """Hears from the tmux servers what happens in their windows."""

    def _watch(
        self, house: House, told: Callable[[Changes | Attention], None]
    ) -> Callable[[], None]:
        return house.sessions.watch(told)

    def _tell(self, what: Changes | Attention) -> None:
        if isinstance(what, Changes):
            self._desk.announce(what)
        else:
            self._desk.attention.emit(what)
