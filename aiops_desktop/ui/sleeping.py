"""Has keys locked when the computer sleeps, and says so when it is awake again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from aiops_desktop.domain.changes import Done
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.watching import Listening

if TYPE_CHECKING:
    from aiops_desktop.services.house import House


class Sleeping(Listening):
    """Hears from the system when the computer falls asleep."""

    def _watch(self, house: House, told: Callable[[Done | Trouble], None]) -> Callable[[], None]:
        return house.sleep.watch(told)

    def _tell(self, what: Done | Trouble) -> None:
        if isinstance(what, Trouble):
            self._desk.banner_wanted.emit(None, what)
        elif what.summary:
            self._desk.announce(what.changes)
            self._desk.toast("lock-key", tr("Locked while the computer slept"), what.summary)
