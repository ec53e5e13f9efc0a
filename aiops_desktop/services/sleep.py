"""What is locked when the computer goes to sleep."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from aiops_desktop.adapters.sleep import SleepWatch
from aiops_desktop.domain.changes import Changes, Done, Touched
from aiops_desktop.domain.trouble import Refused, Trouble

if TYPE_CHECKING:
    from aiops_desktop.domain.settings import Settings
    from aiops_desktop.services.agents import Agents
    from aiops_desktop.services.safe import Safe

Told = Callable[["Done | Trouble"], object]


class Sleep:
    """Locks keys, and the secret store where the settings say so."""

    def __init__(self, agents: Agents, safe: Safe, settings: Callable[[], Settings]) -> None:
        self._agents = agents
        self._safe = safe
        self._settings = settings

    def lock(self) -> Done:
        """Lock what the settings say, as before a sleep.

        Raises:
            Clash: another program changes the secret store; keys are locked all the same.
        """
        wish, said = self._settings().security, []
        if wish.lock_keys_on_sleep:
            said.append(self._agents.lock_all().summary)
        if wish.lock_store_on_sleep:
            with contextlib.suppress(Refused):  # no secret is kept
                said.append(self._safe.lock().summary)
        touched = Touched.KEYS | Touched.SETTINGS | Touched.HISTORY
        return Done(Changes(touched if said else Touched.NOTHING), " ".join(said))

    def watch(self, told: Told) -> Callable[[], None]:
        """Lock whenever the computer falls asleep, until the returned function is called.

        `told` hears in another thread what was locked, or what kept it from being.
        """

        def falls() -> None:
            try:
                said: Done | Trouble = self.lock()
            except Trouble as trouble:
                said = trouble
            told(said)

        watch = SleepWatch(falls)
        watch.start()
        return watch.stop
