"""Counts all that lives in tmux, over the watch's connections or by processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aiops_desktop.adapters.tmux import Snapshot
from aiops_desktop.domain.sessions import Inventory, Session, SessionServer
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.services.sessions_list import Scene, by_id
from aiops_desktop.services.sessions_servers import view_prefix

if TYPE_CHECKING:
    from aiops_desktop.domain.runs import Run
    from aiops_desktop.services.sessions_servers import Servers
    from aiops_desktop.services.sessions_watch import Watch


class Census:
    """Asks every server how it is and what is in it."""

    def __init__(self, servers: Servers, watch: Watch, runs: Callable[[], Iterable[Run]]) -> None:
        self._servers = servers
        self._watch = watch
        self._runs = runs

    def inventory(self, tenant_id: int | None = None) -> Inventory:
        """Everything, of one tenant or all (see `Sessions.inventory`)."""
        servers: list[SessionServer] = []
        sessions: list[Session] = []
        runs = by_id(self._runs())
        for number in self._servers.ids(tenant_id):
            told = self._told(number)
            servers.append(self._servers.described(number, told))
            if isinstance(told, Snapshot) and told.server is not None:
                room = self._servers.room(number)
                sessions += Scene(self._servers.known(room), room, told, runs).sessions()
        return Inventory(tuple(servers), tuple(sessions), datetime.now(UTC))

    def _told(self, tenant_id: int) -> Snapshot | Trouble | None:
        """How a tenant's server is now; None when there is none."""
        told = self._watch.snapshot(tenant_id)
        if told is not None and told.server is not None:
            return told
        server = self._servers.living(tenant_id)
        if server is None:
            return None
        try:
            return server.look(view_prefix(self._servers.room(tenant_id)))
        except Trouble as trouble:  # a list nobody asked for just now opens no dialog
            return trouble
