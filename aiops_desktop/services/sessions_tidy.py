"""Keeps what is remembered of sessions in line with what lives, and sweeps what has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiops_desktop.services.sessions_list import owner_of
from aiops_desktop.services.sessions_state import asks, is_shell, unheard

if TYPE_CHECKING:
    from aiops_desktop.adapters.tmux import Snapshot, Tmux, WindowInfo
    from aiops_desktop.storage.sessions import SessionStore


def _left(window: WindowInfo) -> bool:
    """Whether its program ended as one that is left does.

    tmux (3.3a among them) now and then does not learn an exit code; of a shell we take it for 0.
    """
    code = window.pane.code
    return code == 0 or (code is None and is_shell(window.program))


class Tidy:
    """Compares and sweeps; starts no program."""

    def __init__(self, store: SessionStore) -> None:
        self._store = store

    def remembers(self, tenant_id: int) -> bool:
        """Whether anything is taken to live."""
        return any(not row.lost for row in self._store.all(tenant_id))

    def compare(self, tenant_id: int, snapshot: Snapshot) -> int:
        """Mark as lost what is remembered and does not live; how many are newly lost.

        A window whose program has ended still counts: it can be looked at and started again.
        """
        if not self._store.all(tenant_id):
            return 0
        identity = snapshot.server.identity if snapshot.server else ""
        living = {(one.session, one.id) for one in snapshot.windows}
        return self._store.compare(tenant_id, identity, living, snapshot.asked)

    def sweep(self, tenant_id: int, server: Tmux, snapshot: Snapshot) -> list[WindowInfo]:
        """End windows that are of no use any more; those it ended.

        Such as one whose shell was left with `exit` and that nobody looks at; of an assist run
        every one, because the run's page tells how it ended.
        """
        useless = {}
        for window in snapshot.windows:
            whose = owner_of(window)
            ours = whose.run_id is not None or (whose.project_id is not None and _left(window))
            if window.dead and ours and not snapshot.watchers(window.id):
                useless[window.id] = window
        swept = [window for window in useless.values() if server.kill_dead(window.id)]
        for window in swept:
            self._store.forget(tenant_id, window.session, window.id)
        return swept

    @staticmethod
    def heard(window: WindowInfo, snapshot: Snapshot) -> bool:
        """Whether a bell rang that somebody has heard; an assistant's stands until it goes on."""
        return not unheard(window, snapshot) and not asks(window)

    def gone(self, tenant_id: int, session: str, window: str) -> None:
        """A window was ended from elsewhere while its server lived: it is not lost, but left."""
        self._store.forget(tenant_id, session, window)
